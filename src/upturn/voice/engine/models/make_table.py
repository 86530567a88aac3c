"""Distil the static table from the sentence model.

Each piece of the vocabulary goes through the model alone; the mean of its three states (beginning,
piece, end) is reduced to `DIMS` principal directions, weighed by how rare the piece is, and freed
of what all texts have in common. Run
`python -m upturn.voice.engine.models.make_table` where the sentence model is installed: a minute.
"""

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from upturn.voice.engine.embedding import MiniLM, load_minilm
from upturn.voice.engine.static_table import COMMONEST, Vectors, as_bytes, rarity

DIMS = 256
COMMON = 3

Rows = NDArray[np.float64]


def distil(model: MiniLM, *, dims: int) -> Vectors:
    """Give a vector for each piece of the model's vocabulary."""
    means = model.means([[number] for number in range(len(model.pieces.number))])
    centred = (means - means.mean(axis=0)).astype(np.float64)
    weights = rarity(len(means))[:, None]
    rows = weights * (centred @ _directions(centred, dims))
    return without_common_part(rows, weights).astype(np.float32)


def without_common_part(rows: Rows, weights: Rows) -> Rows:
    """Take out what any text has in common: the mean of common words and `COMMON` directions.

    References
    ----------
    Mu and Viswanath (2018), "All-but-the-top", arXiv:1702.01417; here the mean and the directions
    are those of words as frequent as their number says, so that no text is needed.
    """
    share = (1 / weights - 1) * (np.arange(len(rows)) >= COMMONEST)[:, None]
    moved = rows - weights * ((share * rows).sum(axis=0) / (share * weights).sum())
    common = _directions(np.sqrt(share) * moved, COMMON)
    freed: Rows = moved - moved @ common @ common.T
    return freed


def _directions(rows: Rows, count: int) -> Rows:
    """Give the first principal directions of rows, as columns."""
    directions: Rows = np.linalg.eigh(rows.T @ rows)[1]
    return directions[:, : -count - 1 : -1]


def main() -> None:
    """Write the table beside this file."""
    path = Path(__file__).with_name("static_table.npy")
    path.write_bytes(as_bytes(distil(load_minilm(), dims=DIMS)))
    sys.stdout.write(f"{path}: {path.stat().st_size:,} bytes\n")


if __name__ == "__main__":
    main()
