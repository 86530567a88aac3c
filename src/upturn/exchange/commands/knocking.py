"""Somebody outside asks to come in, with a need and a topic it goes with; the host answers."""

import secrets
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from upturn.exchange.commands.holding import changed, convening, held, log, log_nobody
from upturn.exchange.commands.hosting import Invitation, Invited, invite_party, tidy
from upturn.exchange.commands.refusals import NotOpen, NotYours, told
from upturn.exchange.engine import Incomplete
from upturn.exchange.models import Exchange, ExchangeState, Knock, Topic

if TYPE_CHECKING:
    from upturn.people.models import Person

MOST_WAITING = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class KnockDraft:
    """What somebody outside says of itself."""

    company: str
    reach: str
    need: str
    topic: str = ""


@transaction.atomic
def knock(exchange_ref: str, draft: KnockDraft, *, today: date) -> None:
    """Ask to come in. What is answered does not tell whether there is such an exchange.

    Raises
    ------
    Incomplete
    """
    company, need = tidy(draft.company, most=80), tidy(draft.need, most=300)
    if not company or not need or not draft.reach.strip():
        raise Incomplete(told(_("Say who you are, how to reach you, and what you need.")))
    found = Exchange.objects.filter(ref=exchange_ref, state=ExchangeState.OPEN).first()
    if found is None:
        return
    row = held(found.pk)
    waiting = Knock.objects.filter(exchange=row, answered_on=None)
    if waiting.count() >= MOST_WAITING:
        return
    Knock.objects.create(
        exchange=row,
        ref=secrets.token_hex(6),
        company=company,
        reach=tidy(draft.reach, most=120),
        need=need,
        topic=_matching(row, f"{need} {draft.topic}"),
        on=today,
    )
    log_nobody("knock", row)


def _matching(exchange: Exchange, said: str) -> str:
    """Give the topic whose name the need speaks of, empty for none."""
    words = set(said.casefold().split())
    names = Topic.objects.filter(exchange=exchange).order_by("pk").values_list("name", flat=True)
    return next((name[:80] for name in names if words & set(name.casefold().split())), "")


@transaction.atomic
def answer_knock(
    viewer: "Person", exchange: Exchange, ref: str, *, invite: bool, today: date
) -> Invited | None:
    """Answer somebody who knocked: with a door, or with a kind no, which says nothing more.

    Either way what was said of it is forgotten; who is invited has a row of its own.

    Raises
    ------
    Exchange.DoesNotExist, Knock.DoesNotExist, NotYours, NotOpen, Incomplete
    """
    row = convening(viewer, exchange)
    if row.state == ExchangeState.CLOSED:
        raise NotOpen
    found = Knock.objects.select_for_update().get(exchange=row, ref=ref)
    if found.answered_on is not None:
        raise NotYours(told(_("This was answered already.")))
    invited = (
        invite_party(viewer, row, Invitation(name=found.company), today=today) if invite else None
    )
    found.answered_on, found.invited = today, invite
    found.company = found.reach = found.need = ""
    found.save(update_fields=["answered_on", "invited", "company", "reach", "need"])
    changed(row)
    log(viewer, "answer knock", row)
    return invited
