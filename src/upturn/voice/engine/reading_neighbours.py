"""What the labelled comments nearest to a comment say: a vote beside a linear model."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from upturn.voice.engine.reading_features import SparseRows

NEIGHBOURS = 10
# A neighbour's vote falls by a tenth with each hundredth of a cosine that it is further away.
FALL = 10.0
NO_VOTE = 1e-3
WEIGHT = 0.5
TOGETHER = 500

Logits = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Neighbours:
    """Labelled comments as rows of length 1: words apart from meaning, the last columns.

    Notes
    -----
    With 8,000 labels 20 MB, and .5 ms a comment.
    """

    said: SparseRows
    meant: NDArray[np.float32]
    owners: NDArray[np.int64]
    n_classes: int

    def logits(self, rows: SparseRows) -> Logits:
        """Give what the votes add to the logits of each class: (n, n_classes)."""
        parts = [self._votes(rows[at : at + TOGETHER]) for at in range(0, rows.shape[0], TOGETHER)]
        votes = np.concatenate([np.zeros((0, self.n_classes)), *parts])
        weighed: Logits = WEIGHT * np.log(votes + NO_VOTE)
        return weighed

    def _votes(self, rows: SparseRows) -> Logits:
        said, meant = _halves(rows, self.meant.shape[1])
        alike = (said @ self.said.T).toarray() + meant @ self.meant.T
        count = min(NEIGHBOURS, len(self.owners))
        nearest = np.argpartition(-alike, count - 1, axis=1)[:, :count]
        weights = np.exp(FALL * (np.take_along_axis(alike, nearest, axis=1) - 1))
        votes = np.zeros((len(meant), self.n_classes))
        np.add.at(votes, (np.arange(len(meant))[:, None], self.owners[nearest]), weights)
        return votes


def neighbours(
    rows: SparseRows, owners: NDArray[np.int64], *, n_classes: int, dims: int
) -> Neighbours:
    """Keep labelled comments as neighbours.

    Parameters
    ----------
    rows : scipy.sparse.csr_array (n, n_columns)
        Words, then `dims` columns of meaning.
    owners : int array (n,)
        Class of each.
    """
    said, meant = _halves(rows, dims)
    return Neighbours(said, meant, owners, n_classes)


def _halves(rows: SparseRows, dims: int) -> tuple[Any, NDArray[np.float32]]:
    from scipy.sparse import diags_array  # noqa: PLC0415 - 0.2 s at start

    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    unit = (diags_array(1 / np.maximum(lengths, 1e-9)) @ rows).tocsc().astype(np.float32)
    return unit[:, :-dims].tocsr(), unit[:, -dims:].toarray()
