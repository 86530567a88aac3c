"""A closed workshop begins one plan, whoever presses and however often."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from upturn.loop.commands.changing import held
from upturn.loop.commands.refusals import told
from upturn.loop.engine.errors import Incomplete, NotYours
from upturn.loop.models import Workshop, WorkshopState
from upturn.loop.queries.sight import may_see

if TYPE_CHECKING:
    from upturn.people.models import Person


@transaction.atomic
def begin_plan(viewer: "Person", workshop: Workshop, begin: Callable[[], str]) -> str:
    """Give the ref of the plan that a workshop began; `begin` makes it where there is none.

    Raises
    ------
    NotYours
        If the workshop is out of sight.
    Incomplete
        If it is open.
    """
    if not may_see(viewer, workshop):
        raise NotYours(told(_("This workshop is not for you to see.")))
    row = held(workshop.pk)
    if row.state == WorkshopState.OPEN:
        raise Incomplete(told(_("Close the workshop first; then a plan can begin with its cards.")))
    if not row.plan_ref:
        row.plan_ref = begin()
        row.save(update_fields=["plan_ref"])
    return row.plan_ref
