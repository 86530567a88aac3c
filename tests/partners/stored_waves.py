"""Puts a closed wave that was made up into the tables, by what stores a wave that was counted."""

import json
from collections.abc import Sequence

from upturn.partners.commands.publishing import store_published
from upturn.partners.engine import Published, table_of
from upturn.partners.engine.ballots import Counted, Written
from upturn.partners.models import Seated, State, Wave, WaveSeat


def stored(
    made: Published,
    *,
    words: Sequence[tuple[str, str, str]] = (),
    asked: Sequence[int] = (),
    deniable: float = 0.0,
) -> Published:
    """The same wave, closed, in the tables; ``asked`` are the people of every seat."""
    wave = Wave.objects.create(
        ref=made.wave,
        title=made.title,
        asks="the office",
        questions=json.dumps(table_of(made.instrument)),
        instrument=made.instrument.key,
        state=State.CLOSED,
        k=made.k,
        words_k=made.words_k,
        people=made.people,
        public_key=b"",
        size=0,
        deniable=deniable,
        opened_on=made.opened_on,
        closes_on=made.closed_on,
        closed_on=made.closed_on,
    )
    _seats(wave, made, asked)
    numbers = [(number,) for number in range(len(made.groups) + len(made.left_out))]
    counted = Counted(
        relations=made.relations,
        groups=made.groups,
        seats=tuple(numbers[: len(made.groups)]),
        left_out=made.left_out,
        left_out_seats=tuple(numbers[len(made.groups) :]),
        items=made.items,
        counts=made.counts,
        missing=made.missing,
        wide=made.wide,
        words=tuple(Written(parent=a, side=b, text=c) for a, b, c in words),
        answered=made.answered,
    )
    store_published(wave, counted, today=made.closed_on)
    return made


def _seats(wave: Wave, made: Published, asked: Sequence[int]) -> None:
    seats = WaveSeat.objects.bulk_create(
        WaveSeat(
            wave=wave,
            number=number,
            key=f"seat-{number}",
            name=group.name,
            side=group.side,
            units="\t".join(group.units),
            parents=group.parent,
            people=max(group.people, 5),
        )
        for number, group in enumerate((*made.groups, *made.left_out))
    )
    Seated.objects.bulk_create(
        Seated(seat=seat, person_id=person) for seat in seats for person in asked
    )
