"""Finding by name."""

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from upturn.graph import engine
from upturn.graph.models import Serves, Touchpoint
from upturn.graph.queries.sight import sees_all, visible_parties
from upturn.graph.queries.snapshot import (
    PartyRow,
    PointRow,
    Snapshot,
    full_name,
    once_a_version,
    snapshot,
)

if TYPE_CHECKING:
    from upturn.people.models import Person

MOST = 50


@dataclass(frozen=True, slots=True)
class Found:
    """What a name may mean; ``nearest`` are names to try where nothing was found."""

    parties: tuple[PartyRow, ...]
    touchpoints: tuple[PointRow, ...]
    nearest: tuple[str, ...]


def find(viewer: "Person", words: str) -> Found:
    """Parties and touchpoints in whose name or place all the words stand.

    Touchpoints lead to customers' words, so guests find none.
    """
    wanted = words.casefold().split()
    now, seen = snapshot(), visible_parties(viewer)
    found = (row for text, row in _party_texts(now) if _holds(text, wanted) and row.id in seen)
    parties, points = tuple(islice(found, MOST)), tuple[PointRow, ...]()
    if sees_all(viewer):
        there = (row for text, row in _point_texts(now) if _holds(text, wanted))
        points = tuple(islice(there, MOST))
    if parties or points:
        return Found(parties, points, ())
    known = dict.fromkeys(row.name for row in now.party.values() if row.id in seen)
    return Found((), (), tuple(engine.nearest(words, known)))


def _holds(text: str, wanted: list[str]) -> bool:
    return all(word in text for word in wanted)


@once_a_version
def _party_texts(now: Snapshot) -> tuple[tuple[str, PartyRow], ...]:
    return tuple((f"{row.name} {row.place}".casefold(), row) for row in now.party.values())


@once_a_version
def _point_texts(now: Snapshot) -> tuple[tuple[str, PointRow], ...]:
    return tuple((f"{row.name} {row.place}".casefold(), row) for row in now.points.values())


def party_called(viewer: "Person", name: str) -> PartyRow:
    """Find the party that somebody wrote by name, with or without its place.

    Raises
    ------
    UnknownParty
        With the nearest names, if no visible party or more than one is called like this.
    """
    now, seen = snapshot(), visible_parties(viewer)
    known = [now.party[party] for party in sorted(seen)]
    meant = name.strip().casefold()
    full = [row for row in known if full_name(row).casefold() == meant]
    found = full or [row for row in known if row.name.casefold() == meant]
    if len(found) == 1:
        return found[0]
    names = [full_name(row) for row in found] or [full_name(row) for row in known]
    raise engine.UnknownParty(name, nearest=engine.nearest(name, names))


def edges_by_keys() -> dict[tuple[str, str], Serves]:
    """Give every edge under the keys of its server and its served; for bringing in, not pages."""
    edges = Serves.objects.select_related("server", "served")
    return {(edge.server.key, edge.served.key): edge for edge in edges}


def touchpoints_by_key() -> dict[str, Touchpoint]:
    """Give every touchpoint under its key; for bringing in, not pages."""
    return {point.key: point for point in Touchpoint.objects.all()}
