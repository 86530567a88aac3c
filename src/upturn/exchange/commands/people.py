"""Pairs are drawn, strengths offered and asked for, lists handed in blind, media put up."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from upturn.exchange.commands.benchmarks import digest_of
from upturn.exchange.commands.guarding import Checked, pass_guard
from upturn.exchange.commands.holding import HEX_16, acting, changed, convening, log, log_nobody
from upturn.exchange.commands.hosting import tidy
from upturn.exchange.commands.refusals import NotOpen, NotReady, NotYours, told
from upturn.exchange.engine import STRENGTHS, Act, BadSeal, Incomplete, draw_talks, item, template
from upturn.exchange.models import (
    BlindList,
    Exchange,
    Media,
    Pair,
    Rung,
    Strength,
)
from upturn.exchange.queries.before import counsel_of
from upturn.exchange.queries.sight import Viewer, is_open, members_of
from upturn.exchange.queries.sittings import Sitting

if TYPE_CHECKING:
    from upturn.people.models import Person

SERVICES = "services"
ABOUT = ("together", SERVICES)
LIST_LENGTH = 32
MEDIA_BYTES = 40_000_000
ENDINGS: Mapping[str, str] = {
    "video/mp4": "mp4",
    "video/webm": "webm",
    "application/pdf": "pdf",
    "audio/mpeg": "mp3",
    "audio/ogg": "ogg",
}
"""What may be put up, and how the names of such files end."""


@transaction.atomic
def draw_pairs(viewer: "Person", exchange: Exchange, *, seed: int, today: date) -> int:
    """Put companies that share practice together in twos, by chance; give how many pairs.

    A day has one draw.

    Raises
    ------
    Exchange.DoesNotExist, NotOpen, Incomplete
    """
    import numpy as np  # noqa: PLC0415 - only where it draws

    row = convening(viewer, exchange)
    if not is_open(row):
        raise NotOpen
    if drawn := Pair.objects.filter(exchange=row, drawn_on=today).count():
        return drawn
    here = members_of(row).filter(rung__gte=Rung.SHARE_PRACTICE, suspended=False)
    parties = {party.ref: party for party in here}
    rows = Pair.objects.filter(exchange=row).values_list("seeker__ref", "giver__ref")
    pairs = draw_talks(
        list(parties), draws=np.random.default_rng(seed), before=[frozenset(each) for each in rows]
    )
    Pair.objects.bulk_create(
        Pair(exchange=row, seeker=parties[one.seeker], giver=parties[one.giver], drawn_on=today)
        for one in pairs
    )
    changed(row)
    log(viewer, "draw pairs", row)
    return len(pairs)


@transaction.atomic
def say_met(sitting: Sitting, pair: int) -> None:
    """Say that a pair has met; either of the two does. What they said is on their paper.

    Raises
    ------
    Gone, NotOpen, SignFirst, Suspended, NotYours, TooLow
    """
    exchange, party = acting(sitting, Act.PAIR)
    rows = Pair.objects.filter(Q(seeker=party) | Q(giver=party), pk=pair, exchange=exchange)
    if not rows.update(met=True):
        raise NotYours(told(_("This is not a pair of yours.")))


@transaction.atomic
def name_strengths(sitting: Sitting, *, offers: Collection[str], asks: Collection[str]) -> None:
    """Say what the company offers and asks for; it replaces what was said before.

    Raises
    ------
    Gone, NotOpen, SignFirst, Suspended, NotYours, TooLow, NoSuchWord
    """
    exchange, party = acting(sitting, Act.PAIR)
    said = [(item(code, among=STRENGTHS).code, True) for code in set(offers)]
    said += [(item(code, among=STRENGTHS).code, False) for code in set(asks)]
    Strength.objects.filter(party=party).delete()
    Strength.objects.bulk_create(
        Strength(party=party, strength=code, offers=offering) for code, offering in sorted(said)
    )
    log_nobody("name strengths", exchange)


@transaction.atomic
def hand_in_list(sitting: Sitting, about: str, digests: Sequence[str]) -> None:
    """Hand in a list as keyed digests, always of one length; it replaces the one before.

    Raises
    ------
    Gone, NotOpen, SignFirst, Suspended, NotYours, TooLow, BadSeal
    NotReady
        For services, where counsel has not agreed or took the word back.
    """
    exchange, party = acting(sitting, Act.PAIR)
    if about == SERVICES:
        _check_services(exchange)
    whole = len(digests) == len(set(digests)) == LIST_LENGTH
    if about not in ABOUT or not whole or not all(map(HEX_16.fullmatch, digests)):
        raise BadSeal(told(_("This is no blind list. Let the device make it anew.")))
    BlindList.objects.update_or_create(
        party=party, about=about, defaults={"digests": sorted(digests)}
    )
    log_nobody("hand in list", exchange)


def _check_services(exchange: Exchange) -> None:
    """Refuse to compare who serves whom among companies that compete for those they serve."""
    if not template(exchange.template).duplication:
        said = _("Services are compared only among those who do not compete for whom they serve.")
        raise NotYours(told(said))
    if not counsel_of(exchange):
        raise NotReady(("counsel",))


@transaction.atomic
def open_list(sitting: Sitting, others: Collection[str]) -> None:
    """Open the list of services to these companies and no others; it is compared if they do too.

    Raises
    ------
    Gone, NotOpen, SignFirst, Suspended, NotYours, TooLow, NotReady, Incomplete
    """
    exchange, party = acting(sitting, Act.PAIR)
    _check_services(exchange)
    found = BlindList.objects.filter(party=party, about=SERVICES).first()
    if found is None:
        raise Incomplete(told(_("Hand in your list of services first.")))
    found.open_to.set(members_of(exchange).filter(ref__in=others).exclude(pk=party.pk))
    log_nobody("open list", exchange)


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaDraft:
    """A video, sound or paper before it is put up, with the month it is for."""

    name: str
    kind: str
    content: bytes
    month: date


@transaction.atomic
def put_up_media(viewer: Viewer, exchange: Exchange, draft: MediaDraft, checked: Checked) -> Media:
    """Put up a month's video or paper; the same bytes a second time are the same one.

    Raises
    ------
    Exchange.DoesNotExist, Gone, NotOpen, SignFirst, Suspended, NotYours, TooLow, Incomplete
    GuardStopped, RulesBroken
        By its name; what a film says nobody reads here.
    """
    party = None
    if isinstance(viewer, Sitting):
        row, party = acting(viewer, Act.WRITE_CARD)
    else:
        row = convening(viewer, exchange)
    title, content = tidy(draft.name, most=120), draft.content
    if not title or draft.kind not in ENDINGS or not 0 < len(content) <= MEDIA_BYTES:
        raise Incomplete(told(_("A name is needed, and a video, sound or PDF below 40 megabytes.")))
    pass_guard(row, checked, title)
    digest = digest_of(content)
    if found := Media.objects.filter(exchange=row, digest=digest).first():
        return found
    made = Media.objects.create(
        exchange=row,
        ref=secrets.token_hex(6),
        name=title,
        kind=draft.kind,
        content=content,
        digest=digest,
        month=draft.month.replace(day=1),
        party=party,
    )
    changed(row)
    log(viewer, "put up media", row)
    return made
