"""Names of touchpoints and parties, also of those that the graph no longer has."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from upturn.graph import queries as graph
from upturn.trace.queries.assembling import PARTY, TOUCHPOINT

POINT = "touchpoint"


class Node(NamedTuple):
    """A party or a touchpoint as pages name it; ``id`` is 0 once it has left the graph."""

    id: int
    key: str
    name: str
    kind: str
    place: str

    @property
    def is_point(self) -> bool:
        """Whether it is a moment of the customer's day."""
        return self.kind == POINT


@graph.once_a_version
def _points(now: graph.Snapshot) -> Mapping[str, graph.PointRow]:
    return {row.key: row for row in now.points.values()}


def point(key: str, *, told: Sequence[str] = ()) -> Node:
    """A touchpoint by its key, or by what it was called."""
    row = _points(graph.snapshot()).get(key)
    if row:
        return Node(row.id, key, row.name, POINT, row.place)
    name, _kind, place = told or (key, POINT, "")
    return Node(0, key, name, POINT, place)


def party(key: str, *, told: Sequence[str] = ()) -> Node:
    """A party by its key, or by what it was called."""
    row = graph.snapshot().by_key.get(key)
    if row:
        return Node(row.id, key, row.name, row.kind, row.place)
    name, kind, place = told or (key, "team", "")
    return Node(0, key, name, kind, place)


def node(key: str, *, names: Mapping[str, Sequence[str]]) -> Node:
    """What a key of a trace stands for."""
    told = names.get(key, ())
    if key.startswith(TOUCHPOINT):
        return point(key.removeprefix(TOUCHPOINT), told=told)
    return party(key.removeprefix(PARTY), told=told)


def by_id(party_id: int) -> Node:
    """A party that the graph has."""
    return party(graph.snapshot().party[party_id].key)


def serving(touchpoint_id: int) -> tuple[Node, ...]:
    """Who serves at a touchpoint; nobody once it has left the graph."""
    there = graph.snapshot().serving.get(touchpoint_id, ())
    return tuple(by_id(number) for number, _direct in there)
