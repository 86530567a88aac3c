"""Rounds: all write before anybody reads; marks, building on, listening, and the host's answer."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from upturn.exchange.commands.guarding import Checked, pass_guard
from upturn.exchange.commands.holding import (
    HEX_16,
    acting,
    convening,
    held,
    in_each,
    log,
    log_nobody,
)
from upturn.exchange.commands.hosting import tidy
from upturn.exchange.commands.refusals import Braked, NotOpen, NotYours, told
from upturn.exchange.engine import (
    Act,
    Incomplete,
    ListeningStep,
    MoveRefused,
    answer_by,
    gone_on,
    may_take,
    reveal,
)
from upturn.exchange.engine import RoundPhase as Phase
from upturn.exchange.models import (
    Exchange,
    ExchangeParty,
    ExchangeState,
    Part,
    Post,
    Round,
    RoundKind,
    RoundPhase,
    Topic,
    Turn,
)
from upturn.exchange.queries.rounds import (
    answers_as_host,
    asked_of,
    round_by_ref,
    topic_by_ref,
    turns_of,
)
from upturn.exchange.queries.sight import Viewer, is_open
from upturn.exchange.queries.sittings import Sitting
from upturn.record.keys import ref_of
from upturn.record.proofs import hash_of

WORDS_MOST, QUESTION_MOST, ANSWER_MOST = 1200, 300, 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundDraft:
    """A round before it is opened; `key` is drawn when the form opens."""

    key: str
    topic: str
    kind: str
    question: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PostDraft:
    """What a company writes: `ref` and `key` are drawn on its device, the key stays there."""

    ref: str
    key: str
    words: str


def on_behalf(viewer: Viewer, exchange: Exchange, act: Act) -> Exchange:
    """Hold an exchange for who keeps it, or for a company that may act in it."""
    if isinstance(viewer, Sitting):
        return acting(viewer, act)[0]
    row = convening(viewer, exchange)
    if not is_open(row):
        raise NotOpen
    return row


@transaction.atomic
def open_round(viewer: Viewer, draft: RoundDraft, checked: Checked, *, now: datetime) -> Round:
    """Open a round on a topic, or find it if this draft was sent before.

    Raises
    ------
    Topic.DoesNotExist, Braked, Incomplete, GuardStopped, RulesBroken
        And what `acting` raises.
    """
    topic = topic_by_ref(viewer, draft.topic)
    exchange = on_behalf(viewer, topic.exchange, Act.POST)
    ref = ref_of(f"round {exchange.ref} {draft.key}", letters=16)
    if found := Round.objects.filter(ref=ref).first():
        return found
    question = tidy(draft.question, most=QUESTION_MOST)
    if not question or not draft.key or draft.kind not in RoundKind.values or draft.until <= now:
        raise Incomplete(told(_("A round needs a question, and time to answer it.")))
    _check_free(topic)
    pass_guard(exchange, checked, question)
    made = Round.objects.create(
        topic=topic,
        ref=ref,
        kind=draft.kind,
        question=question,
        until=draft.until,
        asked_on=timezone.localdate(now),
    )
    log(viewer, "open round", exchange)
    return made


def _check_free(topic: Topic) -> None:
    if Topic.objects.filter(pk=topic.pk, stopped_on__isnull=False).exists():
        raise Braked


def held_round(viewer: Viewer, ref: str) -> Round:
    """Hold a round in the viewer's sight until the change commits."""
    seen = round_by_ref(viewer, ref)
    rows = Round.objects.select_for_update(of=("self",)).select_related("topic__exchange")
    return rows.get(pk=seen.pk)


@transaction.atomic
def hand_in(
    sitting: Sitting, ref: str, draft: PostDraft, checked: Checked, *, now: datetime
) -> Round:
    """Hand in an answer or an idea; the same again changes nothing.

    In a round about the host nothing tells which company wrote it. When the last one has handed
    in, everybody reads.

    Raises
    ------
    Round.DoesNotExist, Braked, NotYours, Incomplete, GuardStopped, RulesBroken
        And what `acting` raises.
    """
    exchange, party = acting(sitting, Act.POST)
    row = held_round(sitting, ref)
    if _again(row, draft):
        return row
    _check_free(row.topic)
    asked = asked_of(row)
    if row.phase != RoundPhase.WRITE or reveal(asked, now):
        raise NotYours(told(_("Writing time is over, so this was not handed in. It stays here.")))
    part, _new = Part.objects.get_or_create(round=row, party=party)
    if part.answered and row.kind != RoundKind.BRAINSTORM:
        raise NotYours(told(_("Your company has answered. Take that back first.")))
    _store(exchange, row, party, draft, checked)
    Part.objects.filter(pk=part.pk).update(answered=True)
    _said(sitting, row, exchange, "hand in")
    everybody = party.ref in asked.members and asked.members <= asked.answered | {party.ref}
    if everybody and row.kind != RoundKind.BRAINSTORM:
        _go(row, Phase.READ, now=now)
    return row


def _said(sitting: Sitting, row: Round, exchange: Exchange, verb: str) -> None:
    if row.kind == RoundKind.HOST:
        log_nobody(verb, exchange)
    else:
        log(sitting, verb, exchange)


def _again(row: Round, draft: PostDraft) -> bool:
    """Whether the very same came before; another's reference is refused."""
    found = Post.objects.filter(ref=draft.ref).first()
    if found is None:
        return False
    if found.round_id != row.pk or found.key_hash != hash_of(draft.key):
        raise NotYours(told(_("This is not your company’s. Nothing was changed.")))
    return True


def _store(
    exchange: Exchange, row: Round, party: ExchangeParty, draft: PostDraft, checked: Checked
) -> Post:
    words = draft.words.strip()
    if not HEX_16.fullmatch(draft.ref) or len(draft.key) < 16 or not 0 < len(words) <= WORDS_MOST:
        said = _("Write one to {most} characters; nothing was handed in yet.")
        raise Incomplete(told(said, most=WORDS_MOST))
    pass_guard(exchange, checked, words)
    return Post.objects.create(
        round=row,
        ref=draft.ref,
        key_hash=hash_of(draft.key),
        party=None if row.kind == RoundKind.HOST else party,
        words=words,
    )


@transaction.atomic
def build_on(sitting: Sitting, ref: str, post: str, draft: PostDraft, checked: Checked) -> Round:
    """Build on an idea while ideas are built on; the same again changes nothing.

    Raises
    ------
    Round.DoesNotExist, Post.DoesNotExist, Braked, NotYours, Incomplete, GuardStopped, RulesBroken
        And what `acting` raises.
    """
    exchange, party = acting(sitting, Act.POST)
    row = held_round(sitting, ref)
    if _again(row, draft):
        return row
    _check_free(row.topic)
    if row.phase != RoundPhase.BUILD:
        raise NotYours(told(_("Ideas are not built on now. Look where the round stands.")))
    idea = row.posts.get(ref=post, pulled_on__isnull=True)
    made = _store(exchange, row, party, draft, checked)
    Post.objects.filter(pk=made.pk).update(builds_on=idea)
    log(sitting, "build on", exchange)
    return row


@transaction.atomic
def mark_us_too(sitting: Sitting, ref: str, posts: tuple[str, ...]) -> Round:
    """Say once what holds for the own company as well; counts are kept, and not whose they are.

    In a brainstorm this is how ideas are weighed, after they rested.

    Raises
    ------
    Round.DoesNotExist, Braked, NotYours
        And what `acting` raises.
    """
    exchange, party = acting(sitting, Act.US_TOO)
    row = held_round(sitting, ref)
    _check_free(row.topic)
    due = RoundPhase.WEIGH if row.kind == RoundKind.BRAINSTORM else RoundPhase.READ
    part, _new = Part.objects.get_or_create(round=row, party=party)
    if row.phase != due or part.marked:
        raise NotYours(told(_("Marks are set once, while everybody reads and before it is over.")))
    chosen = row.posts.filter(ref__in=posts, pulled_on__isnull=True)
    chosen.update(us_too=F("us_too") + 1)
    part.marked = True
    part.save(update_fields=["marked"])
    log_nobody("mark us too", exchange)
    return row


@transaction.atomic
def pull(sitting: Sitting, ref: str, post: str, *, key: str, today: date) -> None:
    """Take back what was said: its words go, and whoever has the key alone can do it.

    While everybody still writes, the company may then answer anew.

    Raises
    ------
    Round.DoesNotExist, Post.DoesNotExist
        And what `acting` raises.
    """
    exchange, party = acting(sitting, Act.LEAVE)
    row = held_round(sitting, ref)
    found = row.posts.get(ref=post, key_hash=hash_of(key))
    if row.phase == RoundPhase.WRITE and row.kind != RoundKind.BRAINSTORM:
        row.parts.filter(party=party).update(answered=False)
    found.words, found.pulled_on, found.us_too = "", today, 0
    found.save(update_fields=["words", "pulled_on", "us_too"])
    log_nobody("pull post", exchange)


@transaction.atomic
def take_turn(sitting: Sitting, ref: str, step: str) -> Round:
    """Take a step of strategic listening; nobody replies before saying it again.

    Raises
    ------
    Round.DoesNotExist, Braked, MoveRefused
        And what `acting` raises.
    """
    exchange, party = acting(sitting, Act.POST)
    row = held_round(sitting, ref)
    _check_free(row.topic)
    turns = turns_of(row)
    fits = row.kind == RoundKind.LISTENING and row.phase != RoundPhase.OVER
    known = step in set(ListeningStep)
    if not fits or not known or not may_take(turns, ListeningStep(step), party=str(party.pk)):
        raise MoveRefused(
            told(_("This step is not yours now. Say again what you heard before you reply.")),
            code="not_your_turn",
        )
    Turn.objects.create(round=row, number=len(turns) + 1, step=step, party=party)
    log(sitting, "take turn", exchange)
    return row


@transaction.atomic
def go_on(viewer: Viewer, ref: str, to: str, *, now: datetime) -> Round:
    """Take a round on to its next phase: who keeps the exchange, or a company that takes part.

    Raises
    ------
    Round.DoesNotExist, MoveRefused
        And what `acting` raises.
    """
    seen = round_by_ref(viewer, ref)
    exchange = on_behalf(viewer, seen.topic.exchange, Act.POST)
    row = held_round(viewer, ref)
    if to not in RoundPhase.values:
        raise MoveRefused(told(_("There is no such phase.")), code="not_next")
    _go(row, Phase(to), now=now)
    log(viewer, "round goes on", exchange)
    return row


def _go(row: Round, to: Phase, *, now: datetime) -> None:
    local = timezone.localtime(now)
    gone = gone_on(asked_of(row), to, now=local)
    row.phase, row.rests_until, row.turn = gone.phase.value, gone.rests_until, row.turn + 1
    if row.kind == RoundKind.HOST and to is Phase.READ:
        row.answer_by = answer_by(timezone.localdate(now))
    row.save(update_fields=["phase", "rests_until", "turn", "answer_by"])


def reveal_due(now: datetime) -> int:
    """Open the rounds whose writing time is over, where nothing stands against it."""
    rows = Round.objects.filter(phase=RoundPhase.WRITE, until__lte=now)
    due = rows.filter(topic__exchange__state=ExchangeState.OPEN, topic__stopped_on__isnull=True)
    return in_each(due, "topic__exchange", partial(_reveal, now=now))


@transaction.atomic
def _reveal(pk: int, exchange_pk: int, *, now: datetime) -> bool:
    exchange = held(exchange_pk)
    rows = Round.objects.select_for_update(of=("self",)).select_related("topic__exchange")
    row = rows.get(pk=pk)
    try:
        _go(row, Phase.READ, now=now)
    except MoveRefused:
        return False
    log_nobody("reveal round", exchange)
    return True


@transaction.atomic
def answer_as_host(
    viewer: Viewer, ref: str, checked: Checked, *, answer: str, today: date
) -> Round:
    """Answer what was said about the host: the client, or whoever keeps an exchange without one.

    Raises
    ------
    Round.DoesNotExist, NotYours, Incomplete, GuardStopped, RulesBroken
    """
    seen = round_by_ref(viewer, ref)
    exchange = on_behalf(viewer, seen.topic.exchange, Act.READ)
    row = held_round(viewer, ref)
    is_host = answers_as_host(viewer, exchange)
    if not is_host or row.kind != RoundKind.HOST or row.phase == RoundPhase.WRITE:
        raise NotYours(told(_("The one who was asked about answers, once everybody has read.")))
    said = answer.strip()
    if not 0 < len(said) <= ANSWER_MOST:
        raise Incomplete(told(_("An answer needs words.")))
    pass_guard(exchange, checked, said)
    row.answer, row.answered_on = said, row.answered_on or today
    row.save(update_fields=["answer", "answered_on"])
    log(viewer, "answer as host", exchange)
    return row
