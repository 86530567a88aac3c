"""What the graph does not tie to a customer, and how far everything else is from one."""

from collections.abc import Iterable
from dataclasses import dataclass

from upturn.graph import queries as graph
from upturn.graph.engine import Graph, graph_of, layers
from upturn.house.edge_lines import EdgeLine, bare, edge_lines

SHOWN = 6
CIRCLES_SHOWN = 3
NAMES_SHOWN = 24


@dataclass(frozen=True, slots=True)
class Circle:
    """Parties that serve each other; the first of them by name, and how many there are beside."""

    parties: tuple[graph.PartyRow, ...]
    more: int


@dataclass(frozen=True, slots=True)
class LooseEnds:
    """A few of each kind, and how many there are beside."""

    orphans: tuple[graph.PartyRow, ...] = ()
    more_orphans: int = 0
    lost: tuple[EdgeLine, ...] = ()
    more_lost: int = 0
    circles: tuple[Circle, ...] = ()
    more_circles: int = 0


@dataclass(frozen=True, slots=True)
class Distance:
    """How many parties are so many steps from a customer; the first of them by name."""

    steps: int
    count: int
    parties: tuple[graph.PartyRow, ...]

    @property
    def more(self) -> int:
        return self.count - len(self.parties)

    @property
    def others(self) -> int:
        return self.count - 1


@graph.once_a_version
def loose_ends(now: graph.Snapshot, *, parties: frozenset[int], place: str) -> LooseEnds:
    """Orphans (S1.5), edges without a path to a customer (S1.11), and mutual service."""
    orphans = _rows(now, now.orphans & parties, place=place)
    lost = [edge for edge in graph.edges_among(now, parties) if edge.id in now.tyranny]
    circles = [circle for circle in now.circles if circle <= parties]
    return LooseEnds(
        orphans=tuple(orphans[:SHOWN]),
        more_orphans=len(orphans[SHOWN:]),
        lost=tuple(edge_lines(lost[:SHOWN], figures={}, place=place)),
        more_lost=len(lost[SHOWN:]),
        circles=tuple(_circle(now, circle, place=place) for circle in circles[:CIRCLES_SHOWN]),
        more_circles=len(circles[CIRCLES_SHOWN:]),
    )


def _circle(now: graph.Snapshot, parties: frozenset[int], *, place: str) -> Circle:
    rows = _rows(now, parties, place=place)
    return Circle(tuple(rows[:SHOWN]), len(rows[SHOWN:]))


@graph.once_a_version
def distances(now: graph.Snapshot, *, parties: frozenset[int], place: str) -> tuple[Distance, ...]:
    """Parties by their steps to the nearest customer (S1.10), counted among these parties alone."""
    bands = [_rows(now, band, place=place) for band in layers(graph_among(now, parties)).bands]
    return tuple(
        Distance(steps, len(rows), tuple(rows[:NAMES_SHOWN])) for steps, rows in enumerate(bands)
    )


@graph.once_a_version
def graph_among(now: graph.Snapshot, parties: frozenset[int]) -> Graph:
    """The engine's graph of some of the parties and the edges among them."""
    if len(parties) == len(now.party):
        return now.graph
    return graph_of(
        ((party, now.party[party].kind) for party in parties),
        ((e.id, e.server_id, e.served_id) for e in graph.edges_among(now, parties)),
    )


def _rows(now: graph.Snapshot, parties: Iterable[int], *, place: str) -> list[graph.PartyRow]:
    rows = (bare(now.party[party], place=place) for party in parties)
    return sorted(rows, key=lambda row: (row.place, row.name))
