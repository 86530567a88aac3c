"""The ladder a party stands on, for that party alone; and reports that a rule was not kept."""

from dataclasses import dataclass

from upturn.exchange.engine import Breach as State
from upturn.exchange.engine import Rung, Step, offered
from upturn.exchange.engine.breaches import ANSWERS
from upturn.exchange.models import Breach, Consent, Exchange, ExchangeParty
from upturn.exchange.queries.sight import Viewer, check_convene, own_party
from upturn.exchange.queries.sittings import Sitting


@dataclass(frozen=True, slots=True)
class Ladder:
    """Where a party stands, how it came there, and what is offered next, if anything."""

    rung: Rung
    log: tuple[Step, ...]
    offered: Rung | None


def ladder(viewer: Sitting) -> Ladder:
    """Give a sitting the ladder of its own party; nobody else sees it, the host included.

    Raises
    ------
    ExchangeParty.DoesNotExist
        Once the party left.
    """
    party = own_party(viewer)
    log = log_of(party)
    return Ladder(Rung(party.rung), log, offered(log))


def log_of(party: ExchangeParty) -> tuple[Step, ...]:
    """Give a party's log of consent as the engine reads it."""
    rows = Consent.objects.filter(party=party).order_by("pk").values_list("rung", "on")
    return tuple(Step(Rung(rung), on) for rung, on in rows)


@dataclass(frozen=True, slots=True)
class Reported:
    """A report, and the answers that may follow; who reported it is kept nowhere."""

    ref: str
    rule: int
    about: str
    words: str
    state: State
    may_follow: tuple[State, ...]


def breaches(viewer: Viewer, exchange: Exchange) -> tuple[Reported, ...]:
    """List reports to who keeps the exchange.

    Raises
    ------
    Exchange.DoesNotExist
    """
    check_convene(viewer, exchange)
    rows = Breach.objects.filter(exchange=exchange).select_related("about").order_by("-pk")
    return tuple(map(_reported, rows))


def own_breaches(viewer: Sitting) -> tuple[Reported, ...]:
    """List to a party what was reported about it and answered with a word or more."""
    party = own_party(viewer)
    rows = Breach.objects.filter(about=party).exclude(state=State.REPORTED.value)
    return tuple(map(_reported, rows.select_related("about").order_by("-pk")))


def _reported(row: Breach) -> Reported:
    state = State(row.state)
    about = row.about.name if row.about else ""
    follow = tuple(each for each in State if each in ANSWERS[state])
    return Reported(row.ref, row.rule, about, row.words, state, follow)
