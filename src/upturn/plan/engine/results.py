"""Read what came of a plan, by the strongest design its figures allow."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from upturn.plan.engine.designs import DESIGNS, WEEKS_A_SIDE, Design, Missing, lacks
from upturn.plan.engine.evidence import (
    BASE_WEEKS,
    Aligned,
    Evidence,
    Facts,
    align,
    facts_of,
    readable,
)
from upturn.plan.engine.picked import chosen_for_worst
from upturn.plan.engine.reading import (
    Effect,
    Lines,
    Noticed,
    Placebo,
    Reading,
    Remark,
    Says,
    Shown,
    effects_of,
    places,
)
from upturn.plan.engine.weekly import difference
from upturn.stats.figures import Figure, Withheld
from upturn.stats.tables import Floats

RARE = 0.05  # a placebo that small is no accident
THIN = 0.1  # share of missing weeks that is worth a sentence


@dataclass(frozen=True, slots=True)
class _Found:
    """What one design says."""

    change: Shown
    others: Floats
    others_are: str
    effects: tuple[Effect, ...] = ()
    pretrend: Shown | None = None
    placebo: Placebo | None = None


def read(evidence: Evidence) -> Reading:
    """Say what came of a plan, by the strongest design that holds.

    Parameters
    ----------
    evidence : Evidence

    Returns
    -------
    Reading
        ``cannot_tell`` by ``before_after`` where nothing stronger holds; it never raises for thin
        figures.

    Notes
    -----
    The designs of `DESIGNS` are tried in their order. One whose needs are met can still be withheld
    by its estimator; that is then what it lacks.

    References
    ----------
    Callaway and Sant'Anna (2021), doi:10.1016/j.jeconom.2020.12.001; Lopez Bernal, Cummins and
    Gasparrini (2017), doi:10.1093/ije/dyw098; Abadie, Diamond and Hainmueller (2010),
    doi:10.1198/jasa.2009.ap08746.
    """
    left, silent, changed = readable(evidence)
    aligned = align(left)
    facts = facts_of(left)
    design, found, missing = _strongest(left, aligned, facts)
    noticed = _noticed(evidence, left, silent=silent, changed=changed, found=found)
    lines = Lines(
        tuple(aligned.since.tolist()),
        places(aligned.units),
        places(found.others),
        found.others_are,
    )
    return Reading(
        design=design,
        says=_says(design, found, better=evidence.better),
        change=found.change,
        missing=missing,
        noticed=noticed,
        lines=lines,
        effects=found.effects,
        watched=_watched(aligned, found),
        pretrend=found.pretrend,
        placebo=found.placebo,
        chosen=chosen_for_worst(left),
    )


def _strongest(
    evidence: Evidence, aligned: Aligned, facts: Facts
) -> tuple[Design, _Found, tuple[Missing, ...]]:
    """Try the designs in turn; the last one always says something."""
    missing: list[Missing] = []
    for asked in DESIGNS[:-1]:
        lacking = lacks(asked, facts)
        missing += lacking
        if lacking:
            continue
        found = _READERS[asked.design](evidence, aligned)
        if isinstance(found, _Found):
            return asked.design, found, tuple(missing)
        missing.append(Missing(asked.design, found.reason, found.needed, found.got))
    return DESIGNS[-1].design, _before_after(aligned), tuple(missing)


def _staggered(evidence: Evidence, aligned: Aligned) -> _Found | Withheld:
    from upturn.stats.rollouts import group_time_effects  # noqa: PLC0415 - for those who read

    first = int(evidence.starts.min())
    found = group_time_effects(
        evidence.values, evidence.starts, base_weeks=max(1, min(BASE_WEEKS, first))
    )
    if isinstance(found, Withheld):
        return found
    by = found.by_since
    return _Found(
        change=found.overall,
        others=aligned.others,
        others_are="not_begun",
        effects=effects_of(found.since, by.value, by.low, by.high),
        pretrend=found.pretrend,
    )


def _interrupted(_evidence: Evidence, aligned: Aligned) -> _Found | Withheld:
    from upturn.stats.series import interrupted_series  # noqa: PLC0415 - for those who read

    start = int((aligned.since < 0).sum())
    found = interrupted_series(aligned.units, start=start, kind="scores")
    if isinstance(found, Withheld):
        return found
    return _Found(change=found.change, others=found.without, others_are="would_go_on")


def _synthetic(evidence: Evidence, aligned: Aligned) -> _Found | Withheld:
    """Mix one unit, the mean of those that began together, from those that never did."""
    from upturn.stats.synthetic import synthetic_control  # noqa: PLC0415 - for those who read

    began = evidence.started
    start = int(evidence.starts[began][0])
    with np.errstate(invalid="ignore"):
        mean = np.nansum(evidence.values[began], 0) / (~np.isnan(evidence.values[began])).sum(0)
    table = np.vstack([mean, evidence.values[~began]])
    found = synthetic_control(table, unit=0, start=start)
    if isinstance(found, Withheld):
        return found
    beside = found.gaps[1:, start:].mean(1)
    reach = float(np.abs(beside[~np.isnan(beside)]).max(initial=0.0))
    change = Figure(found.effect, found.effect - reach, found.effect + reach, found.donors)
    made = np.full(len(aligned.since), np.nan)
    made[aligned.since + start >= 0] = found.made
    return _Found(
        change=change,
        others=made,
        others_are="mixture",
        placebo=Placebo(found.chance, found.donors),
    )


def _before_after(aligned: Aligned) -> _Found:
    before = aligned.units[aligned.since < 0]
    known = before[~np.isnan(before)]
    level = float(known.mean()) if len(known) else np.nan
    return _Found(
        change=difference(before, aligned.units[aligned.since >= 0]),
        others=np.full(len(aligned.since), level),
        others_are="before",
    )


_READERS: dict[Design, Callable[[Evidence, Aligned], _Found | Withheld]] = {
    Design.STAGGERED: _staggered,
    Design.INTERRUPTED: _interrupted,
    Design.SYNTHETIC: _synthetic,
}


def _says(design: Design, found: _Found, *, better: str) -> Says:
    change = found.change
    if design == Design.BEFORE_AFTER or isinstance(change, Withheld):
        return Says.CANNOT_TELL
    if found.placebo and found.placebo.chance > RARE:
        return Says.HOLDS_NOTHING
    if change.low <= 0 <= change.high:
        return Says.HOLDS_NOTHING
    return Says.BETTER if (change.value > 0) == (better == "more") else Says.WORSE


def _watched(aligned: Aligned, found: _Found) -> tuple[Effect, ...]:
    """Follow the distance to those not begun, or the level itself, with a range for looking."""
    from upturn.stats.watching import change_sequence  # noqa: PLC0415 - for those who read

    beside = found.others_are in {"not_begun", "mixture"}
    series = aligned.units - found.others if beside else aligned.units
    there = ~np.isnan(series)
    before, since = there & (aligned.since < 0), there & (aligned.since >= 0)
    if not since.any():
        return ()
    sequence = change_sequence(series[before], series[since])
    if isinstance(sequence, Withheld):
        return ()
    at = sequence.figures
    return effects_of(aligned.since[since], at.value, at.low, at.high)


def _noticed(
    evidence: Evidence, left: Evidence, *, silent: int, changed: int, found: _Found
) -> tuple[Noticed, ...]:
    """Everything odd, each with how much of it."""
    facts = facts_of(left)
    seen = ~np.isnan(left.values)
    gone = np.logical_or.accumulate(seen, axis=1) & ~seen  # before a unit's first, none is missing
    counts = {
        Remark.NOBODY_BEGAN: int(not facts.started),
        Remark.UNIT_CHANGED: changed,
        Remark.SILENT: silent,
        Remark.WITHHELD: evidence.withheld,
        Remark.MISSING_WEEKS: int(gone.sum()) if gone.size and gone.mean() > THIN else 0,
        Remark.TOGETHER: int(facts.together and facts.started == facts.units) * facts.units,
        Remark.FEW_POINTS: _few(facts.before, facts.after) if facts.started else 0,
        Remark.APART_BEFORE: int(
            isinstance(found.pretrend, Figure) and not _holds(found.pretrend, 0.0)
        ),
    }
    return tuple(Noticed(remark, count) for remark, count in counts.items() if count)


def _few(before: int, after: int) -> int:
    """The smaller side where it has eight points or fewer; at least 1, to be told."""
    fewest = min(before, after)
    return max(1, fewest) if fewest <= WEEKS_A_SIDE else 0


def _holds(figure: Figure, value: float) -> bool:
    return figure.low <= value <= figure.high
