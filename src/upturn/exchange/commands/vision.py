"""The vision is rung by those who serve, and other lines for it are suggested."""

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from upturn.exchange.commands.guarding import Checked, pass_guard
from upturn.exchange.commands.holding import changed, log, log_nobody, present
from upturn.exchange.commands.refusals import (
    NotOpen,
    NotReady,
    NotYours,
    SignFirst,
    Suspended,
    told,
)
from upturn.exchange.engine import COMPANIES_OF_A_LAYER, VISION_LETTERS, Incomplete
from upturn.exchange.models import (
    ExchangeParty,
    ExchangeState,
    PartyKind,
    VisionLine,
    VisionTapped,
    VisionVoice,
)
from upturn.exchange.queries.sittings import Sitting, has_signed

LAYERS = ("front_line", "team_leaders", "managers", "executives", "support")
"""Who taps whether the vision rings; a layer, never a person or a company."""


@transaction.atomic
def ring(sitting: Sitting, *, layer: str, rings: bool) -> None:
    """Count one tap of somebody of a layer: the vision rings, or not; whose it was is not kept.

    A layer is shown once its taps came from three companies, those of one owner counting once and
    the steward not at all. So that three can be told apart, it is kept which companies tapped for
    the layer while they are fewer than three: at most two of them, never how, how often or when.
    The third lets go of both. Until then whoever reads the database can tell which tapped, and
    what they said together; no page tells it.

    Raises
    ------
    Gone, NotYours, NotReady
    """
    exchange, party = present(sitting)
    if layer not in LAYERS:
        raise NotYours(told(_("There is no such layer. Choose one of the list.")))
    last = exchange.charters.order_by("number").last()
    if last is None:
        raise NotReady(("charter",))
    row, _new = VisionVoice.objects.get_or_create(charter=last, layer=layer)
    VisionVoice.objects.filter(pk=row.pk).update(of=F("of") + 1, rings=F("rings") + int(rings))
    if row.companies < COMPANIES_OF_A_LAYER and party.kind != PartyKind.STEWARD:
        _count_company(row, party)
    log_nobody("tap vision", exchange)


def _count_company(row: VisionVoice, party: ExchangeParty) -> None:
    known = VisionTapped.objects.filter(voice=row)
    if party.owner in known.values_list("party__owner", flat=True):
        return
    row.companies += 1
    row.save(update_fields=["companies"])
    if row.companies < COMPANIES_OF_A_LAYER:
        VisionTapped.objects.create(voice=row, party=party)
    else:
        known.delete()


@transaction.atomic
def suggest_line(sitting: Sitting, words: str, checked: Checked) -> None:
    """Suggest another line for the vision, in place of the one suggested before.

    It stands under the party's name, as answers of a round do where companies show: to be one
    each, replaced, taken back and erased with its party, it is kept with its party, and what is
    kept with a name is not shown as if it had none.

    Raises
    ------
    Gone, NotOpen, SignFirst, Suspended, Incomplete, GuardStopped, RulesBroken
    """
    exchange, party = present(sitting)
    if exchange.state not in {ExchangeState.PREPARING, ExchangeState.OPEN}:
        raise NotOpen
    last = exchange.charters.order_by("number").last()
    if last is None or not has_signed(exchange, party.pk):
        raise SignFirst
    if party.suspended:
        raise Suspended
    line = " ".join(words.split())
    if not 0 < len(line) <= VISION_LETTERS:
        said = _("The vision is one line of 140 letters at most. Write it, or shorten it.")
        raise Incomplete(told(said))
    if VisionLine.objects.filter(charter=last, party=party, words=line).exists():
        return
    pass_guard(exchange, checked, line)
    VisionLine.objects.update_or_create(charter=last, party=party, defaults={"words": line})
    changed(exchange)
    log(sitting, "suggest vision line", exchange)


@transaction.atomic
def withdraw_line(sitting: Sitting) -> None:
    """Take the own line back, at any time; nothing happens where there is none.

    Raises
    ------
    Gone
    """
    exchange, party = present(sitting)
    gone, _each = VisionLine.objects.filter(charter__exchange=exchange, party=party).delete()
    if gone:
        changed(exchange)
        log(sitting, "withdraw vision line", exchange)
