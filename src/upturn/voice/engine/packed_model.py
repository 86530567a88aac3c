"""The model for sixteen languages in one file, so that a browser can read texts as they are typed.

The other half is `browser/sentence_model.js`. Pieces with a letter that is not Latin stay out: no
text in Latin letters has one, so its vector is the same as here, and the file is a third smaller.
"""

import json
import unicodedata
from collections.abc import Mapping
from hashlib import sha256
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray

from upturn.voice.engine.multilingual import DIGEST, sound_files, tokenizer_of
from upturn.voice.engine.windows import PIECES_IN_WINDOW, WINDOWS_MAX

FORMAT = 1
PACKED_DIGEST = sha256(f"{FORMAT} {DIGEST}".encode()).hexdigest()
"""Of what is packed and how: another file has another one."""
ORDERS = (2, 3, 5)
CHUNKS = 17
ALIGNED = 4
KINDS = {"uint8": "u1", "uint32": "u4", "float32": "f4"}

Arrays = Mapping[str, NDArray[Any]]


def pack_for_browsers() -> bytes:
    """Pack the model: the length of the head (4 bytes, little-endian), a head in JSON, numbers.

    Raises
    ------
    ModelAbsent
        If the package is not installed, or a file is not the one that was measured.
    """
    content = sound_files()
    cutting = tokenizer_of()
    pieces: list[str] = cutting._pieces  # noqa: SLF001 - of a package whose version is pinned
    kept = np.array([at for at, piece in enumerate(pieces) if _is_latin(piece)])
    with np.load(BytesIO(content["weights.npz"]), allow_pickle=False) as weights:
        matrices, vectors = _matrices(weights), _vectors(weights)
        table = np.empty((len(pieces), matrices["proj"].shape[0]), dtype=np.uint8)
        for chunk in range(CHUNKS):
            rows = weights[f"q{chunk + 1}"]
            table[chunk::CHUNKS] = rows[: len(table[chunk::CHUNKS])]
        eps = float(weights["eps"])
    head = {
        "format": FORMAT,
        "pieces": "\n".join(pieces[at] for at in kept.tolist()),
        "longest": cutting._max_len,  # noqa: SLF001
        "window": PIECES_IN_WINDOW,
        "windows": WINDOWS_MAX,
        "unknown_score": cutting._unk_score,  # noqa: SLF001
        "eps": eps,
        "shapes": {name: list(matrix.shape) for name, matrix in matrices.items()},
    }
    plainly = cutting._normalizer  # noqa: SLF001
    arrays = {
        **matrices,
        **vectors,
        "scores": np.array(cutting._scores, dtype=np.float32)[kept],  # noqa: SLF001
        "units": np.array(plainly._units, dtype=np.uint32),  # noqa: SLF001
        "replacements": np.frombuffer(plainly._normalized, dtype=np.uint8),  # noqa: SLF001
        "rows_of": (kept % CHUNKS).astype(np.uint8),
        "table": table[kept],
    }
    return _written(head, arrays)


def _is_latin(piece: str) -> bool:
    return all("LATIN" in unicodedata.name(sign, "") for sign in piece if sign.isalpha())


def _matrices(weights: Arrays) -> dict[str, NDArray[np.float32]]:
    """Give what a row is multiplied with, by the names that the browser knows."""
    near = {
        f"near_{layer}_{order}": weights[f"w{layer}_{order}"]
        for layer in (1, 2)
        for order in ORDERS
    }
    layers = {name: weights[name] for name in ("d0", "d1", "p1", "d2", "p3", "d3")}
    proj = np.concatenate([weights[f"proj{order}"] for order in ORDERS], axis=1)
    return {"proj": proj, **near, "pooled": weights["cnn_W"], **layers}


def _vectors(weights: Arrays) -> dict[str, NDArray[np.float32]]:
    """Give what is added, and the scales."""
    beside = {
        f"bias_{layer}_{order}": weights[f"b{layer}_{order}"]
        for layer in (1, 2)
        for order in ORDERS
    }
    joined = {
        name: np.concatenate([weights[f"{part}{order}"] for order in ORDERS])
        for name, part in (("proj_bias", "proj_b"), ("proj_scale", "ln_g"), ("proj_shift", "ln_b"))
    }
    return {
        **beside,
        **joined,
        "all_scale": weights["ln_g"],
        "all_shift": weights["ln_b"],
        "pooled_bias": weights["cnn_b"],
        "scale": weights["scale"],
        "low": weights["lo"],
    }


def _written(head: Mapping[str, Any], arrays: Arrays) -> bytes:
    """Write the head with where each array begins, and the arrays behind it."""
    sections: dict[str, list[Any]] = {
        name: [KINDS[array.dtype.name], 0, int(array.size)] for name, array in arrays.items()
    }

    def headed() -> bytes:
        told = json.dumps({**head, "sections": sections}, ensure_ascii=False).encode()
        return told + b" " * (-len(told) % ALIGNED)

    # Where an array begins depends on how long the head is, which tells that: room is left for it.
    begin = len(headed()) + 16 * len(arrays)
    begin += -begin % ALIGNED
    at = ALIGNED + begin
    for name, array in arrays.items():
        sections[name][1] = at
        at += array.nbytes + -array.nbytes % ALIGNED
    told = headed().ljust(begin)
    parts = [len(told).to_bytes(ALIGNED, "little"), told]
    for array in arrays.values():
        raw = np.ascontiguousarray(array).tobytes()
        parts.append(raw + b"\0" * (-len(raw) % ALIGNED))
    return b"".join(parts)
