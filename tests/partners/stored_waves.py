"""Puts a closed wave that was made up into the tables, as closing one would leave it."""

import json
from collections.abc import Sequence

import numpy as np

from upturn.partners.engine import Group, Published, table_of
from upturn.partners.models import (
    PublishedCount,
    PublishedGroup,
    PublishedRelation,
    PublishedWave,
    PublishedWide,
    PublishedWords,
    Seated,
    State,
    Wave,
    WaveSeat,
)


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
    whole = PublishedWave.objects.create(
        wave=wave,
        closed_on=made.closed_on,
        people=made.people,
        answered=made.answered,
        items="\t".join(made.items),
    )
    PublishedRelation.objects.bulk_create(
        PublishedRelation(
            wave=whole,
            number=one.id,
            server=one.server,
            served=one.served,
            server_name=one.server_name,
            served_name=one.served_name,
            place=one.place,
        )
        for one in made.relations
    )
    _groups(wave, whole, made, asked)
    for wide in made.wide:
        packed = np.concatenate([wide.sums, wide.products.ravel()]).astype("<i8").tobytes()
        PublishedWide.objects.create(
            wave=whole,
            key=wide.key,
            side=wide.side,
            items="\t".join(wide.items),
            n=wide.n,
            packed=packed,
        )
    PublishedWords.objects.bulk_create(
        PublishedWords(wave=whole, parent=parent, side=side, text=text)
        for parent, side, text in words
    )
    return made


def _groups(wave: Wave, whole: PublishedWave, made: Published, asked: Sequence[int]) -> None:
    rows = [*made.groups, *made.left_out]
    left_out = [False] * len(made.groups) + [True] * len(made.left_out)
    groups = PublishedGroup.objects.bulk_create(
        _group(whole, number, group, left_out=out)
        for number, (group, out) in enumerate(zip(rows, left_out, strict=True))
    )
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
        for number, group in enumerate(rows)
    )
    Seated.objects.bulk_create(
        Seated(seat=seat, person_id=person) for seat in seats for person in asked
    )
    PublishedCount.objects.bulk_create(
        PublishedCount(
            group=groups[row],
            item=item,
            missing=int(made.missing[row, column]),
            **{f"c{n}": int(c) for n, c in enumerate(made.counts[row, column], start=1)},
        )
        for row in range(len(made.groups))
        for column, item in enumerate(made.items)
    )


def _group(whole: PublishedWave, number: int, group: Group, *, left_out: bool) -> PublishedGroup:
    return PublishedGroup(
        wave=whole,
        number=number,
        relation=group.relation,
        side=group.side,
        block=group.block,
        name=group.name,
        parent=group.parent,
        units="\t".join(group.units),
        people=group.people,
        left_out=left_out,
        seats=str(number),
    )
