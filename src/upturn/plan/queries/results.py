"""Results as they were read and stored, beside what was agreed and what else changed."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Max

from upturn.graph import queries as graph
from upturn.people.queries import may_read_words
from upturn.plan.engine import (
    Changed,
    Effect,
    Progress,
    conditions_for,
    digest,
    progress,
)
from upturn.plan.models import Outcome, Plan, PlanState
from upturn.plan.queries.by_hand import rows
from upturn.plan.queries.conditions import UnitHere, changed_since, conditions
from upturn.plan.queries.readings import Stored, readings_of
from upturn.plan.queries.series import last_whole_week
from upturn.record.kept import keep
from upturn.stats import Figure

if TYPE_CHECKING:
    from upturn.people.models import Person

SIDES = {"customer": 0, "employee": 1, "money": 2}
_BESIDE = """SELECT 'unit' AS kind, id, ref, starts_on, place, '' AS more, party_id, step,
picked_as_worst FROM plan_planunit WHERE plan_id = %s
UNION ALL SELECT 'change', id, ref, "on", words, "where", NULL, 0, FALSE FROM plan_otherchange
WHERE plan_id = %s
UNION ALL SELECT 'claim', id, ref, NULL, words, source, NULL, 0, FALSE FROM plan_claim
WHERE plan_id = %s
UNION ALL SELECT 'agreed', id, ref, NULL, CAST(frozen AS text), '', NULL, 0, FALSE FROM plan_plan
WHERE id = %s AND frozen IS NOT NULL
ORDER BY step, id"""


class ChangeHere(NamedTuple):
    """Something else that changed in those weeks, as somebody remembered it."""

    ref: str
    on: date
    words: str
    where: str


class ClaimHere(NamedTuple):
    """A figure of somebody else: claimed, not proven."""

    ref: str
    words: str
    source: str


class Beside(NamedTuple):
    """What stands beside the outcomes: who takes part, what was agreed, what is told of it."""

    units: tuple[UnitHere, ...]
    changes: tuple[ChangeHere, ...]
    claims: tuple[ClaimHere, ...]
    agreed: dict[str, Any] | None


class WeekHere(NamedTuple):
    """A week since the start, as the table beside the picture tells it."""

    since: int
    units: float | None
    others: float | None
    effect: Effect | None
    watched: Effect | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeHere:
    """An outcome with what came of it.

    ``agreed`` is read as it was agreed at the start; ``now`` as it stands, where that differs;
    ``changed`` says in what.
    """

    row: Outcome
    agreed: Stored | None
    now: Stored | None
    changed: tuple[Changed, ...]
    progress: Progress | None

    @property
    def shown(self) -> Stored | None:
        """What was agreed comes first; an outcome added later has only what stands now."""
        return self.agreed or self.now

    @property
    def weeks(self) -> tuple[WeekHere, ...]:
        """Rows of the table beside the picture."""
        if self.shown is None:
            return ()
        reading = self.shown.reading
        effects = {row.since: row for row in reading.effects}
        watched = {row.since: row for row in reading.watched}
        lines = reading.lines
        return tuple(
            WeekHere(since, units, others, effects.get(since), watched.get(since))
            for since, units, others in zip(lines.since, lines.units, lines.others, strict=True)
        )


@dataclass(frozen=True, slots=True)
class Pair:
    """Outcomes that are looked at together: customers, those who serve, and money beside them."""

    number: int
    outcomes: tuple[OutcomeHere, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsPage:
    """What came of a plan.

    ``asked`` says whether anybody was asked what else changed; before that nothing is shown.
    ``as_of`` changes with anything shown here, and not with the plan's day and lines.
    """

    pairs: tuple[Pair, ...] = ()
    asked: bool = False
    other_changes: tuple[ChangeHere, ...] = ()
    claims: tuple[ClaimHere, ...] = ()
    units: tuple[UnitHere, ...] = ()
    as_of: int = 0

    @property
    def outcomes(self) -> tuple[OutcomeHere, ...]:
        """All of them, pair by pair."""
        return tuple(each for pair in self.pairs for each in pair.outcomes)


def may_see_figures(viewer: "Person") -> bool:
    """Figures of customers and of those who serve are for everybody who works here."""
    return may_read_words(viewer)


def results_page(viewer: "Person", plan: Plan) -> ResultsPage:
    """Everything that is known of what came of a plan; kept until its figures change."""
    if not may_see_figures(viewer):
        return ResultsPage()
    as_of = plan.figures_version, plan.state, graph.snapshot().number
    return keep(("results of a plan", plan.pk), as_of=as_of, read=partial(_read_page, plan))


def _read_page(plan: Plan) -> ResultsPage:
    """Put the page together; three queries."""
    outcomes = list(plan.outcomes.order_by("pair"))
    beside = _beside(plan)
    plan.frozen = beside.agreed
    now = conditions(plan, outcomes=outcomes, units=beside.units)
    marks = {row.pk: _marks(row, agreed=beside.agreed or {}, now=now) for row in outcomes}
    stored = readings_of(plan, {mark for both in marks.values() for mark in both})
    here = [_here(plan, row, marks[row.pk], now=now, stored=stored) for row in outcomes]
    here.sort(key=lambda each: (each.row.pair, SIDES[each.row.side]))
    read = tuple(sorted(row.ref for row in stored.values()))
    was = now if beside.agreed == now else beside.agreed or {}
    told = (*beside.changes, *beside.claims)
    shown = digest(now), was is now or digest(was), read, told, graph.snapshot().number
    return ResultsPage(
        pairs=tuple(_pairs(here)),
        asked=bool(beside.changes),
        other_changes=tuple(row for row in beside.changes if row.words),
        claims=beside.claims,
        units=beside.units,
        as_of=hash(shown),
    )


def _pairs(here: Iterable[OutcomeHere]) -> Iterable[Pair]:
    found: dict[int, list[OutcomeHere]] = {}
    for each in here:
        found.setdefault(each.row.pair, []).append(each)
    return (Pair(number, tuple(rows)) for number, rows in found.items())


def _beside(plan: Plan) -> Beside:
    """Read all of it at once: four questions would cost more than what they find."""
    units, changes, claims, agreed = [], [], [], None
    for kind, at, ref, on, words, more, party, step, worst in rows(_BESIDE, *[plan.pk] * 4):
        if kind == "unit":
            units.append(UnitHere(ref, words, party, step, on, worst))
        elif kind == "change":
            changes.append((at, ChangeHere(ref, on, words, more)))
        elif kind == "claim":
            claims.append(ClaimHere(ref, words, more))
        else:
            agreed = json.loads(words)
    changes.sort(key=lambda each: (each[1].on, each[0]), reverse=True)
    return Beside(tuple(units), tuple(row for _at, row in changes), tuple(claims), agreed)


def _marks(row: Outcome, *, agreed: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[str, str]:
    """Marks of what an outcome was to be read by at the start, and as it stands."""
    was, stands = (conditions_for(each, row.ref) for each in (agreed, now))
    first = digest(was)
    return first, first if was == stands else digest(stands)


def _here(
    plan: Plan,
    row: Outcome,
    marks: tuple[str, str],
    *,
    now: Mapping[str, Any],
    stored: Mapping[tuple[int, str], Stored],
) -> OutcomeHere:
    first, second = (stored.get((row.pk, mark)) for mark in marks)
    start = baseline_of(row)
    shown = first or second
    return OutcomeHere(
        row=row,
        agreed=first,
        now=second if marks[0] != marks[1] else None,
        changed=changed_since(plan, dict(now), row.ref),
        progress=progress(start, shown.reading if shown else None, wish=row.wish, better=row.better)
        if start
        else None,
    )


def baseline_of(row: Outcome) -> Figure | None:
    """Give the baseline of an outcome with its range; None before it was measured."""
    if row.baseline is None or row.baseline_low is None or row.baseline_high is None:
        return None
    return Figure(row.baseline, row.baseline_low, row.baseline_high, row.baseline_n or 0)


def unit_names(units: Iterable[UnitHere]) -> dict[str, str]:
    """What units are called, by ref."""
    party = graph.snapshot().party
    return {
        unit.ref: unit.place or (graph.full_name(party[unit.party_id]) if unit.party_id else "")
        for unit in units
    }


def reading_due(today: date) -> list[Plan]:
    """Plans in action of which a whole week was not read yet; one query."""
    last = last_whole_week(today)
    rows = Plan.objects.filter(state=PlanState.STARTED, outcomes__isnull=False).distinct()
    due = rows.annotate(read_until=Max("results__until"))
    return [plan for plan in due if _is_due(plan, getattr(plan, "read_until", None), last)]


def _is_due(plan: Plan, read_until: date | None, last: date) -> bool:
    window = (plan.frozen or {}).get("window", {}).get("until")
    until = min(last, date.fromisoformat(window)) if window else last
    return read_until is None or read_until < until - timedelta(days=1)


def plans_in_action() -> list[Plan]:
    """Plans whose outcomes can be read; one query."""
    return list(Plan.objects.filter(state=PlanState.STARTED, outcomes__isnull=False).distinct())
