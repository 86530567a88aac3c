"""The charter is written, signed anew on every version, and its vision rung; the chair goes on."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from upturn.exchange.commands.entering import check_signature
from upturn.exchange.commands.holding import (
    HEX_32,
    changed,
    check_alive,
    convening,
    log,
    log_nobody,
    present,
)
from upturn.exchange.commands.refusals import BadSignature, NotReady, NotYours, Overtaken, told
from upturn.exchange.engine import CHARTER, BadSeal, CharterText, as_data, charter_digest, to_sign
from upturn.exchange.engine import missing as missing_in
from upturn.exchange.models import (
    Chair,
    Charter,
    CharterSignature,
    Exchange,
    PartyKind,
    VisionVoice,
)
from upturn.exchange.queries.charters import lead_of
from upturn.exchange.queries.sight import members_of
from upturn.exchange.queries.sittings import Sitting, has_signed

if TYPE_CHECKING:
    from upturn.people.models import Person

LAYERS = ("front_line", "team_leaders", "managers", "executives", "support")
"""Who taps whether the vision rings; a layer, never a person or a company."""


def check_charter(text: CharterText) -> None:
    """Raise NotReady, with codes of what it lacks, unless a charter can be signed."""
    if missing := missing_in(text):
        raise NotReady(missing)


@transaction.atomic
def propose_charter(
    viewer: "Person", exchange: Exchange, text: CharterText, *, after: int, today: date
) -> Charter:
    """Write a version, which holds from now on and is signed anew by everybody.

    `after` is the number of the version it was written from, 0 for the first. The same text again
    is the version that holds.

    Raises
    ------
    Exchange.DoesNotExist, NotReady, NotOpen, Overtaken
    """
    row = convening(viewer, exchange)
    check_alive(row)
    check_charter(text)
    last = row.charters.order_by("number").last()
    if last is not None and last.content == as_data(text):
        return last
    if after != (last.number if last else 0):
        raise Overtaken
    made = Charter.objects.create(
        exchange=row,
        number=after + 1,
        vision=text.vision.strip(),
        content=as_data(text),
        digest=charter_digest(text, number=after + 1),
        on=today,
    )
    changed(row)
    log(viewer, "propose charter", row)
    return made


@transaction.atomic
def sign_charter(sitting: Sitting, *, digest: str, signature: str, today: date) -> None:
    """Sign the version that holds with the party's key; a second time nothing happens.

    Raises
    ------
    Gone, Overtaken, BadSignature
        Overtaken if `digest` is not of the version that holds.
    """
    exchange, party = present(sitting)
    check_alive(exchange)
    last = exchange.charters.order_by("number").last()
    if last is None or last.digest != digest:
        raise Overtaken
    if has_signed(exchange, party.pk):
        return
    if not party.signs:
        raise BadSignature
    said = to_sign(CHARTER, exchange.ref, str(last.number), last.digest)
    check_signature(party.signs, said, signature=signature)
    CharterSignature.objects.create(charter=last, party=party, signature=signature, on=today)
    changed(exchange)
    log(sitting, "sign charter", exchange)


@transaction.atomic
def state_gain(sitting: Sitting, digest: str) -> None:
    """Say that the company has written down its own gain; the statement stays on its side.

    Raises
    ------
    Gone, NotYours, BadSeal
    """
    exchange, party = present(sitting)
    if party.kind != PartyKind.MEMBER:
        raise NotYours(told(_("Gain statements are the companies' own.")))
    if not HEX_32.fullmatch(digest):
        raise BadSeal(told(_("This is no digest of a statement. Let the device make it anew.")))
    party.gain_digest = digest
    party.save(update_fields=["gain_digest"])
    changed(exchange)
    log_nobody("state gain", exchange)


@transaction.atomic
def ring(sitting: Sitting, *, layer: str, rings: bool) -> None:
    """Count one tap of somebody of a layer: the vision rings, or not; whose it was is not kept.

    Raises
    ------
    Gone, NotYours, NotReady
    """
    exchange, _party = present(sitting)
    if layer not in LAYERS:
        raise NotYours(told(_("There is no such layer. Choose one of the list.")))
    last = exchange.charters.order_by("number").last()
    if last is None:
        raise NotReady(("charter",))
    row, _new = VisionVoice.objects.get_or_create(charter=last, layer=layer)
    VisionVoice.objects.filter(pk=row.pk).update(of=F("of") + 1, rings=F("rings") + int(rings))
    log_nobody("tap vision", exchange)


@transaction.atomic
def pass_chair(viewer: "Person | Sitting", exchange: Exchange, *, today: date) -> str:
    """Give the chair to who led least recently, when its time is over or nobody has it.

    Raises
    ------
    Exchange.DoesNotExist, Gone, NotYours, NotReady
    """
    if isinstance(viewer, Sitting):
        row, party = present(viewer)
        held = Chair.objects.filter(exchange=row).order_by("since").last()
        if held is not None and held.party_id != party.pk:
            raise NotYours(told(_("Whoever leads passes the chair on, or the host does.")))
    else:
        row = convening(viewer, exchange)
    now = lead_of(row)
    by_host_early = not isinstance(viewer, Sitting) and now.until and today < now.until
    if now.party and by_host_early:
        raise NotReady(("chair_until",))
    if not now.next_ref:
        raise NotReady(("members",))
    after = members_of(row).get(ref=now.next_ref)
    Chair.objects.update_or_create(exchange=row, since=today, defaults={"party": after})
    changed(row)
    log(viewer, "pass chair", row)
    return after.ref
