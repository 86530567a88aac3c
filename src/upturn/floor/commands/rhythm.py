"""What the rhythm of a floor brings: needs nobody asked for yet."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from upturn.floor.commands.raising import Brought, bring_in
from upturn.floor.commands.refusals import SeatGone
from upturn.floor.engine.live import Opportunity
from upturn.floor.models import Shift, ShiftState, Source


def raise_opportunities(
    shift_ref: str, opportunities: Iterable[Opportunity], *, now: datetime
) -> int:
    """Put opportunities on the board, each once; give how many were told, none after the close.

    What waits of the same kind in the same place stays as it is.
    """
    shift = Shift.objects.filter(ref=shift_ref, state=ShiftState.OPEN).first()
    brought = [_brought(one) for one in opportunities]
    if shift is None or not brought:
        return 0
    try:
        return len(bring_in(shift, brought, now=now))
    except SeatGone:
        return 0


def _brought(one: Opportunity) -> Brought:
    said = f"{one.place}\n{one.kind}\n{one.number}".encode()
    ref = f"r:{hashlib.sha256(said).hexdigest()[:20]}"
    return Brought(ref, one.place, one.kind, Source.RHYTHM, asked=False, since_s=one.due_s)
