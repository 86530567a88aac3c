"""An exchange is prepared, its parties are invited, it opens, rests and closes."""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from upturn.exchange.commands.erasing import erase_party
from upturn.exchange.commands.holding import changed, check_alive, convening, log
from upturn.exchange.commands.refusals import NotOpen, NotReady, NotYours, told
from upturn.exchange.engine import (
    READINESS,
    RULES,
    Incomplete,
    item,
    review_on,
    template,
)
from upturn.exchange.models import (
    BuyIn,
    Convener,
    Door,
    Exchange,
    ExchangeParty,
    ExchangeState,
    PartyKind,
    Readiness,
    SignOff,
    Topic,
)
from upturn.exchange.queries.before import missing_to_open, opens, thought_through
from upturn.exchange.queries.fences import everywhere
from upturn.exchange.queries.hosting import party_by_ref
from upturn.exchange.queries.sight import may_prepare, parties_of
from upturn.record.keys import ref_of
from upturn.record.proofs import hash_of

if TYPE_CHECKING:
    from upturn.people.models import Person

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Of which door codes are made: none is mistaken for another."""
CODE_LETTERS = 28
DOOR_DAYS = 14
MOST_PARTIES = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeDraft:
    """An exchange before it is prepared; `key` is drawn when the form opens."""

    key: str
    name: str
    template: str
    language: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A party to be invited. `owner` is the group it belongs to; its own name where it has none."""

    name: str
    kind: str = PartyKind.MEMBER
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Invited:
    """A party and the code of its door, which is shown once and kept nowhere."""

    party: ExchangeParty
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CounselsWord:
    """A named counsel's word, on the whole (no rule) or on one matter of one rule."""

    counsel: str
    words: str
    rule: int | None = None
    about: str = ""


@everywhere()
@transaction.atomic
def open_preparation(viewer: "Person", draft: ExchangeDraft) -> Exchange:
    """Begin to prepare an exchange, or find it if this draft was sent before.

    Whoever begins keeps it, whether the client, a supplier or somebody neutral.

    Raises
    ------
    NotYours, Incomplete, NoSuchWord
    """
    if not may_prepare(viewer):
        raise NotYours(told(_("Exchanges are prepared by those who lead or facilitate. Ask one.")))
    name = tidy(draft.name, most=80)
    if not name or not draft.key:
        raise Incomplete(told(_("An exchange needs a name by which the leaders know it.")))
    begins_as = template(draft.template)
    ref = ref_of(f"exchange {viewer.pk} {draft.key}")
    if found := Exchange.objects.filter(ref=ref).first():
        return found
    language = draft.language if draft.language in dict(settings.LANGUAGES) else "en"
    made = Exchange.objects.create(ref=ref, name=name, template=begins_as.code, language=language)
    Convener.objects.create(exchange=made, person=viewer)
    log(viewer, "prepare exchange", made)
    return made


def tidy(words: str, *, most: int) -> str:
    r"""Take out what a line does not need.

    >>> tidy("  North \n Lines ", most=80)
    'North Lines'
    """
    return " ".join(words.split())[:most]


@transaction.atomic
def note_readiness(
    viewer: "Person", exchange: Exchange, code: str, *, found: str, today: date
) -> None:
    """Note what was found for an item; nothing but blanks takes it back.

    Raises
    ------
    Exchange.DoesNotExist, NoSuchWord
    """
    row = convening(viewer, exchange)
    known = item(code, among=READINESS).code
    words = tidy(found, most=400)
    Readiness.objects.filter(exchange=row, item=known).delete()
    if words:
        Readiness.objects.create(exchange=row, item=known, found=words, on=today)
    changed(row)
    log(viewer, "note readiness", row)


@transaction.atomic
def sign_off(viewer: "Person", exchange: Exchange, word: CounselsWord, *, today: date) -> SignOff:
    """Log a named counsel's word; only rules that allow it can be relaxed.

    Raises
    ------
    Exchange.DoesNotExist, Incomplete
    """
    row = convening(viewer, exchange)
    if not word.counsel.strip() or not word.words.strip():
        raise Incomplete(told(_("A sign-off has the name of counsel and what counsel said.")))
    if word.rule is not None and not _may_relax(word):
        said = _("Rule {rule} cannot be relaxed so. Rules 4, 6 and 19 can, each for one matter.")
        raise Incomplete(told(said, rule=word.rule))
    made = SignOff.objects.create(
        exchange=row,
        rule=word.rule,
        counsel=tidy(word.counsel, most=80),
        about=tidy(word.about, most=120),
        words=tidy(word.words, most=400),
        on=today,
    )
    changed(row)
    log(viewer, "log sign-off", row)
    return made


def _may_relax(word: CounselsWord) -> bool:
    known = RULES.get(word.rule or 0)
    return known is not None and known.counsel_may_relax and bool(word.about.strip())


@transaction.atomic
def withdraw_sign_off(viewer: "Person", exchange: Exchange, number: int, *, today: date) -> None:
    """Take a sign-off back from today on; it stays in the log. Raises SignOff.DoesNotExist."""
    row = convening(viewer, exchange)
    found = SignOff.objects.get(exchange=row, pk=number)
    if found.withdrawn_on is None:
        SignOff.objects.filter(pk=found.pk).update(withdrawn_on=today)
        changed(row)
        log(viewer, "withdraw sign-off", row)


@transaction.atomic
def invite_party(
    viewer: "Person", exchange: Exchange, invitation: Invitation, *, today: date
) -> Invited:
    """Invite a party: its door opens once, within fourteen days.

    Nobody is invited before the readiness list is thought through and counsel has signed off; once
    an exchange is open, whoever knocks or comes later is invited as it stands.

    Raises
    ------
    Exchange.DoesNotExist, Incomplete, NotOpen
    """
    row = convening(viewer, exchange)
    check_alive(row)
    if not thought_through(row):
        said = _(
            "First think every question through and log counsel’s word: “{page}” says what is open."
        )
        raise Incomplete(told(said, page=_("Think it through")))
    name = tidy(invitation.name, most=80)
    _check_invitation(row, name, invitation.kind)
    party = ExchangeParty.objects.create(
        exchange=row,
        ref=secrets.token_hex(6),
        kind=invitation.kind,
        name=name,
        owner=tidy(invitation.owner, most=80) or name,
    )
    BuyIn.objects.create(party=party)
    ask_anew(row)
    changed(row)
    log(viewer, "invite party", row)
    return Invited(party, _door(party, today=today))


def _check_invitation(exchange: Exchange, name: str, kind: str) -> None:
    if kind not in PartyKind.values or not name:
        raise Incomplete(told(_("A party has a name, and is a member, the client or the steward.")))
    here = parties_of(exchange)
    if here.filter(name__iexact=name).exists():
        raise Incomplete(told(_("“{name}” is invited already. Give it a new code."), name=name))
    if kind != PartyKind.MEMBER and here.filter(kind=kind).exists():
        raise Incomplete(
            told(_("There is one client and one steward. Part with the old one first."))
        )
    if here.count() >= MOST_PARTIES:
        raise Incomplete(told(_("An exchange holds {most} parties."), most=MOST_PARTIES))


def ask_anew(exchange: Exchange) -> None:
    """Drop the tokens of this time of asking: who is asked has changed, so they fit no more."""
    rows = BuyIn.objects.filter(party__exchange=exchange).exclude(token="")
    if exchange.state == ExchangeState.PREPARING and rows.update(token=""):
        exchange.asking += 1
        exchange.save(update_fields=["asking"])


def _door(party: ExchangeParty, *, today: date) -> str:
    code = "".join(secrets.choice(LETTERS) for _letter in range(CODE_LETTERS))
    until = today + timedelta(days=DOOR_DAYS)
    Door.objects.create(party=party, code_hash=hash_of(code), until=until)
    return "-".join(code[at : at + 4] for at in range(0, CODE_LETTERS, 4))


@transaction.atomic
def renew_door(viewer: "Person", exchange: Exchange, ref: str, *, today: date) -> Invited:
    """Give a party a new code, for a lost one or a lost key: seats, doors and keys end.

    The key that is enrolled next is compared by its words anew. Before the exchange opens an
    answer is sealed anew too, as the lost key alone could open it; and all are asked anew.

    Raises
    ------
    ExchangeParty.DoesNotExist
    """
    row = convening(viewer, exchange)
    party = party_by_ref(viewer, row, ref)
    party.doors.all().delete()
    party.seats.all().delete()
    party.signs = party.seals = ""
    party.compared_on = None
    party.save(update_fields=["signs", "seals", "compared_on"])
    _forget_answer(row, party)
    changed(row)
    log(viewer, "renew door", row)
    return Invited(party, _door(party, today=today))


def _forget_answer(exchange: Exchange, party: ExchangeParty) -> None:
    if exchange.state == ExchangeState.PREPARING:
        nothing = {"commitment": "", "token": "", "opened": "", "salt": "", "exceptions": []}
        ask_anew(exchange)
        BuyIn.objects.filter(party=party).update(**nothing)


def check_open(viewer: "Person", exchange: Exchange) -> None:
    """Raise NotReady, with the list of what is missing, unless the exchange can open."""
    if missing := missing_to_open(viewer, exchange):
        raise NotReady(missing)


@transaction.atomic
def open_exchange(viewer: "Person", exchange: Exchange, *, today: date) -> Exchange:
    """Open an exchange that is prepared; a second time nothing happens.

    Who opened a no or a not yet stays out, and nothing of it stays. The tokens and the sealed
    answers of the others are forgotten, and topics that somebody left out are no topics.

    Raises
    ------
    Exchange.DoesNotExist, NotReady, NotOpen
    """
    row = convening(viewer, exchange)
    if row.state != ExchangeState.PREPARING:
        check_alive(row)
        return row
    check_open(viewer, row)
    found = opens(row)
    out = found.stay_out if found else ()
    for party in ExchangeParty.objects.filter(exchange=row, ref__in=out):
        erase_party(party, words_too=True, today=today)
    left_out = {each for some in found.left_out.values() for each in some} if found else set()
    _topics(row, without={each.casefold() for each in left_out})
    BuyIn.objects.filter(party__exchange=row).delete()
    row.state, row.opened_on = ExchangeState.OPEN, today
    row.review_on = review_on(today, today=today)
    row.save(update_fields=["state", "opened_on", "review_on"])
    changed(row)
    log(viewer, "open exchange", row)
    return row


def _topics(exchange: Exchange, *, without: set[str]) -> None:
    last = exchange.charters.order_by("number").last()
    for name in last.content["topics"] if last else ():
        if name.casefold() not in without:
            Topic.objects.get_or_create(
                exchange=exchange, name=name[:120], defaults={"ref": secrets.token_hex(6)}
            )


@transaction.atomic
def rest(viewer: "Person", exchange: Exchange) -> Exchange:
    """Let an open exchange rest: everybody reads and nobody writes."""
    return _moved(viewer, exchange, ExchangeState.OPEN, ExchangeState.RESTING)


@transaction.atomic
def wake(viewer: "Person", exchange: Exchange) -> Exchange:
    """Go on after a rest."""
    return _moved(viewer, exchange, ExchangeState.RESTING, ExchangeState.OPEN)


def _moved(
    viewer: "Person", exchange: Exchange, before: ExchangeState, after: ExchangeState
) -> Exchange:
    row = convening(viewer, exchange)
    if row.state not in {before, after}:
        raise NotOpen
    if row.state == before:
        row.state = after
        row.save(update_fields=["state"])
        changed(row)
        log(viewer, f"exchange {after.value}", row)
    return row


@transaction.atomic
def close(viewer: "Person", exchange: Exchange) -> Exchange:
    """Close an exchange for good; one that never opened is deleted by `abandon` instead.

    Raises
    ------
    Exchange.DoesNotExist, NotOpen
    """
    row = convening(viewer, exchange)
    if row.state == ExchangeState.PREPARING:
        raise NotOpen
    if row.state != ExchangeState.CLOSED:
        row.state = ExchangeState.CLOSED
        row.save(update_fields=["state"])
        changed(row)
        log(viewer, "close exchange", row)
    return row


@transaction.atomic
def abandon(viewer: "Person", exchange: Exchange) -> None:
    """Delete an exchange that never opened, with all that was prepared.

    Raises
    ------
    Exchange.DoesNotExist, NotOpen
    """
    row = convening(viewer, exchange)
    if row.state != ExchangeState.PREPARING:
        raise NotOpen
    log(viewer, "abandon exchange", row)
    row.delete()
