"""What a phone may hear of itself alone."""

from upturn.floor.models import memory
from upturn.floor.queries.seats import SeatHolder


def claims_of(holder: SeatHolder) -> dict[str, str]:
    """Give a phone the needs it took, each with the key of its own tap."""
    known = memory.of(holder.shift_ref)
    with known.lock:
        return dict(known.seat(holder.seat).claims)
