"""The charter is written and signed anew on every version; the chair goes on."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from upturn.exchange.commands.entering import check_signature
from upturn.exchange.commands.holding import (
    HEX_32,
    changed,
    check_alive,
    convening,
    held,
    in_each,
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
    ExchangeState,
    PartyKind,
    VisionLine,
    VisionTapped,
)
from upturn.exchange.queries.charters import chair_is_due, lead_of
from upturn.exchange.queries.sight import is_open, members_of
from upturn.exchange.queries.sittings import Sitting, has_signed

if TYPE_CHECKING:
    from upturn.people.models import Person


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
    is the version that holds. Lines that were suggested for the vision before go, taken or not,
    and so does which company tapped for which layer.

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
    VisionLine.objects.filter(charter__exchange=row).delete()
    VisionTapped.objects.filter(voice__charter__exchange=row).delete()
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
def pass_chair(viewer: "Person | Sitting", exchange: Exchange, *, today: date) -> str:
    """Give the chair to who led least recently, when its time is over or nobody has it.

    Raises
    ------
    Exchange.DoesNotExist, Gone, NotYours, NotReady
    """
    row = present(viewer)[0] if isinstance(viewer, Sitting) else convening(viewer, exchange)
    now = lead_of(row)
    if isinstance(viewer, Sitting):
        if now.ref not in {"", viewer.party_ref}:
            raise NotYours(told(_("Whoever leads passes the chair on, or the host does.")))
    elif now.party and now.until and today < now.until:
        raise NotReady(("chair_until",))
    if not now.next_ref:
        raise NotReady(("members",))
    _give_chair(row, now.next_ref, today=today)
    log(viewer, "pass chair", row)
    return now.next_ref


def _give_chair(exchange: Exchange, ref: str, *, today: date) -> None:
    last = Chair.objects.filter(exchange=exchange).order_by("since").last()
    if last is not None and last.to is None and last.since < today:
        last.to = today
        last.save(update_fields=["to"])
    after = members_of(exchange).get(ref=ref)
    Chair.objects.update_or_create(
        exchange=exchange, since=today, defaults={"party": after, "to": None}
    )
    changed(exchange)


def rotate_due(now: datetime) -> int:
    """Let the chair of each open exchange go on whose time is over, or whose leader left.

    It goes on once, however many terms passed while the host slept or the exchange rested: who
    would have led meanwhile knew nothing of it, and would lose its turn. The first chair is given
    by hand.
    """
    today = timezone.localdate(now)
    later = Chair.objects.filter(exchange=OuterRef("exchange"), since__gt=OuterRef("since"))
    rows = Chair.objects.filter(~Exists(later), exchange__state=ExchangeState.OPEN)
    rows = rows.filter(since__lt=today)
    return in_each(rows, "exchange", lambda _pk, exchange: _rotate(exchange, today=today))


def _rotate(exchange_pk: int, *, today: date) -> bool:
    # Looked at without a lock first: this is asked every few seconds.
    if not chair_is_due(Exchange.objects.get(pk=exchange_pk), today=today):
        return False
    with transaction.atomic():
        row = held(exchange_pk)
        if not (is_open(row) and chair_is_due(row, today=today)):
            return False
        _give_chair(row, lead_of(row).next_ref, today=today)
        log_nobody("chair goes on", row)
        return True
