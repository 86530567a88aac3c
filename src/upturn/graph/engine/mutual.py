"""Mutual service: parties that serve each other, directly or round a longer circle."""

from collections.abc import Iterator, Mapping

from upturn.graph.engine.graph import Graph


def mutual_service(graph: Graph) -> list[frozenset[int]]:
    """Find the circles of service.

    Returns
    -------
    list of frozensets of parties
        Every largest group of two or more in which each serves each other, directly or through
        others of the group; in the order of their smallest party.

    Notes
    -----
    Strongly connected components, O(parties + edges): walk along `served`, then collect against
    the direction in the order in which the walk left the parties.

    References
    ----------
    Sharir (1981), doi:10.1016/0898-1221(81)90008-0.

    Examples
    --------
    >>> from upturn.graph.engine import graph_of
    >>> parties = [(1, "customers"), (2, "team"), (3, "team")]
    >>> mutual_service(graph_of(parties, [(10, 2, 1), (11, 2, 3), (12, 3, 2)]))
    [frozenset({2, 3})]
    """
    left: list[int] = []
    seen: set[int] = set()
    for party in sorted(graph.kinds):
        left.extend(_walk(graph.served, party, seen=seen))
    taken: set[int] = set()
    groups = (frozenset(_walk(graph.servers, party, seen=taken)) for party in reversed(left))
    return sorted((group for group in groups if len(group) > 1), key=min)


def _walk(neighbours: Mapping[int, tuple[int, ...]], start: int, *, seen: set[int]) -> list[int]:
    """Walk depth first over what is not yet seen; give the parties in the order of leaving."""
    if start in seen:
        return []
    seen.add(start)
    left: list[int] = []
    trail: list[tuple[int, Iterator[int]]] = [(start, iter(neighbours[start]))]
    while trail:
        party, ahead = trail[-1]
        following = next((near for near in ahead if near not in seen), None)
        if following is None:
            left.append(party)
            trail.pop()
        else:
            seen.add(following)
            trail.append((following, iter(neighbours[following])))
    return left
