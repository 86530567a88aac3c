"""What workshops named as well enough, told to plans: two rooms that do not know each other."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from upturn.loop.queries.keeping import standing
from upturn.plan.queries.protected import KeptHere

if TYPE_CHECKING:
    from upturn.people.models import Person


def of_workshops(viewer: "Person", parties: Collection[int | None]) -> tuple[KeptHere, ...]:
    """Give the keep-list of some parties, and of everybody, as plans know one."""
    said = _("the workshop “%(name)s”")
    return tuple(
        KeptHere(one.words, said % {"name": one.workshop}, one.said_on, one.party_id)
        for one in standing(viewer, parties)
    )
