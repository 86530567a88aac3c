"""What a phone may hear of itself alone."""

from collections.abc import Collection
from datetime import date, timedelta

from upturn.floor.models import Shift, ShiftNeed, ShiftState, memory
from upturn.floor.queries.seats import SeatHolder, has_served, shift_named


def claims_of(holder: SeatHolder) -> dict[str, str]:
    """Give a phone the needs it took, each with the key of its own tap."""
    known = memory.of(holder.shift_ref)
    with known.lock:
        return dict(known.seat(holder.seat).claims)


def known_refs(holder: SeatHolder, refs: Collection[str]) -> set[str]:
    """Give those of these names that are of needs of the holder's shift."""
    rows = ShiftNeed.objects.filter(shift=holder.shift, ref__in=list(refs))
    return set(rows.values_list("ref", flat=True))


def closed_lately(cookie: str, ref: str, *, today: date) -> Shift | None:
    """Give a closed shift to a phone that held a seat on it, on the day of its close or the next.

    Whose seat it was is erased by then: the cookie proves the shift, and nothing else.
    """
    if shift_named(cookie) != ref or not has_served(cookie):
        return None
    rows = Shift.objects.select_related("floor").filter(ref=ref, state=ShiftState.CLOSED)
    return rows.filter(closed_on__gte=today - timedelta(days=1)).first()
