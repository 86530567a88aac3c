"""Storing what is published of a wave: its base table, and nothing beside it."""

from collections.abc import Sequence
from datetime import date

import numpy as np

from upturn.partners.engine.ballots import Counted
from upturn.partners.engine.shapes import Group
from upturn.partners.models import (
    PublishedCount,
    PublishedGroup,
    PublishedRelation,
    PublishedWave,
    PublishedWide,
    PublishedWords,
    Wave,
)


def store_published(wave: Wave, counted: Counted, *, today: date) -> None:
    """Store what was counted, once; the database refuses to change it afterwards."""
    whole = PublishedWave.objects.create(
        wave=wave,
        closed_on=today,
        people=wave.people,
        answered=counted.answered,
        items="\t".join(counted.items),
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
        for one in counted.relations
    )
    _store_groups(whole, counted)
    _store_wide(whole, counted)
    PublishedWords.objects.bulk_create(
        PublishedWords(wave=whole, parent=one.parent, side=one.side, text=one.text)
        for one in counted.words
    )


def _store_groups(whole: PublishedWave, counted: Counted) -> None:
    groups = [
        _group(whole, number, group, seats=seats, left_out=False)
        for number, (group, seats) in enumerate(zip(counted.groups, counted.seats, strict=True))
    ]
    few = zip(counted.left_out, counted.left_out_seats, strict=True)
    left = [
        _group(whole, number, group, seats=seats, left_out=True)
        for number, (group, seats) in enumerate(few, start=len(groups))
    ]
    stored = PublishedGroup.objects.bulk_create([*groups, *left])
    PublishedCount.objects.bulk_create(
        PublishedCount(
            group=stored[row],
            item=item,
            missing=int(counted.missing[row, column]),
            **{f"c{n}": int(c) for n, c in enumerate(counted.counts[row, column], start=1)},
        )
        for row in range(len(groups))
        for column, item in enumerate(counted.items)
    )


def _group(
    whole: PublishedWave, number: int, group: Group, *, seats: Sequence[int], left_out: bool
) -> PublishedGroup:
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
        seats="\t".join(map(str, seats)),
    )


def _store_wide(whole: PublishedWave, counted: Counted) -> None:
    for wide in counted.wide:
        packed = np.concatenate([wide.sums, wide.products.ravel()]).astype("<i8").tobytes()
        PublishedWide.objects.create(
            wave=whole,
            key=wide.key,
            side=wide.side,
            items="\t".join(wide.items),
            n=wide.n,
            packed=packed,
        )
