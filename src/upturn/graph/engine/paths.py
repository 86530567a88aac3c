"""Paths between a party and the customers: upwards from a party, downwards from a touchpoint."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from upturn.graph.engine.bands import layers, spread
from upturn.graph.engine.errors import UnknownParty
from upturn.graph.engine.graph import Graph


@dataclass(frozen=True, slots=True)
class PathsUp:
    """The shortest ways from a party up to a customer.

    Parameters
    ----------
    distance : int or None
        Steps to the nearest customers; None where there is no path.
    count : int
        How many paths of that length there are.
    paths : tuple of tuples of parties
        The first of them, each from the party to a customer, in ascending order.
    """

    distance: int | None
    count: int
    paths: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Level:
    """Parties that are equally many steps below the start.

    Parameters
    ----------
    parties : tuple of parties
        In ascending order.
    edges : tuple of edges
        From these parties up to those of the level above, in ascending order.
    """

    parties: tuple[int, ...]
    edges: tuple[int, ...]


def paths_up(graph: Graph, party: int, *, most: int = 20) -> PathsUp:
    """Find the shortest paths from a party to customers.

    Parameters
    ----------
    graph : Graph
    party : int
    most : int
        How many paths to list at most; their number can grow exponentially.

    Returns
    -------
    PathsUp
        With the exact count, however many are listed.

    Raises
    ------
    UnknownParty
        If the graph has no such party.

    Examples
    --------
    >>> from upturn.graph.engine import graph_of
    >>> parties = [(1, "customers"), (2, "team"), (3, "team"), (4, "system")]
    >>> graph = graph_of(parties, [(10, 2, 1), (11, 3, 1), (12, 4, 2), (13, 4, 3)])
    >>> paths_up(graph, 4)
    PathsUp(distance=2, count=2, paths=((4, 2, 1), (4, 3, 1)))
    """
    if party not in graph.kinds:
        raise UnknownParty(party)
    band_of = layers(graph).band_of
    if party not in band_of:
        return PathsUp(distance=None, count=0, paths=())
    steps = _steps_up(graph, party, band_of=band_of)
    return PathsUp(
        distance=band_of[party],
        count=_count(steps, party),
        paths=tuple(_list(steps, party, most=most)),
    )


def _steps_up(
    graph: Graph, party: int, *, band_of: Mapping[int, int]
) -> dict[int, tuple[int, ...]]:
    """Give the next parties of every party on a shortest path; bands fall along the keys."""
    steps: dict[int, tuple[int, ...]] = {}
    ring = [party]
    while ring:
        for one in ring:
            above = band_of[one] - 1
            steps[one] = tuple(up for up in graph.served[one] if band_of.get(up) == above)
        ring = sorted({up for one in ring for up in steps[one]})
    return steps


def _count(steps: Mapping[int, tuple[int, ...]], start: int) -> int:
    ways = dict.fromkeys(steps, 0)
    ways[start] = 1
    for party, ups in steps.items():
        for up in ups:
            ways[up] += ways[party]
    return sum(ways[party] for party, ups in steps.items() if not ups)


def _list(steps: Mapping[int, tuple[int, ...]], start: int, *, most: int) -> list[tuple[int, ...]]:
    found: list[tuple[int, ...]] = []
    open_paths: list[tuple[int, ...]] = [(start,)]
    while open_paths and len(found) < most:
        path = open_paths.pop()
        if ups := steps[path[-1]]:
            open_paths.extend((*path, up) for up in reversed(ups))
        else:
            found.append(path)
    return found


def paths_down(graph: Graph, start_parties: Iterable[int], max_depth: int) -> tuple[Level, ...]:
    """Say who serves these parties, who serves those, and so on down.

    Parameters
    ----------
    graph : Graph
    start_parties : iterable of parties
        Such as those who serve a touchpoint.
    max_depth : int
        How many levels below them.

    Returns
    -------
    tuple of Level
        Level 0 is the start. Each party stands once, in the level of its shortest distance, which
        cuts cycles.

    Raises
    ------
    UnknownParty
        If the graph has no such party.

    Examples
    --------
    >>> from upturn.graph.engine import graph_of
    >>> parties = [(1, "customers"), (2, "team"), (3, "team")]
    >>> graph = graph_of(parties, [(10, 2, 1), (11, 3, 2), (12, 2, 3)])
    >>> paths_down(graph, [2], max_depth=5)
    (Level(parties=(2,), edges=()), Level(parties=(3,), edges=(11,)))
    """
    start = tuple(start_parties)
    for party in start:
        if party not in graph.kinds:
            raise UnknownParty(party)
    rings = spread(graph.servers, start)[: max_depth + 1]
    level_of = {party: depth for depth, parties in enumerate(rings) for party in parties}
    edges: list[list[int]] = [[] for _ in rings]
    for edge, (server, served) in sorted(graph.edges.items()):
        depth = level_of.get(server, 0)
        if depth and level_of.get(served) == depth - 1:
            edges[depth].append(edge)
    return tuple(
        Level(parties=parties, edges=tuple(joining))
        for parties, joining in zip(rings, edges, strict=True)
    )
