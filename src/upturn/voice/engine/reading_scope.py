"""Whether a comment is about any of the classes at all ("none of these")."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Without examples of other things: of the labelled comments this share would be turned away.
TURNED_AWAY = 0.05
HELD_OUT_MIN = 20
# With examples: how common other things are taken to be, however many examples came.
NONE_SHARE = 0.2
NONES_MIN = 10


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """A comment's energy and best logit, weighed; about half and more means "about one of these".

    References
    ----------
    Liu and others (2020), arXiv:2010.03759, for the energy: the log of the sum of exponentials of
    all logits, which is low where no class claims a comment.
    """

    weights: NDArray[np.float64]
    least: float

    def share(self, logits: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give the share (n,) in which comments are about one of the classes, 0..1."""
        return 1 / (1 + np.exp(np.clip(self.least - _features(logits) @ self.weights, -50, 50)))


def learn_scope(logits: NDArray[np.float64], nones: NDArray[np.float64]) -> Scope:
    """Learn from comments that no model at hand had seen.

    Parameters
    ----------
    logits : float array (n, n_classes)
        Of comments about one of the classes.
    nones : float array (m, n_classes)
        Of comments about none; fewer than `NONES_MIN` teach nothing.
    """
    if len(logits) < HELD_OUT_MIN:
        return Scope(np.zeros(2), -50.0)
    if len(nones) < NONES_MIN:
        energy = _features(logits)[:, 0]
        slope = 4 / max(float(energy.std()), 1e-9)
        return Scope(np.array([slope, 0.0]), slope * float(np.quantile(energy, TURNED_AWAY)))
    return _learned(_features(logits), _features(nones))


def _learned(about: NDArray[np.float64], nones: NDArray[np.float64]) -> Scope:
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - 1 s at start

    rows = np.concatenate([about, nones])
    is_about = np.repeat([True, False], [len(about), len(nones)])
    weights = {True: (1 - NONE_SHARE) / len(about), False: NONE_SHARE / len(nones)}
    scale = {one: weight * len(rows) for one, weight in weights.items()}
    model = LogisticRegression(class_weight=scale).fit(rows, is_about)
    return Scope(model.coef_[0], -float(model.intercept_[0]))


def _features(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    best = logits.max(axis=1)
    raised = np.exp(logits - best[:, None]).sum(axis=1)
    return np.column_stack([best + np.log(raised), -np.log(raised)])
