"""Edges as pages show them: both parties, and how well the served side says it is served."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from upturn.graph import queries as graph
from upturn.stats.figures import Figure, Withheld

Figures: TypeAlias = Mapping[int, Figure | Withheld]
UNMEASURED = Withheld("not_measured", needed=5, got=0)


@dataclass(frozen=True, slots=True)
class EdgeLine:
    """One serves-edge with its parties and its figure, which is never missing."""

    edge: graph.EdgeRow
    server: graph.PartyRow
    served: graph.PartyRow
    figure: Figure | Withheld


def edge_lines(
    edges: Iterable[graph.EdgeRow], *, figures: Figures, place: str = ""
) -> list[EdgeLine]:
    """Give each edge its parties and figure; parties at ``place`` go by their bare names."""
    now = graph.snapshot()
    return [
        EdgeLine(
            edge,
            server=bare(now.party[edge.server_id], place=place),
            served=bare(now.party[edge.served_id], place=place),
            figure=figures.get(edge.id, UNMEASURED),
        )
        for edge in edges
    ]


def bare(party: graph.PartyRow, *, place: str) -> graph.PartyRow:
    """Leave out the place where the page says it already."""
    return replace(party, place="") if place and party.place == place else party
