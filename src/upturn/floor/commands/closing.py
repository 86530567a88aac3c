"""A shift closes: totals of the floor stay, and everything else of it goes."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from upturn.floor.commands.changes import written
from upturn.floor.commands.shifts import check_may_lead
from upturn.floor.engine.live import Met, totals
from upturn.floor.models import (
    NeedState,
    Seated,
    Shift,
    ShiftNeed,
    ShiftSeat,
    ShiftState,
    ShiftTap,
    memory,
)
from upturn.floor.queries import floor_of, topic
from upturn.record import journal, outbox
from upturn.record.erasing import erase_for_good
from upturn.stats.figures import Withheld

if TYPE_CHECKING:
    from upturn.people.models import Person

LIVE = (ShiftTap, ShiftNeed, ShiftSeat, Seated)
"""What lives no longer than its shift."""


def close_shift(viewer: "Person", shift: Shift, *, now: datetime) -> Shift:
    """Close a shift, once: add it up, delete what lived in it, and overwrite where that lay."""
    check_may_lead(viewer)

    def work() -> Shift:
        row = Shift.objects.select_for_update().get(pk=shift.pk)
        if row.state == ShiftState.CLOSED:
            return row
        row.summary = _summary(row, now)
        row.state, row.closed_on = ShiftState.CLOSED, timezone.localdate(now)
        row.tables, row.owners, row.leaving = {}, {}, []
        row.walk_bys = row.most_held = 0
        row.save()
        for table in LIVE:
            table.objects.filter(shift=row).delete()
        journal.write("close shift", subject_kind="shift", subject_ref=row.ref, actor_id=viewer.pk)
        outbox.publish(topic(row.ref), kind="closed", ref=row.ref)
        outbox.forget(topic(row.ref))
        return row

    closed = written(work)
    memory.forget(shift.ref)
    erase_for_good(*LIVE, overwritten=(Shift,))
    return closed


def _summary(shift: Shift, now: datetime) -> Mapping[str, Any]:
    """Add a shift up as totals of the floor; below three seats only how many they were."""
    held = shift.most_held
    needs = ShiftNeed.objects.filter(shift=shift).exclude(state=NeedState.GONE)
    fields = ("kind", "raised_s", "asked_s", "noticed_s", "done_s")
    added = totals(
        [Met(*row) for row in needs.values_list(*fields)],
        seats_held=held,
        walk_bys=shift.walk_bys + memory.of(shift.ref).walked_by,
        need_types=floor_of(shift.version_id).need_types,
    )
    if isinstance(added, Withheld):
        return {"seats": held}
    return {"seats": held, "seconds": shift.seconds(now), "totals": asdict(added)}
