"""Which lines are in action, by party: how much each carries, and until when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from django.db.models import Count

from upturn.graph import queries as graph
from upturn.plan.engine import MOST_ACTIVE
from upturn.plan.models import LineState, Plan, PlanLine, PlanState
from upturn.plan.queries.lines import LineHere, here

if TYPE_CHECKING:
    from upturn.people.models import Person


@dataclass(frozen=True, slots=True)
class PartyLoad:
    """A party, its lines of this plan in action, and how many it carries over all plans."""

    party: graph.PartyRow
    lines: tuple[LineHere, ...]
    active: int
    noted: int

    @property
    def fits(self) -> int:
        """How many more lines fit without a reason."""
        return max(0, MOST_ACTIVE - self.active)


@dataclass(frozen=True, slots=True)
class Roadmap:
    """Loads, those nearest to the customer first, and the months they cover, as first days."""

    loads: tuple[PartyLoad, ...]
    months: tuple[date, ...]
    settled: int


def active_lines() -> dict[int, int]:
    """Count the lines in action of each party over all plans that have not ended."""
    rows = PlanLine.objects.filter(state=LineState.ACTIVE).exclude(plan__state=PlanState.ENDED)
    counted = rows.values_list("party_id").annotate(active=Count("pk")).order_by()
    return dict(counted)


def roadmap(viewer: "Person", plan: Plan) -> Roadmap:
    """What a plan has in action; five queries."""
    now, active = graph.snapshot(), active_lines()
    rows = PlanLine.objects.filter(plan=plan, state=LineState.ACTIVE)
    lines = here(viewer, plan, rows.order_by("party_id", "due_on", "pk"))
    by_party = {k: tuple(group) for k, group in groupby(lines, key=lambda line: line.party.id)}
    noted, settled = _on_paper(plan)
    band, last = now.distance, len(now.party)
    loads = [
        PartyLoad(now.party[party], by_party.get(party, ()), active.get(party, 0), noted[party])
        for party in noted
        if party in now.party
    ]
    loads.sort(key=lambda each: (not each.lines, band[each.party.id] or last, each.party.name))
    return Roadmap(tuple(loads), months(lines), settled)


def _on_paper(plan: Plan) -> tuple[dict[int, int], int]:
    """Lines still on paper of each party that has any line, and how many were settled."""
    rows = PlanLine.objects.filter(plan=plan).values_list("party_id", "state")
    noted: dict[int, int] = {}
    settled = 0
    for party, state, count in rows.annotate(count=Count("pk")).order_by():
        noted[party] = noted.get(party, 0) + (count if state == LineState.NOTED else 0)
        settled += count if state == LineState.SETTLED else 0
    return noted, settled


def months(lines: Iterable[LineHere]) -> tuple[date, ...]:
    """First days of all months from the first line's start to the last one's end."""
    days = [day for line in lines for day in (line.active_on, line.due_on) if day]
    if not days:
        return ()
    first, last = min(days), max(days)
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    found = ((first.year * 12 + first.month - 1 + step) for step in range(count))
    return tuple(date(month // 12, month % 12 + 1, 1) for month in found)
