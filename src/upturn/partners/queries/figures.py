"""Figures of a closed wave; it never changes, so what was worked out of it is kept."""

from collections.abc import Callable, Hashable, Mapping
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from upturn.graph import queries as graph
from upturn.partners.engine import (
    KEYS,
    LEADERS,
    SIGNS,
    CauseShare,
    GapMap,
    Guess,
    Item,
    LayerShare,
    Matrix,
    Mirror,
    Morale,
    OneSided,
    Published,
    Relation,
    Scope,
    Side,
    TimeShare,
    agreement_by_layer,
    causes,
    gap_map,
    guesses,
    level_pairs,
    mirrors,
    morale_by_team,
    said_by_servers,
    scope,
    time_split,
)
from upturn.people.queries import parties_of
from upturn.record.kept import keep
from upturn.stats import Figure
from upturn.stats.draws import generator

if TYPE_CHECKING:
    from upturn.people.models import Person

SEED = 4
HALF = 0.5
R = TypeVar("R")


def kept(found: Published, what: Hashable, read: Callable[[], R]) -> R:
    """Give a figure of a wave, or work it out."""
    return keep(("gaps", found.wave, what), as_of=(found.closed_on, found.answered), read=read)


class MapPage(NamedTuple):
    """The gap map of a wave, or of one place in it."""

    found: GapMap
    guesses: tuple[Guess, ...]

    @property
    def too_high(self) -> int:
        """Guesses that lay above what the other side said by more than chance does."""
        return sum(guess.off.low > 0 for guess in self.guesses)

    @property
    def too_low(self) -> int:
        """The same below."""
        return sum(guess.off.high < 0 for guess in self.guesses)


def map_page(found: Published, *, place: str = "") -> MapPage:
    """Both sides of every edge, the widest gap first."""

    def read() -> MapPage:
        made = gap_map(found, place=place, rng=generator(SEED, "gaps", found.wave, place))
        return MapPage(made, guesses(made))

    return kept(found, ("map", place), read)


class MirrorPage(NamedTuple):
    """Signs or keys from both sides."""

    scope: Scope
    rows: tuple[Mirror, ...]
    own: tuple[Mirror, ...]
    servers: tuple[OneSided, ...]
    causes: tuple[CauseShare, ...]
    time: tuple[TimeShare, ...]
    morale: Morale | None

    @property
    def compared(self) -> bool:
        """Whether any question has a gap that may be shown."""
        return any(isinstance(row.gap, Figure) for row in self.rows)

    @property
    def waiting(self) -> tuple[Mirror, ...]:
        """Questions that those who lead answer clearly better, widest first."""
        return tuple(sorted((row for row in self.rows if row.waits), key=_width))


def _width(row: Mirror) -> float:
    return -getattr(row.gap, "value", 0.0)


def mirror_page(found: Published, *measures: str, at: str = "") -> MirrorPage:
    """What both sides answer at a place, in a team, or everywhere."""

    def read() -> MirrorPage:
        within = scope(found, at=at)
        return MirrorPage(
            scope=within,
            rows=mirrors(found, *measures, within=within),
            own=mirrors(found, "own", within=within),
            servers=said_by_servers(found, "servers", within=within),
            causes=causes(found, within=within),
            time=time_split(found, within=within),
            morale=morale_by_team(found, within=within),
        )

    return kept(found, ("mirror", measures, at), read)


def signs_page(found: Published, *, at: str = "") -> MirrorPage:
    """Show nine signs from both sides."""
    return mirror_page(found, *SIGNS, at=at)


def keys_page(found: Published, *, at: str = "") -> MirrorPage:
    """Show six keys from both sides."""
    return mirror_page(found, *KEYS, at=at)


def teams(found: Published) -> tuple[tuple[str, str, str], ...]:
    """Key, name and place of every block of servers that has figures of its own."""
    rows = [g for g in found.groups if g.side is Side.SERVERS]
    return tuple(sorted(((g.block, g.name, g.parent) for g in rows), key=lambda row: row[1:]))


def pairs_page(found: Published) -> Matrix:
    """Show gaps by pairs of levels, by the distances of today's drawing."""
    now = graph.snapshot()

    def read() -> Matrix:
        level = {
            row.key: LEADERS if row.kind == "leader" else now.distance[row.id]
            for row in now.party.values()
        }
        return level_pairs(map_page(found).found, level=level)

    return kept(found, ("pairs", now.number), read)


class SeenEdge(NamedTuple):
    """What a viewer has to do with a relation of a wave."""

    id: int
    server_kind: str
    served_kind: str
    serves: bool
    is_served: bool

    @property
    def own(self) -> bool:
        """Whether the viewer stands on one of its sides."""
        return self.serves or self.is_served


class UnderstoodPage(NamedTuple):
    """How far each layer can say whom it serves, and finds the drawing right."""

    items: tuple[Item, ...]
    layers: tuple[LayerShare, ...]

    @property
    def doubtful(self) -> LayerShare | None:
        """The layer that most clearly finds less than half of it drawn rightly, if one does."""
        drawn = [n for n, item in enumerate(self.items) if item.key.startswith("drawn")]
        below = [
            (min(figure.high for figure in shown), at)
            for at, layer in enumerate(self.layers)
            if (shown := [s for n in drawn if isinstance(s := layer.shares[n], Figure)])
        ]
        least, at = min(below, default=(1.0, 0))
        return self.layers[at] if least < HALF else None


def understood_page(found: Published) -> UnderstoodPage:
    """Show whom everybody serves, by layers of today's drawing."""
    now = graph.snapshot()

    def read() -> UnderstoodPage:
        level = {row.key: now.distance[row.id] for row in now.party.values()}
        return UnderstoodPage(*agreement_by_layer(found, level=level))

    return kept(found, ("understood", now.number), read)


def seen_edges(viewer: "Person", found: Published) -> dict[int, SeenEdge]:
    """Edges of today's drawing by number of the relation; 0 where an edge is gone."""
    mine = frozenset(parties_of(viewer))
    now = graph.snapshot()

    def read() -> dict[int, SeenEdge]:
        units = _units(found)
        return {one.id: _seen(one, units, now, mine) for one in found.relations}

    return kept(found, ("edges", now.number, mine), read)


def _units(found: Published) -> dict[tuple[int, Side], tuple[str, ...]]:
    """Keys of the parties whose answers stand together on a side, where there are several."""
    return {(group.relation, group.side): group.units for group in found.groups}


def _seen(
    relation: Relation,
    units: Mapping[tuple[int, Side], tuple[str, ...]],
    now: graph.Snapshot,
    mine: frozenset[int],
) -> SeenEdge:
    servers, served = (
        [
            now.by_key[key]
            for key in dict.fromkeys((first, *units.get((relation.id, side), ())))
            if key in now.by_key
        ]
        for first, side in ((relation.server, Side.SERVING), (relation.served, Side.SERVED))
    )
    whom = {party.id for party in served}
    edges = [edge for one in servers for edge in now.up.get(one.id, ()) if edge.served_id in whom]
    own = [edge for edge in edges if edge.served_id in mine]
    edge = next(iter(own or edges), None)
    return SeenEdge(
        edge.id if edge else 0,
        servers[0].kind if servers else "",
        served[0].kind if served else "",
        any(one.server_id in mine for one in edges),
        bool(own),
    )
