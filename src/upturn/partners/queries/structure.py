"""The line of sight: what the drawing and the logs say of signs 3 to 6 (S1.10 to S1.13)."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from upturn.commitments import queries as commitments
from upturn.graph import queries as graph
from upturn.partners.engine import LayerTime, Published, SightLine, sight_lines, time_by_layer
from upturn.partners.queries.figures_waves import closed_waves
from upturn.partners.queries.published import published
from upturn.voice import queries as voice

if TYPE_CHECKING:
    from upturn.people.models import Person

NAMES_SHOWN = 12
EDGES_SHOWN = 12
STATED = "steps-to-customer"


class Distance(NamedTuple):
    """Parties that are so many serves-steps from a customer; None: no path leads to one."""

    steps: int | None
    parties: tuple[graph.PartyRow, ...]
    more: int

    @property
    def number(self) -> int:
        """How many parties there are."""
        return len(self.parties) + self.more


class Layer(NamedTuple):
    """Groups of one distance from a customer, or those that see it otherwise than the drawing."""

    steps: int | None
    lines: tuple[SightLine, ...]
    flagged: bool = False


class Demand(NamedTuple):
    """An edge from which no path leads to a customer, and whether anybody asked on it."""

    edge: graph.EdgeRow
    server: graph.PartyRow
    served: graph.PartyRow
    asked: bool


class Demands(NamedTuple):
    """Demands that reach no customer: counts are of edges, never of persons."""

    shown: tuple[Demand, ...]
    number: int
    asked: int
    edges: int

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.number - len(self.shown)


@dataclass(frozen=True, slots=True)
class Sight:
    """Everything the page tells; ``lines`` and ``times`` are empty before a wave was closed.

    ``drawn`` is the number of the drawing it was read from.
    """

    distances: tuple[Distance, ...]
    lines: tuple[SightLine, ...]
    demands: Demands
    coverage: tuple[voice.Layer, ...]
    times: tuple[LayerTime, ...]
    orphans: int
    drawn: int = 0

    @property
    def flagged(self) -> int:
        """Blocks whose people name another distance than the drawing."""
        return sum(line.flagged for line in self.lines)

    @property
    def layers(self) -> tuple[Layer, ...]:
        """Where drawing and people differ first, then the others by their furthest unit."""
        differ = tuple(line for line in self.lines if line.flagged)
        alike = [line for line in self.lines if not line.flagged]
        parts = groupby(alike, key=lambda line: line.furthest)
        layers = tuple(Layer(steps, tuple(lines)) for steps, lines in parts)
        return (Layer(None, differ, flagged=True), *layers) if differ else layers


def latest_stated(viewer: "Person") -> Published | None:
    """The newest closed wave that asked how far a customer is; None before there is one."""
    for wave in closed_waves(viewer):
        found = None if wave.per_relation else published(viewer, wave.ref)
        if found and STATED in found.items:
            return found
    return None


def sight(viewer: "Person", *, stated: Published | None, today: date) -> Sight:
    """What the graph and the logs tell, and beside it what a closed wave stated, if there is one.

    Guests see too little of the graph for any of it.
    """
    now = graph.snapshot()
    if not graph.sees_all(viewer):
        return Sight((), (), Demands((), 0, 0, 0), (), (), 0)
    steps = {row.key: now.distance[party] for party, row in now.party.items()}
    return Sight(
        distances_of(now),
        sight_lines(stated, steps=steps) if stated else (),
        _demands(viewer, now),
        voice.coverage(viewer, key="", today=today),
        time_by_layer(stated, steps=steps) if stated else (),
        len(now.orphans),
        now.number,
    )


@graph.once_a_version
def distances_of(now: graph.Snapshot) -> tuple[Distance, ...]:
    """Parties other than customers by their distance, support staff first (S1.10)."""
    found: dict[int | None, list[graph.PartyRow]] = {}
    for party, row in now.party.items():
        if party not in now.customers:
            found.setdefault(now.distance[party], []).append(row)
    order = sorted(found, key=lambda steps: (steps is not None, -(steps or 0)))
    return tuple(_distance(steps, found[steps]) for steps in order)


def _distance(steps: int | None, rows: list[graph.PartyRow]) -> Distance:
    named = sorted(rows, key=lambda row: (row.name, row.place))
    return Distance(steps, tuple(named[:NAMES_SHOWN]), len(named[NAMES_SHOWN:]))


def _demands(viewer: "Person", now: graph.Snapshot) -> Demands:
    """Edges without a path to a customer (S1.11), those with an ask first."""
    lost = [edge for edge in now.customers_first if edge.id in now.tyranny]
    asks = commitments.visible(viewer).filter(edge__in=now.tyranny) if lost else None
    asked = set(asks.values_list("edge_id", flat=True).distinct()) if asks is not None else set()
    lost.sort(key=lambda edge: edge.id not in asked)
    shown = tuple(
        Demand(edge, now.party[edge.server_id], now.party[edge.served_id], edge.id in asked)
        for edge in lost[:EDGES_SHOWN]
    )
    return Demands(shown, len(lost), len(asked), len(now.edge))
