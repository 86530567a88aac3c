"""Practice cards are shared, tried in steps, adopted, and thanked for with a reason."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from upturn.exchange.commands.guarding import Checked, pass_guard
from upturn.exchange.commands.holding import acting, log
from upturn.exchange.commands.hosting import tidy
from upturn.exchange.commands.refusals import Braked, NotYours, told
from upturn.exchange.engine import Act, Incomplete, focus_weeks, recognised
from upturn.exchange.engine.likeness import ANY, TEAMS
from upturn.exchange.models import PracticeCard, Thanks, Trial
from upturn.exchange.queries.cards import card_by_ref, trial_by_ref
from upturn.exchange.queries.rounds import topic_by_ref
from upturn.exchange.queries.sittings import Sitting
from upturn.record.keys import ref_of

if TYPE_CHECKING:
    import numpy as np

PLACES_MOST = 500
MOST = {
    "title": 120,
    "situation": 600,
    "what_we_do": 1200,
    "how_we_managed": 1200,
    "conditions": 600,
    "evidence": 600,
}
"""Characters of each field; every one of them is filled."""
REASON_MOST = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class CardWords:
    """What stands on a card."""

    title: str
    situation: str
    what_we_do: str
    how_we_managed: str
    conditions: str
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardDraft:
    """A card before it is shared; `key` is drawn when the form opens.

    `tenure` says for which teams it was made.
    """

    key: str
    topic: str
    words: CardWords
    tenure: str = ANY


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialDraft:
    """A trial before it begins: in how many places, from when, and whether all at once.

    The places have no names here; those stay with the company.
    """

    key: str
    places: int
    first: date
    together: bool = False


@transaction.atomic
def share_card(
    sitting: Sitting, draft: CardDraft, checked: Checked, *, today: date
) -> PracticeCard:
    """Share how a company does it, or find the card if this draft was sent before.

    Raises
    ------
    Topic.DoesNotExist, Braked, Incomplete, GuardStopped, RulesBroken
        And what `acting` raises.
    """
    exchange, party = acting(sitting, Act.WRITE_CARD)
    ref = _ref("card", party.ref, draft.key)
    if found := PracticeCard.objects.filter(ref=ref).first():
        return found
    topic = topic_by_ref(sitting, draft.topic)
    if topic.stopped_on is not None:
        raise Braked
    words = {name: each.strip() for name, each in asdict(draft.words).items()}
    empty = [name for name, most in MOST.items() if not 0 < len(words[name]) <= most]
    if empty or not draft.key:
        said = _("Every field of a card is filled; look at: {fields}.")
        raise Incomplete(told(said, fields=", ".join(empty)))
    if draft.tenure not in TEAMS:
        raise Incomplete(told(_("Say for which teams it was made; any team will do.")))
    pass_guard(exchange, checked, *words.values())
    made = PracticeCard.objects.create(
        exchange=exchange,
        ref=ref,
        topic=topic,
        party=party,
        tenure=draft.tenure,
        on=today,
        **words,
    )
    log(sitting, "share card", exchange)
    return made


def _ref(kind: str, whose: str, key: str) -> str:
    return ref_of(f"{kind} {whose} {key}", letters=16)


@transaction.atomic
def pull_card(sitting: Sitting, ref: str, *, today: date) -> None:
    """Take a card back: its words go. Only the company that shared it can.

    Raises
    ------
    PracticeCard.DoesNotExist, NotYours
        And what `acting` raises.
    """
    exchange, party = acting(sitting, Act.LEAVE)
    row = card_by_ref(sitting, ref)
    if row.party_id != party.pk:
        raise NotYours(told(_("The company that shared it takes it back.")))
    row.pulled_on, row.turn, row.tenure = today, row.turn + 1, ANY
    for name in MOST:
        setattr(row, name, "")
    row.save()
    Thanks.objects.filter(card=row).delete()
    log(sitting, "pull card", exchange)


@transaction.atomic
def try_card(
    sitting: Sitting, ref: str, draft: TrialDraft, *, draws: "np.random.Generator", today: date
) -> Trial:
    """Try a practice: its places begin in drawn steps, so that what it does can be read.

    Raises
    ------
    PracticeCard.DoesNotExist, Incomplete
        And what `acting` raises.
    """
    exchange, party = acting(sitting, Act.TRY_CARD)
    card = card_by_ref(sitting, ref)
    if not draft.key or not 1 <= draft.places <= PLACES_MOST:
        said = _("A trial has 1 to {most} places that begin with it.")
        raise Incomplete(told(said, most=PLACES_MOST))
    places = [str(at) for at in range(draft.places)]
    weeks = focus_weeks(places, first=draft.first, draws=draws, together=draft.together)
    trial, new = Trial.objects.get_or_create(
        ref=_ref("trial", party.ref, draft.key),
        defaults={
            "card": card,
            "party": party,
            "steps": [weeks[place].isoformat() for place in places],
            "on": today,
        },
    )
    if new:
        log(sitting, "try card", exchange)
    return trial


@transaction.atomic
def link_ask(sitting: Sitting, ref: str, *, ask_ref: str) -> Trial:
    """Note which ask of the company's own Upturn a trial became there.

    Raises
    ------
    Trial.DoesNotExist
        And what `acting` raises.
    """
    acting(sitting, Act.TRY_CARD)
    trial = trial_by_ref(sitting, ref)
    trial.ask_ref = tidy(ask_ref, most=16)
    trial.save(update_fields=["ask_ref"])
    return trial


@transaction.atomic
def adopt(sitting: Sitting, ref: str, *, today: date) -> Trial:
    """Say that a practice that was tried is the own one from now on; a second time nothing happens.

    Raises
    ------
    Trial.DoesNotExist
        And what `acting` raises.
    """
    exchange, _party = acting(sitting, Act.TRY_CARD)
    trial = trial_by_ref(sitting, ref)
    if trial.adopted_on is None:
        trial.adopted_on = today
        trial.save(update_fields=["adopted_on"])
        log(sitting, "adopt practice", exchange)
    return trial


@transaction.atomic
def thank(sitting: Sitting, ref: str, checked: Checked, *, reason: str, today: date) -> Thanks:
    """Say why a practice helped that the own company adopted; once, and without a number.

    Raises
    ------
    PracticeCard.DoesNotExist, NotYours, Incomplete, GuardStopped, RulesBroken
        And what `acting` raises.
    """
    exchange, party = acting(sitting, Act.TRY_CARD)
    card = card_by_ref(sitting, ref)
    mine = Trial.objects.filter(card=card, party=party, adopted_on__isnull=False)
    if card.party_id == party.pk or not mine.exists():
        raise NotYours(told(_("Thanks go with a practice of others that you adopted.")))
    said = recognised(card.ref, reason=tidy(reason, most=REASON_MOST)).reason
    pass_guard(exchange, checked, said)
    made, new = Thanks.objects.get_or_create(
        card=card, party=party, defaults={"reason": said, "on": today}
    )
    if new:
        log(sitting, "thank", exchange)
    return made
