"""All attacks on everything published, as one table with its bars."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upturn.privacy.attacks.certainty import CertaintyFound, certainty
from upturn.privacy.attacks.insider import InsiderFound, insider
from upturn.privacy.attacks.linear import LinearFound, linear
from upturn.privacy.attacks.over_time import TimeFound, over_time
from upturn.privacy.attacks.surface import Members, Surface
from upturn.privacy.attacks.utility import Utility, utility
from upturn.privacy.attacks.worlds import WorldsFound, worlds

EXACT_AT_MOST, END_AT_MOST, LIFT_AT_MOST = 0.95, 0.90, 0.10
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Gate:
    """One bar.

    Parameters
    ----------
    name : str
        ``"e1"`` ... ``"e5"`` and what was counted.
    found, at_most : float
    """

    name: str
    found: float
    at_most: float

    @property
    def holds(self) -> bool:
        """Whether no more was found than may be."""
        return self.found <= self.at_most + ROUNDING


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """What the attacks found.

    Parameters
    ----------
    e1 : tuple of LinearFound, (waves,)
    e2 : tuple of WorldsFound, (waves,)
    e3 : tuple of InsiderFound, (waves,)
    e4 : TimeFound
    e5 : tuple of CertaintyFound, (waves,)
    utility : tuple of Utility, (waves,)
        Empty where no teams were named.
    """

    e1: tuple[LinearFound, ...]
    e2: tuple[WorldsFound, ...]
    e3: tuple[InsiderFound, ...]
    e4: TimeFound
    e5: tuple[CertaintyFound, ...]
    utility: tuple[Utility, ...]

    @property
    def gates(self) -> tuple[Gate, ...]:
        """Every bar, in order."""
        return (
            Gate("e1_singled_out", sum(len(one.singled_out) for one in self.e1), 0),
            Gate("e1_in_small_groups", sum(len(one.in_small) for one in self.e1), 0),
            Gate("e2_answers", sum(len(one.exact) for one in self.e2), 0),
            Gate("e2_ends", sum(len(one.ends) for one in self.e2), 0),
            Gate("e3_answers", sum(len(one.exact) for one in self.e3), 0),
            Gate("e3_ends", sum(len(one.ends) for one in self.e3), 0),
            Gate("e3_certainty", _most(one.certainty for one in self.e3), EXACT_AT_MOST),
            Gate("e4_singled_out", self.e4.singled_out, 0),
            Gate("e4_alone", self.e4.alone, 0),
            Gate("e4_lift", self.e4.lift, LIFT_AT_MOST),
            Gate("e5_answer", _most(one.exact for one in self.e5), EXACT_AT_MOST),
            Gate("e5_end", _most(one.end for one in self.e5), END_AT_MOST),
        )

    @property
    def holds(self) -> bool:
        """Whether nobody is singled out by any attack."""
        return all(gate.holds for gate in self.gates)


def run_attacks(
    waves: Sequence[Surface],
    *,
    k: int = 5,
    natural: Sequence[Members] = (),
    teams: Sequence[Sequence[Members]] = (),
    answers: Sequence[NDArray[np.int8]] = (),
) -> Report:
    """Attack everything published of one organisation.

    Parameters
    ----------
    waves : sequence of Surface
        In order of time, over the same people.
    k : int
    natural : sequence of int array
        Groups somebody may ask for.
    teams : sequence of sequence of int array, (waves,)
        Who answered in each team, for the utility.
    answers : sequence of int8 array, (waves,)
        What they answered, for the utility.

    Returns
    -------
    Report
    """
    known = [*answers, *(None for _ in range(len(waves) - len(answers)))]
    return Report(
        e1=tuple(linear(wave, k=k, natural=natural) for wave in waves),
        e2=tuple(worlds(wave) for wave in waves),
        e3=tuple(insider(wave) for wave in waves),
        e4=over_time(waves, k=k),
        e5=tuple(certainty(wave) for wave in waves),
        utility=tuple(
            utility(wave, teams=groups, answers=given)
            for wave, groups, given in zip(waves, teams, known, strict=False)
        ),
    )


def _most(values: Iterable[float]) -> float:
    return max(values, default=0.0)
