"""The upside-down order: how far every party is from a customer, and what is loose."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from upturn.graph.engine.graph import CUSTOMERS, Graph


@dataclass(frozen=True, slots=True)
class Layers:
    """The bands of the pyramid.

    Parameters
    ----------
    bands : tuple of tuples of parties
        Band 0 holds the customers, band 1 those who serve them, and so on downwards.
    band_of : mapping of party to band
        Every party that has a path to a customer.
    without_path : tuple of parties
        All others.
    """

    bands: tuple[tuple[int, ...], ...]
    band_of: Mapping[int, int]
    without_path: tuple[int, ...]


def layers(graph: Graph) -> Layers:
    """Put every party in the band of its distance to a customer.

    Parameters
    ----------
    graph : Graph
        Cycles are allowed.

    Returns
    -------
    Layers
        Parties within a band, and those without a path, in ascending order.

    Notes
    -----
    Breadth first from all customers at once: O(parties + edges).

    References
    ----------
    Seed S2.2: customers on top, drawn from who serves whom.

    Examples
    --------
    >>> from upturn.graph.engine import graph_of
    >>> parties = [(1, "customers"), (2, "team"), (3, "team"), (4, "system")]
    >>> layers(graph_of(parties, [(10, 2, 1), (11, 3, 2)]))
    Layers(bands=((1,), (2,), (3,)), band_of={1: 0, 2: 1, 3: 2}, without_path=(4,))
    """
    bands = spread(graph.servers, graph.customers())
    band_of = {party: band for band, parties in enumerate(bands) for party in parties}
    return Layers(
        bands=bands,
        band_of=band_of,
        without_path=tuple(sorted(party for party in graph.kinds if party not in band_of)),
    )


def spread(
    neighbours: Mapping[int, tuple[int, ...]], start: Iterable[int]
) -> tuple[tuple[int, ...], ...]:
    """Give the parties 0, 1, 2 ... steps from the start, each once and in ascending order."""
    rings = []
    ring = sorted(set(start))
    seen = set(ring)
    while ring:
        rings.append(tuple(ring))
        found = {near for party in ring for near in neighbours[party]} - seen
        seen |= found
        ring = sorted(found)
    return tuple(rings)


def distance_to_customer(graph: Graph) -> dict[int, int | None]:
    """Say for every party how many serves-steps it is from a customer.

    Returns
    -------
    dict of party to steps
        0 for customers, None where there is no path.

    References
    ----------
    Seed S1.10, the blurry line of sight: compare with what people say.
    """
    band_of = layers(graph).band_of
    return {party: band_of.get(party) for party in graph.kinds}


def orphans(graph: Graph) -> tuple[int, ...]:
    """List the parties other than customers that serve nobody, in ascending order.

    References
    ----------
    Seed S1.5: systems and processes exist to serve people.
    """
    return tuple(
        sorted(
            party
            for party, kind in graph.kinds.items()
            if kind != CUSTOMERS and not graph.served[party]
        )
    )


def tyranny(graph: Graph) -> tuple[int, ...]:
    """List the edges whose served side has no path to a customer, in ascending order.

    References
    ----------
    Seed S1.11, internal-customer tyranny: demands on an edge that leads to no customer.
    """
    lost = set(layers(graph).without_path)
    return tuple(sorted(edge for edge, (_, served) in graph.edges.items() if served in lost))
