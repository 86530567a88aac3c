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
from upturn.exchange.models import Decision, Dissent, Exchange, ExchangeParty
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
    """What a company does in a joint plan and wins by it, or that it openly takes no part."""

    company: str
    words: str
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
    gaps : tuple of Gap
        Which cells of a joint plan are empty.
    open : str
        Why it does not close yet, as a code; empty if it could, or has.
    own : str
        The viewer's own position; empty for none.
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
    gaps: tuple[Gap, ...]
    open: str
    own: str
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


def _names(row: Decision) -> dict[int, str]:
    rows = ExchangeParty.objects.filter(exchange=row.topic.exchange)
    return dict(rows.values_list("pk", "name"))


def _seen(viewer: Viewer, row: Decision) -> DecisionSeen:
    names = _names(row)
    party = viewer.party if isinstance(viewer, Sitting) else None
    stood = list(row.stands.order_by("pk"))
    asked = asked_of(row)
    why = None if row.closed_on else why_not_close(asked)
    parts = row.parts.order_by("party")
    return DecisionSeen(
        ref=row.ref,
        topic=row.topic.ref,
        words=row.words,
        collective=row.collective,
        customer_outcome=row.customer_outcome,
        until=row.until,
        standing=Outcome(row.outcome) if row.outcome else stands(asked),
        positions=tuple((names[each.party_id], each.position, each.reason) for each in stood),
        dissents=tuple(_dissent(each, names, party) for each in row.dissents.order_by("pk")),
        parts=tuple(
            PartSeen(names[each.party_id], each.words, each.win, each.abstains, each.starts_on)
            for each in parts
        ),
        gaps=gaps_of(row),
        open=why.value if why else "",
        own=next((each.position for each in stood if each.party_id == party), ""),
        closed_on=row.closed_on,
        review_on=row.review_on,
    )


def _dissent(row: Dissent, names: dict[int, str], party: int | None) -> DissentSeen:
    company = names.get(row.party_id, "") if row.party_id is not None else ""
    own = row.party_id is not None and row.party_id == party
    return DissentSeen(row.pk, company, row.words, row.would_change, row.answer, own)


def deciders(row: Decision) -> dict[int, str]:
    """Give the companies that decide: those that take part and do not pause."""
    rows = members_of(row.topic.exchange).filter(suspended=False)
    return dict(rows.values_list("pk", "ref"))


def asked_of(row: Decision) -> Asked:
    """Give a decision as the engine knows it; companies by their references."""
    here = deciders(row)
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


def plan_of(row: Decision) -> JointPlan:
    """Give a joint plan as the engine knows it."""
    return _plan_of(row, deciders(row))


def _plan_of(row: Decision, here: dict[int, str]) -> JointPlan:
    parts = {
        here[each.party_id]: PlannedPart(each.words, each.win, each.abstains)
        for each in row.parts.filter(party__in=here)
    }
    return JointPlan(row.customer_outcome, parts)


def gaps_of(row: Decision) -> tuple[Gap, ...]:
    """List what keeps a plan from being collective: empty cells, and parts against rule 18."""
    if not row.collective:
        return ()
    here = deciders(row)
    plan = _plan_of(row, here)
    against = tuple(Gap("rule_18", party) for party in broken(plan))
    return (*gaps(plan, members=here.values()), *against)


def still_silent(viewer: Viewer, ref: str) -> tuple[str, ...]:
    """Name the companies that have taken no position; silence is no consent."""
    row = decision_by_ref(viewer, ref)
    stood = set(row.stands.values_list("party", flat=True))
    names = _names(row)
    return tuple(names[pk] for pk in deciders(row) if pk not in stood)


def gaps_named(viewer: Viewer, ref: str) -> tuple[tuple[str, str], ...]:
    """List what keeps a joint plan from being one: a code, and the company it is about if any."""
    row = decision_by_ref(viewer, ref)
    names, here = _names(row), deciders(row)
    by_ref = {party: names[pk] for pk, party in here.items()}
    return tuple((gap.code, by_ref.get(gap.party, "")) for gap in gaps_of(row))


def may_be_unnamed(viewer: Viewer, ref: str) -> bool:
    """Whether enough companies decide for a concern to have nobody's name."""
    return len(deciders(decision_by_ref(viewer, ref))) >= UNNAMED


def own_part(viewer: Viewer, ref: str) -> PartSeen | None:
    """Give what the viewer's company said it does in a joint plan."""
    row = decision_by_ref(viewer, ref)
    if not isinstance(viewer, Sitting):
        return None
    found = row.parts.filter(party=viewer.party).select_related("party").first()
    if found is None:
        return None
    return PartSeen(found.party.name, found.words, found.win, found.abstains, found.starts_on)
