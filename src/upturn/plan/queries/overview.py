"""A plan at one look: its day in small, what is missing, and what waits for whom."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

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

MOMENT = "moment"
_MOMENTS_AND_WAITING = f"""SELECT '{MOMENT}' AS kind, id, ref, at AS first, 0 AS second, name,
EXISTS (SELECT 1 FROM plan_momentparty WHERE moment_id = moment.id) AS met
FROM plan_daymoment moment WHERE plan_id = %s
UNION ALL SELECT 'line', id, ask_ref, party_id, provider_id, '', FALSE FROM plan_planline
WHERE plan_id = %s AND %s AND "column" = 'have' AND edge_id IS NOT NULL AND state <> 'settled'
AND (state = 'noted' OR ask_ref <> '') ORDER BY first, id"""  # noqa: S608 - a constant


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


class MayWait(NamedTuple):
    """A line that somebody gives, and that is on paper or became an ask."""

    party_id: int
    provider_id: int | None
    ask_ref: str


@dataclass(frozen=True, slots=True)
class Overview:
    """What the first page of a plan shows beside its steps."""

    moments: tuple[MomentInSmall, ...]
    gaps: tuple[LineHere, ...]
    orphans: tuple[LineHere, ...]
    waits: tuple[Waits, ...]


def overview(viewer: "Person", plan: Plan) -> Overview:
    """The first page of a plan; no query where nothing changed, one where it is in action."""
    what, as_of = ("overview of a plan", plan.pk), (plan.state, *as_written(plan))
    seen, may_wait = keep(what, as_of=as_of, read=partial(_overview, plan))
    return replace(seen, waits=_waits(viewer, may_wait))


def _overview(plan: Plan) -> tuple[Overview, tuple[MayWait, ...]]:
    moments, lines, acting = [], [], plan.state == PlanState.STARTED
    for kind, _id, ref, first, second, name, met in rows(
        _MOMENTS_AND_WAITING, plan.pk, plan.pk, acting
    ):
        if kind == MOMENT:
            moments.append(MomentInSmall(ref, first, name, not met))
        else:
            lines.append(MayWait(first, second, ref))
    return Overview(tuple(moments), *first_loose(plan, most=FEW), ()), tuple(lines)


def _waits(viewer: "Person", given: Sequence[MayWait]) -> tuple[Waits, ...]:
    """Asks to raise wait for those served; asks raised, for the side whose move is next."""
    found: Counter[tuple[int, str]] = Counter()
    asked = {line.ask_ref for line in given if line.ask_ref}
    states = _states(viewer, asked)
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


def _states(viewer: "Person", asks: Collection[str]) -> dict[str, str]:
    if not asks:
        return {}
    return dict(spine.visible(viewer).filter(ref__in=asks).values_list("ref", "state"))
