"""Who serves whom: parties by number, and the serves-edges between them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from upturn.graph.engine.errors import DuplicateEdge, DuplicateParty, ServesItself, UnknownParty

CUSTOMERS = "customers"


@dataclass(frozen=True, slots=True)
class Graph:
    """Parties and the serves-edges between them; `graph_of` builds and checks it.

    Parameters
    ----------
    kinds : mapping of party to kind
        Parties of the kind ``"customers"`` are the top of the pyramid.
    edges : mapping of edge to (server, served)
        Several edges may join the same two parties.
    servers, served : mapping of party to parties
        Who serves a party, and whom it serves; each once, in ascending order.
    """

    kinds: Mapping[int, str]
    edges: Mapping[int, tuple[int, int]]
    servers: Mapping[int, tuple[int, ...]]
    served: Mapping[int, tuple[int, ...]]

    def customers(self) -> tuple[int, ...]:
        """Give the parties of the kind customers, in ascending order."""
        return tuple(sorted(party for party, kind in self.kinds.items() if kind == CUSTOMERS))


def graph_of(parties: Iterable[tuple[int, str]], edges: Iterable[tuple[int, int, int]]) -> Graph:
    """Build the graph of an organisation.

    Parameters
    ----------
    parties : iterable of (party, kind)
    edges : iterable of (edge, server, served)

    Returns
    -------
    Graph

    Raises
    ------
    DuplicateParty, DuplicateEdge
        If a number stands twice.
    UnknownParty
        If an edge names a party that is not among the parties.
    ServesItself
        If server and served are the same party.

    Examples
    --------
    >>> graph = graph_of([(1, "customers"), (2, "team")], [(10, 2, 1)])
    >>> graph.served[2], graph.servers[1]
    ((1,), (2,))
    """
    kinds: dict[int, str] = {}
    for party, kind in parties:
        if party in kinds:
            raise DuplicateParty(party)
        kinds[party] = kind
    joined: dict[int, tuple[int, int]] = {}
    for edge, server, served in edges:
        if edge in joined:
            raise DuplicateEdge(edge)
        if server == served:
            raise ServesItself(server)
        joined[edge] = (server, served)
    pairs = set(joined.values())
    return Graph(
        kinds=kinds,
        edges=joined,
        servers=_neighbours(kinds, ((served, server) for server, served in pairs)),
        served=_neighbours(kinds, pairs),
    )


def _neighbours(
    parties: Iterable[int], pairs: Iterable[tuple[int, int]]
) -> dict[int, tuple[int, ...]]:
    near: dict[int, list[int]] = {party: [] for party in parties}
    try:
        for one, other in pairs:
            near[one].append(other)
    except KeyError as missing:
        raise UnknownParty(missing.args[0]) from None
    return {party: tuple(sorted(others)) for party, others in near.items()}
