"""Long comments, cut into windows that a sentence model can take."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

PIECES_IN_WINDOW = 126
WINDOWS_MAX = 4

Vectors = NDArray[np.float32]
Window = Sequence[int]


def embed_windows(
    texts: Sequence[str],
    *,
    cut: Callable[[str], Window],
    means: Callable[[Sequence[Window]], Vectors],
) -> Vectors:
    """Give each text the mean over its first windows, each weighing its length.

    Parameters
    ----------
    texts : sequence of str, length n
        Equal ones cost one.
    cut : callable
        Gives the numbers of a text's pieces; none where no piece is known.
    means : callable
        Gives windows of such numbers their vectors: float32 (n_windows, dims).

    Returns
    -------
    float32 array (n, dims)
        Rows of length 1, or 0 where no piece is known.

    Examples
    --------
    >>> embed_windows(["ab", ""], cut=lambda text: [ord(each) for each in text],
    ...     means=lambda windows: np.array([[3, 4]] * len(windows), dtype=np.float32)).tolist()
    [[0.6000000238418579, 0.800000011920929], [0.0, 0.0]]
    """
    place = {text: at for at, text in enumerate(dict.fromkeys(texts))}
    owners: list[int] = []
    windows: list[Window] = []
    for text, at in place.items():
        numbers = cut(text)
        for start in range(0, len(numbers), PIECES_IN_WINDOW)[:WINDOWS_MAX]:
            owners.append(at)
            windows.append(numbers[start : start + PIECES_IN_WINDOW])
    found = means(windows)
    sums = np.zeros((len(place), found.shape[1]), dtype=np.float32)
    lengths = np.array([len(window) for window in windows], dtype=np.float32)
    np.add.at(sums, owners, found * lengths[:, None])
    norms = np.linalg.norm(sums, axis=1, keepdims=True)
    unit = np.asarray(sums / np.where(norms > 0, norms, 1), dtype=np.float32)
    return unit[[place[text] for text in texts]]
