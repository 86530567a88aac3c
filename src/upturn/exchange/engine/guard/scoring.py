"""How much a passage reads like what rivals do not tell: a sum of learned weights.

The light weights (`static/exchange/guard_model.json`) count words and runs of letters, add what
each known word alone means, and run in a browser as well. Those with meaning also compare the whole
passage, as the model for sixteen languages reads it, with examples of both kinds (a support vector
machine). Both were learned by `benchmarks/exchange/guard.py`.
"""

import json
from base64 import b64decode
from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from math import sqrt
from typing import Any, Protocol
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from upturn.exchange.engine.guard.kinds import Topic
from upturn.exchange.engine.guard.wording import ENDINGS, pieces, plain, words

BUCKETS = 1 << 15
COUNTED_MOST = 2.0
STEM_LEAST = 3

Array = NDArray[np.float64]


class Embed(Protocol):
    """What turns texts into vectors; `upturn.voice.engine` has some."""

    @property
    def digest(self) -> str:
        """SHA-256 of the model; weights with meaning hold for one model alone."""
        ...

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Give a float32 array (n, dims)."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """A learned sum. What is over 0 is stopped.

    Attributes
    ----------
    bias : float
        The line is in it.
    lists : float array (lists,)
        Weight of a word of each list, up to two words.
    pieces : float array (BUCKETS,)
        Weight of each bucket of words and runs of letters.
    known : mapping of str to float
        Weight of what a word alone means, learned from the model for sixteen languages and kept
        without it.
    examples : float32 array (examples, dims)
        Vectors of the examples that a passage is compared with; none in the light weights.
    shares : float array (examples,)
        What each adds if the passage means the same; positive where it is not to be told.
    model : str
        Digest of the model of that vector, or "".
    topics : float array (10, lists + dims + 1)
        For each topic the weight of each list and of each entry of the vector, and last its bias.
    """

    bias: float
    lists: Array
    pieces: Array
    known: Mapping[str, float]
    examples: NDArray[np.float32]
    shares: Array
    model: str
    topics: Array

    def score(self, passage: str, counts: Array, vector: NDArray[np.float32] | None) -> float:
        """Say how far a passage is over the line."""
        total = self.bias + float(self.lists @ np.minimum(counts, COUNTED_MOST))
        buckets, shares = hashed(passage)
        total += float(self.pieces[buckets] @ shares) + self._alone(words(plain(passage)))
        return total if vector is None else total + self._alike(vector)

    def _alone(self, told: Sequence[str]) -> float:
        found = sum(self.known.get(stem(word, self.known), 0.0) for word in told)
        return found / sqrt(max(len(told), 1))

    def _alike(self, vector: NDArray[np.float32]) -> float:
        apart = 1 + float(vector @ vector) - 2 * (self.examples @ vector)
        return float(self.shares @ np.exp(-apart))

    def topic(self, counts: Array, vector: NDArray[np.float32] | None) -> Topic:
        """Say which topic the word lists, and the vector if there is one, point to most."""
        listed = np.minimum(counts, COUNTED_MOST)
        known = listed if vector is None else np.concatenate([listed, vector])
        told = self.topics[:, :-1] @ known + self.topics[:, -1]
        return list(Topic)[int(np.argmax(told))]


def hashed(passage: str) -> tuple[NDArray[np.int64], Array]:
    """Give the buckets of a passage's pieces and their shares, of length 1 together."""
    counted = Counter(crc32(piece.encode()) % BUCKETS for piece in pieces(plain(passage)))
    buckets = np.array(sorted(counted), dtype=np.int64)
    shares = 1 + np.log([counted[bucket] for bucket in buckets.tolist()])
    return buckets, shares / max(float(np.linalg.norm(shares)), 1.0)


def stem(word: str, known: Container[str]) -> str:
    """Take the shortest ending off that leaves a known word; or leave the word.

    Examples
    --------
    >>> stem("prices", {"price"}), stem("unknown", {"price"})
    ('price', 'unknown')
    """
    bare = (word.removesuffix(end) for end in ENDINGS if word.endswith(end))
    return next(
        (each for each in bare if each in known and (each == word or len(each) >= STEM_LEAST)),
        word,
    )


@cache
def light_weights() -> Weights:
    """Load the weights that a browser has too."""
    place = files("upturn.exchange").joinpath("static", "exchange", "guard_model.json")
    return weights_from(json.loads(place.read_text("utf-8")))


@cache
def meaning_weights() -> Weights:
    """Load the weights that go with the model for sixteen languages."""
    place = files("upturn.exchange").joinpath("static", "exchange", "guard_meaning.json")
    content = json.loads(place.read_text("utf-8"))
    return with_meaning(weights_from(content), content)


def weights_from(content: Mapping[str, Any]) -> Weights:
    """Read weights as the benchmark writes them, but for the examples."""
    known = content["known"]
    return Weights(
        bias=content["bias"],
        lists=np.array(content["lists"]),
        pieces=_small(content["pieces"]),
        known=dict(zip(known["words"].split(), _small(known).tolist(), strict=True)),
        examples=np.zeros((0, 0), dtype=np.float32),
        shares=np.zeros(0),
        model="",
        topics=np.array(content["topics"]),
    )


def with_meaning(weights: Weights, content: Mapping[str, Any]) -> Weights:
    """Add the examples that a passage is compared with."""
    shares = _small(content["shares"])
    examples = _small(content["examples"]).reshape(len(shares), -1)
    lengths = np.linalg.norm(examples, axis=1, keepdims=True)
    return replace(
        weights,
        examples=(examples / lengths).astype(np.float32),
        shares=shares,
        model=content["model"],
    )


def _small(written: Mapping[str, Any]) -> Array:
    told = np.frombuffer(b64decode(written["bytes"]), dtype=np.int8)
    return told.astype(np.float64) * float(written["scale"])
