"""People of the exchange: own pairs, whom one fits with, what lists share, what came this month."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from upturn.exchange.engine import CALL_TOPICS, Item, calls_due, duplicated, item, matches, shared
from upturn.exchange.models import (
    BlindList,
    Exchange,
    ExchangeParty,
    Knock,
    Media,
    Pair,
    Strength,
)
from upturn.exchange.queries.sight import (
    Viewer,
    check_convene,
    check_inside,
    members_of,
    own_party,
)
from upturn.exchange.queries.sittings import Sitting


@dataclass(frozen=True, slots=True)
class PairSeen:
    """A pair the viewer's company is in: the number, the other, and whether it asks this time."""

    pk: int
    other: str
    asks: bool
    drawn_on: date
    met: bool


def own_pairs(viewer: Sitting) -> tuple[PairSeen, ...]:
    """List the pairs of the viewer's company, the newest first; others' pairs are theirs.

    Raises
    ------
    ExchangeParty.DoesNotExist
    """
    party = _inside(viewer)
    rows = Pair.objects.filter(Q(seeker=party) | Q(giver=party)).select_related("seeker", "giver")
    return tuple(
        PairSeen(
            row.pk,
            row.giver.name if row.seeker_id == party.pk else row.seeker.name,
            row.seeker_id == party.pk,
            row.drawn_on,
            row.met,
        )
        for row in rows.order_by("-pk")
    )


def _inside(viewer: Sitting) -> ExchangeParty:
    """Give the own party of a sitting that signed the charter that holds."""
    if not viewer.charter_signed:
        raise ExchangeParty.DoesNotExist
    return own_party(viewer)


def own_pair(viewer: Sitting, number: int) -> PairSeen:
    """Give one pair of the viewer's company; raise Pair.DoesNotExist for others' or none."""
    found = next((each for each in own_pairs(viewer) if each.pk == number), None)
    if found is None:
        raise Pair.DoesNotExist
    return found


def last_draw(viewer: Viewer, exchange: Exchange) -> date | None:
    """Say when pairs were drawn last; who is in them only they know."""
    check_inside(viewer, exchange)
    rows = Pair.objects.filter(exchange=exchange).order_by("drawn_on")
    return rows.values_list("drawn_on", flat=True).last()


@dataclass(frozen=True, slots=True)
class CallSeen:
    """Whom to call, with the reference under which a device notes that it was done."""

    ref: str
    name: str
    last: date | None
    topics: tuple[Item, ...]


def calls_to_make(viewer: Sitting, *, today: date) -> tuple[CallSeen, ...]:
    """Say with whom the viewer's company has not talked in four weeks, with three topics each.

    Only talks of pairs are known here; other calls are noted on the device alone (S3.60).
    """
    party = _inside(viewer)
    others = members_of(party.exchange).filter(suspended=False).exclude(pk=party.pk)
    names = dict(others.values_list("ref", "name"))
    last: dict[str, date | None] = dict.fromkeys(names)
    rows = Pair.objects.filter(Q(seeker=party) | Q(giver=party), met=True).order_by("drawn_on")
    for seeker, giver, day in rows.values_list("seeker__ref", "giver__ref", "drawn_on"):
        other = giver if seeker == party.ref else seeker
        last |= {other: day} if other in last else {}
    fit = fits(viewer)
    fitting = {ref: ("strengths",) for ref, name in names.items() if name in fit}
    due = calls_due(last, today=today, shared=fitting)
    found = (
        CallSeen(
            call.partner,
            names[call.partner],
            call.last,
            tuple(item(code, among=CALL_TOPICS) for code in call.topics),
        )
        for call in due
    )
    return tuple(sorted(found, key=lambda call: (call.last or date.min, call.name)))


def has_list(viewer: Sitting, about: str) -> bool:
    """Say whether the viewer's company has handed in a list."""
    return BlindList.objects.filter(party=_inside(viewer), about=about).exists()


def all_have_lists(viewer: Viewer, exchange: Exchange) -> bool:
    """Say whether every company has handed in its topics: a light, and never who has not."""
    check_inside(viewer, exchange)
    lists = dict(_lists(exchange, about="together"))
    return set(lists) == set(members_of(exchange).values_list("ref", flat=True))


def open_to(viewer: Sitting) -> frozenset[str]:
    """Give the companies to which the viewer's company opened its list of services."""
    rows = BlindList.objects.filter(party=_inside(viewer), about="services")
    return frozenset(ref for ref in rows.values_list("open_to__ref", flat=True) if ref)


def own_strengths(viewer: Sitting) -> tuple[frozenset[str], frozenset[str]]:
    """Give what the viewer's company offers and asks for."""
    party = _inside(viewer)
    rows = list(Strength.objects.filter(party=party).values_list("strength", "offers"))
    offers = frozenset(strength for strength, offering in rows if offering)
    return offers, frozenset(strength for strength, offering in rows if not offering)


def fits(viewer: Sitting) -> Mapping[str, frozenset[str]]:
    """Say with whom the viewer's strengths fit, by name: both sides see it and nobody else."""
    party = _inside(viewer)
    here = members_of(party.exchange)
    offers: dict[str, set[str]] = {}
    asks: dict[str, set[str]] = {}
    rows = Strength.objects.filter(party__in=here).values_list("party__ref", "strength", "offers")
    for ref, strength, offering in rows:
        (offers if offering else asks).setdefault(ref, set()).add(strength)
    names = dict(here.values_list("ref", "name"))
    found = matches(offers, asks, party=party.ref)
    return {names[ref]: fit for ref, fit in found.items()}


def together(viewer: Viewer, exchange: Exchange) -> frozenset[str]:
    """Give the digests of topics all companies would take up together; none before all said.

    Only devices that have the key of the companies can put them into words.
    """
    check_inside(viewer, exchange)
    lists = dict(_lists(exchange, about="together"))
    here = set(members_of(exchange).values_list("ref", flat=True))
    return shared(list(lists.values())) if set(lists) == here else frozenset()


def doubled(viewer: Sitting) -> Mapping[str, frozenset[str]]:
    """Give, by the other's name, services that both do; only where both opened their lists."""
    party = _inside(viewer)
    lists = dict(_lists(party.exchange, about="services"))
    rows = BlindList.objects.filter(party__exchange=party.exchange_id, about="services")
    opened = rows.values_list("party__ref", "open_to__ref")
    open_to: dict[str, set[str]] = {}
    for ref, other in opened:
        open_to.setdefault(ref, set()).add(other)
    names = dict(members_of(party.exchange).values_list("ref", "name"))
    found = duplicated(lists, open_to=open_to, party=party.ref) if party.ref in lists else {}
    return {names[ref]: both for ref, both in found.items()}


def _lists(exchange: Exchange, *, about: str) -> list[tuple[str, list[str]]]:
    rows = BlindList.objects.filter(party__in=members_of(exchange), about=about)
    return list(rows.values_list("party__ref", "digests"))


def knocks(viewer: Viewer, exchange: Exchange) -> tuple[Knock, ...]:
    """List to who keeps the exchange those who knocked and wait."""
    check_convene(viewer, exchange)
    return tuple(Knock.objects.filter(exchange=exchange, answered_on=None).order_by("pk"))


@dataclass(frozen=True, slots=True)
class MediaSeen:
    """A month's video or paper, and the company that put it up, empty for the host or none."""

    ref: str
    name: str
    kind: str
    digest: str
    month: date
    by: str


def media(viewer: Viewer, exchange: Exchange) -> tuple[MediaSeen, ...]:
    """List videos and papers, the newest month first, without their content.

    Raises
    ------
    Exchange.DoesNotExist
    """
    check_inside(viewer, exchange)
    rows = Media.objects.filter(exchange=exchange).order_by("-month", "-pk")
    seen = rows.values_list("ref", "name", "kind", "digest", "month", "party__name")
    return tuple(MediaSeen(*each[:5], by=each[5] or "") for each in seen)


def media_content(viewer: Viewer, exchange: Exchange, ref: str) -> tuple[str, bytes]:
    """Give kind and bytes of one; raise Media.DoesNotExist if there is none in sight."""
    check_inside(viewer, exchange)
    row = Media.objects.get(exchange=exchange, ref=ref)
    return row.kind, bytes(row.content)
