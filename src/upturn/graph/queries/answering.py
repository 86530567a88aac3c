"""Whose people answer for an edge."""

from collections.abc import Mapping
from typing import NamedTuple

from upturn.graph.queries.snapshot import Snapshot, look_now
from upturn.people import queries as people


class _Answers(NamedTuple):
    """What was worked out for one version of the graph and of who belongs where."""

    number: int
    seating: str | None
    parties: Mapping[int, frozenset[int]]
    edges: Mapping[int, tuple[int, ...]]


_kept: _Answers | None = None


def answering(edge_id: int) -> frozenset[int]:
    """Parties whose people answer for an edge.

    That is its server. A server without people, such as a system, is answered for by the nearest
    parties below it that have some; if nobody below has any, by the server itself.
    """
    now, answers = _answers()
    server = now.edge[edge_id].server_id
    return answers.parties.get(server, frozenset({server}))


def answered_by(parties: frozenset[int]) -> frozenset[int]:
    """Edges that any of these parties answers for; the inverse of `answering`."""
    _, answers = _answers()
    return frozenset(edge for party in parties for edge in answers.edges.get(party, ()))


def _answers() -> tuple[Snapshot, _Answers]:
    global _kept  # noqa: PLW0603 - one reference, replaced whole, so threads need no lock
    now, seating = look_now()
    kept = _kept
    if kept is None or not now.number or (kept.number, kept.seating) != (now.number, seating):
        parties = _nearest_people(now, people.peopled())
        kept = _kept = _Answers(now.number, seating, parties, _edges_of(now, parties))
    return now, kept


def _edges_of(
    now: Snapshot, parties: Mapping[int, frozenset[int]]
) -> Mapping[int, tuple[int, ...]]:
    """For each party the edges that it answers for."""
    found: dict[int, list[int]] = {}
    for server, edges in now.up.items():
        for party in parties.get(server, (server,)):
            found.setdefault(party, []).extend(edge.id for edge in edges)
    return {party: tuple(edges) for party, edges in found.items()}


def _nearest_people(now: Snapshot, peopled: frozenset[int]) -> Mapping[int, frozenset[int]]:
    """For each party that has people or some below it: the nearest parties with people."""
    found = {party: frozenset({party}) for party in peopled}
    ring = found
    while ring:
        above: dict[int, frozenset[int]] = {}
        for party, nearest in ring.items():
            for edge in now.up.get(party, ()):
                if edge.served_id not in found:
                    above[edge.served_id] = above.get(edge.served_id, frozenset()) | nearest
        found |= above
        ring = above
    return found
