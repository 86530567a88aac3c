"""The base table of closed waves, as it was read off their files, laid on the people asked."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from upturn.house.attack_reading import Read
from upturn.house.attack_said import Row
from upturn.partners import queries
from upturn.privacy.attacks import Cell, Surface

if TYPE_CHECKING:
    from upturn.partners.engine import Published

T = TypeVar("T", str, tuple[str, str])
Members = Mapping[tuple[int, str, str], tuple[NDArray[np.intp], int]]


def surfaces_of(found: "Sequence[Published]", read: Sequence[Read]) -> list[Surface]:
    """Give what each wave shows over the same people and the same questions.

    Who of those asked did answer is not known to anybody; the first of each roster stand for them,
    so that the same people answer in every cell, which is the most an attacker can hope for.
    """
    rosters = [queries.told(one).rosters for one in found]
    people = _numbers(name for wave in rosters for roster in wave for name in roster)
    questions = _numbers((row.edge, row.item) for one in read for row in one.rows)
    return [
        Surface(len(people), tuple(_cells(one.rows, _members(wave, asked, people), questions)))
        for wave, asked, one in zip(found, rosters, read, strict=True)
    ]


def _numbers(names: Iterable[T]) -> dict[T, int]:
    """Number them, in the order in which people came."""
    ordered = sorted(set(names), key=lambda name: (len(name), name))
    return {name: number for number, name in enumerate(ordered)}


def _members(
    wave: "Published", rosters: Sequence[frozenset[str]], people: Mapping[str, int]
) -> Members:
    return {
        (group.relation, str(group.side), group.block): (
            np.array(sorted(people[name] for name in roster), dtype=np.intp),
            group.people,
        )
        for group, roster in zip(wave.groups, rosters, strict=True)
    }


def _cells(
    rows: Iterable[Row], members: Members, questions: Mapping[tuple[str, str], int]
) -> Iterator[Cell]:
    for row in rows:
        if any(row.counts):
            asked, answered = members[row.relation, row.side, row.block]
            question = questions[row.edge, row.item]
            yield Cell(asked[:answered], question, row.counts, asked=asked)
