"""The next round of a seat of a shift, planned while its phone waits for an answer."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import override

from upturn.floor.engine.live import rounds_of
from upturn.floor.engine.shapes import NORMAL_PACE_M_S
from upturn.floor.models import memory
from upturn.floor.queries import ready
from upturn.floor.queries.round_words import Beside, getting_ready, told
from upturn.floor.queries.standing import Standing, standing_of

if TYPE_CHECKING:
    from upturn.floor.engine.live import LiveRound
    from upturn.floor.queries.seats import SeatHolder

AT_ONCE_MS = 5.0
"""How long better rounds are looked for while somebody waits for the answer to a tap."""
Told = dict[str, Any]


def round_of(holder: "SeatHolder", *, now: datetime, budget_ms: float = AT_ONCE_MS) -> Told | None:
    """Tell a seat its next round, in its own language; None when nothing waits for it."""
    seat = memory.of(holder.shift_ref).seat(holder.seat)
    if not ready.is_made_ready():
        return _in(seat.language, getting_ready)
    standing = standing_of(holder.shift_ref, now=now)
    if standing is None or holder.seat not in standing.numbers:
        return None
    planned = rounds_of(standing.board, budget_ms=budget_ms)
    seat.round = answer = round_told(standing, holder.seat, planned[holder.seat])
    return answer


def round_told(standing: Standing, seat: str, planned: "LiveRound") -> Told | None:
    """Tell a planned round as the phone of a seat shows it."""
    if not planned.stops:
        return None
    known, board = standing.seats[seat], standing.board
    paces = {server.id: server.speed_m_s for server in board.floor.servers}
    beside = Beside(
        now_s=board.now_s,
        at=known.at,
        pace_m_s=paces.get(seat, NORMAL_PACE_M_S),
        hands=known.hands,
        shown={name: each.nickname or name for name, each in standing.seats.items()},
        words=standing.words,
        asked_s=standing.asked_s,
    )
    return _in(known.language, lambda: told(planned, beside))


def _in(language: str, say: Callable[[], Told]) -> Told:
    with override(language or settings.LANGUAGE_CODE):
        return say()
