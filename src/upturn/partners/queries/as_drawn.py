"""What is drawn of whom a seat's people serve and who serves them, as questions show it."""

from collections.abc import Collection, Iterable, Mapping

from upturn.graph import queries as graph
from upturn.partners.engine import Instrument
from upturn.partners.queries.drafts import PlannedSeat
from upturn.people import queries as people

UP, DOWN = "drawn-up", "drawn-down"
NOTHING = "–"


def drawn_for(asks: Instrument, seats: Iterable[PlannedSeat]) -> Mapping[int, Mapping[str, str]]:
    """Give the drawing of each seat by its number, where the instrument asks about it.

    It is kept as it was on the opening day. Of those who lead it is what the parties serve to which
    they belong.
    """
    wanted = {item.key for item in asks.items} & {UP, DOWN}
    if not wanted:
        return {}
    parties_of: dict[int, set[int]] = {}
    for row in people.seating():
        parties_of.setdefault(row.person_id, set()).add(row.party_id)
    by_key = graph.snapshot().by_key
    found = {}
    for seat in seats:
        here = {by_key[unit].id for unit in seat.units if unit in by_key}
        belong = (parties_of.get(one, set()) for one in seat.people)
        drawn = _drawn(here or set().union(*belong))
        found[seat.number] = {key: drawn[key] for key in sorted(wanted)}
    return found


def _drawn(parties: Collection[int]) -> dict[str, str]:
    now = graph.snapshot()
    name = {row.id: graph.full_name(row) for row in now.party.values()}
    ordered = sorted(parties, key=lambda party: name[party])
    up, down = [], []
    for party in ordered:
        served = sorted({name[edge.served_id] for edge in now.up.get(party, ())})
        serving = sorted({name[edge.server_id] for edge in now.down.get(party, ())})
        up.append(f"{name[party]} → {', '.join(served) or NOTHING}")
        down.append(f"{', '.join(serving) or NOTHING} → {name[party]}")
    return {UP: "; ".join(up), DOWN: "; ".join(down)}
