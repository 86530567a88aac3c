"""Ending a wave: no more answers, then one count, then nothing is left but what is published.

Counting runs in a process of its own (``upturn close``), for the one that serves pages cannot read
the box. It may be killed at any moment and begun again: the ballots and the key stay until what is
published is on the disk, and what is published is stored once.
"""

import secrets
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction
from django.utils.translation import gettext as _

from upturn.partners.commands.ballots import unpack
from upturn.partners.commands.publishing import store_published
from upturn.partners.engine.ballots import AskedOf, Counted, RelationOf, SeatOf
from upturn.partners.engine.counting import count_wave
from upturn.partners.engine.errors import CannotClose, WaveRefused
from upturn.partners.models import (
    State,
    Wave,
)
from upturn.partners.queries.sheets import as_asked
from upturn.partners.queries.waves import as_relation, may_end
from upturn.privacy import PreBlock
from upturn.record import ballot_box, ballot_seal, journal, outbox

if TYPE_CHECKING:
    from upturn.people.models import Person


_COUNTABLE = frozenset({State.OPEN, State.ENDING})


def check_end(person: "Person", wave: Wave) -> None:
    """Raise WaveRefused for everybody but those who may open such a wave, and once it is over."""
    if not may_end(person, wave):
        raise WaveRefused(_("A wave is ended by whoever opened it, or by an executive."))
    if wave.state not in _COUNTABLE:
        raise WaveRefused(_("This wave is over already."))


def end_wave(person: "Person", ref: str) -> None:
    """Take no more answers from now on; the count begins within moments."""
    _stop(person, ref, to=State.ENDING, verb="end")


def cancel_wave(person: "Person", ref: str) -> None:
    """Take no more answers and erase those that came, uncounted."""
    _stop(person, ref, to=State.CANCELLING, verb="cancel")


@transaction.atomic
def _stop(person: "Person", ref: str, *, to: State, verb: str) -> None:
    wave = Wave.objects.select_for_update().get(ref=ref)
    check_end(person, wave)
    wave.state = to
    wave.save(update_fields=["state"])
    journal.write(verb, subject_kind="wave", subject_ref=ref, actor_id=person.pk)
    outbox.publish("organisation", kind="wave", ref=ref)
    ballot_box.shut(ref)


def close_wave(person: "Person | None", ref: str, *, today: date) -> None:
    """Count a wave that is over, publish it, and erase the ballots and their key.

    A person may close it before its day, nobody else. What was begun and broke off is finished.

    Raises
    ------
    CannotClose
        If it still runs, or was cancelled, or its key is gone.
    WaveRefused
        If it is not this person's to end.
    MayNotRead
        In the process that serves pages.
    """
    try:
        wave = Wave.objects.get(ref=ref)
    except Wave.DoesNotExist:
        msg = f"There is no wave {ref}."
        raise CannotClose(msg) from None
    if wave.state == State.OPEN:
        _may_count(person, wave, today=today)
    if wave.state in _COUNTABLE:
        ballot_box.shut(ref)
        _publish(wave, _count(wave), today=today)
    elif wave.state == State.CANCELLING:
        Wave.objects.filter(pk=wave.pk).update(state=State.CANCELLED)
    ballot_box.erase(ref)
    ballot_seal.destroy_key(ref)


def erase_remains() -> None:
    """Erase from the box what an opening left that broke off: no wave and no key is for it."""
    known = set(Wave.objects.values_list("ref", flat=True))
    for ref in ballot_box.states():
        if ref not in known and not ballot_seal.has_key(ref):
            ballot_box.erase(ref)


def _may_count(person: "Person | None", wave: Wave, *, today: date) -> None:
    if person is not None:
        check_end(person, wave)
    elif today <= wave.closes_on:
        msg = f"Wave {wave.ref} takes answers until {wave.closes_on:%Y-%m-%d}."
        raise CannotClose(msg)


def _count(wave: Wave) -> Counted:
    private = ballot_seal.read_key(wave.ref)
    ballots = {
        seat: [unpack(ballot_seal.unseal(one, private=private)) for one in sealed]
        for seat, sealed in ballot_box.ballots(wave.ref).items()
    }
    return count_wave(asked_of(wave), ballots, rng=np.random.default_rng(secrets.randbits(128)))


def asked_of(wave: Wave) -> AskedOf:
    """Give what the wave asked of whom, as the engine counts it."""
    relations = wave.relations.select_related("server_seat", "served_seat").order_by("number")
    return AskedOf(
        instrument=as_asked(wave.questions),
        seats=tuple(
            SeatOf(
                number=seat.number,
                name=seat.name,
                block=PreBlock(
                    seat.key,
                    seat.side,
                    tuple(seat.units.split("\t")),
                    tuple(seat.parents.split("\t")),
                    seat.people,
                ),
            )
            for seat in wave.seats.order_by("number")
        ),
        relations=tuple(
            RelationOf(
                relation=as_relation(row),
                serving=row.server_seat.number if row.server_seat else None,
                served=row.served_seat.number if row.served_seat else None,
            )
            for row in relations
        ),
        k=wave.k,
        words_k=wave.words_k,
    )


@transaction.atomic
def _publish(wave: Wave, counted: Counted, *, today: date) -> None:
    """Store what is published, once, and close the wave in the same moment."""
    state = Wave.objects.select_for_update().values_list("state", flat=True).get(pk=wave.pk)
    if state not in _COUNTABLE:  # closed by another process, or cancelled while this one counted
        return
    store_published(wave, counted, today=today)
    Wave.objects.filter(pk=wave.pk).update(state=State.CLOSED, closed_on=today)
    journal.write("close", subject_kind="wave", subject_ref=wave.ref)
    outbox.publish("organisation", kind="wave", ref=wave.ref)
