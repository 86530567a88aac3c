"""The house's days off: one list, for everybody who holds workshops."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from upturn.loop.commands.changing import written
from upturn.loop.commands.refusals import overtaken, told
from upturn.loop.engine.errors import NotYours
from upturn.loop.engine.hundred import read_days_off
from upturn.loop.models import DayOff
from upturn.loop.queries.days_off import days_off_text
from upturn.loop.queries.sight import may_host
from upturn.record import journal
from upturn.record.keys import ref_of

if TYPE_CHECKING:
    from upturn.people.models import Person

NAME_MAX = 80


def as_of(text: str) -> str:
    """Mark a list as somebody read it."""
    return ref_of(text, letters=16)


def set_days_off(viewer: "Person", text: str, *, read: str) -> int:
    """Put a list in the place of the one that was ``read`` (`as_of`); give how many days it has.

    A day 100 that is booked already is not moved, for people have it in their calendars.

    Raises
    ------
    NotYours
        If the viewer holds no workshops.
    Incomplete
        Naming the first line that begins with no date.
    Overtaken
        If somebody changed the list since.
    """
    if not may_host(viewer):
        said = _("Days off are kept by those who hold workshops. Ask one.")
        raise NotYours(told(said))
    found = read_days_off(text)

    def work() -> int:
        list(DayOff.objects.select_for_update())
        if as_of(days_off_text()) != read:
            raise overtaken(0)
        DayOff.objects.all().delete()
        rows = [DayOff(day=day, name=name[:NAME_MAX]) for day, name in found.items()]
        DayOff.objects.bulk_create(rows)
        journal.write("set days off", subject_kind="days off", subject_ref="", actor_id=viewer.pk)
        return len(rows)

    return written(work)
