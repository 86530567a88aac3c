"""What a card asks of whoever holds it."""

import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.utils import timezone

from upturn.partners.engine import Asked, Instrument, Sheet, Side, instrument_of
from upturn.partners.models import State, Wave, WaveRelation, WaveSeat
from upturn.partners.queries.drafts import BOTH
from upturn.record import ballot_box
from upturn.record.kept import keep
from upturn.record.proofs import hash_of

_OVER = {
    State.ENDING: "closed",
    State.CLOSED: "closed",
    State.CANCELLING: "cancelled",
    State.CANCELLED: "cancelled",
}


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a card opens no sheet: used, expired, closed, cancelled, forged or foreign."""

    reason: str


@lru_cache(maxsize=64)
def as_asked(questions: str) -> Instrument:
    """Read an instrument as it was when its wave opened."""
    return instrument_of(json.loads(questions))


def sheet(token: str, *, today: date | None = None) -> Sheet | Refused:
    """Give what the card asks, or why it asks nothing any more; today unless said otherwise."""
    found = wave_and_sheet(token, today=today)
    return found if isinstance(found, Refused) else found[1]


def wave_and_sheet(token: str, *, today: date | None = None) -> tuple[Wave, Sheet] | Refused:
    """Give the sheet of a card with its wave; a card of a blind wave opens none."""
    found = wave_and_card(token, today=today)
    if isinstance(found, Refused):
        return found
    wave, card = found
    if wave.is_blind:
        return Refused("forged")
    if card.spent:
        return Refused("used")
    return wave, _kept_sheet(wave, card.seat)


def wave_and_card(
    token: str, *, today: date | None = None
) -> tuple[Wave, ballot_box.Card] | Refused:
    """Give a card, spent or not, with its wave, as long as that takes answers."""
    wave = _taking(token.partition("-")[0], today=today)
    if isinstance(wave, Refused):
        return wave
    card = ballot_box.card(hash_of(token))
    if card is None or card.wave != wave.ref:
        return Refused("forged")
    return wave, card


def blind_sheet(
    ref: str, number: int, *, today: date | None = None
) -> tuple[WaveSeat, Sheet] | Refused:
    """Give what a seat of a blind wave is asked, to everybody who has the address."""
    wave = _taking(ref, today=today)
    if isinstance(wave, Refused):
        return wave
    seat = wave.seats.select_related("wave").filter(number=number).first()
    if seat is None or not wave.is_blind:
        return Refused("foreign")
    return seat, _kept_sheet(wave, number)


def seat_to_sign(token: str) -> tuple[WaveSeat, Sheet] | Refused:
    """Give the seat for which a card buys a signature, spent or not, or why it buys none."""
    found = wave_and_card(token)
    if isinstance(found, Refused):
        return found
    wave, card = found
    return blind_sheet(wave.ref, card.seat) if wave.is_blind else Refused("forged")


def _taking(ref: str, *, today: date | None) -> Wave | Refused:
    wave = Wave.objects.filter(ref=ref).first()
    if wave is None:
        return Refused("foreign")
    if reason := _OVER.get(State(wave.state)):
        return Refused(reason)
    if (today or timezone.localdate()) > wave.closes_on:
        return Refused("expired")
    return wave


def _kept_sheet(wave: Wave, number: int) -> Sheet:
    return keep(("sheet", wave.ref, number), as_of=wave.pk, read=lambda: _sheet(wave, number))


def _sheet(wave: Wave, number: int) -> Sheet:
    """Read what a seat is asked; nothing of it changes after the opening day."""
    seat = wave.seats.get(number=number)
    return Sheet(
        wave=wave.ref,
        title=wave.title,
        asks=wave.asks,
        instrument=as_asked(wave.questions),
        seat=seat.key,
        seat_name=seat.name,
        side=Side.SERVERS if seat.side == BOTH else Side(seat.side),
        people=seat.people,
        k=wave.k,
        words_k=wave.words_k,
        asked=tuple(_asked(seat)) if seat.side == BOTH else (),
        closes_on=wave.closes_on,
        deniable=wave.deniable,
        blind=wave.is_blind,
        drawn=seat.drawn,
    )


def _asked(seat: WaveSeat) -> list[Asked]:
    rows = WaveRelation.objects.filter(wave=seat.wave_id).order_by("number")
    found = []
    for row in rows:
        if row.server_seat_id == seat.pk:
            found.append(Asked(relation=row.number, side=Side.SERVING, other=row.served_name))
        if row.served_seat_id == seat.pk:
            found.append(Asked(relation=row.number, side=Side.SERVED, other=row.server_name))
    return found
