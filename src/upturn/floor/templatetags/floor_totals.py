"""What stays of a shift, in words and in one picture: totals of the floor, and no part of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django import template
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from upturn.floor.engine.live import Spread
from upturn.floor.engine.live.totals import QUARTER_S
from upturn.floor.templatetags.floor_words import clock, percent
from upturn.stats.figures import Figure, Withheld

register = template.Library()
Profile = Mapping[str, Sequence[int]]
HEIGHT, FOOT, HEAD = 200, 28, 24
QUARTERS_LEAST = 16
"""A short shift is drawn no wider than four hours, so that a bar looks like a bar."""


class Sheet(NamedTuple):
    """What is drawn on; phones get a drawing of their own."""

    css: str
    width: int
    labels_most: int


SHEETS = (Sheet("wide-only", 760, 12), Sheet("phone-only", 340, 5))


@register.filter
def is_withheld(figure: object) -> bool:
    """Whether there is a reason in place of a figure."""
    return isinstance(figure, Withheld)


@register.filter
def share_of(figure: Figure) -> str:
    """A share in per cent, without its range, for a sentence that stands beside it."""
    return percent(figure.value)


@register.filter
def share_shown(figure: Figure | Withheld) -> SafeString:
    """A share with its range and n, or why it is not shown."""
    if isinstance(figure, Withheld):
        return held_shown(figure)
    ends = {"low": percent(figure.low), "high": percent(figure.high)}
    says = _("%(low)s–%(high)s %%, n %(n)s") % (ends | {"n": figure.n})
    return format_html(
        '<span class="num"><b>{} %</b> <small>{}</small></span>', percent(figure.value), says
    )


@register.filter
def spread_shown(spread: Spread | Withheld) -> SafeString:
    """Half of them within so long, nine of ten within so long."""
    if isinstance(spread, Withheld):
        return held_shown(spread)
    says = _("9 of 10 within %(most)s, n %(n)s") % {"most": clock(spread.p90_s), "n": spread.n}
    return format_html(
        '<span class="num"><b>{}</b> <small>{}</small></span>', clock(spread.median_s), says
    )


def held_shown(why: Withheld) -> SafeString:
    """Why a figure of needs is not shown."""
    said = ngettext("%(n)s need, %(needed)s needed", "%(n)s needs, %(needed)s needed", why.got)
    said %= {"n": why.got, "needed": why.needed}
    return format_html('<span class="held">{}</span>', said)


@register.filter
def quarters(profile: Profile, opened_at: datetime) -> list[dict[str, object]]:
    """Rows of the table beside the picture: when, how many of each kind, and all together."""
    columns = zip(*profile.values(), strict=True) if profile else ()
    return [
        {"at": _moment(opened_at, number), "counts": counts, "all": sum(counts)}
        for number, counts in enumerate(columns)
    ]


def _moment(opened_at: datetime, quarter: int) -> str:
    begun = timezone.localtime(opened_at) + timedelta(seconds=quarter * QUARTER_S)
    return time_format(begun, "H:i")


@register.simple_tag
def load_picture(profile: Profile, opened_at: datetime) -> SafeString:
    """Draw how many needs came in each quarter of an hour."""
    rows = quarters(profile, opened_at)
    totals = [int(str(row["all"])) for row in rows]
    most = max(totals, default=0) or 1
    drawn = ((_load(sheet, rows, totals, most),) for sheet in SHEETS)
    return format_html_join("", "{}", drawn)


def _load(
    sheet: Sheet, rows: Sequence[Mapping[str, object]], totals: Sequence[int], most: int
) -> SafeString:
    step = sheet.width / max(len(rows), QUARTERS_LEAST)
    tall = HEIGHT - FOOT - HEAD
    bars = [
        (round(at * step + step * 0.1, 1), round(HEIGHT - FOOT - n / most * tall, 1),
         round(step * 0.8, 1), round(n / most * tall, 1))
        for at, n in enumerate(totals)
    ]  # fmt: skip
    every = -(-len(rows) // sheet.labels_most)
    names = [
        (round((at + 0.5) * step, 1), HEIGHT - 8, rows[at]["at"])
        for at in range(0, len(rows), every)
    ]
    peak = totals.index(max(totals)) if totals else 0
    return format_html(
        '<svg class="{0}" viewBox="0 0 {1} {2}" width="{1}" height="{2}" role="img" '
        'aria-label="{3}">{4}{5}<path class="l" stroke-width="1" d="M0 {6}H{1}"/>{7}</svg>',
        sheet.css,
        sheet.width,
        HEIGHT,
        _("Needs in each quarter of an hour. The table below says the same."),
        format_html_join("", '<rect class="f" x="{}" y="{}" width="{}" height="{}"/>', bars),
        format_html_join("", '<text class="q m" x="{}" y="{}">{}</text>', names),
        HEIGHT - FOOT,
        _peak(peak, step, totals),
    )


def _peak(at: int, step: float, totals: Sequence[int]) -> SafeString:
    """The number over the highest bar, from which all others are read."""
    if not totals:
        return SafeString()
    return format_html(
        '<text class="m b" x="{}" y="{}">{}</text>', round((at + 0.5) * step, 1), 16, totals[at]
    )
