"""From the ballots of a wave to its base table: the one place where single answers are read."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upturn.partners.engine.ballots import AskedOf, Counted, Opened, RelationOf, SeatOf, Written
from upturn.partners.engine.shapes import Form, Group, Item, Relation, Side, Wide
from upturn.privacy import (
    Block,
    Frozen,
    freeze_blocks,
    guard_unanimous,
    may_keep_wide,
    wide_blocks,
    without_thin,
)

MOST = 11
"""Categories of the widest form; every item is counted in as many columns."""
SCALES = frozenset({Form.AGREE, Form.HOW_WELL, Form.HOW_MUCH})
WIDE_LEAST = 50
Rows = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class _Part:
    """Respondents who are counted together in one row, as answers by item."""

    group: Group
    seats: tuple[int, ...]
    answers: tuple[Mapping[str, int], ...]


def count_wave(
    asked: AskedOf, ballots: Mapping[int, Sequence[Opened]], *, rng: np.random.Generator
) -> Counted:
    """Count a wave into frozen blocks, guard what is too alike, and let the rest go.

    Parameters
    ----------
    asked : AskedOf
    ballots : mapping of int to sequence of Opened
        By the number of the seat.
    rng : numpy.random.Generator
        Its state must not be kept: it decides which answers the guard moves.

    Returns
    -------
    Counted
        In a pulse a relationship is a pair of blocks; who would count twice in it counts with the
        first one asked.

    Notes
    -----
    The guard moves answers in the rows themselves, before anything is added up, so that sums over
    several questions and the base table agree and no comparison of the two shows what it moved.
    """
    numbers = {seat.block.key: seat.number for seat in asked.seats}
    answered = {key: len(ballots.get(number, ())) for key, number in numbers.items()}
    frozen = freeze_blocks([seat.block for seat in asked.seats], answered=answered, k=asked.k)
    split = _pulse if asked.instrument.per_relation else _once
    relations, parts = split(asked, frozen, ballots)
    kept = [part for part in parts if len(part.answers) >= asked.k]
    few = [part for part in parts if len(part.answers) < asked.k]
    items = tuple(item for item in asked.instrument.items if item.form is not Form.WORDS)
    rows, at = _matrix(kept, items)
    for column, item in enumerate(items):
        _guard(rows[:, column], at, len(kept), item=item, k=asked.k, rng=rng)
    counts, missing = _base_table(rows, at, kept, items, given=_given(kept, items))
    return Counted(
        relations=relations,
        groups=tuple(part.group for part in kept),
        seats=tuple(part.seats for part in kept),
        left_out=tuple(part.group for part in few),
        left_out_seats=tuple(part.seats for part in few),
        items=tuple(item.key for item in items),
        counts=counts,
        missing=missing,
        wide=()
        if asked.instrument.per_relation
        else _wide(frozen, kept, rows, at, items=items, k=asked.k),
        words=_words(asked, frozen, ballots, rng=rng),
        answered=sum(answered.values()),
    )


def _once(
    asked: AskedOf, frozen: Frozen, ballots: Mapping[int, Sequence[Opened]]
) -> tuple[tuple[Relation, ...], list[_Part]]:
    parts = []
    for block in (*frozen.blocks, *frozen.left_out):
        seats = _seats_in(asked, block)
        found = tuple(one.answers for seat in seats for one in ballots.get(seat.number, ()))
        group = _group(block, seats, relation=-1, side=Side(block.side), people=len(found))
        parts.append(_Part(group, tuple(seat.number for seat in seats), found))
    return _leading(parts), parts


def _leading(parts: Sequence[_Part]) -> tuple[Relation, ...]:
    """Those who lead serve those who serve: each block of servers with the leaders of its place."""
    leaders = [part.group for part in parts if part.group.side is Side.LEADERS]
    found: list[Relation] = []
    for part in parts:
        group = part.group
        if group.side is Side.SERVERS and leaders:
            own = [one for one in leaders if one.parent == group.parent]
            pooled = [one for one in leaders if not one.parent]
            leader = (own or pooled or leaders)[0]
            found.append(
                Relation(
                    id=len(found),
                    server=leader.block,
                    served=group.block,
                    server_name=leader.name,
                    served_name=group.name,
                    place=group.parent,
                )
            )
    return tuple(found)


def _pulse(
    asked: AskedOf, frozen: Frozen, ballots: Mapping[int, Sequence[Opened]]
) -> tuple[tuple[Relation, ...], list[_Part]]:
    block_of = {
        seat.number: block
        for block in (*frozen.blocks, *frozen.left_out)
        for seat in _seats_in(asked, block)
    }
    pairs: dict[tuple[str, str], list[RelationOf]] = defaultdict(list)
    for each in asked.relations:
        server = each.relation.server if each.serving is None else block_of[each.serving].key
        served = each.relation.served if each.served is None else block_of[each.served].key
        pairs[server, served].append(each)
    relations: list[Relation] = []
    parts: list[_Part] = []
    apart = [together for (one, other), together in pairs.items() if one != other]
    for number, asked_of in enumerate(apart):
        relations.append(_merged(number, asked_of))
        sides = (
            _side_of_pair(asked, block_of, ballots, asked_of, number=number, side=side)
            for side in (Side.SERVING, Side.SERVED)
        )
        parts += filter(None, sides)
    return tuple(relations), parts


def _merged(number: int, together: Sequence[RelationOf]) -> Relation:
    """Name a pair of blocks after all the relationships in it."""
    first = together[0].relation
    places = {each.relation.place for each in together}
    return Relation(
        id=number,
        server=first.server,
        served=first.served,
        server_name=", ".join(dict.fromkeys(each.relation.server_name for each in together)),
        served_name=", ".join(dict.fromkeys(each.relation.served_name for each in together)),
        place=first.place if len(places) == 1 else "",
    )


def _side_of_pair(
    asked: AskedOf,
    block_of: Mapping[int, Block],
    ballots: Mapping[int, Sequence[Opened]],
    together: Sequence[RelationOf],
    *,
    number: int,
    side: Side,
) -> _Part | None:
    """Answers of one side of a pair; each person with the first relationship asked of the seat."""
    first: dict[int, int] = {}
    for each in sorted(together, key=lambda one: one.relation.id):
        seat = each.serving if side is Side.SERVING else each.served
        if seat is not None:
            first.setdefault(seat, each.relation.id)
    if not first:
        return None
    seats = [seat for seat in asked.seats if seat.number in first]
    found = tuple(
        _of_relation(one.answers, first[seat.number])
        for seat in seats
        for one in ballots.get(seat.number, ())
    )
    block = block_of[seats[0].number]
    group = _group(block, seats, relation=number, side=side, people=len(found))
    return _Part(group, tuple(seat.number for seat in seats), found)


def _of_relation(answers: Mapping[str, int], relation: int) -> Mapping[str, int]:
    start = f"{relation}."
    return {key.removeprefix(start): n for key, n in answers.items() if key.startswith(start)}


def _seats_in(asked: AskedOf, block: Block) -> list[SeatOf]:
    return [seat for seat in asked.seats if seat.block.key in block.pre_blocks]


def _group(
    block: Block, seats: Sequence[SeatOf], *, relation: int, side: Side, people: int
) -> Group:
    return Group(
        relation=relation,
        side=side,
        block=block.key,
        name=", ".join(seat.name for seat in seats),
        parent=place_of(block.parent),
        units=tuple(unit for seat in seats for unit in seat.block.units),
        people=people,
    )


def place_of(parent: str) -> str:
    """Place of a parent, which may say the kind of work beside it; empty for the whole."""
    return parent.split("|", 1)[0]


def _matrix(parts: Sequence[_Part], items: Sequence[Item]) -> tuple[Rows, NDArray[np.int32]]:
    rows = np.array(
        [[one.get(item.key, 0) for item in items] for part in parts for one in part.answers],
        dtype=np.int8,
    ).reshape(-1, len(items))
    at = np.repeat(np.arange(len(parts)), [len(part.answers) for part in parts])
    return rows, at.astype(np.int32)


def _given(parts: Sequence[_Part], items: Sequence[Item]) -> NDArray[np.int64]:
    """How many of each group answered an item, whatever becomes of their answers."""
    found = [[sum(item.key in one for one in part.answers) for item in items] for part in parts]
    return np.array(found, dtype=np.int64).reshape(len(parts), len(items))


def _guard(
    column: Rows,
    at: NDArray[np.int32],
    groups: int,
    *,
    item: Item,
    k: int,
    rng: np.random.Generator,
) -> None:
    """Empty thin cells of one item and move what is too alike, in the answers themselves."""
    raw = np.zeros((groups, item.categories), dtype=np.int64)
    np.add.at(raw, (at[column > 0], column[column > 0] - 1), 1)
    shown = guard_unanimous(without_thin(raw, k=k), rng=rng)
    for group in np.flatnonzero((raw != shown).any(axis=1)):
        here = np.flatnonzero(at == group)
        if not shown[group].any():
            column[here] = 0
            continue
        surplus = raw[group] - shown[group]
        too_few = np.repeat(np.arange(item.categories), np.maximum(-surplus, 0))
        moved: list[int] = []
        for category in np.flatnonzero(surplus > 0):
            those = here[column[here] == category + 1]
            moved += rng.permutation(those)[: surplus[category]].tolist()
        column[moved] = too_few + 1


def _base_table(
    rows: Rows,
    at: NDArray[np.int32],
    parts: Sequence[_Part],
    items: Sequence[Item],
    *,
    given: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    if not parts:
        empty = np.zeros((0, len(items), MOST), dtype=np.int64)
        return empty, empty[:, :, 0]
    from upturn.counts import histogram  # noqa: PLC0415 - its engines are slow to load

    table = histogram(rows, block=at, blocks=len(parts), categories=MOST)
    asked = np.array([[part.group.side in item.sides for item in items] for part in parts])
    people = np.array([[part.group.people] for part in parts])
    return table[:, :, :MOST], np.where(asked, people - given, 0)


def _wide(
    frozen: Frozen,
    parts: Sequence[_Part],
    rows: Rows,
    at: NDArray[np.int32],
    *,
    items: Sequence[Item],
    k: int,
) -> tuple[Wide, ...]:
    """Sums over complete rows of unions of blocks, for each side.

    None where the counts of all, less these sums, would be those of a few whose rows have gaps.
    """
    from upturn.counts import cross_products  # noqa: PLC0415 - its engines are slow to load

    number = {part.group.block: n for n, part in enumerate(parts)}
    found = []
    for wide in wide_blocks(frozen.blocks, at_least=WIDE_LEAST):
        side = Side(wide.side)
        columns = [n for n, item in enumerate(items) if side in item.sides and item.form in SCALES]
        if not columns:
            continue
        inside = np.isin(at, [number[block] for block in wide.blocks])
        own = np.ascontiguousarray(rows[inside][:, columns])
        n, sums, products = cross_products(own, block=np.zeros(len(own), np.int32), blocks=1)
        answered = np.count_nonzero(own, axis=0).tolist()
        if n[0] >= WIDE_LEAST and may_keep_wide(answered, complete=int(n[0]), k=k):
            keys = tuple(items[column].key for column in columns)
            found.append(
                Wide(
                    key=wide.key,
                    side=side,
                    items=keys,
                    n=int(n[0]),
                    sums=sums[0],
                    products=products[0],
                )
            )
    return tuple(found)


def _words(
    asked: AskedOf,
    frozen: Frozen,
    ballots: Mapping[int, Sequence[Opened]],
    *,
    rng: np.random.Generator,
) -> tuple[Written, ...]:
    """Texts of each place where enough people wrote any; the places below that join the whole."""
    writers: dict[tuple[str, str], list[list[str]]] = defaultdict(list)
    for block in frozen.blocks:
        for seat in _seats_in(asked, block):
            for one in ballots.get(seat.number, ()):
                if texts := [text.strip() for text in one.words.values() if text.strip()]:
                    writers[place_of(block.parent), block.side].append(texts)
    for (parent, side), people in list(writers.items()):
        if parent and len(people) < asked.words_k:
            writers["", side] += writers.pop((parent, side))
    found = [
        Written(parent=parent, side=side, text=text)
        for (parent, side), people in sorted(writers.items())
        if len(people) >= asked.words_k
        for texts in people
        for text in texts
    ]
    return tuple(found[n] for n in rng.permutation(len(found)))
