"""A shift opens and closes."""

import secrets
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from upturn.floor.commands.changes import written
from upturn.floor.engine.shapes import Floor
from upturn.floor.models import LabFloor, Shift, ShiftSeat, ShiftState
from upturn.floor.queries import floor_of, may_lead, newest_version
from upturn.record import journal

if TYPE_CHECKING:
    from upturn.people.models import Person


def check_may_lead(viewer: "Person") -> None:
    """Refuse, with the reason, whoever may look and not lead a shift."""
    if not may_lead(viewer):
        raise PermissionDenied(
            _("Shifts are opened, cut and closed by those who lead, facilitate or administer.")
        )


def open_shift(viewer: "Person", lab_floor: LabFloor, *, now: datetime, pace: float = 1.0) -> Shift:
    """Open a shift on the newest drawing of a floor, or find the one that is open."""
    check_may_lead(viewer)
    version = newest_version(lab_floor)
    floor = floor_of(version.pk)

    def work() -> Shift:
        rows = Shift.objects.select_for_update().filter(floor=lab_floor, state=ShiftState.OPEN)
        if found := rows.first():
            return found
        made = Shift.objects.create(
            ref=secrets.token_hex(6),
            floor=lab_floor,
            version=version,
            opened_at=now,
            pace=pace,
            tables={node.id: node.section for node in floor.nodes if node.section},
            owners={section.id: section.owner for section in floor.sections},
        )
        ShiftSeat.objects.bulk_create(_seats(made, floor))
        journal.write("open shift", subject_kind="shift", subject_ref=made.ref, actor_id=viewer.pk)
        return made

    return written(work)


def _seats(shift: Shift, floor: Floor) -> list[ShiftSeat]:
    return [
        ShiftSeat(shift=shift, name=server.id, number=number)
        for number, server in enumerate(floor.servers, start=1)
    ]
