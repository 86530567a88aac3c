"""Moments of the customer's day: written, moved, dropped, and who meets the customer there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from upturn.graph import queries as graph
from upturn.plan.commands.allowed import (
    NAME_MAX,
    check_may_edit,
    check_protected,
    check_seen,
    checked,
    moment_of,
    tell_why,
)
from upturn.plan.commands.edits import (
    Edit,
    Facts,
    facts_of,
    overtaken,
    repeated,
    take_turn,
    write_edit,
)
from upturn.plan.commands.hanging import loosen
from upturn.plan.engine import InAction, Incomplete, check_moment
from upturn.plan.models import DayMoment, LineState, MomentParty, Plan, PlanLine
from upturn.record.keys import ref_of

if TYPE_CHECKING:
    from upturn.people.models import Person

MOST_MOMENTS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class MomentWords:
    """A moment as somebody writes it down; ``at`` in minutes after midnight."""

    at: int
    name: str
    wants: str = ""
    touchpoint_id: int | None = None
    well_enough: str = ""


def ref_for(kind: str, plan: Plan, key: str) -> str:
    """Ref of a row that is made with this key: sent twice, it is the same row."""
    return ref_of(f"{kind} {plan.ref} {key}")


@transaction.atomic
def save_moment(
    viewer: "Person", plan: Plan, words: MomentWords, *, edit: Edit, ref: str = ""
) -> DayMoment:
    """Write a moment down, or change the one called ``ref``.

    A new one that is linked with a touchpoint starts with the parties who serve there.

    Raises
    ------
    OutsideTheDay, Incomplete, NotYours
        If it cannot stand like this.
    Overtaken
        If somebody changed it since it was read.
    """
    check_may_edit(viewer, plan)
    done = repeated(plan, edit)
    if done:
        return moment_of(plan, done.row)
    values = _values(viewer, plan, words)
    if not ref:
        return _add(viewer, plan, values, edit)
    return _change(plan, moment_of(plan, ref), values, edit)


@transaction.atomic
def move_moment(viewer: "Person", plan: Plan, ref: str, *, at: int, edit: Edit) -> DayMoment:
    """Put a moment to another time of the day; raises what `save_moment` raises."""
    check_may_edit(viewer, plan)
    if repeated(plan, edit):
        return moment_of(plan, ref)
    check_moment(at, day_from=plan.day_from, day_until=plan.day_until)
    return _change(plan, moment_of(plan, ref), {"at": at}, edit)


@transaction.atomic
def set_parties(
    viewer: "Person", plan: Plan, ref: str, parties: Mapping[int, bool], *, edit: Edit
) -> DayMoment:
    """Say who meets the customer at a moment: party to whether in his or her sight (direct)."""
    check_may_edit(viewer, plan)
    moment = moment_of(plan, ref)
    if repeated(plan, edit):
        return moment
    had = set(moment.parties.values_list("party_id", flat=True))
    for party_id in parties.keys() - had:
        check_seen(viewer, party_id)
    before = facts_of("moment", moment)
    wanted = sorted([party, direct] for party, direct in parties.items())
    yours = before | {"parties": wanted}
    take_turn(moment, kind="moment", turn=edit.turn, changes={}, yours=yours)
    seat_parties(moment, wanted)
    _written(plan, moment, before, edit)
    return moment


@transaction.atomic
def drop_moment(viewer: "Person", plan: Plan, ref: str, *, edit: Edit) -> None:
    """Take a moment out with its lines; undo brings all of it back.

    Raises
    ------
    InAction
        While a line of it is in action or was settled.
    Protected
        If it works well enough and no reason is given.
    """
    check_may_edit(viewer, plan)
    if repeated(plan, edit):
        return
    moment = moment_of(plan, ref)
    if moment.turn != edit.turn:
        raise overtaken("moment", moment, yours=None)
    check_protected(moment, edit.anyway)
    if moment.lines.exclude(state=LineState.NOTED).exists():
        raise InAction(_("Lines of this moment were put into action. It stays in the plan."))
    before = moment_whole(moment)
    edges = list(moment.lines.filter(drew_edge=True).values_list("edge_id", flat=True))
    moment.delete()
    for edge_id in edges:
        loosen(viewer, edge_id)
    write_edit(plan, key=edit.key, kind="moment", ref=ref, before=before, after=None)
    tell_why(viewer, plan, edit)


def moment_whole(moment: DayMoment) -> Facts:
    """A moment with its lines and what of other moments points to them."""
    lines = list(moment.lines.order_by("pk"))
    pointing = PlanLine.objects.filter(enables__in=lines).exclude(moment=moment)
    return facts_of("moment", moment) | {
        "lines": [facts_of("line", line) | {"ref": line.ref} for line in lines],
        "enabled_by": sorted([line.pk, line.enables_id] for line in pointing),
    }


def seat_parties(moment: DayMoment, wanted: list[list[Any]]) -> None:
    """Make these the parties of a moment; parties that are gone are left out."""
    known = graph.snapshot().party
    moment.parties.all().delete()
    MomentParty.objects.bulk_create(
        MomentParty(moment=moment, party_id=party, direct=direct)
        for party, direct in wanted
        if party in known
    )


def _values(viewer: "Person", plan: Plan, words: MomentWords) -> dict[str, Any]:
    check_moment(words.at, day_from=plan.day_from, day_until=plan.day_until)
    points = {point.id for point in graph.points_seen(viewer)}
    if words.touchpoint_id is not None and words.touchpoint_id not in points:
        raise Incomplete(_("There is no such touchpoint, or it is not for you to see."))
    return {
        "at": words.at,
        "name": checked(words.name, what=_("what the moment is called"), most=NAME_MAX),
        "wants": checked(words.wants, what=_("what the customer wants"), needed=False),
        "touchpoint_id": words.touchpoint_id,
        "well_enough": checked(words.well_enough, what=_("why it is to stay"), needed=False),
    }


def _add(viewer: "Person", plan: Plan, values: dict[str, Any], edit: Edit) -> DayMoment:
    if plan.moments.count() >= MOST_MOMENTS:
        raise Incomplete(_("A day ends at %(most)d moments.") % {"most": MOST_MOMENTS})
    moment = DayMoment.objects.create(plan=plan, ref=ref_for("moment", plan, edit.key), **values)
    serving = graph.serving_at(viewer).get(moment.touchpoint_id or 0, ())
    seat_parties(moment, [[party.id, direct] for party, direct in serving])
    _written(plan, moment, None, edit)
    return moment


def _change(plan: Plan, moment: DayMoment, values: dict[str, Any], edit: Edit) -> DayMoment:
    before = facts_of("moment", moment)
    yours = before | values
    take_turn(moment, kind="moment", turn=edit.turn, changes=values, yours=yours)
    _written(plan, moment, before, edit)
    return moment


def _written(plan: Plan, moment: DayMoment, before: Facts | None, edit: Edit) -> None:
    after = facts_of("moment", moment)
    write_edit(plan, key=edit.key, kind="moment", ref=moment.ref, before=before, after=after)
