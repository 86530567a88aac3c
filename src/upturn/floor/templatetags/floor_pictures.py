"""Pictures of what a run found: waits with their ranges, and where pooling stops paying."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import log2
from typing import TYPE_CHECKING, Any, NamedTuple

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from upturn.floor.templatetags.floor_words import percent, policy_name, shown, whole

if TYPE_CHECKING:
    from upturn.floor.queries.results import Line

register = template.Library()
Figure = dict[str, float]
STEPS_S = (1, 2, 4, 8, 15, 30, 60, 120, 240, 480, 900, 1800, 3600, 7200, 14400, 28800)
"""Lines of the scale of waits, each about twice the one before, so that short waits are seen."""


class Sheet(NamedTuple):
    """What is drawn on: phones get a drawing of their own, with names above their rows."""

    css: str
    width: int
    left: int
    row: int
    name_up: int
    marks_most: int


SHEETS = (Sheet("wide-only", 760, 170, 52, -5, 12), Sheet("phone-only", 340, 14, 76, 32, 5))


def _drawn(draw: Callable[[Sheet], SafeString]) -> SafeString:
    return format_html_join("", "{}", ((draw(sheet),) for sheet in SHEETS))


def _picture(
    sheet: Sheet, height: int, title: str, says: str, parts: list[SafeString]
) -> SafeString:
    return format_html(
        '<svg class="{0}" viewBox="0 0 {1} {2}" width="{1}" height="{2}" role="img" '
        'aria-label="{3}. {4}">{5}</svg>',
        sheet.css,
        sheet.width,
        height,
        title,
        says,
        format_html_join("", "{}", ((part,) for part in parts)),
    )


@register.simple_tag
def waits(codes: Sequence[str], lines: Sequence["Line"]) -> SafeString:
    """Draw the mean wait and the long waits of each policy, with their ranges, on one scale."""
    both = [line for line in lines if line.measure in {"wait_mean_s", "wait_p95_s"}]

    def draw(sheet: Sheet) -> SafeString:
        found = [figure for line in both for figure in line.figures if figure]
        scale = _Scale.over(found, sheet)
        height = 40 + sheet.row * len(codes)
        parts = [_axis(scale, sheet, height)]
        for at, code in enumerate(codes):
            y = 24 + sheet.row * at + sheet.row // 2 + (10 if sheet.name_up > 0 else 0)
            parts.append(_name(policy_name(code), y, sheet))
            for line, css, rise in zip(both, ("o", "f"), (-12, 22), strict=False):
                if figure := line.figures[at]:
                    label = shown(figure["value"], line)
                    parts.append(_mark({n: scale.x(figure[n]) for n in ENDS}, y, css, rise, label))
        title = _("How long needs wait")
        says = _("For each way the average and what 95 of 100 stay below. The table holds both.")
        return _picture(sheet, height, title, says, parts)

    return _drawn(draw)


ENDS = ("value", "low", "high")


class _Scale(NamedTuple):
    """Where a time stands; what is shorter than the first line stands at it."""

    left: float
    step: float
    lines_s: tuple[int, ...]

    @classmethod
    def over(cls, figures: Sequence[Any], sheet: Sheet) -> "_Scale":
        low = min((f["low"] for f in figures if f["low"] > 0), default=1.0)
        high = max(f["high"] for f in figures)
        first = max([at for at, s in enumerate(STEPS_S) if s <= low], default=0)
        last = next((at for at, s in enumerate(STEPS_S) if s >= high), len(STEPS_S) - 1)
        lines = STEPS_S[first : max(last, first + 1) + 1]
        return cls(sheet.left, (sheet.width - sheet.left - 24) / log2(lines[-1] / lines[0]), lines)

    def x(self, seconds: float) -> float:
        first = self.lines_s[0]
        return round(self.left + log2(max(seconds, first) / first) * self.step, 1)


def _axis(scale: _Scale, sheet: Sheet, height: int) -> SafeString:
    every = -(-len(scale.lines_s) // sheet.marks_most)
    lines = [(scale.x(s), height - 8) for s in scale.lines_s]
    marks = [(scale.x(s), _tick(s)) for s in scale.lines_s[::every]]
    return format_html(
        "{}{}",
        format_html_join("", '<path class="lr" d="M{} 20V{}"/>', lines),
        format_html_join("", '<text class="q m" x="{}" y="12">{}</text>', marks),
    )


def _tick(seconds: int) -> str:
    if seconds < 60:
        return _("%(n)d s") % {"n": seconds}
    if seconds < 3600:
        return _("%(n)d min") % {"n": seconds // 60}
    return _("%(n)d h") % {"n": seconds // 3600}


def _name(name: str, y: int, sheet: Sheet) -> SafeString:
    return format_html(
        '<text x="0" y="{}">{}</text><path class="lr" d="M{} {}H{}"/>',
        y - sheet.name_up,
        name,
        sheet.left,
        y,
        sheet.width - 24,
    )


def _mark(x: Figure, y: int, css: str, rise: int, label: str) -> SafeString:
    return format_html(
        '<path class="l" stroke-width="3" d="M{} {}H{}"/><circle class="{}" cx="{}" cy="{}" r="6"/>'
        '<text class="q m" x="{}" y="{}">{}</text>',
        x["low"],
        y,
        x["high"],
        css,
        x["value"],
        y,
        x["value"],
        y + rise,
        label,
    )


TOP, BOTTOM = 40, 170


@register.simple_tag
def pooling_picture(points: Sequence[Any]) -> SafeString:
    """Draw how much longer the pooled floor waits, by how much people slow down."""
    found = [(each["share"], each["p95"]) for each in points if each["p95"]]
    high = max(0.0, *(figure["high"] for _share, figure in found))
    low = min(0.0, *(figure["low"] for _share, figure in found))
    steep = (BOTTOM - TOP) / max(high - low, 1e-9)

    def y(seconds: float) -> float:
        return float(round(TOP + (high - seconds) * steep, 1))

    def draw(sheet: Sheet) -> SafeString:
        step = (sheet.width - 130) / max(len(found) - 1, 1)
        spots = [(round(90 + at * step, 1), figure) for at, (_share, figure) in enumerate(found)]
        parts = [_alike(y(0.0), sheet)]
        for (x, figure), (onto, after) in pairwise(spots):
            ends = (x, y(figure["value"]), onto, y(after["value"]))
            parts.append(format_html('<path class="lt" d="M{} {}L{} {}"/>', *ends))
        for (share, _figure), (x, figure) in zip(found, spots, strict=True):
            heights = [y(figure[name]) for name in ENDS]
            parts.append(_point(x, heights, whole(figure["value"]), percent(share, 1)))
        title = _("Where pooling stops paying")
        says = _("Above the line pooling makes the long waits longer. The table says the same.")
        return _picture(sheet, BOTTOM + 50, title, says, parts)

    return _drawn(draw)


def _alike(y: float, sheet: Sheet) -> SafeString:
    return format_html(
        '<path class="l" stroke-width="1" d="M0 {0}H{1}"/><text class="q" x="0" y="{2}">{3}</text>'
        '<text class="q" x="0" y="{4}">{5}</text>',
        y,
        sheet.width,
        y - 8,
        _("longer"),
        y + 18,
        _("shorter"),
    )


def _point(x: float, heights: Sequence[float], seconds: str, share: str) -> SafeString:
    value, low, high = heights
    return format_html(
        '<path class="l" stroke-width="3" d="M{0} {1}V{2}"/><circle class="f" cx="{0}" cy="{3}" '
        'r="6"/><text class="q m halo" x="{0}" y="{4}">{5}</text>'
        '<text class="q m" x="{0}" y="{6}">{7} %</text>',
        x,
        low,
        high,
        value,
        max(low, value + 6) + 18,
        _("%(seconds)s s") % {"seconds": seconds},
        BOTTOM + 44,
        share,
    )
