"""Who holds a seat of a shift: a phone that shows a token, of which only the hash is kept."""

import hmac
import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from upturn.floor.models import Shift, ShiftSeat, ShiftState
from upturn.floor.models.shift import seconds_of
from upturn.floor.queries.floors import may_draw
from upturn.record.proofs import hash_of, proof_of

if TYPE_CHECKING:
    from upturn.people.models import Person

COOKIE = "seat"
"""The name of the cookie, whose value is the shift and the token."""
_REF = re.compile(r"[0-9a-z]{1,16}")


@dataclass(frozen=True, slots=True)
class SeatHolder:
    """A phone that holds a seat; `sections` are those the seat owns, `number` counts from 1."""

    shift: int
    shift_ref: str
    opened_at: datetime
    pace: float
    version: int
    pk: int
    seat: str
    number: int
    sections: tuple[str, ...]
    token_hash: str

    def seconds(self, now: datetime) -> float:
        """How far into the shift a moment is."""
        return seconds_of(self.opened_at, now, pace=self.pace)


def shift_named(cookie: str) -> str:
    """Name the shift that a cookie speaks of, whether or not it may.

    >>> shift_named("ab12.secret")
    'ab12'
    """
    ref = cookie.partition(".")[0]
    return ref if _REF.fullmatch(ref) else ""


def proven(shift_ref: str, drawn: str) -> str:
    """Give what was drawn for a phone as its token: it proves the shift also after the close."""
    return f"{drawn}.{proof_of(f'floor served {shift_ref} {drawn}')[:24]}"


def has_served(cookie: str) -> bool:
    """Whether this house gave this cookie out, for whichever seat of the shift it names."""
    ref, _, token = cookie.partition(".")
    right = proven(ref, token.rpartition(".")[0])
    return hmac.compare_digest(right.encode(), token.encode(errors="replace"))


def seat_holder(cookie: str) -> SeatHolder | None:
    """Give the seat a phone holds on an open shift, or None."""
    ref, token = shift_named(cookie), cookie.partition(".")[2]
    if not (ref and token) or len(cookie) > 200:
        return None
    rows = ShiftSeat.objects.select_related("shift").filter(token_hash=hash_of(token))
    seat = rows.filter(shift__ref=ref, shift__state=ShiftState.OPEN).first()
    return holder_of(seat) if seat else None


def holder_of(seat: ShiftSeat) -> SeatHolder:
    """Give a held seat as its phone is known to the commands."""
    shift = seat.shift
    return SeatHolder(
        shift=shift.pk,
        shift_ref=shift.ref,
        opened_at=shift.opened_at,
        pace=shift.pace,
        version=shift.version_id,
        pk=seat.pk,
        seat=seat.name,
        number=seat.number,
        sections=sections_of(shift, seat.name),
        token_hash=seat.token_hash or "",
    )


def is_closed(ref: str) -> bool:
    """Whether there was a shift of this name that is closed, or that nobody knows any more."""
    return not Shift.objects.filter(ref=ref, state=ShiftState.OPEN).exists()


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat as everybody may see it."""

    name: str
    number: int
    sections: tuple[str, ...]
    tables: tuple[str, ...]
    held: bool
    called_off: bool


def sections_of(shift: Shift, seat: str) -> tuple[str, ...]:
    """Name the sections a seat owns."""
    return tuple(section for section, owner in shift.owners.items() if owner == seat)


def seats_of(shift: Shift) -> list[Seat]:
    """All seats of a shift, in the order of the drawing; who sits there is not among it."""
    if shift.state != ShiftState.OPEN:
        return []
    return [seat_shown(row, shift) for row in shift.seats.order_by("number")]


def seat_shown(row: ShiftSeat, shift: Shift) -> Seat:
    """Give a seat as everybody may see it."""
    owned = sections_of(shift, row.name)
    tables = tuple(table for table, section in shift.tables.items() if section in owned)
    held = row.token_hash is not None
    return Seat(row.name, row.number, owned, tables, held, row.called_off)


def may_lead(viewer: "Person | SeatHolder | None") -> bool:
    """Whether the viewer opens, cuts and closes shifts: those who draw floors."""
    return viewer is not None and not isinstance(viewer, SeatHolder) and may_draw(viewer)


def tables_of(shift: int) -> dict[str, str]:
    """Give the tables of a shift, by its key, each with its section."""
    tables: dict[str, str] = Shift.objects.values_list("tables", flat=True).get(pk=shift)
    return tables
