"""The next round of each seat of a shift, planned and told.

What a seat was told is meant for it for a while: else a round would change under the eyes of who
reads it whenever anything happens on the floor.
"""

import logging
from collections.abc import Callable, Mapping, Set
from dataclasses import replace
from datetime import datetime
from time import perf_counter
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import override

from upturn.floor.engine.live import Board, BoardNeed, LiveRound, rounds_of
from upturn.floor.engine.shapes import NORMAL_PACE_M_S
from upturn.floor.models import memory
from upturn.floor.queries import ready
from upturn.floor.queries.round_words import Beside, getting_ready, told
from upturn.floor.queries.standing import Standing, standing_of

if TYPE_CHECKING:
    from upturn.floor.queries.seats import SeatHolder

AT_ONCE_MS = 15.0
"""How long planning may take while somebody waits for the answer to a tap."""
MEANT_S = 15.0
"""How long a need stays with the seat it was proposed to, if nobody takes or declines it."""
Told = dict[str, Any]
log = logging.getLogger(__name__)


def round_of(holder: "SeatHolder", *, now: datetime, budget_ms: float = AT_ONCE_MS) -> Told | None:
    """Tell a seat its next round, in its own language; None when nothing waits for it."""
    if not ready.is_made_ready():
        return _later(holder)
    try:
        return _round_of(holder, now=now, budget_ms=budget_ms)
    except Exception as error:  # noqa: BLE001 - what was tapped is stored, whatever is planned
        log.error("A round could not be planned (%s).", type(error).__name__)
        return _later(holder)


def _round_of(holder: "SeatHolder", *, now: datetime, budget_ms: float) -> Told | None:
    standing = standing_of(holder.shift_ref, now=now)
    if standing is None or holder.seat not in standing.numbers:
        return None
    planned = planned_on(standing, budget_ms=budget_ms, only=holder.seat)
    answer = round_told(standing, holder.seat, planned[holder.seat])
    note_told(standing, holder.seat, answer)
    return answer


def _later(holder: "SeatHolder") -> Told:
    return _in(memory.of(holder.shift_ref).seat(holder.seat).language, getting_ready)


def planned_on(standing: Standing, *, budget_ms: float, only: str = "") -> dict[str, LiveRound]:
    """Plan the rounds of all seats, or of one; what is meant for a seat stays with it."""
    board, meant = standing.board, _meant(standing)
    needs = tuple(
        replace(need, taker=meant[need.ref]) if need.ref in meant else need for need in board.needs
    )
    planned = rounds_of(
        replace(board, needs=needs), budget_ms=budget_ms, clock=perf_counter, only=only
    )
    return {
        seat: replace(
            round_,
            stops=tuple(
                replace(stop, taken=False) if stop.need in meant else stop for stop in round_.stops
            ),
        )
        for seat, round_ in planned.items()
    }


def round_told(standing: Standing, seat: str, planned: LiveRound) -> Told | None:
    """Tell a planned round as the phone of a seat shows it."""
    if not planned.stops:
        return None
    known, board = standing.seats[seat], standing.board
    beside = Beside(
        now_s=board.now_s,
        at=known.at,
        pace_m_s=_pace(board, seat),
        hands=known.hands,
        shown=standing.shown,
        words=standing.words,
        asked_s=standing.asked_s,
    )
    return _in(known.language, lambda: told(planned, beside))


def note_told(standing: Standing, seat: str, answer: Told | None) -> None:
    """Remember what a seat is told, and which needs are meant for it from now on."""
    now_s, known = standing.board.now_s, memory.of(standing.shift.ref).seat(seat)
    refs = [stop["need"] for stop in answer["stops"] if stop["need"]] if answer else []
    before = known.meant_s
    known.meant_s = {
        ref: before[ref] if _is_fresh(before.get(ref), now_s) else now_s for ref in refs
    }
    known.round = answer


def _meant(standing: Standing) -> Mapping[str, str]:
    """Name the seat each open need is meant for; those for the owner alone need no such word.

    Help is meant for a seat as long as it holds what is wanted, and until a table of its own calls.
    """
    board = standing.board
    alone = {kind.name for kind in board.floor.need_types if kind.owner_only}
    item = {kind.name: kind.item for kind in board.floor.need_types}
    free = {need.ref: need for need in board.needs if not need.taker and need.kind not in alone}

    def holds(seat: str, need: BoardNeed) -> bool:
        wanted = item.get(need.kind, "")
        is_own = board.owner_of(need.place) in ("", seat)
        return is_own or not wanted or standing.seats[seat].hands.get(wanted, 0) > 0

    meant = {
        ref: seat
        for seat, known in standing.seats.items()
        for ref, since_s in known.meant_s.items()
        if ref in free and ref not in known.declined and _is_fresh(since_s, board.now_s)
        if holds(seat, free[ref])
    }
    owner = {ref: board.owner_of(need.place) for ref, need in free.items()}
    called = {
        owner[ref]
        for ref, need in free.items()
        if need.asked and ref not in meant and ref not in _declined(standing, owner[ref])
    }
    return {ref: seat for ref, seat in meant.items() if owner[ref] == seat or seat not in called}


def _declined(standing: Standing, seat: str) -> Set[str]:
    return standing.seats[seat].declined if seat in standing.seats else frozenset()


def _is_fresh(since_s: float | None, now_s: float) -> bool:
    return since_s is not None and 0 <= now_s - since_s < MEANT_S


def _pace(board: Board, seat: str) -> float:
    paces = (server.speed_m_s for server in board.floor.servers if server.id == seat)
    return next(paces, NORMAL_PACE_M_S)


def _in(language: str, say: Callable[[], Told]) -> Told:
    with override(language or settings.LANGUAGE_CODE):
        return say()
