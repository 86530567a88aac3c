"""Changes of a draft: the plan's own words, moments, lines, and undo."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from upturn.plan.commands.allowed import (
    NAME_MAX,
    check_answer,
    check_day,
    check_may_edit,
    checked,
)
from upturn.plan.commands.edits import Edit, facts_of, repeated, take_turn, tell, write_edit
from upturn.plan.commands.lines import LineWords, drop_line, save_line
from upturn.plan.commands.moments import (
    MomentWords,
    drop_moment,
    move_moment,
    save_moment,
    set_parties,
)
from upturn.plan.commands.undoing import undo
from upturn.plan.models import Plan

if TYPE_CHECKING:
    from upturn.people.models import Person

__all__ = [
    "Edit",
    "LineWords",
    "MomentWords",
    "PlanWords",
    "drop_line",
    "drop_moment",
    "move_moment",
    "save_line",
    "save_moment",
    "save_plan",
    "set_parties",
    "tell",
    "undo",
    "write_edit",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanWords:
    """A plan's own words; what is None stays as it is."""

    name: str | None = None
    place: str | None = None
    serve_first: str | None = None
    day_from: int | None = None
    day_until: int | None = None


@transaction.atomic
def save_plan(viewer: "Person", plan: Plan, words: PlanWords, *, edit: Edit) -> Plan:
    """Change a plan's name, its place, the answer at its head, or from when until when its day is.

    Raises
    ------
    OutsideTheDay
        If a moment would lie outside the day.
    Overtaken, Incomplete, NotYours
        As with every change.
    """
    check_may_edit(viewer, plan)
    if repeated(plan, edit):
        return plan
    changes = _plan_changes(plan, words)
    before = facts_of("plan", plan)
    check_day(
        plan,
        day_from=int(changes.get("day_from", plan.day_from)),
        day_until=int(changes.get("day_until", plan.day_until)),
    )
    yours = before | changes
    take_turn(plan, kind="plan", turn=edit.turn, changes=changes, yours=yours)
    after = facts_of("plan", plan)
    write_edit(plan, key=edit.key, kind="plan", ref=plan.ref, before=before, after=after)
    plan.refresh_from_db()
    return plan


def _plan_changes(plan: Plan, words: PlanWords) -> dict[str, str | int]:
    changes: dict[str, str | int] = {}
    if words.name is not None:
        changes["name"] = checked(words.name, what=_("what the plan is called"), most=NAME_MAX)
    if words.place is not None:
        changes["place"] = checked(words.place, what=_("where"), most=NAME_MAX, needed=False)
    if words.serve_first is not None:
        changes["serve_first"] = check_answer(plan, words.serve_first)
    if words.day_from is not None:
        changes["day_from"] = words.day_from
    if words.day_until is not None:
        changes["day_until"] = words.day_until
    return changes
