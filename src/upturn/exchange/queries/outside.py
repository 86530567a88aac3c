"""What people outside may read: a story and three numbers, once every party cleared them."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from upturn.exchange.models import Clearance, Exchange, Outcome, OutsiderPage
from upturn.exchange.models import PartyKind as Kind
from upturn.exchange.queries.sight import Viewer, check_inside, parties_of
from upturn.exchange.queries.sittings import Sitting


@dataclass(frozen=True, slots=True)
class PageSeen:
    """A page for outsiders as those within see it: the text, its mark, and who has not cleared."""

    number: int
    story: str
    numbers: tuple[str, ...]
    digest: str
    on: date
    waits_for: int
    own: bool


@dataclass(frozen=True, slots=True)
class OutsideSeen:
    """A page as anybody reads it."""

    exchange: str
    story: str
    numbers: tuple[str, ...]
    on: date


@dataclass(frozen=True, slots=True)
class OutcomeSeen:
    """What somebody says came of it; `proven` only where a design stands behind it."""

    words: str
    design: str
    proven: bool
    on: date


def pages(viewer: Viewer, exchange: Exchange) -> tuple[PageSeen, ...]:
    """List the pages for outsiders, cleared or not, the newest first."""
    check_inside(viewer, exchange)
    rows = OutsiderPage.objects.filter(exchange=exchange).order_by("-number")
    asked = _who_clears(exchange)
    return tuple(_seen(viewer, row, asked) for row in rows)


def _seen(viewer: Viewer, row: OutsiderPage, asked: set[int]) -> PageSeen:
    party = viewer.party if isinstance(viewer, Sitting) else None
    cleared = _cleared_by(row)
    return PageSeen(
        row.number,
        row.story,
        tuple(map(str, row.numbers)),
        row.digest,
        row.on,
        len(asked - cleared),
        party in cleared,
    )


def _who_clears(exchange: Exchange) -> set[int]:
    """Give the parties that must clear a page: all that take part, the client too."""
    rows = parties_of(exchange)
    return set(rows.exclude(kind=Kind.STEWARD).values_list("pk", flat=True))


def _cleared_by(row: OutsiderPage) -> set[int]:
    return set(Clearance.objects.filter(page=row).values_list("party", flat=True))


def outside_page(ref: str, number: int) -> OutsideSeen:
    """Give a page to anybody, once all have cleared this very text.

    Raises
    ------
    OutsiderPage.DoesNotExist
        If there is none, or somebody has not cleared it, or takes part since and has not.
    """
    row = OutsiderPage.objects.select_related("exchange").get(Q(exchange__ref=ref), number=number)
    waiting = _who_clears(row.exchange)
    if not waiting or waiting - _cleared_by(row):
        raise OutsiderPage.DoesNotExist
    return OutsideSeen(row.exchange.name, row.story, tuple(map(str, row.numbers)), row.on)


def number_outside(ref: str) -> int:
    """Give the number of the newest page that everybody may read now, 0 for none."""
    rows = OutsiderPage.objects.select_related("exchange").filter(exchange__ref=ref)
    for row in rows.order_by("-number"):
        waiting = _who_clears(row.exchange)
        if waiting and not waiting - _cleared_by(row):
            return row.number
    return 0


def outcomes(viewer: Viewer, exchange: Exchange) -> tuple[OutcomeSeen, ...]:
    """List what is said to have come of it: claimed, not proven, unless by a design."""
    check_inside(viewer, exchange)
    rows = Outcome.objects.filter(exchange=exchange).order_by("-on", "-pk")
    return tuple(OutcomeSeen(row.words, row.design, bool(row.design), row.on) for row in rows)
