"""The graph in memory, one copy a process, read anew after every change."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property, wraps
from types import MappingProxyType
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from django.db import connection
from django.utils.translation import gettext as _

from upturn.graph import engine
from upturn.graph.models import Kind, Party, Serves, Touchpoint, TouchpointServer
from upturn.people import queries as people

# By hand, for every page asks it, and the mapper needs longer to write it than it takes.
VERSIONS = f"SELECT number, {people.SEATING} FROM graph_graphversion"  # noqa: S608 - constants
KEPT = 512  # places, pictures and lists worked out of one version
MISSING: Any = object()

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class PartyRow:
    """A party without its description."""

    id: int
    key: str
    name: str
    kind: str
    place: str


@dataclass(frozen=True, slots=True)
class EdgeRow:
    """A serves-edge by the ids of its parties."""

    id: int
    server_id: int
    served_id: int
    what: str
    direct: bool


@dataclass(frozen=True, slots=True)
class PointRow:
    """A moment of the customer's day without its printed code."""

    id: int
    key: str
    name: str
    moment: str
    place: str
    customers_id: int


@dataclass(frozen=True)
class Snapshot:
    """The whole graph at one version. It is shared between threads and never changed.

    ``kept`` holds what `once_a_version` has worked out from it, and goes with it.
    """

    number: int
    party: Mapping[int, PartyRow]
    edge: Mapping[int, EdgeRow]
    kept: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def graph(self) -> engine.Graph:
        """The engine's graph of all parties and edges."""
        return engine.graph_of(
            ((row.id, row.kind) for row in self.party.values()),
            ((row.id, row.server_id, row.served_id) for row in self.edge.values()),
        )

    @cached_property
    def layers(self) -> engine.Layers:
        """The bands of the pyramid."""
        return engine.layers(self.graph)

    @cached_property
    def distance(self) -> Mapping[int, int | None]:
        """Steps to the nearest customer; None where no path leads to one."""
        return {party: self.layers.band_of.get(party) for party in self.party}

    @cached_property
    def next_up(self) -> Mapping[int, int]:
        """For each party below a customer, the first party one step nearer to one."""
        band_of = self.layers.band_of
        return {
            party: next(up for up in self.graph.served[party] if band_of.get(up) == band - 1)
            for party, band in band_of.items()
            if band
        }

    @cached_property
    def orphans(self) -> frozenset[int]:
        """Parties other than customers that serve nobody (S1.5)."""
        return frozenset(engine.orphans(self.graph))

    @cached_property
    def tyranny(self) -> frozenset[int]:
        """Edges from which no path leads to a customer (S1.11)."""
        return frozenset(engine.tyranny(self.graph))

    @cached_property
    def circles(self) -> tuple[frozenset[int], ...]:
        """Groups of parties that serve each other."""
        return tuple(engine.mutual_service(self.graph))

    @cached_property
    def by_key(self) -> Mapping[str, PartyRow]:
        """Parties by key."""
        return {row.key: row for row in self.party.values()}

    @cached_property
    def places(self) -> tuple[str, ...]:
        """Names of the places, in order."""
        return tuple(sorted({row.place for row in self.party.values()} - {""}))

    @cached_property
    def up(self) -> Mapping[int, tuple[EdgeRow, ...]]:
        """Edges on which a party serves."""
        return _grouped((edge.server_id, edge) for edge in self.edge.values())

    @cached_property
    def down(self) -> Mapping[int, tuple[EdgeRow, ...]]:
        """Edges on which a party is served."""
        return _grouped((edge.served_id, edge) for edge in self.edge.values())

    def edges_of(self, party: int) -> tuple[EdgeRow, ...]:
        """Edges on which a party serves, then those on which it is served."""
        return self.up.get(party, ()) + self.down.get(party, ())

    def way_up(self, party: int) -> tuple[int, ...]:
        """One shortest way from a party to a customer, both ends included."""
        way = [party]
        while above := self.next_up.get(way[-1]):
            way.append(above)
        return tuple(way)

    @cached_property
    def party_ids(self) -> frozenset[int]:
        """Every party."""
        return frozenset(self.party)

    @cached_property
    def edge_ids(self) -> frozenset[int]:
        """Every edge."""
        return frozenset(self.edge)

    @cached_property
    def points(self) -> Mapping[int, PointRow]:
        """Touchpoints in the order of the customer's day; read when they are first asked for."""
        rows = Touchpoint.objects.order_by("place", "position", "moment", "name", "pk")
        fields = ("pk", "key", "name", "moment", "place", "customers_id")
        return MappingProxyType({row[0]: PointRow(*row) for row in rows.values_list(*fields)})

    @cached_property
    def serving(self) -> Mapping[int, tuple[tuple[int, bool], ...]]:
        """For each touchpoint who serves there; first those in the customer's sight."""
        rows = TouchpointServer.objects.order_by("-direct", "party__name", "pk")
        groups: dict[int, list[tuple[int, bool]]] = {}
        for point, server, direct in rows.values_list("touchpoint_id", "party_id", "direct"):
            if server in self.party:
                groups.setdefault(point, []).append((server, direct))
        return MappingProxyType({point: tuple(group) for point, group in groups.items()})

    @cached_property
    def serves_at(self) -> Mapping[int, tuple[int, ...]]:
        """For each party the touchpoints at which it serves."""
        groups: dict[int, list[int]] = {}
        for point in self.points:
            for server, _direct in self.serving.get(point, ()):
                groups.setdefault(server, []).append(point)
        return MappingProxyType({party: tuple(points) for party, points in groups.items()})

    @cached_property
    def customers(self) -> frozenset[int]:
        """Parties of the kind customers."""
        return frozenset(i for i, row in self.party.items() if row.kind == Kind.CUSTOMERS)

    @cached_property
    def customers_first(self) -> tuple[EdgeRow, ...]:
        """All edges, those that serve customers first and those without a path to one last."""
        lost = len(self.party)

        def order(edge: EdgeRow) -> tuple[int, str, str, str]:
            served, server = self.party[edge.served_id], self.party[edge.server_id]
            band = self.layers.band_of.get(served.id, lost)
            return band, served.place, served.name, server.name

        return tuple(sorted(self.edge.values(), key=order))


def _grouped(pairs: Iterable[tuple[int, EdgeRow]]) -> Mapping[int, tuple[EdgeRow, ...]]:
    groups: dict[int, list[EdgeRow]] = {}
    for party, edge in pairs:
        groups.setdefault(party, []).append(edge)
    return MappingProxyType({party: tuple(edges) for party, edges in groups.items()})


@dataclass(slots=True)
class Look:
    """What one page has read: the graph, by what to know who belongs to its parties, and more."""

    snapshot: Snapshot | None = None
    seating: str | None = None
    held: dict[Hashable, Any] = field(default_factory=dict)


def once_a_version(
    work: Callable[Concatenate[Snapshot, P], R],
) -> Callable[Concatenate[Snapshot, P], R]:
    """Work something out of a snapshot once for each arguments, and forget it with the snapshot."""

    @wraps(work)
    def kept(now: Snapshot, /, *args: P.args, **given: P.kwargs) -> R:
        key = (work, args, tuple(given.items()))
        found: R = now.kept.get(key, MISSING)
        if found is MISSING:
            found = work(now, *args, **given)
            if len(now.kept) >= KEPT:
                for oldest in list(now.kept)[: KEPT // 4]:
                    now.kept.pop(oldest, None)
            now.kept[key] = found
        return found

    return kept


_latest: Snapshot | None = None
_look: ContextVar[Look | None] = ContextVar("look", default=None)


@contextmanager
def one_look() -> Iterator[None]:
    """Hold the graph still, for one page: every `snapshot` within costs one query together."""
    token = _look.set(Look())
    try:
        yield
    finally:
        _look.reset(token)


def look_again() -> None:
    """Let go of a held graph, after a change."""
    if _look.get() is not None:
        _look.set(Look())


def once_a_look(read: Callable[[], R]) -> Callable[[], R]:
    """Read something once for a page, as long as the graph is held still for it."""

    @wraps(read)
    def held() -> R:
        look = current_look()
        if read not in look.held:
            look.held[read] = read()
        found: R = look.held[read]
        return found

    return held


def current_look() -> Look:
    """Give what this page holds, or an empty look that nobody keeps."""
    return _look.get() or Look()


def snapshot() -> Snapshot:
    """Give the graph as it stands; one query while nobody has changed it since the last call."""
    return look_now()[0]


def look_now() -> tuple[Snapshot, str | None]:
    """Give the graph, and a text that changes with who belongs to its parties."""
    look = current_look()
    if look.snapshot is None:
        with connection.cursor() as cursor:
            cursor.execute(VERSIONS)
            number, look.seating = cursor.fetchone() or (0, None)
        look.snapshot = _current(number)
    return look.snapshot, look.seating


def _current(number: int) -> Snapshot:
    global _latest  # noqa: PLW0603 - one reference, replaced whole, so threads need no lock
    kept = _latest
    if kept is None or not number or kept.number != number:
        parties = _party_rows()
        kept = _latest = Snapshot(number, parties, _edge_rows(among=parties))
    return kept


def _party_rows() -> Mapping[int, PartyRow]:
    rows = Party.objects.order_by("name", "id").values_list("id", "key", "name", "kind", "place")
    return MappingProxyType({row[0]: PartyRow(*row) for row in rows})


def _edge_rows(*, among: Mapping[int, PartyRow]) -> Mapping[int, EdgeRow]:
    """Read the edges; one that came after the parties were read waits for the next reading."""
    rows = Serves.objects.order_by("id").values_list(
        "id", "server_id", "served_id", "what", "direct"
    )
    edges = (EdgeRow(*row) for row in rows)
    return MappingProxyType({e.id: e for e in edges if {e.server_id, e.served_id} <= among.keys()})


class Named(Protocol):
    """A party or a touchpoint, as a row or as a model."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def place(self) -> str:
        """Where it is; empty for everywhere."""


def full_name(named: Named) -> str:
    """Name and place, so that the kitchens of two houses are told apart."""
    if not named.place:
        return named.name
    return _("%(name)s at %(place)s") % {"name": named.name, "place": named.place}
