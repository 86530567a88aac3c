"""Proposals, positions and dissent, and joint plans in which each company says its own part."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from upturn.exchange.commands.guarding import Checked, pass_guard
from upturn.exchange.commands.holding import acting, log, log_nobody
from upturn.exchange.commands.hosting import tidy
from upturn.exchange.commands.joint_plans import check_counsel, check_plan, set_weeks
from upturn.exchange.commands.refusals import Braked, NotWhole, NotYours, told
from upturn.exchange.commands.rounds import on_behalf
from upturn.exchange.engine import (
    Act,
    AskedPromise,
    Incomplete,
    check_promise,
    closed,
    dissent_answered,
    dissented,
    positioned,
)
from upturn.exchange.engine import Dissent as Said
from upturn.exchange.engine import Position as Taken
from upturn.exchange.engine import dissent_read as read_out
from upturn.exchange.models import Decision, Dissent, ExchangeParty, PlanPart, Position, Stand
from upturn.exchange.queries.decisions import asked_of, deciders, decision_by_ref, lacks_of
from upturn.exchange.queries.rounds import topic_by_ref
from upturn.exchange.queries.sight import Viewer
from upturn.exchange.queries.sittings import Sitting
from upturn.record.keys import ref_of

WORDS_MOST, SHORT_MOST = 600, 300


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionDraft:
    """A proposal before it is made; a joint plan names what gets better for customers.

    `focus` is when a joint plan's week is held, not before `focus_from`; `seed` is for its lots.
    `product` says that the companies make something together.
    """

    key: str
    topic: str
    words: str
    until: datetime
    collective: bool = False
    customer_outcome: str = ""
    focus: str = ""
    focus_from: date | None = None
    seed: int = 0
    product: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a company stands; what speaks against it, and what would change its mind."""

    position: str
    words: str = ""
    would_change: str = ""


@transaction.atomic
def propose(sitting: Sitting, draft: DecisionDraft, checked: Checked, *, now: datetime) -> Decision:
    """Propose something to all, or find it if this draft was sent before.

    Raises
    ------
    Topic.DoesNotExist, Braked, NotYours, Incomplete, GuardStopped, RulesBroken
        And what `acting` raises; joint plans are for the highest rung.
    """
    exchange, party = acting(sitting, Act.TAKE_PART if draft.collective else Act.POST)
    topic = topic_by_ref(sitting, draft.topic)
    ref = ref_of(f"decision {party.ref} {draft.key}", letters=16)
    if found := Decision.objects.filter(ref=ref).first():
        return found
    words = draft.words.strip()[:WORDS_MOST]
    outcome = tidy(draft.customer_outcome, most=SHORT_MOST)
    if not words or not draft.key or draft.until <= now:
        raise Incomplete(told(_("A proposal needs words, and time to think about it.")))
    check_plan(exchange, draft, today=timezone.localdate(now))
    if topic.stopped_on is not None:
        raise Braked
    pass_guard(exchange, checked, words, outcome)
    made = Decision.objects.create(
        topic=topic,
        ref=ref,
        words=words,
        collective=draft.collective,
        customer_outcome=outcome,
        until=draft.until,
        focus=draft.focus,
        focus_from=draft.focus_from if draft.focus else None,
        focus_seed=draft.seed if draft.focus else None,
        product=draft.product,
    )
    log(sitting, "propose", exchange)
    return made


def _held(seen: Decision) -> Decision:
    rows = Decision.objects.select_for_update(of=("self",)).select_related("topic__exchange")
    return rows.get(pk=seen.pk)


@transaction.atomic
def take_position(sitting: Sitting, ref: str, standing: Standing, checked: Checked) -> Decision:
    """Take a position by name; a concern or an objection stays as dissent for good.

    Raises
    ------
    Decision.DoesNotExist, MoveRefused, Incomplete, GuardStopped, RulesBroken
        And what `acting` raises.
    """
    exchange, party = acting(sitting, Act.DISSENT)
    row = _held(decision_by_ref(sitting, ref))
    if standing.position not in Position.values:
        raise Incomplete(told(_("Say where you stand: consent, concern or objection.")))
    words, change = standing.words.strip(), tidy(standing.would_change, most=SHORT_MOST)
    positioned(
        asked_of(row),
        Taken(standing.position),
        party=party.ref,
        words=words,
        would_change=change,
    )
    _check_length(words)
    pass_guard(exchange, checked, words, change)
    Stand.objects.update_or_create(
        decision=row,
        party=party,
        defaults={"position": standing.position, "reason": words},
    )
    if standing.position != Position.CONSENT:
        _add_dissent(row, words=words, would_change=change, party=party.pk)
    log(sitting, "take position", exchange)
    return row


def _check_length(words: str) -> None:
    if len(words) > WORDS_MOST:
        said = _("Say it in at most {most} characters.")
        raise Incomplete(told(said, most=WORDS_MOST))


def _add_dissent(row: Decision, *, words: str, would_change: str, party: int | None) -> None:
    """Put what speaks against it beside the rest, once; the slot is to be read anew."""
    _dissent, new = Dissent.objects.get_or_create(
        decision=row, party_id=party, words=words, would_change=would_change
    )
    if new:
        row.dissent_read_on, row.turn = None, row.turn + 1
        row.save(update_fields=["dissent_read_on", "turn"])


@transaction.atomic
def concern(
    sitting: Sitting, ref: str, checked: Checked, *, words: str, would_change: str = ""
) -> Decision:
    """Say what speaks against it without a name; only where five members could have.

    Raises
    ------
    Decision.DoesNotExist, MoveRefused, Incomplete, GuardStopped, RulesBroken
        And what `acting` raises.
    """
    exchange, _party = acting(sitting, Act.DISSENT)
    row = _held(decision_by_ref(sitting, ref))
    said, change = words.strip(), tidy(would_change, most=SHORT_MOST)
    dissented(asked_of(row), Said(said, "", change))
    _check_length(said)
    pass_guard(exchange, checked, said, change)
    _add_dissent(row, words=said, would_change=change, party=None)
    log_nobody("concern", exchange)
    return row


@transaction.atomic
def read_dissent(viewer: Viewer, ref: str, *, today: date) -> Decision:
    """Say that all read what speaks against it, be it nothing; whatever comes later is unread.

    Raises
    ------
    Decision.DoesNotExist, MoveRefused
        And what `acting` raises.
    """
    seen = decision_by_ref(viewer, ref)
    exchange = on_behalf(viewer, seen.topic.exchange, Act.DISSENT)
    row = _held(seen)
    read_out(asked_of(row))
    row.dissent_read_on = today
    row.save(update_fields=["dissent_read_on"])
    log(viewer, "read dissent", exchange)
    return row


@transaction.atomic
def answer_dissent(
    viewer: Viewer, ref: str, dissent: int, checked: Checked, *, answer: str, today: date
) -> Decision:
    """Answer what speaks against it; nobody answers the own dissent, and it stays as it is.

    Raises
    ------
    Decision.DoesNotExist, Dissent.DoesNotExist, MoveRefused, Incomplete, GuardStopped, RulesBroken
        And what `acting` raises.
    """
    seen = decision_by_ref(viewer, ref)
    exchange = on_behalf(viewer, seen.topic.exchange, Act.DISSENT)
    row = _held(seen)
    found = row.dissents.get(pk=dissent)
    at = list(row.dissents.order_by("pk").values_list("pk", flat=True)).index(found.pk)
    by = viewer.party_ref if isinstance(viewer, Sitting) else "host"
    said = answer.strip()
    dissent_answered(asked_of(row), at, answer=said, by=by)
    _check_length(said)
    pass_guard(exchange, checked, said)
    found.answer, found.answered_on = said, today
    found.save(update_fields=["answer", "answered_on"])
    log(viewer, "answer dissent", exchange)
    return row


@transaction.atomic
def close_decision(
    viewer: Viewer, ref: str, *, today: date, review_on: date | None = None
) -> Decision:
    """Close a decision as it stands; with dissent, say when it is looked at again.

    The lots of a joint plan's focus week are drawn here, among those that take part.

    Raises
    ------
    Decision.DoesNotExist, MoveRefused
    NotReady
        If a joint plan has empty cells, each with its company, or its product waits for counsel.
        And what `acting` raises.
    """
    seen = decision_by_ref(viewer, ref)
    exchange = on_behalf(viewer, seen.topic.exchange, Act.POST)
    row = _held(seen)
    if not row.outcome:
        row.review_on = review_on
    ended = closed(asked_of(row)).closed_as
    if lacks := lacks_of(row):
        raise NotWhole(lacks)
    check_counsel(row, ended)
    row.outcome, row.closed_on, row.turn = str(ended), today, row.turn + 1
    row.save(update_fields=["outcome", "closed_on", "review_on", "turn"])
    set_weeks(row, today=today)
    log(viewer, "close decision", exchange)
    return row


@dataclass(frozen=True, slots=True, kw_only=True)
class PartDraft:
    """What a company does by itself in a joint plan, for whom and for what, or that it does not.

    `customer` is what the customer gets by it. Where the plan has a focus week, that is its start.
    """

    words: str = ""
    customer: str = ""
    win: str = ""
    abstains: bool = False
    starts_on: date | None = None


@transaction.atomic
def add_part(sitting: Sitting, ref: str, draft: PartDraft, checked: Checked) -> PlanPart:
    """Say the own part in a joint plan, or openly abstain; nobody is asked to do the same.

    Raises
    ------
    Decision.DoesNotExist, Braked, NotYours, Incomplete, GuardStopped, RulesBroken
        And what `acting` raises; abstaining is open to every rung.
    """
    exchange, party = acting(sitting, Act.DISSENT if draft.abstains else Act.TAKE_PART)
    row = _held(decision_by_ref(sitting, ref))
    if row.topic.stopped_on is not None:
        raise Braked
    if not row.collective or row.outcome or party.pk not in deciders(row):
        raise NotYours(told(_("This is no joint plan that is still open.")))
    said = dict.fromkeys(("words", "customer", "win"), "")
    if not draft.abstains:
        said = {name: tidy(getattr(draft, name), most=SHORT_MOST) for name in said}
        _check_part(said, party=party)
        pass_guard(exchange, checked, *said.values())
    begins = None if draft.abstains or row.focus else draft.starts_on
    part, _new = PlanPart.objects.update_or_create(
        decision=row,
        party=party,
        defaults={**said, "abstains": draft.abstains, "starts_on": begins},
    )
    log(sitting, "abstain" if draft.abstains else "add part", exchange)
    return part


def _check_part(said: Mapping[str, str], *, party: ExchangeParty) -> None:
    """Refuse a part that is not whole, or that speaks for others."""
    if not all(said.values()):
        cells = _("{company}: say what you do, what the customer gets by it, what you win by it.")
        both = told("{} {}", told(cells, company=party.name), _("Or abstain openly."))
        raise Incomplete(both)
    check_promise(AskedPromise(companies=(party.ref,), words=said["words"])).settle()
