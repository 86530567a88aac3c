"""Decisions with their positions and dissent, joint plans and what is still empty in them."""

from dataclasses import dataclass
from datetime import date, datetime

from upturn.exchange.engine import (
    Decision as Asked,
)
from upturn.exchange.engine import (
    Dissent as Said,
)
from upturn.exchange.engine import (
    Gap,
    JointPlan,
    Outcome,
    PlannedPart,
    Position,
    broken,
    gaps,
    stands,
    why_not_close,
)
from upturn.exchange.engine.rounds import UNNAMED
from upturn.exchange.models import Decision, Dissent, Exchange, ExchangeParty, PlanPart
from upturn.exchange.queries.joint_plans import PlanSeen, plan_seen
from upturn.exchange.queries.sight import Viewer, check_inside, exchanges_inside, members_of
from upturn.exchange.queries.sittings import Sitting


@dataclass(frozen=True, slots=True)
class DissentSeen:
    """What speaks against it; `company` is empty where nobody's name is on it."""

    pk: int
    company: str
    words: str
    would_change: str
    answer: str
    own: bool


@dataclass(frozen=True, slots=True)
class PartSeen:
    """What a company does in a joint plan, for the customer and for itself, or that it does not.

    Parts that were said before the customer was asked for have an empty `customer`.
    """

    company: str
    words: str
    customer: str
    win: str
    abstains: bool
    starts_on: date | None


@dataclass(frozen=True, slots=True)
class DecisionSeen:
    """A decision as it stands.

    Parameters
    ----------
    ref, topic, words, customer_outcome : str
    collective : bool
    until : datetime
    standing : Outcome
    positions : tuple of (company, position, reason)
    dissents : tuple of DissentSeen
    parts : tuple of PartSeen
    plan : PlanSeen
        What a joint plan carries beside its parts.
    gaps : tuple of Gap
        Which cells of a joint plan are empty.
    lacks : tuple of (code, company)
        The same for a page: what keeps it from being one, and the name it is about if any.
    silent : tuple of str
        Who has taken no position; silence is no consent.
    unnamed : bool
        Whether enough companies decide for a concern to have nobody's name.
    open : str
        Why it does not close yet, as a code; empty if it could, or has.
    own : str
        The viewer's own position; empty for none.
    own_part : PartSeen or None
        What the viewer's company said it does in a joint plan.
    closed_on, review_on : date or None
    """

    ref: str
    topic: str
    words: str
    collective: bool
    customer_outcome: str
    until: datetime
    standing: Outcome
    positions: tuple[tuple[str, str, str], ...]
    dissents: tuple[DissentSeen, ...]
    parts: tuple[PartSeen, ...]
    plan: PlanSeen
    gaps: tuple[Gap, ...]
    lacks: tuple[tuple[str, str], ...]
    silent: tuple[str, ...]
    unnamed: bool
    open: str
    own: str
    own_part: PartSeen | None
    closed_on: date | None
    review_on: date | None


def decisions(
    viewer: Viewer, exchange: Exchange, *, running: bool = False
) -> tuple[DecisionSeen, ...]:
    """List the decisions of an exchange, the newest first; or those alone that are not closed."""
    check_inside(viewer, exchange)
    rows = Decision.objects.filter(topic__exchange=exchange).select_related("topic__exchange")
    if running:
        rows = rows.filter(closed_on__isnull=True)
    return tuple(_seen(viewer, row) for row in rows.order_by("-until", "-pk"))


def decision_by_ref(viewer: Viewer, ref: str) -> Decision:
    """Find a decision; raise Decision.DoesNotExist, also where the viewer may not read inside."""
    rows = Decision.objects.select_related("topic__exchange")
    return rows.get(ref=ref, topic__exchange__in=exchanges_inside(viewer))


def decision_seen(viewer: Viewer, ref: str) -> DecisionSeen:
    """Give one decision."""
    return _seen(viewer, decision_by_ref(viewer, ref))


def _seen(viewer: Viewer, row: Decision) -> DecisionSeen:
    here = deciders(row)
    party = viewer.party if isinstance(viewer, Sitting) else None
    everybody = ExchangeParty.objects.filter(exchange=row.topic.exchange)
    names = dict(everybody.values_list("pk", "name"))
    stood = {each.party_id: each for each in row.stands.order_by("pk")}
    parts = {each.party_id: _part(each, names) for each in row.parts.order_by("party")}
    asked, empty = asked_of(row, here), gaps_of(row, here)
    why = None if row.closed_on else why_not_close(asked)
    return DecisionSeen(
        ref=row.ref,
        topic=row.topic.ref,
        words=row.words,
        collective=row.collective,
        customer_outcome=row.customer_outcome,
        until=row.until,
        standing=Outcome(row.outcome) if row.outcome else stands(asked),
        positions=tuple((names[pk], each.position, each.reason) for pk, each in stood.items()),
        dissents=tuple(_dissent(each, names, party) for each in row.dissents.order_by("pk")),
        parts=tuple(parts.values()),
        plan=plan_seen(row),
        gaps=empty,
        lacks=_named(empty, here, names),
        silent=tuple(names[pk] for pk in here if pk not in stood),
        unnamed=len(here) >= UNNAMED,
        open=why.value if why else "",
        own=stood[party].position if party in stood else "",
        own_part=parts.get(party) if party is not None else None,
        closed_on=row.closed_on,
        review_on=row.review_on,
    )


def _part(row: PlanPart, names: dict[int, str]) -> PartSeen:
    name = names[row.party_id]
    return PartSeen(name, row.words, row.customer, row.win, row.abstains, row.starts_on)


def _dissent(row: Dissent, names: dict[int, str], party: int | None) -> DissentSeen:
    company = names.get(row.party_id, "") if row.party_id is not None else ""
    own = row.party_id is not None and row.party_id == party
    return DissentSeen(row.pk, company, row.words, row.would_change, row.answer, own)


def deciders(row: Decision) -> dict[int, str]:
    """Give the companies that decide: those that take part and do not pause."""
    rows = members_of(row.topic.exchange).filter(suspended=False)
    return dict(rows.values_list("pk", "ref"))


def asked_of(row: Decision, here: dict[int, str] | None = None) -> Asked:
    """Give a decision as the engine knows it; companies by their references."""
    here = deciders(row) if here is None else here
    stood = row.stands.filter(party__in=here)
    return Asked(
        members=frozenset(here.values()),
        positions={here[each.party_id]: Position(each.position) for each in stood},
        dissents=tuple(
            Said(each.words, _ref(each, here), each.would_change, each.answer)
            for each in row.dissents.order_by("pk")
        ),
        slot_read=row.dissent_read_on is not None,
        stopped=row.topic.stopped_on is not None,
        review_on=row.review_on,
        closed_as=Outcome(row.outcome) if row.outcome else None,
    )


def _ref(row: Dissent, here: dict[int, str]) -> str:
    return here.get(row.party_id, "") if row.party_id is not None else ""


def _plan_of(row: Decision, here: dict[int, str]) -> JointPlan:
    parts = {
        here[each.party_id]: PlannedPart(each.words, each.customer, each.win, each.abstains)
        for each in row.parts.filter(party__in=here)
    }
    return JointPlan(row.customer_outcome, parts)


def gaps_of(row: Decision, here: dict[int, str]) -> tuple[Gap, ...]:
    """List what keeps a plan from being collective: empty cells, and parts against rule 18."""
    if not row.collective:
        return ()
    plan = _plan_of(row, here)
    against = tuple(Gap("rule_18", party) for party in broken(plan))
    return (*gaps(plan, members=here.values()), *against)


def lacks_of(row: Decision) -> tuple[tuple[str, str], ...]:
    """Give the same by the names of the companies: codes, each with whom it is about if anybody."""
    here = deciders(row)
    names = dict(ExchangeParty.objects.filter(pk__in=here).values_list("pk", "name"))
    return _named(gaps_of(row, here), here, names)


def _named(
    found: tuple[Gap, ...], here: dict[int, str], names: dict[int, str]
) -> tuple[tuple[str, str], ...]:
    by_ref = {ref: names[pk] for pk, ref in here.items()}
    return tuple((gap.code, by_ref.get(gap.party, "")) for gap in found)
