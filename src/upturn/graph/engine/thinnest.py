"""The one path down from a customer along which service is thinnest."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from math import isfinite, lcm
from typing import TypeAlias

from upturn.graph.engine.bands import layers
from upturn.graph.engine.errors import StrengthNotFinite
from upturn.graph.engine.graph import Graph

MEASURED_EDGES_NEEDED = 2


@dataclass(frozen=True, slots=True)
class _Way:
    """The thinnest way down to a party with this many measured edges."""

    measured: int
    total: int
    rank: int = 0  # among the ways of the same band, by their edges from the top
    edge: int | None = None
    above: "_Way | None" = None


_Ways: TypeAlias = Mapping[int, Iterable[_Way]]
_Step: TypeAlias = tuple[int, int, int, _Way]  # total, rank above, edge, way above


def thinnest_path(graph: Graph, strength: Mapping[int, float]) -> list[int] | None:
    """Find the path down from a customer on which those served are served least well.

    Parameters
    ----------
    graph : Graph
    strength : mapping of edge to float
        How well the served side says it is served, any unit, for the edges that are measured;
        edges that the graph does not have are of no account.

    Returns
    -------
    list of edges or None
        From the customer downwards, each edge one band further down; None where no path has two
        measured edges. Of all such paths the one whose measured edges have the lowest mean; at a
        tie the one with more of them, then the shorter one, then the one with the lower numbers.

    Raises
    ------
    StrengthNotFinite
        If a strength is infinite or not a number.

    Notes
    -----
    One path and never a list: the house ranks nobody. Unmeasured edges may lie between measured
    ones. Best sum for each party and number of measured edges, band by band, in whole numbers so
    that ties are exact: O(edges * bands).

    References
    ----------
    Seed S2.2; HOUSE.md, section 2.

    Examples
    --------
    >>> from upturn.graph.engine import graph_of
    >>> parties = [(1, "customers"), (2, "team"), (3, "team"), (4, "team")]
    >>> graph = graph_of(parties, [(10, 2, 1), (11, 3, 2), (12, 4, 2)])
    >>> thinnest_path(graph, {10: 6.6, 11: 6.1, 12: 4.6})
    [10, 12]
    """
    whole = _whole_numbers(strength)
    ways: _Ways = {party: [_Way(measured=0, total=0)] for party in graph.customers()}
    thinnest: _Way | None = None
    for edges in _edges_down(graph):
        ways = _one_band_down(ways, edges, whole=whole)
        found = (way for row in ways.values() for way in row)
        thinnest = _thinnest(thinnest, found)
    return None if thinnest is None else list(_edges_of(thinnest))[::-1]


def _whole_numbers(strength: Mapping[int, float]) -> dict[int, int]:
    """Scale the strengths by one common factor so that sums of them are exact."""
    ratios: dict[int, tuple[int, int]] = {}
    for edge, value in strength.items():
        if not isfinite(value):
            raise StrengthNotFinite(edge, value)
        ratios[edge] = value.as_integer_ratio()
    factor = lcm(*{below for _, below in ratios.values()})
    return {edge: above * (factor // below) for edge, (above, below) in ratios.items()}


def _thinnest(best: _Way | None, ways: Iterable[_Way]) -> _Way | None:
    """Keep the best so far, or take a thinner way of the next band."""
    lowest: dict[int, _Way] = {}
    for way in ways:
        rival = lowest.get(way.measured)
        if rival is None or (way.total, way.rank) < (rival.total, rival.rank):
            lowest[way.measured] = way
    enough = [way for way in lowest.values() if way.measured >= MEASURED_EDGES_NEEDED]
    return min([best, *enough] if best else enough, key=_thinness, default=None)


def _thinness(way: _Way) -> tuple[Fraction, int]:
    return Fraction(way.total, way.measured), -way.measured


def _edges_down(graph: Graph) -> Iterator[list[tuple[int, int, int]]]:
    """Give (edge, server, served) of the edges from band 0 to 1, then from 1 to 2, and so on."""
    band_of = layers(graph).band_of
    down = sorted(
        (band_of[served], edge, server, served)
        for edge, (server, served) in graph.edges.items()
        if served in band_of and band_of[server] == band_of[served] + 1
    )
    for _, edges in groupby(down, key=lambda row: row[0]):
        yield [row[1:] for row in edges]


def _one_band_down(
    ways: _Ways, edges: Iterable[tuple[int, int, int]], *, whole: Mapping[int, int]
) -> _Ways:
    best: dict[tuple[int, int], _Step] = {}
    for edge, server, served in edges:
        width = whole.get(edge)
        for way in ways.get(served, ()):
            state = (server, way.measured + (width is not None))
            step = (way.total + (width or 0), way.rank, edge, way)
            if state not in best or step[:3] < best[state][:3]:
                best[state] = step
    below: dict[int, list[_Way]] = {}
    from_the_top = sorted(best.items(), key=lambda item: item[1][1:3])
    for rank, ((party, measured), (total, _, edge, above)) in enumerate(from_the_top):
        below.setdefault(party, []).append(_Way(measured, total, rank, edge, above))
    return below


def _edges_of(way: _Way) -> Iterator[int]:
    """Give the edges of a way from its lower end to the top."""
    while way.edge is not None and way.above is not None:
        yield way.edge
        way = way.above
