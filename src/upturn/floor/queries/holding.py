"""What a phone may hear of itself alone."""

from collections.abc import Collection
from datetime import date, timedelta

from upturn.floor.models import NeedState, Shift, ShiftNeed, ShiftState, memory
from upturn.floor.queries.seats import SeatHolder, has_served, shift_named


def claims_of(holder: SeatHolder) -> dict[str, str]:
    """Give a phone the needs it took, each with the key of its own tap."""
    known = memory.of(holder.shift_ref)
    with known.lock:
        return dict(known.seat(holder.seat).claims)


def known_refs(holder: SeatHolder, refs: Collection[str]) -> set[str]:
    """Give those of these names that are of needs of the holder's shift.

    A call stands for all of its kind that wait at its queue now: they are as good as each other.
    """
    here = ShiftNeed.objects.filter(shift=holder.shift)
    rows = here.filter(ref__in=list(refs)).values_list("ref", "is_call", "place", "kind")
    found = {ref for ref, *_ in rows}
    for _ref, is_call, place, kind in rows:
        if is_call:
            calls = here.filter(is_call=True, place=place, kind=kind, state=NeedState.OPEN)
            found.update(calls.values_list("ref", flat=True))
    return found


def closed_lately(cookie: str, ref: str, *, today: date) -> Shift | None:
    """Give a closed shift to a phone that held a seat on it, on the day of its close or the next.

    Whose seat it was is erased by then: the cookie proves the shift, and nothing else.
    """
    if shift_named(cookie) != ref or not has_served(cookie):
        return None
    rows = Shift.objects.select_related("floor").filter(ref=ref, state=ShiftState.CLOSED)
    return rows.filter(closed_on__gte=today - timedelta(days=1)).first()
