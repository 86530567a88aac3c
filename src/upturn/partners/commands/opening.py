"""Opening a wave: its seats, its cards, its key and its box, or the reason why not."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction

from upturn.partners.commands.invitations import cards_of
from upturn.partners.engine import table_of
from upturn.partners.engine.answers import WORDS_MOST
from upturn.partners.engine.shapes import Form, Instrument
from upturn.partners.models import Seated, Wave, WaveRelation, WaveSeat
from upturn.partners.queries.as_drawn import drawn_for
from upturn.partners.queries.drafts import RELATIONS_MOST, WORDS_K_LEAST, Draft, Plan
from upturn.partners.queries.seating import plan
from upturn.record import ballot_box, ballot_seal, journal, outbox
from upturn.record.proofs import hash_of

if TYPE_CHECKING:
    from upturn.people.models import Person

_ROUND_TO = 512
_MARK_BYTES = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A wave that has just opened, with what is shown this once and stored nowhere.

    Parameters
    ----------
    ref : str
    cards : mapping of str to tuple of str
        Tokens of each seat, by its key.
    codes : mapping of str to str
        Secret behind each seat's cards: whoever holds it can print them, or hand them out on a
        screen.
    """

    ref: str
    cards: Mapping[str, tuple[str, ...]]
    codes: Mapping[str, str]


def check_wave(person: "Person", draft: Draft, *, today: date) -> Plan:
    """Raise WaveRefused with the smallest change that would do."""
    return plan(person, draft, today=today)


def open_wave(person: "Person", *, draft: Draft, today: date) -> Opened:
    """Open a wave and make its cards, which nobody can make again.

    Raises
    ------
    WaveRefused
        With the smallest change that would do.
    """
    made = check_wave(person, draft, today=today)
    ref = secrets.token_hex(5)
    codes = {seat.key: f"{ref}-{secrets.token_urlsafe(16)}" for seat in made.seats}
    cards = {seat.key: cards_of(codes[seat.key], len(seat.people)) for seat in made.seats}
    size = ballot_seal.sealed_size(room_for(made.instrument))
    laid = [
        ballot_box.Laid(
            seat.number, [hash_of(token) for token in cards[seat.key]], hash_of(codes[seat.key])
        )
        for seat in made.seats
    ]
    try:
        wave = _wave(person, draft, ref=ref, size=size)
        wave.public_key = ballot_seal.make_key(ref)
        signing = _signing_keys(wave, made)
        with transaction.atomic():
            _store(wave, made, signing=signing, today=today)
            ballot_box.lay_out(ref, laid, size=size)
            journal.write(
                "open", subject_kind="wave", subject_ref=ref, actor_id=person.pk, detail=_told(made)
            )
            outbox.publish("organisation", kind="wave", ref=ref)
    except BaseException:
        ballot_seal.destroy_key(ref)
        raise
    return Opened(ref=ref, cards=cards, codes=codes)


def _signing_keys(wave: Wave, made: Plan) -> Mapping[int, bytes]:
    """Draw a key for each seat of a blind wave, keep it in a file, give its public half."""
    if not wave.is_blind:
        return {}
    from upturn.privacy import blind_tokens  # noqa: PLC0415 - few waves need it

    public = {}
    for seat in made.seats:
        key = blind_tokens.new_key()
        ballot_seal.keep_signing_key(wave.ref, seat.number, blind_tokens.private_to_pem(key))
        public[seat.number] = blind_tokens.public_to_spki(key.public)
    return public


def _told(made: Plan) -> str:
    return f"{made.instrument.key}, {made.people} people in {len(made.seats)} seats"


def room_for(asks: Instrument) -> int:
    """Bytes for the longest sheet of an instrument; every ballot of the wave is as long."""
    sheets = RELATIONS_MOST if asks.per_relation else 1
    words = sum(item.form is Form.WORDS for item in asks.items)
    marks = len(asks.items) - words
    most = 64 + sheets * (marks * _MARK_BYTES + words * (2 * WORDS_MOST + _MARK_BYTES))
    return -(-most // _ROUND_TO) * _ROUND_TO


def _wave(person: "Person", draft: Draft, *, ref: str, size: int) -> Wave:
    return Wave(
        ref=ref,
        title=draft.title.strip(),
        asks=person.display_name,
        mode=draft.mode,
        k=draft.k,
        words_k=max(draft.k, WORDS_K_LEAST),
        deniable=draft.deniable,
        size=size,
        opened_by=person,
        closes_on=draft.closes_on,
    )


def _store(wave: Wave, made: Plan, *, signing: Mapping[int, bytes], today: date) -> None:
    wave.questions = json.dumps(table_of(made.instrument), ensure_ascii=False)
    wave.instrument = made.instrument.key
    wave.people = made.people
    wave.opened_on = today
    wave.save(force_insert=True)
    seats = _store_seats(wave, made, signing)
    WaveRelation.objects.bulk_create(
        WaveRelation(
            wave=wave,
            number=each.number,
            server=each.server,
            served=each.served,
            server_name=each.server_name[:300],
            served_name=each.served_name[:300],
            place=each.place,
            server_seat=seats.get(each.server_seat),
            served_seat=seats.get(each.served_seat),
        )
        for each in made.relations
    )


def _store_seats(
    wave: Wave, made: Plan, signing: Mapping[int, bytes]
) -> dict[int | None, WaveSeat]:
    drawn = drawn_for(made.instrument, made.seats)
    rows = WaveSeat.objects.bulk_create(
        WaveSeat(
            wave=wave,
            number=seat.number,
            key=seat.key,
            name=seat.name[:300],
            side=seat.side,
            units="\t".join(seat.units),
            parents="\t".join(seat.parents),
            people=len(seat.people),
            public_key=signing.get(seat.number, b""),
            drawn=drawn.get(seat.number, {}),
        )
        for seat in made.seats
    )
    seats: dict[int | None, WaveSeat] = {row.number: row for row in rows}
    Seated.objects.bulk_create(
        Seated(seat=seats[seat.number], person_id=one) for seat in made.seats for one in seat.people
    )
    return seats
