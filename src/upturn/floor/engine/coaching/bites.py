"""What coaching in idle moments gives and costs, watched on simulated days.

Only this needs numba; `watch` draws the days itself, so that two rules meet the same calls.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple

import numpy as np

from upturn.floor.engine.coaching.loop import ABANDONED, ANSWERED_IN_TIME, COACHED_S, OFFERED, run
from upturn.floor.engine.errors import BadSetting
from upturn.floor.engine.laid import Floats
from upturn.floor.engine.staffing.standards import Standard
from upturn.stats.draws import generator


@dataclass(frozen=True, slots=True)
class Rule:
    """When a session begins by itself.

    Parameters
    ----------
    length_s : float
        Two minutes for a bite.
    idle_least : int
        So many agents must be idle, the one to be coached among them.
    most : int
        So many are coached at once; 0: nobody.
    """

    length_s: float = 120.0
    idle_least: int = 4
    most: int = 12


NOBODY = Rule(most=0)


@dataclass(frozen=True, slots=True)
class CentreDay:
    """A day of one queue, slot by slot.

    Parameters
    ----------
    per_hour : tuple of float
        Forecast rate of calls in each slot.
    agents : tuple of int
        Present and not in a planned session, in each slot.
    aht_s : tuple of float
        Mean handling time in each slot, seconds, exponential.
    slot_s : float
    standard : Standard
        Its patience, its target, its spread of days.
    noise_cv, noise_correlation : float
        Spread of slots around their day, lognormal, and its correlation from slot to slot.
    warm_up_s : float
        Not counted.
    """

    per_hour: tuple[float, ...]
    agents: tuple[int, ...]
    aht_s: tuple[float, ...]
    slot_s: float
    standard: Standard
    noise_cv: float = 0.0
    noise_correlation: float = 0.0
    warm_up_s: float = 0.0

    def __post_init__(self) -> None:
        """Refuse slots that do not fit together."""
        if not len(self.per_hour) == len(self.agents) == len(self.aht_s) > 0:
            sizes = (len(self.per_hour), len(self.agents), len(self.aht_s))
            raise BadSetting("slots", sizes, "give rate, agents and handling time of every slot")


class Coached(NamedTuple):
    """Counts of simulated days, each of shape (days,)."""

    offered: Floats
    in_time: Floats
    abandoned: Floats
    coached_s: Floats
    agent_s: float

    @property
    def service_level(self) -> float:
        """Share of all callers answered in time."""
        return float(self.in_time.sum() / self.offered.sum())

    @property
    def service_level_error(self) -> float:
        """Standard error of the service level over days (of a ratio)."""
        off = self.in_time - self.service_level * self.offered
        days = len(self.offered)
        return float(off.std(ddof=1) / sqrt(days) / self.offered.mean())

    @property
    def abandoned_share(self) -> float:
        """Share of all callers who gave up."""
        return float(self.abandoned.sum() / self.offered.sum())

    @property
    def minutes(self) -> float:
        """Minutes of coaching an hour of an agent's presence."""
        return float(60 * self.coached_s.mean() / self.agent_s)


def watch(day: CentreDay, *, rule: Rule = NOBODY, days: int = 20, seed: int = 1) -> Coached:
    """Simulate days under a rule; the same seed brings the same calls whatever the rule.

    Parameters
    ----------
    day : CentreDay
    rule : Rule
        On top of planned sessions, whose agents are not among `day.agents`.

    Returns
    -------
    Coached

    Examples
    --------
    >>> from upturn.floor.engine.erlang import erlang_a
    >>> day = CentreDay((2520.0,) * 40, (50,) * 40, (60.0,) * 40, 3600.0, Standard(
    ...     patience_s=120, day_cv=0))
    >>> seen = watch(day, days=2)
    >>> exact = erlang_a(50, per_hour=2520, aht_s=60, patience_s=120).service_level
    >>> abs(seen.service_level - exact) < 0.005
    True
    """
    if days < 2:
        raise BadSetting("days", days, "watch at least two, so that their spread is known")
    shifts = (_starts(day), np.array(day.agents, np.int64))
    with_rule = (float(rule.length_s), int(rule.idle_least), int(rule.most))
    times = (float(day.standard.target[1]), float(day.warm_up_s))
    counts = np.array([run(calls, shifts, with_rule, times) for calls in _calls(day, days, seed)])
    return Coached(
        offered=counts[:, OFFERED],
        in_time=counts[:, ANSWERED_IN_TIME],
        abandoned=counts[:, ABANDONED],
        coached_s=counts[:, COACHED_S],
        agent_s=_present_s(day),
    )


def _starts(day: CentreDay) -> Floats:
    return np.arange(len(day.agents), dtype=np.float64) * day.slot_s


def _present_s(day: CentreDay) -> float:
    counted = np.clip(_starts(day) + day.slot_s - day.warm_up_s, 0.0, day.slot_s)
    return float(np.array(day.agents) @ counted)


def _calls(day: CentreDay, days: int, seed: int) -> Iterator[tuple[Floats, Floats, Floats]]:
    for number in range(days):
        random = generator(seed, "coaching", str(number))
        rates = _rates(day, random)
        counts = random.poisson(rates * day.slot_s / 3600)
        slot = np.repeat(np.arange(len(counts)), counts)
        at = (slot + random.random(len(slot))) * day.slot_s
        order = np.argsort(at, kind="stable")
        handle = random.exponential(size=len(slot)) * np.array(day.aht_s)[slot]
        patience = random.exponential(size=len(slot)) * day.standard.patience_s
        yield at[order], handle[order], patience[order]


def _rates(day: CentreDay, random: np.random.Generator) -> Floats:
    cv = day.standard.day_cv
    factor = random.gamma(cv**-2, cv**2) if cv else 1.0
    return factor * np.array(day.per_hour) * _noise(day, random)


def _noise(day: CentreDay, random: np.random.Generator) -> Sequence[float] | Floats:
    """Lognormal with mean 1, an AR(1) from slot to slot."""
    draws = random.standard_normal(len(day.per_hour))
    if not day.noise_cv:
        return np.ones(len(draws))
    spread = sqrt(np.log1p(day.noise_cv**2))
    level = np.empty(len(draws))
    level[0] = draws[0]
    rest = sqrt(1 - day.noise_correlation**2)
    for at in range(1, len(draws)):
        level[at] = day.noise_correlation * level[at - 1] + rest * draws[at]
    return np.asarray(np.exp(spread * level - spread**2 / 2))
