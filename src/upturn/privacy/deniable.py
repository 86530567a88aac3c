"""Answers everybody can deny: some are replaced by a draw before they are sent."""

from math import log

import numpy as np
from numpy.typing import NDArray


def randomise(
    answers: NDArray[np.int8], *, p: float, categories: int, rng: np.random.Generator
) -> NDArray[np.int8]:
    """Replace each answer with probability p by a uniform draw.

    Parameters
    ----------
    answers : int8 array, any shape
        1..categories; 0 for left out, which stays.
    p : float
        0..1.
    categories : int
    rng : numpy.random.Generator

    Returns
    -------
    int8 array, same shape

    References
    ----------
    Warner (1965), doi:10.1080/01621459.1965.10480775; k-ary form of Kairouz et al. (2016).
    """
    drawn = rng.integers(1, categories + 1, size=answers.shape, dtype=np.int8)
    replaced = (rng.random(answers.shape) < p) & (answers > 0)
    return np.where(replaced, drawn, answers)


def debias(counts: NDArray[np.int64], *, p: float) -> NDArray[np.float64]:
    """Estimate the counts before answers were replaced; unbiased, and possibly below 0.

    Parameters
    ----------
    counts : int64 array, (..., categories)
    p : float
        0 <= p < 1.

    Returns
    -------
    float64 array, (..., categories)
        With the same totals.

    Examples
    --------
    >>> debias(np.array([1, 1, 1, 1, 6]), p=0.5).tolist()
    [0.0, 0.0, 0.0, 0.0, 10.0]
    """
    totals = counts.sum(axis=-1, keepdims=True)
    return np.asarray((counts - totals * p / counts.shape[-1]) / (1 - p), dtype=np.float64)


def local_epsilon(p: float, *, categories: int = 5) -> float:
    """Say how much one sent answer tells: the greatest log-ratio between two true answers.

    Examples
    --------
    >>> [round(local_epsilon(p), 2) for p in (0.1, 0.2, 0.3)]
    [3.83, 3.04, 2.54]
    """
    stays = 1 - p + p / categories
    return log(stays / (p / categories))


def best_posterior(p: float, *, categories: int = 5) -> float:
    """Say how sure of a true answer somebody is who saw the sent one and knew nothing else.

    Examples
    --------
    >>> [round(best_posterior(p), 2) for p in (0.1, 0.2, 0.3)]
    [0.92, 0.84, 0.76]
    """
    return 1 - p + p / categories


def added_sd(n: int, *, p: float, mean: float, variance: float) -> float:
    """Say by how much more the mean of n answers on 1..5 scatters because of the replacing.

    Parameters
    ----------
    n : int
    p : float
        0 <= p < 1.
    mean, variance : float
        Of the true answers.

    Notes
    -----
    A drawn answer has mean 3 and variance 2.

    Examples
    --------
    >>> round(added_sd(10, p=0.1, mean=3.68, variance=1.095), 3)
    0.205
    """
    sent = (1 - p) * variance + p * 2 + p * (1 - p) * (mean - 3) ** 2
    return float(((sent / (1 - p) ** 2 - variance) / n) ** 0.5)
