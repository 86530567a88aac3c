"""A day begun from one that usually happens: all of its moments at once, and all of it back."""

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from upturn.plan.commands.allowed import check_may_edit
from upturn.plan.commands.editing import PlanWords, save_plan
from upturn.plan.commands.edits import Edit
from upturn.plan.commands.moments import MomentWords, save_moment
from upturn.plan.commands.undoing import undo
from upturn.plan.engine import Incomplete
from upturn.plan.models import Plan, PlanEdit

if TYPE_CHECKING:
    from upturn.people.models import Person
    from upturn.plan.queries.first_days import FirstDay

HOUR = 60


@transaction.atomic
def begin_day(viewer: "Person", plan: Plan, first: "FirstDay", *, key: str) -> Plan:
    """Put the moments of a day to begin from on an empty day; sent twice, they stand there once.

    Raises
    ------
    Incomplete
        If there are moments already.
    NotYours
        If the viewer may not change the plan.
    """
    check_may_edit(viewer, plan)
    if PlanEdit.objects.filter(plan=plan, key=f"{key}-0").exists():
        return plan
    if plan.moments.exists():
        raise Incomplete(_("This day has begun already. Add what is missing, one by one."))
    span = PlanWords(day_from=first.day_from, day_until=first.day_until)
    found = save_plan(viewer, plan, span, edit=Edit(key=f"{key}-0", turn=plan.turn))
    for number, moment in enumerate(first.moments, 1):
        words = MomentWords(
            at=moment.at,
            name=str(moment.name),
            wants=str(moment.wants),
            touchpoint_id=moment.point,
        )
        save_moment(viewer, found, words, edit=Edit(key=f"{key}-{number}"))
    return found


@transaction.atomic
def undo_all(viewer: "Person", plan: Plan, *, key: str) -> None:
    """Undo a change, or everything that came with a day to begin from, the last first.

    Raises
    ------
    Overtaken
        If somebody changed one of the rows since; then nothing is put back.
    """
    together = PlanEdit.objects.filter(plan=plan, key__startswith=f"{key}-", undone=False)
    keys = list(together.order_by("-pk").values_list("key", flat=True)) or [key]
    for each in keys:
        undo(viewer, plan, each)


@transaction.atomic
def lengthen_for(viewer: "Person", plan: Plan, moment: MomentWords, *, turn: int, key: str) -> Plan:
    """Let the day begin earlier or end later by whole hours, and write the moment down.

    Raises
    ------
    Overtaken, Incomplete, NotYours
        As `save_plan` and `save_moment` do; then the day stays as it is.
    """
    whole = PlanWords(
        day_from=min(plan.day_from, moment.at // HOUR * HOUR),
        day_until=max(plan.day_until, -(-moment.at // HOUR) * HOUR),
    )
    longer = save_plan(viewer, plan, whole, edit=Edit(key=f"{key}-0", turn=turn))
    save_moment(viewer, longer, moment, edit=Edit(key=f"{key}-1"))
    return longer
