"""A roll-out in steps, drawn by lot, and what it could find: offered while one still plans."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from upturn.plan.engine.evidence import BASE_WEEKS
from upturn.stats.contrasts import NEVER
from upturn.stats.draws import generator
from upturn.stats.figures import Figure, Withheld
from upturn.stats.swings import Swing

AFTER_WEEKS = 12  # that are looked at once the last step has begun
BEFORE_WEEKS = 12
RUNS = 400


@dataclass(frozen=True, slots=True)
class Offer:
    """A roll-out in so many steps, and the smallest change it would find with 80 %.

    Parameters
    ----------
    steps, units : int
    weeks : int
        From the first step until the reading.
    finds : Figure or Withheld
        In the unit of the outcome; the ends are the error of the simulation, n its runs.
    """

    steps: int
    units: int
    weeks: int
    finds: Figure | Withheld


def draw_steps(refs: Sequence[str], *, steps: int, seed: int) -> dict[str, int]:
    """Deal units to steps by lot, as evenly as they go.

    Parameters
    ----------
    refs : sequence of str
    steps : int
        1 or more; not more than there are units are used.
    seed : int
        Shown beside the steps, so that anybody can draw them again.

    Returns
    -------
    dict of str to int
        Step of each unit, from 1, in the order of ``refs``.

    Examples
    --------
    >>> draw_steps(["a", "b", "c", "d"], steps=2, seed=7)
    {'a': 1, 'b': 2, 'c': 1, 'd': 2}
    """
    used = max(1, min(steps, len(refs)))
    dealt = np.arange(len(refs)) * used // max(1, len(refs)) + 1
    lots = generator(seed, "plan", "steps").permutation(dealt)
    return dict(zip(refs, lots.tolist(), strict=True))


def power_of(steps: Sequence[int], swing: Swing, *, weeks_apart: int, seed: int) -> Offer:
    """Say what a roll-out would find, by simulating it.

    Parameters
    ----------
    steps : sequence of int
        Step of each unit, from 1; 0 for one that does not begin.
    swing : Swing
    weeks_apart : int
        Between two steps.
    seed : int

    Returns
    -------
    Offer
        ``finds`` is withheld with the reasons of `upturn.stats.rollouts.group_time_effects`.
    """
    from upturn.stats.power import Schedule, rollout_power  # noqa: PLC0415 - for those who plan one

    number = max(steps, default=0)
    after = max(number - 1, 0) * weeks_apart + AFTER_WEEKS
    starts = [BEFORE_WEEKS + (at - 1) * weeks_apart if at else NEVER for at in steps]
    schedule = Schedule(
        np.array(starts, dtype=np.int64), weeks=BEFORE_WEEKS + after, base_weeks=BASE_WEEKS
    )
    found = rollout_power(schedule, swing, runs=RUNS, rng=generator(seed, "plan", "power"))
    finds = found if isinstance(found, Withheld) else found.detectable
    return Offer(number, len(steps), after, finds)
