"""What is left of a closed wave, as the engine reads it."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from upturn.partners.engine import Group, Published, Relation, Side, Wide
from upturn.partners.models import (
    PublishedCount,
    PublishedGroup,
    PublishedWave,
    PublishedWide,
)
from upturn.partners.models.published import CATEGORIES_MOST
from upturn.partners.queries.sheets import as_asked
from upturn.partners.queries.waves import waves
from upturn.record.kept import keep

if TYPE_CHECKING:
    from upturn.people.models import Person

_COLUMNS = tuple(f"c{n}" for n in range(1, CATEGORIES_MOST + 1))


def published(viewer: "Person", ref: str) -> Published | None:
    """Give what a closed wave published; None while it runs, or where it is out of sight."""
    wave = waves(viewer).filter(ref=ref).first()
    found = PublishedWave.objects.filter(wave=wave).first() if wave else None
    if found is None:
        return None
    return keep(("published", ref), as_of=found.pk, read=lambda: _read(found))


def _read(found: PublishedWave) -> Published:
    wave = found.wave
    items = tuple(filter(None, found.items.split("\t")))
    rows = list(found.groups.order_by("number"))
    shown = [row for row in rows if not row.left_out]
    counts, missing = _base_table(shown, items)
    return Published(
        wave=wave.ref,
        title=wave.title,
        opened_on=wave.opened_on,
        closed_on=found.closed_on,
        instrument=as_asked(wave.questions),
        k=wave.k,
        words_k=wave.words_k,
        people=found.people,
        answered=found.answered,
        relations=tuple(
            Relation(
                id=row.number,
                server=row.server,
                served=row.served,
                server_name=row.server_name,
                served_name=row.served_name,
                place=row.place,
            )
            for row in found.relations.order_by("number")
        ),
        groups=tuple(map(_group, shown)),
        items=items,
        counts=counts,
        missing=missing,
        wide=tuple(_wide(row) for row in found.wide.order_by("pk")),
        left_out=tuple(_group(row) for row in rows if row.left_out),
        deniable=wave.deniable,
    )


def _group(row: PublishedGroup) -> Group:
    return Group(
        relation=row.relation,
        side=Side(row.side),
        block=row.block,
        name=row.name,
        parent=row.parent,
        units=tuple(row.units.split("\t")),
        people=row.people,
    )


def _base_table(
    groups: list[PublishedGroup], items: tuple[str, ...]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    counts = np.zeros((len(groups), len(items), CATEGORIES_MOST), dtype=np.int64)
    missing = np.zeros((len(groups), len(items)), dtype=np.int64)
    row_of = {group.pk: n for n, group in enumerate(groups)}
    column_of = {item: n for n, item in enumerate(items)}
    rows = PublishedCount.objects.filter(group__in=groups)
    for group, item, left_out, *counted in rows.values_list("group", "item", "missing", *_COLUMNS):
        at = row_of[group], column_of[item]
        missing[at], counts[at] = left_out, counted
    return counts, missing


def _wide(row: PublishedWide) -> Wide:
    items = tuple(row.items.split("\t"))
    packed = np.frombuffer(bytes(row.packed), dtype="<i8").astype(np.int64)
    return Wide(
        key=row.key,
        side=Side(row.side),
        items=items,
        n=row.n,
        sums=packed[: len(items)],
        products=packed[len(items) :].reshape(len(items), len(items)),
    )
