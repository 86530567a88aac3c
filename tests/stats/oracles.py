"""Published data, and distributions to draw answers from."""

import csv
from pathlib import Path

import numpy as np

from upturn.stats.joint import Joint

DATA = Path(__file__).parent / "data"


def table(name):
    """R's attitude, ordinal::wine, MASS::housing (both counted) and Nile, as numbers."""
    with (DATA / f"{name}.csv").open() as file:
        return np.array(list(csv.reader(file))[1:], dtype=float)


def sums(rows):
    rows = np.asarray(rows)
    return len(rows), rows.sum(0), rows.T @ rows


def attitude():
    """Thirty departments, seven questions, rating first."""
    return sums(table("attitude"))


def wine():
    """Counts (36, 5), design (36, 2): warm and contact, and judges (36,)."""
    rows = table("wine")
    return rows[:, 3:], rows[:, :2], rows[:, 2].astype(int)


def housing():
    rows = table("housing")
    return rows[:, 6:], rows[:, :6]


def holzinger(school):
    """Holzinger and Swineford's nine tests in one school: n, means and covariance."""
    with (DATA / f"holzinger_{school}.csv").open() as file:
        first, *rest = list(csv.reader(file))[1:]
    means = np.array(first[1:], dtype=float)
    return Joint(int(first[0]), means, np.array([row[1:] for row in rest], dtype=float))


def answers_around(middle):
    """Shares of five answers whose log odds lie `middle` above the middle of the scale."""
    below = 1 / (1 + np.exp(np.asarray(middle)[..., None] - np.array([-2, -0.7, 0.7, 2])))
    ends = np.zeros((*below.shape[:-1], 1))
    return np.diff(np.concatenate([ends, below, ends + 1], axis=-1))
