"""Finding by name."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from upturn.graph import engine
from upturn.graph.models import Serves, Touchpoint
from upturn.graph.queries.sight import sees_all, touchpoints, visible_parties
from upturn.graph.queries.snapshot import PartyRow, full_name, snapshot

if TYPE_CHECKING:
    from upturn.people.models import Person

MOST = 50


@dataclass(frozen=True, slots=True)
class Found:
    """What a name may mean; ``nearest`` are names to try where nothing was found."""

    parties: tuple[PartyRow, ...]
    touchpoints: tuple[Touchpoint, ...]
    nearest: tuple[str, ...]


def find(viewer: "Person", words: str) -> Found:
    """Parties and touchpoints in whose name or place all the words stand.

    Touchpoints lead to customers' words, so guests find none.
    """
    wanted = words.casefold().split()
    now, seen = snapshot(), visible_parties(viewer)
    known = [row for row in now.party.values() if row.id in seen]
    parties = [row for row in known if _holds(row.name, row.place, wanted)]
    points: list[Touchpoint] = []
    if sees_all(viewer):
        points = [point for point in touchpoints(viewer) if _holds(point.name, point.place, wanted)]
    names = dict.fromkeys(row.name for row in known)
    nearest = [] if parties or points else engine.nearest(words, names)
    return Found(tuple(parties[:MOST]), tuple(points[:MOST]), tuple(nearest))


def _holds(name: str, place: str, wanted: list[str]) -> bool:
    text = f"{name} {place}".casefold()
    return all(word in text for word in wanted)


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
