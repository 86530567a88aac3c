"""A plan at one look: its day in small, what is missing, and what waits for whom."""

from collections import Counter
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from upturn.commitments import queries as spine
from upturn.commitments.engine import State
from upturn.graph import queries as graph
from upturn.plan.models import Plan, PlanState
from upturn.plan.queries.by_hand import rows
from upturn.plan.queries.lines import LineHere, first_loose
from upturn.plan.queries.plans import as_written
from upturn.record.kept import keep

if TYPE_CHECKING:
    from upturn.people.models import Person

FEW = 5
SERVING = {State.ASKED: "answer", State.PROMISED: "promise"}
ASKING = {State.ASKED_BACK: "reply", State.DECLINED: "reply", State.DONE: "verdict"}

_MOMENTS = """SELECT ref, at, name,
EXISTS (SELECT 1 FROM plan_momentparty WHERE moment_id = moment.id)
FROM plan_daymoment moment WHERE plan_id = %s ORDER BY at, id"""
_MAY_WAIT = """SELECT party_id, provider_id, ask_ref FROM plan_planline
WHERE plan_id = %s AND "column" = 'have' AND edge_id IS NOT NULL AND state <> 'settled'
AND (state = 'noted' OR ask_ref <> '') ORDER BY id"""


@dataclass(frozen=True, slots=True)
class MomentInSmall:
    """A moment on the line of the day."""

    ref: str
    at: int
    name: str
    nobody: bool


@dataclass(frozen=True, slots=True)
class Waits:
    """How many lines wait for a party, and for what."""

    party: graph.PartyRow
    what: str
    count: int


@dataclass(frozen=True, slots=True)
class Overview:
    """What the first page of a plan shows beside its steps."""

    moments: tuple[MomentInSmall, ...]
    gaps: tuple[LineHere, ...]
    orphans: tuple[LineHere, ...]
    waits: tuple[Waits, ...]


def overview(viewer: "Person", plan: Plan) -> Overview:
    """The first page of a plan; no query where nothing changed, one where it is in action."""
    what = ("overview of a plan", plan.pk)
    seen = keep(what, as_of=as_written(plan), read=partial(_overview, plan))
    waits = _waits(viewer, plan) if plan.state == PlanState.STARTED else ()
    return replace(seen, waits=waits)


def _overview(plan: Plan) -> Overview:
    found = rows(_MOMENTS, plan.pk)
    moments = tuple(MomentInSmall(ref, at, name, not met) for ref, at, name, met in found)
    return Overview(moments, *first_loose(plan, most=FEW), ())


def _waits(viewer: "Person", plan: Plan) -> tuple[Waits, ...]:
    """Asks to raise wait for those served; asks raised, for the side whose move is next."""
    found: Counter[tuple[int, str]] = Counter()
    lines = ("lines of a plan that may wait", plan.pk)
    given = keep(lines, as_of=as_written(plan), read=partial(_may_wait, plan))
    asked = {ask for _party, _provider, ask in given if ask}
    states = dict(spine.visible(viewer).filter(ref__in=asked).values_list("ref", "state"))
    for party, provider, ask in given:
        if not ask:
            found[party, "ask"] += 1
        elif what := SERVING.get(State(states.get(ask, State.SETTLED))):
            found[provider or 0, what] += 1
        elif what := ASKING.get(State(states.get(ask, State.SETTLED))):
            found[party, what] += 1
    known = graph.snapshot().party
    waits = [Waits(known[key], what, n) for (key, what), n in found.items() if key in known]
    return tuple(sorted(waits, key=lambda each: (each.what, graph.full_name(each.party))))


def _may_wait(plan: Plan) -> tuple[tuple[int, int | None, str], ...]:
    """Lines that somebody gives, and that are on paper or became an ask."""
    return tuple((party, provider, ask) for party, provider, ask in rows(_MAY_WAIT, plan.pk))
