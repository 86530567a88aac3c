"""Comments as places among comments: what all have in common goes, near ones lend a hand."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NEIGHBOURS = 10
TOGETHER = 1_000
# Seeded clustering, see `follow`.
ROUNDS, FOLLOW, OWN_WEIGHT, LEAST_SHARE = 8, 20.0, 0.3, 0.35

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Space:
    """Where vectors lie once their common part is taken out.

    Attributes
    ----------
    centre : float32 array (dims,)
        The common part.
    pool : float32 array (m, dims)
        Comments that nobody labelled, already in this space; m may be 0.
    """

    centre: Vectors
    pool: Vectors

    def place(self, vectors: Vectors, *, smooth: bool) -> Vectors:
        """Put vectors into this space, rows of length 1; rows of 0 stay.

        With `smooth` each is moved half the way to the mean of its nearest neighbours of the pool:
        what one comment does not say in words, its likes often do.
        """
        moved = unit(vectors - self.centre) * vectors.any(axis=1, keepdims=True)
        return self.smooth(moved) if smooth and len(self.pool) else moved

    def smooth(self, placed: Vectors) -> Vectors:
        """Move rows of this space half the way to their neighbours."""
        parts = [placed[at : at + TOGETHER] for at in range(0, len(placed), TOGETHER)]
        return np.concatenate([np.zeros((0, placed.shape[1]), np.float32), *map(self._near, parts)])

    def _near(self, rows: Vectors) -> Vectors:
        alike = rows @ self.pool.T
        count = min(NEIGHBOURS, len(self.pool))
        nearest = np.argpartition(-alike, count - 1, axis=1)[:, :count]
        weight = np.clip(np.take_along_axis(alike, nearest, axis=1), 0, None)
        weight /= np.maximum(weight.sum(axis=1, keepdims=True), 1e-9)
        return unit(rows + np.einsum("nk,nkd->nd", weight, self.pool[nearest]))

    def follow(self, seeds: Vectors) -> Vectors:
        """Let one centre a class follow the comments of the pool that lie clearly nearest to it."""
        centres = seeds
        for _ in range(ROUNDS):
            logits = FOLLOW * (self.pool @ centres.T)
            share = np.exp(logits - logits.max(axis=1, keepdims=True))
            share /= share.sum(axis=1, keepdims=True)
            share[share <= LEAST_SHARE] = 0
            centres = unit(OWN_WEIGHT * seeds + (1 - OWN_WEIGHT) * unit(share.T @ self.pool))
        return centres


def space_of(vectors: Vectors, *, keep: bool) -> Space:
    """Make the space of these vectors, with or without them as its pool."""
    centre: Vectors = vectors.mean(axis=0) if len(vectors) else np.zeros(vectors.shape[1:], "f4")
    bare = Space(centre, np.zeros((0, vectors.shape[1]), np.float32))
    return Space(centre, bare.place(vectors, smooth=False)) if keep else bare


def unit(rows: Vectors) -> Vectors:
    """Scale rows to length 1; rows of 0 stay."""
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(length > 0, length, 1), dtype=np.float32)


def evenness(owners: NDArray[np.int64], n_classes: int) -> float:
    """Say how evenly comments fall on classes: 1 evenly, 0 all on one (entropy over its most)."""
    share = np.bincount(owners, minlength=n_classes) / max(1, len(owners))
    share = share[share > 0]
    return float(-(share * np.log(share)).sum() / np.log(max(2, n_classes)))
