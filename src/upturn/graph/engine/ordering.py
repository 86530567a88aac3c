"""The order of the parties inside a band, so that few lines cross."""

from bisect import bisect_right, insort
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TypeAlias

from upturn.graph.engine.bands import Layers
from upturn.graph.engine.graph import Graph

SWEEPS = 6

Bands: TypeAlias = Sequence[Sequence[int]]
Near: TypeAlias = Mapping[int, Sequence[int]]


def order_bands(graph: Graph, order: Layers) -> list[list[int]]:
    """Order every band by where those stand whom its parties serve, or who serve them.

    Parameters
    ----------
    graph : Graph
    order : Layers
        The bands, in any order inside.

    Returns
    -------
    list of lists of parties
        Of the orders met, the one with the fewest crossings of lines between neighbouring bands;
        never more than in the order given.

    Notes
    -----
    Barycentre sweeps, down and up in turn, six in all.

    References
    ----------
    Sugiyama, Tagawa & Toda (1981), doi:10.1109/TSMC.1981.4308636.

    Examples
    --------
    >>> from upturn.graph.engine import graph_of, layers
    >>> parties = [(1, "customers"), (2, "customers"), (3, "team"), (4, "team")]
    >>> graph = graph_of(parties, [(10, 3, 2), (11, 4, 1)])
    >>> order_bands(graph, layers(graph))
    [[1, 2], [4, 3]]
    """
    above = one_band_away(graph.served, order.band_of, step=-1)
    below = one_band_away(graph.servers, order.band_of, step=1)
    bands = [list(band) for band in order.bands]
    best, fewest = bands, crossings(bands, above)
    for sweep in range(SWEEPS):
        downwards = sweep % 2 == 0
        bands = _sweep(bands, above) if downwards else _sweep(bands[::-1], below)[::-1]
        found = crossings(bands, above)
        if found < fewest:
            best, fewest = bands, found
    return best


def one_band_away(
    neighbours: Mapping[int, tuple[int, ...]], band_of: Mapping[int, int], *, step: int
) -> dict[int, list[int]]:
    """Keep of the neighbours those that stand so many bands further down."""
    return {
        party: [near for near in neighbours[party] if band_of.get(near) == band + step]
        for party, band in band_of.items()
    }


def _sweep(bands: Bands, near: Near) -> list[list[int]]:
    swept: list[list[int]] = []
    place: dict[int, float] = {}
    for band in bands:
        own = _places(band)
        wanted = {party: _mean([place[p] for p in near[party]], own[party]) for party in band}
        swept.append(sorted(band, key=lambda party: (wanted[party], own[party])))
        place |= _places(swept[-1])
    return swept


def _places(band: Sequence[int]) -> dict[int, float]:
    return {party: (at + 0.5) / len(band) for at, party in enumerate(band)}


def _mean(places: Sequence[float], otherwise: float) -> float:
    return sum(places) / len(places) if places else otherwise


def crossings(bands: Bands, above: Near) -> int:
    """Count the pairs of lines that cross between neighbouring bands.

    Parameters
    ----------
    bands : sequence of sequences of parties
        From the customers downwards.
    above : mapping of party to the parties it serves in the band above
    """
    count = 0
    for upper, lower in pairwise(bands):
        place = {party: at for at, party in enumerate(upper)}
        passed: list[int] = []
        for party in lower:
            ends = sorted(place[served] for served in above[party])
            count += sum(len(passed) - bisect_right(passed, end) for end in ends)
            for end in ends:
                insort(passed, end)
    return count
