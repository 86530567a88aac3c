"""Who belongs to which unit on the opening day; each person to one, the smallest."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from upturn.graph import queries as graph
from upturn.partners.engine import Side
from upturn.partners.queries.drafts import BOTH
from upturn.people import queries as people

WHOLE = ""
_ASKED_ONCE = frozenset({"team", "leader"})


@dataclass(frozen=True, slots=True)
class Roster:
    """A unit: where it belongs and who is in it.

    Parameters
    ----------
    key, side : str
    parties : tuple of str
        Keys of the parties in it; none for those who lead.
    parents : tuple of str
        The nearest first, the whole last.
    people : tuple of int
    name : str
        What it is called, where its key does not say it.
    """

    key: str
    side: str
    parties: tuple[str, ...]
    parents: tuple[str, ...]
    people: tuple[int, ...]
    name: str = ""


def rosters(parties: Collection[int], *, per_relation: bool) -> tuple[Roster, ...]:
    """Units of the parties a wave touches, with the people of this day."""
    wanted = _claims_on_edges(parties) if per_relation else _claims_once(parties)
    return _each_person_once(wanted)


@dataclass(frozen=True, slots=True)
class _Unit:
    key: str
    side: str
    parties: tuple[str, ...]
    parents: tuple[str, ...]


def _claims_on_edges(parties: Collection[int]) -> Iterable[tuple[int, _Unit]]:
    now = graph.snapshot()
    for row in people.seating():
        if row.party_id in parties:
            yield row.person_id, _team(now.party[row.party_id], side=BOTH)


def _claims_once(parties: Collection[int]) -> Iterable[tuple[int, _Unit]]:
    """Those who lead anything in sight answer as leaders, all others of a team as servers."""
    now = graph.snapshot()
    rows = [
        row
        for row in people.seating()
        if row.party_id in parties
        and row.role != "guest"
        and now.party[row.party_id].kind in _ASKED_ONCE
    ]
    leaders = {
        row.person_id for row in rows if row.leads or now.party[row.party_id].kind == "leader"
    }
    for row in rows:
        party = now.party[row.party_id]
        if row.person_id not in leaders:
            yield row.person_id, _team(party, side=Side.SERVERS)
        elif row.leads or party.kind == "leader":
            yield row.person_id, _leaders(party.place)


def _team(party: graph.PartyRow, *, side: str) -> _Unit:
    near = (f"{party.place}|{party.kind}", *filter(None, (party.place,)))
    return _Unit(party.key, side, (party.key,), (*near, WHOLE))


def _leaders(place: str) -> _Unit:
    return _Unit(f"leaders:{place}", Side.LEADERS, (), (place, WHOLE) if place else (WHOLE,))


def _each_person_once(claims: Iterable[tuple[int, _Unit]]) -> tuple[Roster, ...]:
    members: dict[_Unit, set[int]] = defaultdict(set)
    units_of: dict[int, set[_Unit]] = defaultdict(set)
    for person, unit in claims:
        members[unit].add(person)
        units_of[person].add(unit)
    chosen: Mapping[_Unit, list[int]] = {unit: [] for unit in members}
    for person, units in sorted(units_of.items()):
        chosen[min(units, key=lambda unit: (len(members[unit]), unit.key))].append(person)
    return tuple(
        Roster(unit.key, unit.side, unit.parties, unit.parents, tuple(found))
        for unit, found in sorted(chosen.items(), key=lambda each: (each[0].side, each[0].key))
    )
