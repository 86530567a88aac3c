"""Who sees which ask, on which side of it somebody stands, and what waits for whom."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Prefetch, Q, QuerySet

from upturn.commitments.engine import Dates, Move, RaisedAs, Side, State, open_moves, waits_for
from upturn.commitments.models import Ask, Line, Promise, Thanks, Verdict
from upturn.graph.queries import answered_by
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


def _with_parties() -> QuerySet[Ask]:
    verdicts = Verdict.objects.order_by("-moment")  # the due date before day 100
    promises = Promise.objects.order_by("turn").select_related("thanks")
    promises = promises.prefetch_related(Prefetch("verdicts", verdicts))
    return Ask.objects.select_related(
        "edge__server", "edge__served", "touchpoint"
    ).prefetch_related(Prefetch("promises", promises))


def visible(viewer: "Person") -> QuerySet[Ask]:
    """Asks of both sides for their members; all of them for those who lead or facilitate."""
    if sees_every_ask(viewer):
        return _with_parties()
    near = Q(edge__served__in=parties_of(viewer)) | Q(edge__in=our_edges(viewer))
    return _with_parties().filter(near | Q(raised_by=viewer))


def ask_by_ref(viewer: "Person", ref: str) -> Ask:
    """Raise ``Ask.DoesNotExist`` also when it exists but is not for this viewer."""
    return visible(viewer).get(ref=ref)


def ask_by_ticket(code: str) -> Ask:
    """The ask that the holder of ``code`` raised."""
    return _with_parties().get(ticket_hash=ticket_hash(code))


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
    return ask.edge.served_id in parties_of(viewer)


def promise_of(ask: Ask) -> Promise | None:
    """The promise in force, which is the last one given."""
    promises = list(ask.promises.all())
    return promises[-1] if promises else None


def dates_of(promise: Promise | None) -> Dates:
    return Dates() if promise is None else Dates(promise.due_on, promise.day_100_on)


@dataclass(frozen=True, slots=True)
class Standing:
    """An ask as one viewer sees it today."""

    ask: Ask
    promise: Promise | None
    moves: tuple[Move, ...]
    sides: frozenset[Side]
    waits_for: frozenset[Side]
    today: date

    @property
    def waits_for_you(self) -> bool:
        return bool(self.sides & self.waits_for)

    @property
    def verdicts(self) -> list[Verdict]:
        return list(self.promise.verdicts.all()) if self.promise else []

    @property
    def days(self) -> int:
        """Days since it was raised."""
        return (self.today - self.ask.raised_on).days

    @property
    def kept(self) -> bool:
        """The asking side noticed something good."""
        return any(verdict.outcome in {"better", "other"} for verdict in self.verdicts)

    @property
    def thanks(self) -> Thanks | None:
        return getattr(self.promise, "thanks", None)

    @property
    def may_thank(self) -> bool:
        return self.kept and Side.ASKING in self.sides and self.thanks is None


def standing(viewer: "Person | None", ask: Ask, *, today: date, code: str = "") -> Standing:
    promise, sides = promise_of(ask), sides_of(viewer, ask, code=code)
    dates, state = dates_of(promise), State(ask.state)
    return Standing(
        ask,
        promise,
        open_moves(state, sides=sides, dates=dates, today=today),
        sides,
        waits_for(state, dates=dates, today=today),
        today,
    )


def _standings(viewer: "Person", asks: Iterable[Ask], *, today: date) -> list[Standing]:
    return [standing(viewer, ask, today=today) for ask in asks]


def asks_to_us(viewer: "Person", *, today: date, most: int = 20) -> list[Standing]:
    """Open asks that the viewer's parties answer: what waits for them first, each oldest first."""
    asks = _with_parties().filter(edge__in=our_edges(viewer), state__in=OPEN)
    found = _standings(viewer, asks.order_by("raised_on", "pk")[: most * 3], today=today)
    return sorted(found, key=_turn_of)[:most]


def _turn_of(here: Standing) -> tuple[bool, bool]:
    """Whatever waits for the viewer stands before what waits for others; answers before deeds."""
    return not here.waits_for_you, here.ask.state != State.ASKED


def asks_by_us(viewer: "Person", *, today: date, most: int = 8) -> list[Standing]:
    """What the viewer or the viewer's teams asked, what waits for them first, then the newest."""
    mine = Q(raised_by=viewer) | Q(raised_as=RaisedAs.TEAM, edge__served__in=parties_of(viewer))
    asks = _with_parties().filter(mine).exclude(state=State.WITHDRAWN)
    found = _standings(viewer, asks.order_by("-raised_on", "-pk")[: most * 3], today=today)
    return sorted(found, key=lambda standing: not standing.waits_for_you)[:most]


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


def _visible_verdicts(viewer: "Person") -> QuerySet[Verdict]:
    if sees_every_ask(viewer):
        return Verdict.objects.all()
    near = Q(promise__ask__edge__served__in=parties_of(viewer))
    return Verdict.objects.filter(near | Q(promise__ask__edge__in=our_edges(viewer)))


def latest_verdicts(viewer: "Person", *, most: int = 8) -> list[Verdict]:
    """Newest verdicts on asks the viewer may see."""
    verdicts = _visible_verdicts(viewer).select_related(
        "promise__ask__edge__server", "promise__ask__edge__served"
    )
    return list(verdicts.order_by("-given_on", "-pk")[:most])


def thanks_for_us(viewer: "Person", *, most: int = 3) -> list[Thanks]:
    """Newest words of thanks for promises that the viewer's parties kept."""
    thanks = Thanks.objects.filter(promise__ask__edge__in=our_edges(viewer))
    thanks = thanks.select_related("promise__ask__edge__served", "promise__ask__edge__server")
    return list(thanks.order_by("-given_on", "-pk")[:most])


def changed_for_customers(viewer: "Person", *, most: int = 4) -> list[Verdict]:
    """Promises that came from a touchpoint and were judged better, newest first."""
    verdicts = _visible_verdicts(viewer).filter(outcome__in=("better", "other"))
    chosen = verdicts.filter(promise__ask__touchpoint__isnull=False).select_related(
        "promise__ask__touchpoint", "promise__ask__edge__server"
    )
    return list(chosen.order_by("-given_on", "-pk")[:most])


def talk(ask: Ask) -> list[Line]:
    """What both sides said about an ask, in order."""
    return list(ask.lines.order_by("turn"))
