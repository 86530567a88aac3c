"""How much a passage reads like what rivals do not tell: one sum of learned weights.

The light weights (`static/exchange/guard_model.json`) count words and runs of letters and run in a
browser as well. Those with meaning add the vector of the model for sixteen languages. Both were
learned by `benchmarks/exchange/guard.py`.
"""

import json
from base64 import b64decode
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Protocol
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from upturn.exchange.engine.guard.kinds import Topic
from upturn.exchange.engine.guard.wording import pieces, plain

BUCKETS = 1 << 15
COUNTED_MOST = 2.0

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
    meaning : float array (dims,)
        Weight of each entry of the vector; dims is 0 for the light weights.
    model : str
        Digest of the model of that vector, or "".
    topics : float array (10, lists + dims + 1)
        For each topic the weight of each list and of each entry of the vector, and last its bias.
    """

    bias: float
    lists: Array
    pieces: Array
    meaning: Array
    model: str
    topics: Array

    def score(self, passage: str, counts: Array, vector: NDArray[np.float32] | None) -> float:
        """Say how far a passage is over the line."""
        total = self.bias + float(self.lists @ np.minimum(counts, COUNTED_MOST))
        buckets, shares = hashed(passage)
        total += float(self.pieces[buckets] @ shares)
        return total + (float(self.meaning @ vector) if vector is not None else 0.0)

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


@cache
def light_weights() -> Weights:
    """Load the weights that a browser has too."""
    place = files("upturn.exchange").joinpath("static", "exchange", "guard_model.json")
    return weights_from(json.loads(place.read_text("utf-8")))


@cache
def meaning_weights() -> Weights:
    """Load the weights that go with the model for sixteen languages."""
    place = files("upturn.exchange.engine.guard").joinpath("meaning.json")
    return weights_from(json.loads(place.read_text("utf-8")))


def weights_from(content: Mapping[str, Any]) -> Weights:
    """Read weights as the benchmark writes them."""
    return Weights(
        bias=content["bias"],
        lists=np.array(content["lists"]),
        pieces=_small(content["pieces"]),
        meaning=_small(content["meaning"]),
        model=content["model"],
        topics=np.array(content["topics"]),
    )


def _small(written: Mapping[str, Any]) -> Array:
    told = np.frombuffer(b64decode(written["bytes"]), dtype=np.int8)
    return told.astype(np.float64) * float(written["scale"])
