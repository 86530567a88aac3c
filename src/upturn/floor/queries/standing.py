"""How an open shift stands at one moment: its tables read, the people of it from memory.

Who took what is known in memory alone; what somebody took of whom nothing is known is in nobody's
round.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from upturn.floor.engine.live import Board, BoardNeed, BoardSeat
from upturn.floor.models import NeedState, Shift, ShiftState, memory
from upturn.floor.models.memory import SeatMemory
from upturn.floor.queries.board import WAITING
from upturn.floor.queries.shifts import floor_of, laid_out

SOMEBODY = "\0"
"""Who took a need when nothing is known of it: no seat can be called so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A shift at one moment: its board, the numbers of its held seats, and what is known of each.

    `shown` is how each wants to be called; `taken` gives each taken need its key and the seat
    known to have taken it, if any.
    """

    shift: Shift
    board: Board
    numbers: Mapping[str, int]
    seats: Mapping[str, SeatMemory]
    shown: Mapping[str, str]
    looked: Mapping[str, float]
    taken: Mapping[str, tuple[str, str]]
    words: Mapping[str, str]
    asked_s: Mapping[str, float]


class _Waiting(NamedTuple):
    """What is read of a need that waits: rows of a model would cost three times as much."""

    ref: str
    place: str
    kind: str
    asked: bool
    calls: int
    raised_s: float
    asked_s: float | None
    state: str
    taken_key: str
    words: str
    is_call: bool


_COLUMNS = (
    "ref", "place", "kind", "asked", "count", "raised_s", "asked_s", "state", "taken_key", "words",
    "is_call",
)  # fmt: skip


def open_refs() -> list[str]:
    """Name every open shift; for the lookout beside the pages, which has no viewer."""
    return list(Shift.objects.filter(state=ShiftState.OPEN).values_list("ref", flat=True))


def standing_of(shift_ref: str, *, now: datetime) -> Standing | None:
    """Read how an open shift stands; for who plans, not for a page. None when it is closed."""
    shift = Shift.objects.filter(ref=shift_ref, state=ShiftState.OPEN).first()
    if shift is None:
        return None
    waits = shift.needs.filter(state__in=WAITING).order_by("raised_s", "pk")
    rows = [_Waiting(*values) for values in waits.values_list(*_COLUMNS)]
    chairs = shift.seats.order_by("number")
    numbers = {row.name: row.number for row in chairs if row.token_hash is not None}
    known = memory.of(shift_ref)
    with known.lock:
        seats = {name: _copied(known.seats.get(name)) for name in numbers}
        looked = dict(known.looked)
    takers = {key: name for name, seat in seats.items() for key in seat.claims.values()}
    return Standing(
        shift=shift,
        board=_board(shift, _in_reach(rows, seats), seats, takers=takers, now_s=shift.seconds(now)),
        numbers=numbers,
        seats=seats,
        shown={name: seat.nickname or name for name, seat in seats.items()},
        looked=looked,
        taken={
            row.ref: (row.taken_key, takers.get(row.taken_key, ""))
            for row in rows
            if row.state == NeedState.TAKEN
        },
        words={row.ref: row.words for row in rows if row.words},
        asked_s={row.ref: row.asked_s for row in rows if row.asked_s is not None},
    )


def _in_reach(rows: Iterable[_Waiting], seats: Mapping[str, SeatMemory]) -> Iterator[_Waiting]:
    """Leave out calls that come after as many as there are seats, for each who did not decline."""
    ahead: Counter[tuple[str, str, str]] = Counter()
    for row in rows:
        if row.is_call and row.state == NeedState.OPEN:
            places = [
                (row.place, row.kind, name)
                for name, seat in seats.items()
                if row.ref not in seat.declined
            ]
            places = [each for each in places if ahead[each] < len(seats)]
            ahead.update(places)
            if not places:
                continue
        yield row


def _board(
    shift: Shift,
    rows: Iterable[_Waiting],
    seats: Mapping[str, SeatMemory],
    *,
    takers: Mapping[str, str],
    now_s: float,
) -> Board:
    floor = floor_of(shift.version_id)

    def taker(row: _Waiting) -> str:
        return takers.get(row.taken_key, SOMEBODY) if row.state == NeedState.TAKEN else ""

    return Board(
        floor=floor,
        laid=laid_out(shift.version_id),
        tables=shift.tables,
        owners=shift.owners,
        seats=tuple(
            BoardSeat(name, seat.at, seat.busy_until_s, seat.hands, frozenset(seat.declined))
            for name, seat in seats.items()
        ),
        needs=tuple(
            BoardNeed(row.ref, row.place, row.kind, row.asked, row.calls, row.raised_s, taker(row))
            for row in rows
        ),
        now_s=now_s,
    )


def _copied(seat: SeatMemory | None) -> SeatMemory:
    """Copy what is known of a seat, so that it stands still while rounds are planned."""
    if seat is None:
        return SeatMemory()
    return replace(
        seat,
        hands=dict(seat.hands),
        claims=dict(seat.claims),
        declined=set(seat.declined),
        meant_s=dict(seat.meant_s),
    )
