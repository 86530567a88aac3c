"""Whose people answer for an edge."""

from collections.abc import Mapping
from typing import NamedTuple

from upturn.graph.queries.snapshot import Snapshot, current_look, snapshot
from upturn.people import queries as people


class _Answers(NamedTuple):
    """What was worked out for one version of the graph and one set of parties with people."""

    number: int
    peopled: frozenset[int]
    answers: Mapping[int, frozenset[int]]


_kept: _Answers | None = None


def answering(edge_id: int) -> frozenset[int]:
    """Parties whose people answer for an edge.

    That is its server. A server without people, such as a system, is answered for by the nearest
    parties below it that have some; if nobody below has any, by the server itself.
    """
    now = snapshot()
    server = now.edge[edge_id].server_id
    return _answers(now).get(server, frozenset({server}))


def answered_by(parties: frozenset[int]) -> frozenset[int]:
    """Edges that any of these parties answers for; the inverse of `answering`."""
    now = snapshot()
    answers = _answers(now)
    servers = [server for server in now.up if parties & answers.get(server, frozenset({server}))]
    return frozenset(edge.id for server in servers for edge in now.up[server])


def _answers(now: Snapshot) -> Mapping[int, frozenset[int]]:
    global _kept  # noqa: PLW0603 - one reference, replaced whole, so threads need no lock
    look, kept = current_look(), _kept
    if look.peopled is None:
        look.peopled = frozenset(people.head_counts())
    peopled = look.peopled
    if kept is None or (kept.number, kept.peopled) != (now.number, peopled) or not now.number:
        kept = _kept = _Answers(now.number, peopled, _nearest_people(now, peopled))
    return kept.answers


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
