"""Which events a phone or a lead may hear. Decided here, asked by the house's stream."""

from typing import TYPE_CHECKING

from upturn.floor.models import Shift, ShiftState
from upturn.floor.queries.board import topic
from upturn.floor.queries.floors import may_draw
from upturn.floor.queries.seats import seat_holder

if TYPE_CHECKING:
    from upturn.people.models import Person


def topic_of_seat(shift_ref: str, number: int) -> str:
    """Under which name a seat is told its rounds; its name might not stand on a stream."""
    return f"seat:{shift_ref}:{number}"


def topics_of_seat(cookie: str) -> set[str] | None:
    """Topics for whoever holds a seat of an open shift, or None for a stranger."""
    holder = seat_holder(cookie)
    if holder is None:
        return None
    return {topic(holder.shift_ref), topic_of_seat(holder.shift_ref, holder.number)}


def topics_of_lead(viewer: "Person") -> set[str]:
    """Topics of all open shifts for who leads; none for others."""
    if not may_draw(viewer):
        return set()
    refs = Shift.objects.filter(state=ShiftState.OPEN).values_list("ref", flat=True)
    return {topic(ref) for ref in refs}
