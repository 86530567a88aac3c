"""Who sits in a plan's group, and who could."""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from upturn.graph import queries as graph
from upturn.people import queries as people
from upturn.plan.engine import FUNCTIONS_NEEDED
from upturn.plan.queries.by_hand import rows
from upturn.plan.queries.sight import in_group

if TYPE_CHECKING:
    from upturn.people.models import Person
    from upturn.plan.models import Plan

_SEATS = """SELECT seat.id, seat.party_id, person.username, person.display_name
FROM plan_planseat seat JOIN people_person person ON person.id = seat.person_id
JOIN graph_party party ON party.id = seat.party_id
WHERE seat.plan_id = %s ORDER BY party.name, seat.id"""
_CONCERNED = """SELECT party_id FROM plan_momentparty meets
JOIN plan_daymoment moment ON moment.id = meets.moment_id WHERE moment.plan_id = %s
UNION SELECT party_id FROM plan_planline WHERE plan_id = %s
UNION SELECT provider_id FROM plan_planline WHERE plan_id = %s"""


class _Seat(NamedTuple):
    id: int
    party_id: int
    username: str
    display_name: str


@dataclass(frozen=True, slots=True)
class Seated:
    """Somebody in the group; for the group alone."""

    seat_id: int
    name: str
    party: graph.PartyRow


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody who could be given a seat."""

    username: str
    name: str
    party: graph.PartyRow


@dataclass(frozen=True, slots=True)
class GroupHere:
    """A group by function; names only for those who are in it."""

    functions: tuple[tuple[graph.PartyRow, int], ...]
    seated: tuple[Seated, ...]
    missing: tuple[graph.PartyRow, ...]
    invited: tuple[Invited, ...]

    @property
    def few(self) -> bool:
        """Whether fewer functions are present than a plan needs (S2.14)."""
        return len(self.functions) < FUNCTIONS_NEEDED


def group(viewer: "Person", plan: "Plan", *, username: str = "", calling: bool) -> GroupHere:
    """Attendance by function, functions of the plan that are missing, and whom to call; 3 queries.

    Parameters
    ----------
    calling : bool
        Whether the viewer may fill seats, and so sees who could be asked.
    """
    party = graph.snapshot().party
    seats = [row for row in map(_Seat._make, rows(_SEATS, plan.pk)) if row.party_id in party]
    counted = Counter(row.party_id for row in seats)
    functions = tuple((party[each], counted[each]) for each in counted)
    names = in_group(viewer, plan)
    seated = tuple(Seated(row.id, row.display_name, party[row.party_id]) for row in seats)
    concerned = _concerned(plan) if calling else set()
    missing = sorted((party[each] for each in concerned - counted.keys()), key=graph.full_name)
    called = _called(viewer, concerned, seats, username=username) if calling else ()
    return GroupHere(functions, seated if names else (), tuple(missing), called)


def _called(
    viewer: "Person", concerned: set[int], seats: list[_Seat], *, username: str
) -> tuple[Invited, ...]:
    """Those without a seat who lead a function of the plan; functions that are missing first."""
    party, taken = graph.snapshot().party, {row.username for row in seats}
    here = {row.party_id for row in seats}
    invited = (
        Invited(each.username, each.display_name, party[each.party_id])
        for each in people.to_call_together(viewer, concerned, username=username)
        if each.username not in taken and each.party_id in party
    )
    return tuple(sorted(invited, key=lambda each: each.party.id in here))


def _concerned(plan: "Plan") -> set[int]:
    """Parties of the plan; before it has any, those who serve its customers and those who do them.

    Two levels below the customers make a group across functions possible on the first day.
    """
    now = graph.snapshot()
    found = {party for (party,) in rows(_CONCERNED, *[plan.pk] * 3) if party}
    if not found:
        first = {edge.server_id for edge in now.down.get(plan.customers_id, ())}
        found = first | {edge.server_id for party in first for edge in now.down.get(party, ())}
    here = {each for each in found if each in now.party and each != plan.customers_id}
    return {each for each in here if plan.place in {"", now.party[each].place}} or here
