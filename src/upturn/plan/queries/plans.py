"""Plans as one viewer sees them: the list, and what the order of a plan looks at."""

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from django.db.models import (
    Case,
    Count,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from upturn.graph import queries as graph
from upturn.plan.engine import PlanFacts, Step, foreseen, ready_to_start, steps
from upturn.plan.models import DayMoment, LineState, Plan, PlanLine, PlanState
from upturn.plan.queries.by_hand import rows
from upturn.plan.queries.sight import in_group, may_edit, may_open, plans_seen
from upturn.record.kept import keep

if TYPE_CHECKING:
    from upturn.people.models import Person

MOST_LISTED = 50
_PAIRS = """SELECT pair FROM plan_outcome
WHERE plan_id = %s AND side IN ('customer', 'employee') GROUP BY pair"""
_COUNTED = f"""
SELECT
(SELECT COUNT(DISTINCT party_id) FROM plan_planseat WHERE plan_id = plan.id),
(SELECT COUNT(*) FROM plan_daymoment WHERE plan_id = plan.id),
(SELECT COUNT(*) FROM plan_daymoment moment WHERE plan_id = plan.id AND NOT EXISTS
    (SELECT 1 FROM plan_momentparty WHERE moment_id = moment.id)),
COALESCE(SUM(CASE WHEN "column" = 'have' AND party.kind <> 'customers' THEN 1 ELSE 0 END), 0),
COALESCE(SUM(CASE WHEN "column" = 'have' AND party.kind <> 'customers'
    AND provider_id IS NOT NULL AND edge_id IS NOT NULL THEN 1 ELSE 0 END), 0),
COALESCE(SUM(CASE WHEN "column" <> 'have' THEN 1 ELSE 0 END), 0),
COALESCE(SUM(CASE WHEN "column" = 'have' AND edge_id IS NULL THEN 1 ELSE 0 END), 0),
COALESCE(SUM(CASE WHEN "column" = 'have' AND enables_id IS NULL THEN 1 ELSE 0 END), 0),
(SELECT COUNT(*) FROM plan_planunit WHERE plan_id = plan.id),
(SELECT COUNT(*) FROM plan_planunit WHERE plan_id = plan.id AND starts_on IS NOT NULL),
(SELECT COUNT(*) FROM ({_PAIRS} HAVING COUNT(*) = 2) AS pairs),
(SELECT COUNT(*) FROM ({_PAIRS} HAVING COUNT(*) = 2 AND COUNT(baseline) = 2) AS known)
FROM plan_plan plan
LEFT JOIN plan_planline line ON line.plan_id = plan.id
LEFT JOIN graph_party party ON party.id = line.party_id
WHERE plan.id = %s
GROUP BY plan.id
"""  # noqa: S608 - a constant


COUNTED = ("functions", "moments", "unmet", "haves", "served_first", "promises", "gaps", "orphans",
           "units", "dated", "pairs", "baselines")  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlanHere:
    """A plan in a list."""

    ref: str
    name: str
    place: str
    customers: graph.PartyRow | None
    state: str
    opened_on: date
    started_on: date | None
    moments: int
    active: int


@dataclass(frozen=True, slots=True)
class PlansPage:
    """Plans in sight: being made, in action, ended; and whether the viewer may open one."""

    being_made: tuple[PlanHere, ...]
    in_action: tuple[PlanHere, ...]
    ended: tuple[PlanHere, ...]
    may_open: bool
    more: bool


@dataclass(frozen=True, slots=True)
class Head:
    """What stands at the head of every page of a plan."""

    plan: Plan
    customers: graph.PartyRow | None
    facts: PlanFacts
    steps: tuple[Step, ...]
    may_edit: bool
    in_group: bool

    @property
    def missing(self) -> tuple[str, ...]:
        """Codes of what keeps it from starting."""
        return ready_to_start(self.facts)

    @property
    def foreseen(self) -> tuple[str, ...]:
        """Codes of what it can do without, and its result cannot."""
        return foreseen(self.facts)


def facts_of_plan(plan: Plan) -> PlanFacts:
    """Count what the order of a plan looks at; one query."""
    (found,) = rows(_COUNTED, *[plan.pk] * 3)
    counted: dict[str, int] = dict(zip(COUNTED, found, strict=True))
    return PlanFacts(answered=bool(plan.serve_first.strip()), state=plan.state, **counted)


def as_of(plan: Plan) -> tuple[int, int]:
    """What changes with anything in a plan, and with any party or edge."""
    return plan.version, graph.snapshot().number


def as_written(plan: Plan) -> tuple[int, int]:
    """What changes with the day and the lines of a plan, and with any party or edge."""
    return plan.written, graph.snapshot().number


def head(viewer: "Person", plan: Plan) -> Head:
    """What stands at the head of every page of a plan; two queries, one where nothing changed."""
    facts = keep(("facts of a plan", plan.pk), as_of=as_of(plan), read=partial(facts_of_plan, plan))
    customers = graph.snapshot().party.get(plan.customers_id)
    editing, group = may_edit(viewer, plan), in_group(viewer, plan)
    return Head(plan, customers, facts, steps(facts), editing, group)


def _number(rows: QuerySet[DayMoment] | QuerySet[PlanLine]) -> Coalesce:
    """How many of these rows a plan has; joined, they would multiply."""
    found = rows.filter(plan=OuterRef("pk")).order_by().values("plan").annotate(n=Count("pk"))
    return Coalesce(Subquery(found.values("n")), 0)


def plans_page(viewer: "Person") -> PlansPage:
    """Plans in the viewer's sight, the newest first within each state; one query."""
    party = graph.snapshot().party
    order = Case(
        When(state=PlanState.STARTED, then=Value(0)),
        When(state=PlanState.DRAFT, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    rows = plans_seen(viewer).annotate(
        held=_number(DayMoment.objects.all()),
        acting=_number(PlanLine.objects.filter(state=LineState.ACTIVE)),
    )
    found = [
        PlanHere(
            row.ref,
            row.name,
            row.place,
            party.get(row.customers_id),
            row.state,
            row.opened_on,
            row.started_on,
            row.held,
            row.acting,
        )
        for row in rows.order_by(order, "-opened_on", "-pk")[: MOST_LISTED + 1]
    ]
    by_state = {
        state: tuple(each for each in found[:MOST_LISTED] if each.state == state)
        for state in PlanState.values
    }
    return PlansPage(
        by_state[PlanState.DRAFT],
        by_state[PlanState.STARTED],
        by_state[PlanState.ENDED],
        may_open(viewer),
        len(found) > MOST_LISTED,
    )
