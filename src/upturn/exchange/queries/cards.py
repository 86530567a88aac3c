"""Practice cards, the own trials, and thanks with their reasons; nobody adds anything up."""

from dataclasses import dataclass
from datetime import date

from upturn.exchange.engine import readable
from upturn.exchange.models import Exchange, PracticeCard, Thanks, Trial
from upturn.exchange.queries.rounds import name_of
from upturn.exchange.queries.sight import Viewer, check_inside, exchanges_inside, exchanges_seen
from upturn.exchange.queries.sittings import Sitting
from upturn.stats.figures import Withheld


@dataclass(frozen=True, slots=True)
class CardSeen:
    """A practice card; `company` is empty once it left. `thanks` are reasons, without a number.

    `tenure` says for which teams it was made.
    """

    ref: str
    topic: str
    company: str
    title: str
    situation: str
    what_we_do: str
    how_we_managed: str
    conditions: str
    evidence: str
    tenure: str
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


def cards(viewer: Viewer, exchange: Exchange, *, team: str = "") -> tuple[CardSeen, ...]:
    """List the practice cards of an exchange, the newest first; those for one kind of team alone.

    A card that was made for any team is none that was made for this one.
    """
    check_inside(viewer, exchange)
    rows = PracticeCard.objects.filter(exchange=exchange, pulled_on__isnull=True)
    rows = rows.filter(tenure=team) if team else rows
    return _cards(list(rows.select_related("topic", "party").order_by("-on", "-pk")))


def card_by_ref(viewer: Viewer, ref: str) -> PracticeCard:
    """Find a card that was not taken back; raise PracticeCard.DoesNotExist otherwise."""
    rows = PracticeCard.objects.select_related("topic", "exchange")
    return rows.get(ref=ref, pulled_on__isnull=True, exchange__in=exchanges_inside(viewer))


def card_seen(viewer: Viewer, ref: str) -> CardSeen:
    """Give one card."""
    return _cards([card_by_ref(viewer, ref)])[0]


def _cards(rows: list[PracticeCard]) -> tuple[CardSeen, ...]:
    thanks: dict[int, list[str]] = {row.pk: [] for row in rows}
    said = Thanks.objects.filter(card__in=rows).order_by("reason")
    for card, reason in said.values_list("card_id", "reason"):
        thanks[card].append(reason)
    return tuple(_card(row, thanks[row.pk]) for row in rows)


def _card(row: PracticeCard, thanks: list[str]) -> CardSeen:
    return CardSeen(
        row.ref,
        row.topic.ref if row.topic else "",
        name_of(row.party),
        row.title,
        row.situation,
        row.what_we_do,
        row.how_we_managed,
        row.conditions,
        row.evidence,
        row.tenure,
        row.on,
        tuple(thanks),
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
