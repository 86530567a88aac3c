"""The charter that holds and those before it, who signed, whose turn it is to lead, the lights."""

from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from typing import Any

from upturn.exchange.engine import (
    CharterText,
    chair_until,
    charter_of,
    gain_light,
    next_chair,
    rings,
)
from upturn.exchange.models import (
    Chair,
    Charter,
    CharterSignature,
    Exchange,
    PartyKind,
    VisionLine,
    VisionVoice,
)
from upturn.exchange.queries.sight import (
    Viewer,
    check_see,
    members_of,
    own_party,
    parties_of,
    reads_inside,
)
from upturn.exchange.queries.sittings import Sitting


@dataclass(frozen=True, slots=True, kw_only=True)
class CharterSeen:
    """A version of the charter; `signed` and `unsigned` are names, `mine` the viewer's own."""

    number: int
    text: CharterText
    digest: str
    on: date
    signed: tuple[str, ...]
    unsigned: tuple[str, ...]
    mine: bool


@dataclass(frozen=True, slots=True)
class Lead:
    """Who leads, since when and until when, and who comes next; references are empty for nobody."""

    ref: str
    party: str
    since: date | None
    until: date | None
    next_ref: str
    next: str


@dataclass(frozen=True, slots=True)
class Led:
    """A company that led, from when until when; `to` is None for who leads now."""

    party: str
    since: date
    to: date | None


@dataclass(frozen=True, slots=True)
class LineSeen:
    """Another line for the vision, who suggested it, and whether that is the viewer."""

    words: str
    party: str
    mine: bool


def charter_now(viewer: Viewer, exchange: Exchange) -> CharterSeen | None:
    """Give the version that holds, or None before there is one; unsigned parties read it too.

    Raises
    ------
    Exchange.DoesNotExist
    """
    check_see(viewer, exchange)
    last = exchange.charters.order_by("number").last()
    return _seen(viewer, last) if last else None


def _seen(viewer: Viewer, row: Charter) -> CharterSeen:
    signed = set(CharterSignature.objects.filter(charter=row).values_list("party_id", flat=True))
    parties = list(parties_of(row.exchange))
    return CharterSeen(
        number=row.number,
        text=charter_of(row.content),
        digest=row.digest,
        on=row.on,
        signed=tuple(party.name for party in parties if party.pk in signed),
        unsigned=tuple(party.name for party in parties if party.pk not in signed),
        mine=isinstance(viewer, Sitting) and viewer.party in signed,
    )


def versions(viewer: Viewer, exchange: Exchange) -> tuple[tuple[int, str, date], ...]:
    """List number, vision and day of all versions, the newest first."""
    check_see(viewer, exchange)
    rows = exchange.charters.order_by("-number").values_list("number", "vision", "on")
    return tuple(rows)


def as_file(viewer: Viewer, exchange: Exchange, *, number: int) -> dict[str, Any]:
    """Give a version as data, with its number and digest; raise Charter.DoesNotExist if none."""
    check_see(viewer, exchange)
    row = exchange.charters.get(number=number)
    return {**row.content, "number": row.number, "digest": row.digest}


def all_gain(viewer: Viewer, exchange: Exchange) -> bool:
    """Say whether every company has a gain statement of its own: never who, nor what it says."""
    check_see(viewer, exchange)
    rows = members_of(exchange).values_list("ref", "gain_digest")
    return gain_light({ref: bool(digest) for ref, digest in rows})


def own_gain(viewer: Sitting) -> str:
    """Give a sitting the digest of its own gain statement, empty for none."""
    return own_party(viewer).gain_digest


def vision_rings(viewer: Viewer, exchange: Exchange) -> dict[str, bool | None]:
    """Say by layer whether the vision rings; None below five taps, or taps of three companies."""
    check_see(viewer, exchange)
    last = exchange.charters.order_by("number").last()
    rows = VisionVoice.objects.filter(charter=last).order_by("layer")
    return dict(rings({row.layer: (row.rings, row.of, row.companies) for row in rows}))


def vision_lines(viewer: Viewer, exchange: Exchange) -> tuple[LineSeen, ...]:
    """List the lines suggested for the vision, by invitation; none to a party that has not signed.

    Raises
    ------
    Exchange.DoesNotExist
    """
    check_see(viewer, exchange)
    if not reads_inside(viewer, exchange):
        return ()
    rows = VisionLine.objects.filter(charter__exchange=exchange).order_by("party")
    own = viewer.party if isinstance(viewer, Sitting) else None
    return tuple(
        LineSeen(row.words, row.party.name, row.party_id == own)
        for row in rows.select_related("party")
    )


def lead(viewer: Viewer, exchange: Exchange) -> Lead:
    """Say who leads, and who next."""
    check_see(viewer, exchange)
    return lead_of(exchange)


def lead_of(exchange: Exchange) -> Lead:
    """Say who leads and who next, by the charter that holds; nobody leads once the leader left."""
    here = dict(members_of(exchange).filter(suspended=False).values_list("ref", "name"))
    rows = Chair.objects.filter(exchange=exchange, party__kind=PartyKind.MEMBER)
    held = list(rows.order_by("since").values_list("party__ref", "since", "to"))
    after = next_chair(list(here), [ref for ref, _since, _to in held], here=list(here))
    if not held or held[-1][2] is not None:
        return Lead("", "", None, None, after, here.get(after, ""))
    ref, since, _to = held[-1]
    last = exchange.charters.order_by("number").last()
    months = last.content["chair_months"] if last else 1
    until = chair_until(since, months=months)
    holder = ref if ref in here else ""
    return Lead(holder, here.get(ref, ""), since, until, after, here.get(after, ""))


def chair_is_due(exchange: Exchange, *, today: date) -> bool:
    """Whether the chair goes on: there is a next, and the time of who leads is over."""
    now = lead_of(exchange)
    return bool(now.next_ref) and (now.until is None or today >= now.until)


def chairs_so_far(viewer: Viewer, exchange: Exchange) -> tuple[Led, ...]:
    """List who led from when until when, the latest first; a company that left is not on it."""
    check_see(viewer, exchange)
    rows = list(Chair.objects.filter(exchange=exchange).select_related("party").order_by("since"))
    # Rows from before `to` was kept end where the next begins.
    nexts = (row.since for row in rows[1:])
    found = [
        Led(row.party.name, row.since, row.to or after) for row, after in zip_longest(rows, nexts)
    ]
    return tuple(reversed(found))
