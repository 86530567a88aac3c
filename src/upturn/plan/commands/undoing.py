"""Undo: what stood before a change comes back, if nothing was changed since."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.utils.translation import gettext as _

from upturn.graph import queries as graph
from upturn.plan.commands.allowed import check_answer, check_day, check_may_edit
from upturn.plan.commands.edits import (
    KEPT,
    KINDS,
    Facts,
    Row,
    facts_of,
    overtaken,
    same,
    tell,
)
from upturn.plan.commands.hanging import hang, loosen
from upturn.plan.commands.moments import moment_whole, seat_parties
from upturn.plan.engine import InAction, Incomplete, Overtaken, check_moment
from upturn.plan.models import DayMoment, Outcome, Plan, PlanEdit, PlanLine

if TYPE_CHECKING:
    from upturn.people.models import Person


@transaction.atomic
def undo(viewer: "Person", plan: Plan, key: str) -> PlanEdit:
    """Take the change back that came with ``key``; a second time nothing happens.

    Raises
    ------
    Overtaken
        If the row was changed since: both stand in the error, and nothing was changed.
    InAction
        If it would take away what was agreed when the plan started.
    """
    check_may_edit(viewer, plan)
    try:
        edit = PlanEdit.objects.get(plan=plan, key=key)
    except ObjectDoesNotExist as error:
        raise Incomplete(_("There is no such change to undo.")) from error
    if edit.undone:
        return edit
    row = _row(plan, edit)
    _check_unchanged(edit, row)
    _check_agreed(plan, edit, row)
    turn = _put_back(viewer, plan, edit, row)
    edit.undone = True
    edit.save(update_fields=["undone"])
    tell(plan, kind=edit.kind, ref=edit.row, turn=turn)
    return edit


def _row(plan: Plan, edit: PlanEdit) -> Row | None:
    found = KINDS[edit.kind].objects.filter(ref=edit.row).first()
    owner = getattr(found, "plan_id", plan.pk)
    return found if owner == plan.pk else None


def _check_unchanged(edit: PlanEdit, row: Row | None) -> None:
    now = facts_of(edit.kind, row) if row else None
    if not same(now, edit.after) or (edit.before is None and row and _rested_on(row)):
        raise overtaken(edit.kind, row, yours=edit.before)


def _check_agreed(plan: Plan, edit: PlanEdit, row: Row | None) -> None:
    """Keep an outcome that was agreed, with its readings, and an answer to the question."""
    if edit.before is None and isinstance(row, Outcome) and _is_agreed(plan, row):
        raise InAction(_("It was agreed to look at this outcome. It stays, whatever it shows."))
    if edit.kind == "plan" and edit.before:
        check_answer(plan, edit.before["serve_first"])


def _is_agreed(plan: Plan, row: Outcome) -> bool:
    return row.ref in (plan.frozen or {}).get("outcomes", {}) or row.results.exists()


def _rested_on(row: Row) -> bool:
    """Whether somebody has built on a row that is to go: lines at a moment, HAVEs for a line."""
    if isinstance(row, DayMoment):
        return bool(moment_whole(row)["lines"])
    return isinstance(row, PlanLine) and PlanLine.objects.filter(enables=row).exists()


def _put_back(viewer: "Person", plan: Plan, edit: PlanEdit, row: Row | None) -> int:
    if edit.before is None:
        _take_out(viewer, row)
        return 0
    before: Facts = edit.before
    if edit.kind == "plan":
        check_day(plan, day_from=before["day_from"], day_until=before["day_until"])
    if edit.kind == "moment":
        check_moment(before["at"], day_from=plan.day_from, day_until=plan.day_until)
    turn: int = (facts_of(edit.kind, row) if row else before)["turn"] + 1
    _restore(viewer, plan, edit.kind, edit.row, before | {"turn": turn})
    return turn


def _take_out(viewer: "Person", row: Row | None) -> None:
    if row is None:
        return
    edge_id = row.edge_id if isinstance(row, PlanLine) and row.drew_edge else None
    row.delete()
    loosen(viewer, edge_id)


def _restore(viewer: "Person", plan: Plan, kind: str, ref: str, facts: Facts) -> None:
    values = {name: facts[name] for name in KEPT[kind]}
    row = _write(plan, kind, ref, facts, _still_there(kind, values))
    if isinstance(row, DayMoment):
        seat_parties(row, facts["parties"])
        for line in facts.get("lines", ()):
            _restore(viewer, plan, "line", line["ref"], line | {"turn": line["turn"] + 1})
    if isinstance(row, PlanLine):
        hang(viewer, row)
    for pointing, enabled in facts.get("enabled_by", ()):
        PlanLine.objects.filter(plan=plan, pk=pointing, enables=None).update(enables=enabled)


def _write(plan: Plan, kind: str, ref: str, facts: Facts, values: dict[str, Any]) -> Row:
    rows = KINDS[kind].objects.filter(pk=facts["id"])
    turn = {"turn": facts["turn"]} if hasattr(KINDS[kind], "turn") else {}
    if not rows.update(**values, **turn):
        owner = {} if kind == "plan" else {"plan": plan}
        KINDS[kind].objects.create(pk=facts["id"], ref=ref, **owner, **values, **turn)
    return rows.get()


def _still_there(kind: str, values: dict[str, Any]) -> dict[str, Any]:
    """Leave out what has gone meanwhile: a provider, a touchpoint, a promise once enabled.

    Raises
    ------
    Overtaken
        If a line's own party or moment has gone, without which it cannot stand.
    """
    now = graph.snapshot()
    if kind == "moment" and values["touchpoint_id"] not in now.points:
        return values | {"touchpoint_id": None}
    if kind != "line":
        return values
    moment = DayMoment.objects.filter(pk=values["moment_id"])
    if values["party_id"] not in now.party or not moment.exists():
        raise Overtaken(
            _("What this line belongs to has gone since. Its words: “%(words)s”.")
            % {"words": values["words"]},
            stands=None,
            yours=values,
        )
    if values["provider_id"] not in now.party:
        values = values | {"provider_id": None}
    return values
