"""On which edge a trace can be asked about."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from upturn.graph import queries as graph
from upturn.trace.queries import naming
from upturn.trace.queries.naming import Node

if TYPE_CHECKING:
    from upturn.trace.queries.reading import PageStep


class AskEdge(NamedTuple):
    """An edge on which an ask can carry the trace."""

    id: int
    server: Node
    served: Node


def edge_between(server: Node, served: Node) -> int:
    """Id of an edge between two parties; 0 where there is none, or where one is a touchpoint."""
    if served.is_point:
        return 0
    up = graph.snapshot().up.get(server.id, ())
    return next((edge.id for edge in up if edge.served_id == served.id), 0)


def ask_edges(point: Node, steps: "Sequence[PageStep]") -> tuple[AskEdge, ...]:
    """Where the suspect serves along the path, so that somebody can ask it.

    One that serves at the touchpoint is asked by those it serves who serve there too. Customers do
    not ask, so a team that serves nobody else is asked through what would help it.
    """
    if not steps:
        return ()
    last, now = steps[-1], graph.snapshot()
    if not last.served.is_point:
        return (AskEdge(last.edge_id, last.server, last.served),) if last.edge_id else ()
    there = {party for party, _direct in now.serving.get(point.id, ())}
    up = [edge for edge in now.up.get(last.server.id, ()) if edge.served_id in there]
    if up:
        return tuple(AskEdge(edge.id, last.server, naming.by_id(edge.served_id)) for edge in up)
    down = now.down.get(last.server.id, ())
    return tuple(AskEdge(edge.id, naming.by_id(edge.server_id), last.server) for edge in down)


def first_edge(party: Node | None) -> int:
    """An edge on which a party can be asked; 0 without one."""
    now = graph.snapshot()
    up = now.up.get(party.id, ()) if party else ()
    return next((edge.id for edge in up if edge.served_id not in now.customers), 0)
