"""Which lines are in action, by party: how much each carries, and until when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from upturn.graph import queries as graph
from upturn.plan.engine import MOST_ACTIVE
from upturn.plan.models import LineState, Plan
from upturn.plan.queries.by_hand import rows
from upturn.plan.queries.lines import LineHere, for_viewer, lines_counted, lines_in_action

if TYPE_CHECKING:
    from upturn.people.models import Person


ACTIVE_LINES = """SELECT line.party_id, COUNT(*) AS active FROM plan_planline line
JOIN plan_plan plan ON plan.id = line.plan_id
WHERE line.state = 'active' AND plan.state <> 'ended' GROUP BY line.party_id"""


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

    @property
    def idle(self) -> tuple[PartyLoad, ...]:
        """Parties that have nothing of this plan in action."""
        return tuple(load for load in self.loads if not load.lines)


def active_lines() -> dict[int, int]:
    """Count the lines in action of each party, over all plans that have not ended."""
    return dict(rows(ACTIVE_LINES))


def roadmap(viewer: "Person", plan: Plan) -> Roadmap:
    """What a plan has in action; two queries, where nothing changed."""
    now, carried, counted = graph.snapshot(), active_lines(), lines_counted(plan)
    lines = for_viewer(viewer, plan, lines_in_action(plan))
    noted = counted.in_state(LineState.NOTED)
    acting: dict[graph.PartyRow, list[LineHere]] = {party: [] for party in counted.parties}
    for line in sorted(lines, key=lambda each: each.due_on or date.max):
        acting[line.party].append(line)
    loads = [
        PartyLoad(party, tuple(found), carried.get(party.id, 0), noted[party])
        for party, found in acting.items()
    ]
    last = len(now.party)
    loads.sort(key=lambda load: (now.distance[load.party.id] or last, load.party.name))
    loads.sort(key=lambda load: not load.lines)
    settled = counted.in_state(LineState.SETTLED).total()
    return Roadmap(tuple(loads), months(lines), settled)


def months(lines: Iterable[LineHere]) -> tuple[date, ...]:
    """First days of all months from the first line's start to the last one's end."""
    days = [day for line in lines for day in (line.active_on, line.due_on) if day]
    if not days:
        return ()
    first, last = min(days), max(days)
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    found = ((first.year * 12 + first.month - 1 + step) for step in range(count))
    return tuple(date(month // 12, month % 12 + 1, 1) for month in found)
