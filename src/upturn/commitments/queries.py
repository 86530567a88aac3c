"""Who sees which ask, on which side of it somebody stands, and what waits for whom."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Case, Q, QuerySet, SmallIntegerField, Value, When

from upturn.commitments.engine import Dates, Move, RaisedAs, Side, State, open_moves, waits_for
from upturn.commitments.models import Ask, Line, Promise, Thanks, Verdict
from upturn.graph.queries import PartyRow, answered_by, look_again, snapshot
from upturn.people.queries import parties_of, sees_every_ask

if TYPE_CHECKING:
    from upturn.graph.models import Serves
    from upturn.people.models import Person

OPEN = (State.ASKED, State.ASKED_BACK, State.DECLINED, State.PROMISED, State.DONE, State.JUDGED)


def ticket_hash(code: str) -> str:
    """Hash under which a ticket is kept; spaces, hyphens and case of the code do not matter."""
    plain = "".join(code.split()).replace("-", "").upper()
    return hashlib.sha256(plain.encode()).hexdigest()


def our_edges(viewer: "Person") -> frozenset[int]:
    """Edges on which the viewer's parties answer; worked out once a request."""
    kept: frozenset[int] | None = viewer.__dict__.get("edges_we_answer")
    if kept is None:
        kept = viewer.__dict__["edges_we_answer"] = answered_by(parties_of(viewer))
    return kept


def asking_edges(viewer: "Person") -> frozenset[int]:
    """Edges on which the viewer's parties are served, and so can ask; once a request too."""
    kept: frozenset[int] | None = viewer.__dict__.get("edges_we_ask_on")
    if kept is None:
        down = snapshot().down
        kept = frozenset(edge.id for party in parties_of(viewer) for edge in down.get(party, ()))
        viewer.__dict__["edges_we_ask_on"] = kept
    return kept


# Of a touchpoint only the name is shown, and whoever asked need only still be there.
_NOT_LOOKED_AT = (
    *(
        f"touchpoint__{part}"
        for part in ("key", "moment", "place", "position", "customers", "code")
    ),
    *(f"raised_by__{p}" for p in ("username", "display_name", "password", "role", "language")),
)


def _asks_found() -> QuerySet[Ask]:
    return Ask.objects.select_related("touchpoint", "raised_by").defer(*_NOT_LOOKED_AT)


def visible(viewer: "Person") -> QuerySet[Ask]:
    """Asks of both sides for their members; all of them for those who lead or facilitate."""
    if sees_every_ask(viewer):
        return _asks_found()
    near = Q(edge__in=asking_edges(viewer) | our_edges(viewer))
    return _asks_found().filter(near | Q(raised_by=viewer))


def ask_by_ref(viewer: "Person", ref: str) -> Ask:
    """Raise ``Ask.DoesNotExist`` also when it exists but is not for this viewer."""
    return visible(viewer).get(ref=ref)


def ask_by_ticket(code: str) -> Ask:
    """The ask that the holder of ``code`` raised."""
    return _asks_found().get(ticket_hash=ticket_hash(code))


def may_raise(viewer: "Person", edge: "Serves") -> bool:
    """Only those who are served on an edge can ask on it."""
    return edge.served_id in parties_of(viewer)


def sides_of(viewer: "Person | None", ask: Ask, *, code: str = "") -> frozenset[Side]:
    """Sides of ``ask`` on which the viewer, or the holder of ``code``, stands.

    A ticket's only asking side is its holder; a person's is that person, or the team once the
    person has left.
    """
    sides = set()
    if viewer is not None and ask.edge_id in our_edges(viewer):
        sides.add(Side.SERVING)
    if _asks(viewer, ask, code=code):
        sides.add(Side.ASKING)
    return frozenset(sides)


def _asks(viewer: "Person | None", ask: Ask, *, code: str) -> bool:
    if ask.raised_as == RaisedAs.TICKET:
        return bool(code) and ticket_hash(code) == ask.ticket_hash
    if viewer is None:
        return False
    if ask.raised_as == RaisedAs.PERSON and ask.raised_by is not None and ask.raised_by.is_active:
        return ask.raised_by_id == viewer.pk
    return ask.edge_id in asking_edges(viewer)


class Given(NamedTuple):
    """What the asking side said of a promise."""

    moment: str
    outcome: str
    given_on: date


class Promised(NamedTuple):
    """A promise with the verdicts on it, at the due date and then on day 100, and the thanks."""

    pk: int
    what: str
    who: str
    sign: str
    made_on: date
    due_on: date
    done_on: date | None
    day_100_on: date
    thanks: str
    verdicts: tuple[Given, ...]


_PROMISED = ("pk", "what", "who", "sign", "made_on", "due_on", "done_on", "day_100_on")


def _promises(asks: Collection[int]) -> dict[int, Promised]:
    """The promise in force of each of these asks, which is the last one given."""
    rows = Promise.objects.filter(ask__in=asks).order_by("turn", "-verdicts__moment")
    verdict = (f"verdicts__{part}" for part in Given._fields)
    found: dict[int, Promised] = {}
    for ask, *row in rows.values_list("ask_id", *_PROMISED, "thanks__words", *verdict):
        *promise, thanks, moment, outcome, given_on = row
        before = found.get(ask)
        verdicts = before.verdicts if before and before.pk == promise[0] else ()
        if moment:
            verdicts = (*verdicts, Given(moment, outcome, given_on))
        found[ask] = Promised._make([*promise, thanks or "", verdicts])
    return found


def promise_of(ask: Ask) -> Promised | None:
    """The promise in force, if one was given."""
    return _promises([ask.pk]).get(ask.pk)


def dates_of(promise: Promised | None) -> Dates:
    return Dates() if promise is None else Dates(promise.due_on, promise.day_100_on)


@dataclass(frozen=True, slots=True)
class Standing:
    """An ask as one viewer sees it today, with the two parties of its edge."""

    ask: Ask
    server: PartyRow
    served: PartyRow
    promise: Promised | None
    moves: tuple[Move, ...]
    sides: frozenset[Side]
    waits_for: frozenset[Side]
    today: date

    @property
    def waits_for_you(self) -> bool:
        return bool(self.sides & self.waits_for)

    @property
    def verdicts(self) -> tuple[Given, ...]:
        return self.promise.verdicts if self.promise else ()

    @property
    def days(self) -> int:
        """Days since it was raised."""
        return (self.today - self.ask.raised_on).days

    @property
    def kept(self) -> bool:
        """The asking side noticed something good."""
        return any(verdict.outcome in {"better", "other"} for verdict in self.verdicts)

    @property
    def thanks(self) -> str:
        return self.promise.thanks if self.promise else ""

    @property
    def may_thank(self) -> bool:
        return self.kept and Side.ASKING in self.sides and not self.thanks

    @property
    def written_at(self) -> int:
        """A number that changes with anything that is written about the ask in a list."""
        point = self.ask.touchpoint
        parts = (self.ask.turn, self.promise, self.sides, self.server, self.served, self.today)
        return hash((self.ask.pk, *parts, point and point.name))


def standing(viewer: "Person | None", ask: Ask, *, today: date, code: str = "") -> Standing:
    return _standing(viewer, ask, promise_of(ask), today=today, code=code)


def _standing(
    viewer: "Person | None", ask: Ask, promise: Promised | None, *, today: date, code: str = ""
) -> Standing:
    sides, dates, state = sides_of(viewer, ask, code=code), dates_of(promise), State(ask.state)
    return Standing(
        ask,
        *_ends(ask.edge_id),
        promise,
        open_moves(state, sides=sides, dates=dates, today=today),
        sides,
        waits_for(state, dates=dates, today=today),
        today,
    )


def _ends(edge_id: int) -> tuple[PartyRow, PartyRow]:
    """Who serves and who is served on the edge of an ask."""
    if edge_id not in snapshot().edge:
        look_again()  # drawn since this page began to look
    now = snapshot()
    edge = now.edge[edge_id]
    return now.party[edge.server_id], now.party[edge.served_id]


def _standings(viewer: "Person", asks: Iterable[Ask], *, today: date) -> list[Standing]:
    found = list(asks)
    promises = _promises([ask.pk for ask in found]) if found else {}
    return [_standing(viewer, ask, promises.get(ask.pk), today=today) for ask in found]


def _waits_for(viewer: "Person", today: date) -> Q:
    """Asks that wait for the viewer on either side, as `Standing.waits_for_you` tells of one."""
    here = Q(edge__in=asking_edges(viewer))
    gone = Q(raised_by=None) | Q(raised_by__is_active=False)
    as_person = Q(raised_by=viewer) | (here & gone)
    asking = Q(raised_as=RaisedAs.TEAM) & here | Q(raised_as=RaisedAs.PERSON) & as_person
    due = Q(state__in=(State.PROMISED, State.JUDGED), acts_on__lte=today)
    theirs = Q(state__in=(State.ASKED_BACK, State.DECLINED, State.DONE)) | due
    ours = Q(edge__in=our_edges(viewer), state__in=(State.ASKED, State.PROMISED))
    return asking & theirs | ours


def _first(asks: Q) -> Case:
    """Order by whether an ask is one of these."""
    return Case(When(asks, then=Value(0)), default=Value(1), output_field=SmallIntegerField())


def _to_us(viewer: "Person", today: date) -> QuerySet[Ask]:
    """What waits for the viewer stands before what waits for others, answers before deeds."""
    asks = _asks_found().filter(edge__in=our_edges(viewer), state__in=OPEN)
    waiting = _first(_waits_for(viewer, today))
    return asks.order_by(waiting, _first(Q(state=State.ASKED)), "raised_on", "pk")


def _by_us(viewer: "Person", today: date) -> QuerySet[Ask]:
    mine = Q(raised_by=viewer) | Q(raised_as=RaisedAs.TEAM, edge__in=asking_edges(viewer))
    asks = _asks_found().filter(mine).exclude(state=State.WITHDRAWN)
    return asks.order_by(_first(_waits_for(viewer, today)), "-raised_on", "-pk")


def asks_by_us(viewer: "Person", *, today: date, most: int) -> list[Standing]:
    """What the viewer or the viewer's teams asked, what waits for them first, then the newest."""
    return _standings(viewer, _by_us(viewer, today)[:most], today=today)


def asks_of_ours(
    viewer: "Person", *, today: date, to_us: int = 20, by_us: int = 8
) -> tuple[list[Standing], list[Standing]]:
    """Open asks that the viewer's parties answer, and `asks_by_us`; three queries for both.

    Of those to answer stands first what waits for the viewer, and of each the oldest.
    """
    open_to_us = list(_to_us(viewer, today)[:to_us])
    found = _standings(viewer, [*open_to_us, *_by_us(viewer, today)[:by_us]], today=today)
    return found[: len(open_to_us)], found[len(open_to_us) :]


def asks_on(viewer: "Person", edge: "Serves", *, today: date, most: int = 20) -> list[Standing]:
    """Asks on one edge that the viewer may see, open ones first."""
    asks = visible(viewer).filter(edge=edge).order_by("-acts_on", "-raised_on")[:most]
    found = _standings(viewer, asks, today=today)
    return sorted(found, key=lambda standing: standing.ask.state not in OPEN)


def promises_due(viewer: "Person", *, today: date, days: int = 14, most: int = 8) -> list[Standing]:
    """Promises whose date has passed or comes within ``days``, the earliest first."""
    until = today + timedelta(days=days)
    asks = visible(viewer).filter(state=State.PROMISED, acts_on__lte=until)
    return _standings(viewer, asks.order_by("acts_on", "pk")[:most], today=today)


class Judged(NamedTuple):
    """A verdict with what was asked, what was promised, and the two parties."""

    moment: str
    outcome: str
    what: str
    ref: str
    words: str
    touchpoint: str | None
    server: PartyRow
    served: PartyRow


def _judged(verdicts: QuerySet[Verdict], *, most: int) -> list[Judged]:
    newest = verdicts.order_by("-given_on", "-pk").values("pk")[:most]
    asked = (f"promise__ask__{part}" for part in ("ref", "words", "touchpoint__name", "edge_id"))
    rows = Verdict.objects.filter(pk__in=newest).order_by("-given_on", "-pk")
    judged = rows.values_list("moment", "outcome", "promise__what", *asked)
    return [Judged._make([*row, *_ends(edge)]) for *row, edge in judged]


def _visible_verdicts(viewer: "Person") -> QuerySet[Verdict]:
    if sees_every_ask(viewer):
        return Verdict.objects.all()
    near = asking_edges(viewer) | our_edges(viewer)
    return Verdict.objects.filter(promise__ask__edge__in=near)


def latest_verdicts(viewer: "Person", *, most: int = 8) -> list[Judged]:
    """Newest verdicts on asks the viewer may see."""
    return _judged(_visible_verdicts(viewer), most=most)


def changed_for_customers(viewer: "Person", *, most: int = 4) -> list[Judged]:
    """Promises that came from a touchpoint and were judged better, newest first."""
    better = _visible_verdicts(viewer).filter(outcome__in=("better", "other"))
    return _judged(better.filter(promise__ask__touchpoint__isnull=False), most=most)


class Thanked(NamedTuple):
    """Words of thanks and the party they come from."""

    words: str
    served: PartyRow


def thanks_for_us(viewer: "Person", *, most: int = 3) -> list[Thanked]:
    """Newest words of thanks for promises that the viewer's parties kept."""
    thanks = Thanks.objects.filter(promise__ask__edge__in=our_edges(viewer))
    rows = thanks.order_by("-given_on", "-pk").values_list("words", "promise__ask__edge_id")
    return [Thanked(words, _ends(edge)[1]) for words, edge in rows[:most]]


def talk(ask: Ask) -> list[Line]:
    """What both sides said about an ask, in order."""
    return list(ask.lines.order_by("turn"))
