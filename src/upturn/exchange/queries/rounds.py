"""Topics, rounds and what was said in them, once it is for everybody to read."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from upturn.exchange.engine import (
    ROUTES,
    HostClock,
    ListeningStep,
    ListeningTurn,
    MoveRefused,
    gone_on,
    host_clock,
    may_take,
)
from upturn.exchange.engine import Round as Asked
from upturn.exchange.engine import RoundKind as Kind
from upturn.exchange.engine import RoundPhase as Phase
from upturn.exchange.engine.rounds import UNNAMED
from upturn.exchange.models import (
    Brake,
    Exchange,
    ExchangeParty,
    Objection,
    Post,
    Round,
    RoundKind,
    RoundPhase,
    Topic,
)
from upturn.exchange.queries.sight import (
    Viewer,
    check_inside,
    exchanges_inside,
    has_client,
    is_client,
    may_convene,
    members_of,
)
from upturn.exchange.queries.sittings import Sitting
from upturn.stats.figures import Withheld


@dataclass(frozen=True, slots=True)
class TopicSeen:
    """A topic; where the brakes are on, since when and why, and never by whom.

    `objections` are those put on record by their own will: (company or empty, words, day).
    """

    ref: str
    name: str
    stopped_on: date | None
    reasons: tuple[str, ...]
    objections: tuple[tuple[str, str, date], ...]


@dataclass(frozen=True, slots=True)
class PostSeen:
    """An answer or an idea; `us_too` is counted from five companies, when marking is over."""

    ref: str
    words: str
    company: str
    builds_on: str
    us_too: int | Withheld


@dataclass(frozen=True, slots=True)
class RoundSeen:
    """A round as it stands for a viewer.

    Parameters
    ----------
    ref, topic, kind, question, phase : str
    until : datetime
    rests_until : datetime or None
    answered, members : int
        How many companies handed in, of how many.
    own : bool
        Whether the viewer's company handed in.
    marked : bool
        Whether it set its marks.
    posts : tuple of PostSeen
        Empty until everybody reads.
    clock : HostClock or None
        Where the host's answer stands, in a round about the host.
    answer_by : date or None
    answer : str
    turns : tuple of (str, str)
        Strategic listening: the step and who took it; never what was said.
    """

    ref: str
    topic: str
    kind: str
    question: str
    phase: str
    until: datetime
    rests_until: datetime | None
    answered: int
    members: int
    own: bool
    marked: bool
    posts: tuple[PostSeen, ...]
    clock: HostClock | None
    answer_by: date | None
    answer: str
    turns: tuple[tuple[str, str], ...]

    @property
    def takes_marks(self) -> bool:
        """Whether companies set marks now: on ideas once they rested, on others while all read."""
        ideas = self.kind == RoundKind.BRAINSTORM
        return self.phase == (RoundPhase.WEIGH if ideas else RoundPhase.READ)


def topics(viewer: Viewer, exchange: Exchange) -> tuple[TopicSeen, ...]:
    """List the topics of an exchange."""
    check_inside(viewer, exchange)
    return tuple(_topic(row) for row in Topic.objects.filter(exchange=exchange).order_by("pk"))


def topic_names(viewer: Viewer, exchange: Exchange) -> dict[str, str]:
    """Give the topics of an exchange by their references."""
    check_inside(viewer, exchange)
    rows = Topic.objects.filter(exchange=exchange).order_by("pk")
    return dict(rows.values_list("ref", "name"))


def _topic(row: Topic) -> TopicSeen:
    brakes = Brake.objects.filter(topic=row, lifted_on__isnull=True).exclude(reason="")
    said = Objection.objects.filter(topic=row).select_related("party").order_by("on", "pk")
    return TopicSeen(
        row.ref,
        row.name,
        row.stopped_on,
        tuple(brakes.order_by("reason").values_list("reason", flat=True)),
        tuple((name_of(each.party), each.words, each.on) for each in said),
    )


def name_of(party: ExchangeParty | None) -> str:
    """Name a party; empty for one that left or was never named."""
    return party.name if party else ""


def topic_by_ref(viewer: Viewer, ref: str) -> Topic:
    """Find a topic; raise Topic.DoesNotExist, also where the viewer may not read inside."""
    rows = Topic.objects.select_related("exchange")
    return rows.get(ref=ref, exchange__in=exchanges_inside(viewer))


def round_by_ref(viewer: Viewer, ref: str) -> Round:
    """Find a round; raise Round.DoesNotExist, also where the viewer may not read inside."""
    rows = Round.objects.select_related("topic__exchange")
    return rows.get(ref=ref, topic__exchange__in=exchanges_inside(viewer))


def rounds_of(
    viewer: Viewer, exchange: Exchange, *, today: date, waiting: bool = False
) -> tuple[RoundSeen, ...]:
    """List the rounds of an exchange, the newest first; or those alone that wait for somebody."""
    check_inside(viewer, exchange)
    rows = Round.objects.filter(topic__exchange=exchange).select_related("topic__exchange")
    if waiting:
        unanswered = Q(kind=RoundKind.HOST, answer_by__isnull=False, answer="")
        rows = rows.filter(Q(phase=RoundPhase.WRITE) | unanswered)
    return tuple(_seen(viewer, row, today) for row in rows.order_by("-asked_on", "-pk"))


def round_seen(viewer: Viewer, ref: str, *, today: date) -> RoundSeen:
    """Give a round as it stands for the viewer."""
    return _seen(viewer, round_by_ref(viewer, ref), today)


def _seen(viewer: Viewer, row: Round, today: date) -> RoundSeen:
    own = row.parts.filter(party=viewer.party) if isinstance(viewer, Sitting) else row.parts.none()
    turns = row.turns.select_related("party").order_by("number")
    clock = None
    if row.kind == RoundKind.HOST and row.answer_by is not None:
        clock = host_clock(row.answer_by, answered_on=row.answered_on, today=today)
    return RoundSeen(
        ref=row.ref,
        topic=row.topic.ref,
        kind=row.kind,
        question=row.question,
        phase=row.phase,
        until=row.until,
        rests_until=row.rests_until,
        answered=row.parts.filter(answered=True).count(),
        members=taking_part(row.topic.exchange).count(),
        own=own.filter(answered=True).exists(),
        marked=own.filter(marked=True).exists(),
        posts=() if row.phase == RoundPhase.WRITE else _posts(row),
        clock=clock,
        answer_by=row.answer_by,
        answer=row.answer,
        turns=tuple((turn.step, name_of(turn.party)) for turn in turns),
    )


def _posts(row: Round) -> tuple[PostSeen, ...]:
    """Give what was said, in an order that has nothing to do with when it came."""
    over = marking_is_over(row)
    rows = row.posts.filter(pulled_on__isnull=True).select_related("builds_on").order_by("ref")
    names = dict(
        ExchangeParty.objects.filter(exchange=row.topic.exchange).values_list("pk", "name")
    )
    return tuple(
        PostSeen(
            post.ref,
            post.words,
            names.get(post.party_id, "") if post.party_id is not None else "",
            post.builds_on.ref if post.builds_on else "",
            _us_too(post, over=over),
        )
        for post in rows
    )


def _us_too(post: Post, *, over: bool) -> int | Withheld:
    if not over or post.us_too < UNNAMED:
        return Withheld("too_few", needed=UNNAMED, got=0)
    return post.us_too


def marking_is_over(row: Round) -> bool:
    """Whether no count of "us too" changes any more: the round is over, or all set their marks."""
    marked = set(row.parts.filter(marked=True).values_list("party", flat=True))
    return row.phase == RoundPhase.OVER or marked >= set(
        taking_part(row.topic.exchange).values_list("pk", flat=True)
    )


def taking_part(exchange: Exchange) -> QuerySet[ExchangeParty]:
    """Give the companies whose answers a round waits for: those that may write one now."""
    return members_of(exchange).filter(suspended=False, rung__gte=2)


def asked_of(row: Round) -> Asked:
    """Give a round as the engine knows it."""
    return Asked(
        kind=Kind(row.kind),
        phase=Phase(row.phase),
        until=row.until,
        members=frozenset(taking_part(row.topic.exchange).values_list("ref", flat=True)),
        answered=frozenset(row.parts.filter(answered=True).values_list("party__ref", flat=True)),
        rests_until=row.rests_until,
        host_answered=row.answered_on is not None,
        stopped=row.topic.stopped_on is not None,
    )


def turns_of(row: Round) -> tuple[ListeningTurn, ...]:
    """Give the steps of a listening round as the engine knows them."""
    return tuple(
        ListeningTurn(ListeningStep(turn.step), str(turn.party_id or ""))
        for turn in row.turns.order_by("number")
    )


@dataclass(frozen=True, slots=True)
class NextPhase:
    """What comes after where a round stands: a phase, and why it cannot come yet, as a sentence."""

    to: str
    refused: str


def next_phase(viewer: Viewer, ref: str, *, now: datetime) -> NextPhase | None:
    """Say where a round goes on to; None once it is over."""
    asked = asked_of(round_by_ref(viewer, ref))
    route = ROUTES[asked.kind]
    after = route[route.index(asked.phase) + 1 :]
    if not after:
        return None
    try:
        gone_on(asked, after[0], now=now)
    except MoveRefused as refused:
        return NextPhase(after[0].value, str(refused))
    return NextPhase(after[0].value, "")


def own_steps(viewer: Viewer, ref: str) -> tuple[str, ...]:
    """Give the steps of strategic listening that the viewer's company may take now."""
    row = round_by_ref(viewer, ref)
    if not isinstance(viewer, Sitting) or row.kind != RoundKind.LISTENING:
        return ()
    turns = turns_of(row)
    free = row.phase != RoundPhase.OVER and row.topic.stopped_on is None
    steps = (step for step in ListeningStep if may_take(turns, step, party=str(viewer.party)))
    return tuple(step.value for step in steps) if free else ()


def check_same(found: int, exchange: Exchange) -> None:
    """Raise Exchange.DoesNotExist for what lies in another exchange of the same viewer."""
    if found != exchange.pk:
        raise Exchange.DoesNotExist


def answers_as_host(viewer: Viewer, exchange: Exchange) -> bool:
    """Whether the viewer is the one who was asked about: the client, or the host without one."""
    if isinstance(viewer, Sitting):
        return is_client(viewer, exchange)
    return may_convene(viewer, exchange) and not has_client(exchange)
