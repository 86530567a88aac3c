"""How sections could be cut when a seat falls out."""

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied

from upturn.floor.engine.live import Cut, recut
from upturn.floor.models import Shift
from upturn.floor.queries.seats import may_lead
from upturn.floor.queries.shifts import floor_of, laid_out

if TYPE_CHECKING:
    from upturn.people.models import Person


def propose_without(viewer: "Person", shift: Shift, seat: str) -> Cut:
    """Propose who gets the tables of a seat; nothing is changed.

    Raises
    ------
    BadSetting
        If nobody would be left.
    """
    if not may_lead(viewer):
        raise PermissionDenied
    return recut(
        floor_of(shift.version_id),
        laid_out(shift.version_id),
        tables=shift.tables,
        owners=shift.owners,
        lost=[seat],
    )
