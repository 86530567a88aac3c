"""A whole plan as one viewer may take it along."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from upturn.graph import queries as graph
from upturn.plan.engine.exporting import (
    Attendance,
    Claimed,
    ExportedLine,
    ExportedMoment,
    ExportedPlan,
    ExportedResult,
    ExportedTarget,
    ExportedUnit,
    Meeting,
    Owner,
    Remembered,
)
from upturn.plan.models import LineOwner, Outcome, PlanLine
from upturn.plan.queries.at_moment import asks_of, line_health
from upturn.plan.queries.day import MomentHere, day_of
from upturn.plan.queries.results import may_see_figures
from upturn.stats import Figure

if TYPE_CHECKING:
    from upturn.people.models import Person
    from upturn.plan.models import Plan


def exported(viewer: "Person", plan: "Plan", *, today: date) -> ExportedPlan:
    """Everything of a plan that the viewer sees on its pages, but nobody's words.

    Scores, targets, the roll-out and results are for those who see them on their pages; those who
    sit in the group are counted by function. Reasons given to one party alone stay with it.
    """
    names = _names(plan)
    return ExportedPlan(
        ref=plan.ref,
        name=plan.name,
        place=plan.place,
        customers=names.get(plan.customers_id, ""),
        serve_first=plan.serve_first,
        day_from=plan.day_from,
        day_until=plan.day_until,
        state=plan.state,
        opened_on=plan.opened_on,
        started_on=plan.started_on,
        ended_on=plan.ended_on,
        group=_group(plan, names),
        moments=tuple(_moment(each) for each in day_of(viewer, plan).moments),
        lines=_lines(viewer, plan, names, today=today),
        **(_figures(plan, names) if may_see_figures(viewer) else {}),
    )


def _figures(plan: "Plan", names: Mapping[int, str]) -> dict[str, Any]:
    """What pages show of targets, roll-out and results.

    As there, no result is shown before it was asked what else changed.
    """
    changes = [
        Remembered(row.on, row.words, row.where) for row in plan.other_changes.order_by("on", "pk")
    ]
    return {
        "targets": tuple(_target(row) for row in plan.outcomes.order_by("pair", "side", "pk")),
        "units": _units(plan, names),
        "results": _results(plan) if changes else (),
        "other_changes": tuple(changes),
        "claims": tuple(Claimed(row.words, row.source) for row in plan.claims.order_by("pk")),
        "agreed": plan.frozen,
    }


def _names(plan: "Plan") -> dict[int, str]:
    """Names of parties as the plan calls them: without its own place."""
    return {
        each.id: each.name if each.place in {"", plan.place} else f"{each.name}, {each.place}"
        for each in graph.snapshot().party.values()
    }


def _group(plan: "Plan", names: Mapping[int, str]) -> tuple[Attendance, ...]:
    seated = Counter(plan.seats.order_by("party_id", "pk").values_list("party_id", flat=True))
    return tuple(Attendance(names.get(party, ""), count) for party, count in seated.items())


def _moment(here: MomentHere) -> ExportedMoment:
    return ExportedMoment(
        here.ref,
        here.at,
        here.name,
        here.wants,
        here.point.name if here.point else "",
        here.well_enough,
        tuple(Meeting(each.party.name, each.direct) for each in here.meets),
        here.known.figure,
    )


def _lines(
    viewer: "Person", plan: "Plan", names: Mapping[int, str], *, today: date
) -> tuple[ExportedLine, ...]:
    """Lines in the order of the day, with how they stand; four queries at most."""
    found = plan.lines.select_related("moment", "enables")
    rows = list(found.order_by("moment__at", "moment_id", "party_id", "position", "pk"))
    asks = asks_of(viewer, [row.ask_ref for row in rows if row.ask_ref], today=today)
    owners = _owners(plan, names)
    return tuple(
        _line(
            row,
            names,
            owners.get(row.pk, ()),
            stands=str(line_health(row, asks.get(row.ask_ref), today=today)),
        )
        for row in rows
    )


def _owners(plan: "Plan", names: Mapping[int, str]) -> dict[int, tuple[Owner, ...]]:
    found: dict[int, tuple[Owner, ...]] = {}
    for row in LineOwner.objects.filter(line__plan=plan).order_by("pk"):
        owner = Owner(names.get(row.party_id, ""), row.who)
        found[row.line_id] = (*found.get(row.line_id, ()), owner)
    return found


def _line(
    row: PlanLine, names: Mapping[int, str], owners: Iterable[Owner], *, stands: str
) -> ExportedLine:
    return ExportedLine(
        ref=row.ref,
        moment=row.moment.ref,
        party=names.get(row.party_id, ""),
        column=row.column,
        words=row.words,
        provider=names.get(row.provider_id or 0, ""),
        provider_was=row.provider_was,
        enables=row.enables.ref if row.enables else "",
        state=row.state,
        stands=stands,
        due_on=row.due_on,
        active_on=row.active_on,
        settled_on=row.settled_on,
        owners=tuple(owners),
    )


def _target(row: Outcome) -> ExportedTarget:
    return ExportedTarget(
        ref=row.ref,
        pair=row.pair,
        side=row.side,
        source=row.source,
        name=row.name,
        unit=row.unit,
        better=row.better,
        baseline=_baseline(row),
        baseline_from=row.baseline_from,
        baseline_until=row.baseline_until,
        wish=row.wish,
        wish_by=row.wish_by,
    )


def _baseline(row: Outcome) -> Figure | None:
    if row.baseline is None or row.baseline_low is None or row.baseline_high is None:
        return None
    return Figure(row.baseline, row.baseline_low, row.baseline_high, row.baseline_n or 0)


def _units(plan: "Plan", names: Mapping[int, str]) -> tuple[ExportedUnit, ...]:
    return tuple(
        ExportedUnit(
            row.ref,
            row.place or names.get(row.party_id or 0, ""),
            row.step,
            row.starts_on,
            row.picked_as_worst,
        )
        for row in plan.units.order_by("step", "pk")
    )


def _results(plan: "Plan") -> tuple[ExportedResult, ...]:
    rows = plan.results.select_related("outcome").order_by("outcome__pair", "outcome_id", "until")
    return tuple(
        ExportedResult(row.ref, row.outcome.ref, row.read_on, row.until, row.design, row.found)
        for row in rows
    )
