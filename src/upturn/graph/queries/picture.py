"""Which part of a large graph one picture shows."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from upturn.graph.queries.sight import visible_parties
from upturn.graph.queries.snapshot import EdgeRow, Snapshot, once_a_version, snapshot
from upturn.people import queries as people

if TYPE_CHECKING:
    from upturn.people.models import Person

MOST_DRAWN = 60
AT_A_GLANCE = 24


@dataclass(frozen=True, slots=True)
class Scope:
    """What a pyramid page is about, and what of it is drawn.

    ``place`` is empty for the whole; ``drawn`` is smaller than ``parties`` where these are more
    than a picture holds, and then shows the neighbourhood of ``around``.
    """

    place: str
    parties: frozenset[int]
    drawn: frozenset[int]
    around: tuple[int, ...]

    @property
    def is_part(self) -> bool:
        """Whether some parties of the scope are left out of the picture."""
        return len(self.drawn) < len(self.parties)


def scope(viewer: "Person", *, place: str | None = None) -> Scope:
    """Choose the parties of a page: a place, the whole (""), or what suits the viewer (None)."""
    now, seen = snapshot(), visible_parties(viewer)
    own = people.parties_of(viewer) & seen
    if place is None:
        places = sorted(now.party[party].place for party in own)
        place = places[0] if places and len(seen) > AT_A_GLANCE else ""
    parties = at_place(now, place) & seen if place else seen
    around = tuple(sorted(own & parties or now.customers & parties))
    drawn = parties
    if len(parties) > MOST_DRAWN:
        drawn = _near(now, around, among=parties)
    return Scope(place, parties, drawn, around if drawn != parties else ())


@once_a_version
def edges_among(now: Snapshot, parties: frozenset[int]) -> tuple[EdgeRow, ...]:
    """Edges of which both ends are among the parties, customers first."""
    if len(parties) == len(now.party):
        return now.customers_first
    return tuple(
        e for e in now.customers_first if e.server_id in parties and e.served_id in parties
    )


@once_a_version
def at_place(now: Snapshot, place: str) -> frozenset[int]:
    """Parties of a place, those of no place that serve them, and their ways up to customers."""
    own = {party for party, row in now.party.items() if row.place == place}
    below, ring = set(own), own
    while ring:
        servers = {edge.server_id for party in ring for edge in now.down.get(party, ())}
        ring = {party for party in servers - below if now.party[party].place in {"", place}}
        below |= ring
    above = {edge.served_id for party in own for edge in now.up.get(party, ())} & now.customers
    return frozenset(above).union(*(now.way_up(party) for party in below))


@once_a_version
def _near(now: Snapshot, around: tuple[int, ...], *, among: frozenset[int]) -> frozenset[int]:
    """Parties round the given ones, nearest first, each with its way up, until it is enough."""
    drawn: set[int] = set()
    seen, ring = set(around), list(around)
    while ring:
        for party in ring:
            way = set(now.way_up(party)) & among
            if len(drawn | way) <= MOST_DRAWN:
                drawn |= way
        near = {end for p in ring for e in now.edges_of(p) for end in (e.server_id, e.served_id)}
        ring = sorted(near & among - seen)
        seen |= near
        if len(drawn) >= MOST_DRAWN:
            break
    return frozenset(drawn)
