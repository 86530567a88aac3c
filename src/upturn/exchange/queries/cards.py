"""Practice cards, the own trials, and thanks with their reasons; nobody adds anything up."""

from dataclasses import dataclass
from datetime import date

from upturn.exchange.engine import readable
from upturn.exchange.models import Exchange, PracticeCard, Thanks, Trial
from upturn.exchange.queries.rounds import names_of
from upturn.exchange.queries.sight import Viewer, check_inside, exchanges_inside, exchanges_seen
from upturn.exchange.queries.sittings import Sitting
from upturn.stats.figures import Withheld


@dataclass(frozen=True, slots=True)
class CardSeen:
    """A practice card; `company` is empty once it left. `thanks` are reasons, without a number."""

    ref: str
    topic: str
    company: str
    title: str
    situation: str
    what_we_do: str
    how_we_managed: str
    conditions: str
    evidence: str
    on: date
    thanks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TrialSeen:
    """A trial of the own company: when each of its places begins, and whether that can be read."""

    ref: str
    card: str
    steps: tuple[date, ...]
    unreadable: Withheld | None
    ask_ref: str
    adopted_on: date | None


def cards(viewer: Viewer, exchange: Exchange) -> tuple[CardSeen, ...]:
    """List the practice cards of an exchange, the newest first."""
    check_inside(viewer, exchange)
    rows = PracticeCard.objects.filter(exchange=exchange, pulled_on__isnull=True)
    return tuple(_card(row) for row in rows.select_related("topic").order_by("-on", "-pk"))


def card_by_ref(viewer: Viewer, ref: str) -> PracticeCard:
    """Find a card that was not taken back; raise PracticeCard.DoesNotExist otherwise."""
    rows = PracticeCard.objects.select_related("topic", "exchange")
    return rows.get(ref=ref, pulled_on__isnull=True, exchange__in=exchanges_inside(viewer))


def card_seen(viewer: Viewer, ref: str) -> CardSeen:
    """Give one card."""
    return _card(card_by_ref(viewer, ref))


def _card(row: PracticeCard) -> CardSeen:
    thanks = Thanks.objects.filter(card=row).order_by("reason")
    return CardSeen(
        row.ref,
        row.topic.ref if row.topic else "",
        names_of([row.party_id]),
        row.title,
        row.situation,
        row.what_we_do,
        row.how_we_managed,
        row.conditions,
        row.evidence,
        row.on,
        tuple(thanks.values_list("reason", flat=True)),
    )


def own_trials(sitting: Sitting, exchange: Exchange) -> tuple[TrialSeen, ...]:
    """List what the own company tries; what others try is theirs."""
    check_inside(sitting, exchange)
    rows = Trial.objects.filter(card__exchange=exchange, party=sitting.party)
    return tuple(_trial(row) for row in rows.select_related("card").order_by("-on", "-pk"))


def trial_by_ref(sitting: Sitting, ref: str) -> Trial:
    """Find a trial of the own company; raise Trial.DoesNotExist otherwise."""
    rows = Trial.objects.filter(party=sitting.party, card__exchange__in=exchanges_seen(sitting))
    return rows.select_related("card__exchange").get(ref=ref)


def _trial(row: Trial) -> TrialSeen:
    steps = tuple(map(date.fromisoformat, row.steps))
    weeks = {str(at): day for at, day in enumerate(steps)}
    return TrialSeen(row.ref, row.card.ref, steps, readable(weeks), row.ask_ref, row.adopted_on)


def is_own(viewer: Viewer, ref: str) -> bool:
    """Whether the viewer's company shared a card."""
    return isinstance(viewer, Sitting) and card_by_ref(viewer, ref).party_id == viewer.party


def has_thanked(viewer: Viewer, ref: str) -> bool:
    """Whether the viewer's company said why a card helped."""
    row = card_by_ref(viewer, ref)
    return isinstance(viewer, Sitting) and row.thanks.filter(party=viewer.party).exists()
