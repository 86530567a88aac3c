"""U1: what the caution costs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upturn.privacy.attacks.surface import Members, Surface


@dataclass(frozen=True, slots=True)
class Utility:
    """How much is left to read.

    Parameters
    ----------
    own, teams : int
        Teams with a figure of their own, of all.
    rmse, bias : float
        Root of the mean square, and mean, of shown less true means of those figures, in steps of
        the scale; nan where the answers are not known.
    """

    own: int
    teams: int
    rmse: float
    bias: float


def utility(
    surface: Surface, *, teams: Sequence[Members], answers: NDArray[np.int8] | None = None
) -> Utility:
    """Count teams with a figure of their own, and compare it with the answers.

    Parameters
    ----------
    surface : Surface
    teams : sequence of int array
        Who answered in each team.
    answers : int8 array, (people, questions)
        1..c, 0 for left out.

    Returns
    -------
    Utility
    """
    wanted = {np.sort(who).tobytes() for who in teams if len(who)}
    shown = [(cell.who.tobytes(), cell) for cell in surface.cells]
    found = [(name, cell) for name, cell in shown if name in wanted]
    off = []
    for _, cell in found if answers is not None else ():
        true = answers[cell.who, cell.question] if answers is not None else np.zeros(0)
        steps = np.arange(1, len(cell.counts) + 1)
        off.append(float(steps @ cell.counts / sum(cell.counts) - true[true > 0].mean()))
    return Utility(
        len({name for name, _ in found}),
        len(teams),
        float(np.sqrt(np.mean(np.square(off)))) if off else float("nan"),
        float(np.mean(off)) if off else float("nan"),
    )
