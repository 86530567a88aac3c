"""What another client could begin with: words of this exchange, and nothing of who is in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from django.conf import settings

from upturn.exchange.engine import charter_of
from upturn.exchange.engine.errors import BadKit
from upturn.exchange.engine.kit import kept_kit, kit_from, written
from upturn.exchange.engine.kit_form import Kit
from upturn.exchange.engine.kit_gathering import Stays, agenda_lines, gathered
from upturn.exchange.models import (
    Charter,
    Convener,
    Exchange,
    ExchangeState,
    Expectation,
    Meeting,
    MeetingState,
    ProgrammeState,
    Round,
    RoundKind,
    RoundPhase,
    SignOff,
)
from upturn.exchange.queries.charters import charter_now
from upturn.exchange.queries.sight import Viewer, check_inside, check_see, parties_of


@dataclass(frozen=True, slots=True)
class KitSeen:
    """A kit before it is given out: its words, the file, the file's mark, and what stays here."""

    kit: Kit
    file: str
    mark: str
    stays: tuple[Stays, ...]


def kit_seen(viewer: Viewer, exchange: Exchange) -> KitSeen | None:
    """Give the kit of an exchange, or None before it opened, or until all signed its charter.

    Raises
    ------
    Exchange.DoesNotExist
    """
    check_inside(viewer, exchange)
    now = charter_now(viewer, exchange)
    if exchange.state == ExchangeState.PREPARING or now is None or now.unsigned:
        return None
    kit, stays = gathered(_raw(exchange, now.number), names=_names(exchange))
    file = written(kit)
    return KitSeen(kit, file, sha256(file.encode()).hexdigest(), stays)


def _raw(exchange: Exchange, number: int) -> Kit:
    text = charter_of(Charter.objects.get(exchange=exchange, number=number).content)
    held = Meeting.objects.filter(exchange=exchange, state=MeetingState.OVER).order_by("at")
    last = held.last()
    asked = Round.objects.filter(
        topic__exchange=exchange, topic__stopped_on__isnull=True, phase=RoundPhase.OVER
    ).exclude(kind=RoundKind.HOST)
    expected = Expectation.objects.filter(
        programme__exchange=exchange, programme__live_version__isnull=False
    ).exclude(programme__state=ProgrammeState.STOPPED)
    return Kit(
        kind=exchange.template,
        language=exchange.language,
        vision=text.vision,
        mission=text.mission,
        not_mission=text.not_mission,
        scope=text.scope,
        topics=text.topics,
        never=text.never,
        minutes=text.minutes,
        chair_months=text.chair_months,
        questions=tuple(asked.order_by("pk").values_list("question", flat=True)),
        meeting_minutes=last.minutes_long if last else text.minutes,
        agenda=agenda_lines(held.values_list("agenda", flat=True)),
        expectations=tuple(expected.order_by("pk").values_list("words", flat=True)),
    )


def _names(exchange: Exchange) -> tuple[str, ...]:
    """Give every name that is known here; a person is known by each part of the name too."""
    people = [*SignOff.objects.filter(exchange=exchange).values_list("counsel", flat=True)]
    for convener in exchange.conveners.select_related("person"):
        people += [convener.person.display_name, convener.person.username]
    companies = parties_of(exchange).values_list("name", "owner")
    parts = (part for name in people for part in _parts(name))
    # The exchange's name is looked for as a whole: its first word may be any word.
    whole = exchange.name.casefold()
    return (*(name for pair in companies for name in pair), *people, *parts, whole)


def _parts(name: str) -> Iterator[str]:
    yield from (part.strip(".,") for part in name.split() if len(part.strip(".,")) > 2)


def begun_from(viewer: Viewer, exchange: Exchange) -> Kit | None:
    """Give the kit with which an exchange began, None for none."""
    check_see(viewer, exchange)
    return kept_kit(exchange.kit)


def laid_kit() -> Kit | None:
    """Give the kit that whoever set the host up laid there for its first exchange, if any."""
    try:
        return kit_from(laid_at().read_bytes())
    except (OSError, BadKit):
        return None


def laid_at() -> Path:
    """Say where such a kit lies."""
    return Path(settings.DATA) / "kit.json"


def kit_on_host(ref: str) -> KitSeen | None:
    """Give a kit to whoever runs the host's machine, as who keeps the exchange would get it."""
    keeps = Convener.objects.select_related("exchange", "person").filter(exchange__ref=ref)
    found = keeps.filter(person__is_active=True).order_by("pk").first()
    return kit_seen(found.person, found.exchange) if found else None
