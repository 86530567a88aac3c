"""Who sits in a plan's group, and who could."""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from upturn.graph import queries as graph
from upturn.people import queries as people
from upturn.plan.engine import FUNCTIONS_NEEDED
from upturn.plan.models import MomentParty, PlanLine, PlanSeat
from upturn.plan.queries.sight import in_group

if TYPE_CHECKING:
    from upturn.people.models import Person
    from upturn.plan.models import Plan


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
    """Attendance by function, functions of the plan that are missing, and whom to call; 4 queries.

    Parameters
    ----------
    calling : bool
        Whether the viewer may fill seats, and so sees who could be asked.
    """
    party = graph.snapshot().party
    rows = PlanSeat.objects.filter(plan=plan).select_related("person")
    seats = [row for row in rows.order_by("party__name", "pk") if row.party_id in party]
    counted = Counter(row.party_id for row in seats)
    functions = tuple((party[each], counted[each]) for each in counted)
    names = in_group(viewer, plan)
    seated = tuple(Seated(row.pk, str(row.person), party[row.party_id]) for row in seats)
    concerned = _concerned(plan) if calling else set()
    taken = {row.person.username for row in seats}
    missing = sorted((party[each] for each in concerned - counted.keys()), key=graph.full_name)
    invited = tuple(
        Invited(each.username, each.display_name, party[each.party_id])
        for each in people.to_call_together(viewer, concerned, username=username)
        if each.username not in taken and each.party_id in party
    )
    missing_first = tuple(sorted(invited, key=lambda each: each.party.id in counted))
    called = missing_first if calling else ()
    return GroupHere(functions, seated if names else (), tuple(missing), called)


def _concerned(plan: "Plan") -> set[int]:
    """Parties of the plan; before it has any, those who serve its customers and those who do them.

    Two levels below the customers make a group across functions possible on the first day.
    """
    now = graph.snapshot()
    meeting = MomentParty.objects.filter(moment__plan=plan).values_list("party_id")
    lines = PlanLine.objects.filter(plan=plan).values_list("party_id", "provider_id")
    found = {party for row in (*meeting, *lines) for party in row if party}
    if not found:
        first = {edge.server_id for edge in now.down.get(plan.customers_id, ())}
        found = first | {edge.server_id for party in first for edge in now.down.get(party, ())}
    here = {each for each in found if each in now.party and each != plan.customers_id}
    return {each for each in here if plan.place in {"", now.party[each].place}} or here
