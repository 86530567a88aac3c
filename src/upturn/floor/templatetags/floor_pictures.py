"""Pictures of the lab: the plan of a floor, waits with their ranges, where pooling stops paying."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from upturn.floor.engine.shapes import Floor, Kind, Node
from upturn.floor.templatetags.floor_words import percent, policy_name, whole

register = template.Library()
UNIT = 44
"""Units of a drawing for a metre."""
MARGIN_M = 1.2
STYLES = ("a", "b", "c", "d")
"""Four looks of sections, told apart without colour; the letter says which it is."""
WIDE, LEFT = 640, 190


class Key(NamedTuple):
    """A letter of the plan and the section it stands for."""

    letter: str
    section: str


class Plan(NamedTuple):
    """A floor as it is drawn: its box in units, and its places by number."""

    width: int
    height: int
    places: tuple["Place", ...]


class Place(NamedTuple):
    """One place of a plan."""

    number: int
    id: str
    kind: str
    letter: str
    style: str
    x: int
    y: int


def letters(floor: Floor) -> dict[str, str]:
    """A letter for every section, in their order; after Z they go on with two."""
    ids = [section.id for section in floor.sections]
    return {each: _letter(at) for at, each in enumerate(ids)}


def _letter(at: int) -> str:
    return chr(65 + at) if at < 26 else f"{chr(64 + at // 26)}{chr(65 + at % 26)}"


@register.simple_tag
def key_of(floor: Floor) -> list[Key]:
    """Letters and sections, to stand under the plan."""
    return [Key(letter, section) for section, letter in letters(floor).items()]


def plan_of(floor: Floor) -> Plan:
    """Lay a floor out in units of a drawing."""
    letter = letters(floor)
    order = list(letter)
    low_x = min(node.x_m for node in floor.nodes) - MARGIN_M
    low_y = min(node.y_m for node in floor.nodes) - MARGIN_M
    width = max(node.x_m for node in floor.nodes) + MARGIN_M - low_x
    height = max(node.y_m for node in floor.nodes) + MARGIN_M - low_y

    def place(number: int, node: Node) -> Place:
        style = STYLES[order.index(node.section) % len(STYLES)] if node.section in letter else ""
        x, y = round((node.x_m - low_x) * UNIT), round((node.y_m - low_y) * UNIT)
        return Place(number, node.id, node.kind, letter.get(node.section, ""), style, x, y)

    places = tuple(place(number, node) for number, node in enumerate(floor.nodes))
    return Plan(round(width * UNIT), round(height * UNIT), places)


@register.simple_tag
def floor_plan(floor: Floor, marks: Mapping[int, str] | None = None) -> SafeString:
    """Draw the places of a floor; `marks` give classes to places by number."""
    plan, given = plan_of(floor), marks or {}
    return format_html(
        '<svg class="plan" viewBox="0 0 {0} {1}" width="{0}" height="{1}" role="img" '
        'aria-labelledby="plan-t plan-d"><title id="plan-t">{2}</title>'
        '<desc id="plan-d">{3}</desc>{4}</svg>',
        plan.width,
        plan.height,
        _("The floor"),
        _("Each table carries the letter of its section and its number. The table says the same."),
        format_html_join("", "{}", ((_drawn(place, given),) for place in plan.places)),
    )


def _drawn(place: Place, marks: Mapping[int, str]) -> SafeString:
    mark = marks.get(place.number, "")
    if place.kind == Kind.TABLE:
        shape = format_html('<circle class="disc" r="{}"/>', 20)
        words = format_html('<text class="m name" y="6">{}</text>', _short(place.id, place.letter))
    else:
        shape = format_html('<rect class="disc" x="-20" y="-14" width="40" height="{}"/>', 28)
        words = format_html('<text class="m name halo" y="30">{}</text>', place.id)
    need = format_html('<circle class="fh" cx="16" cy="-16" r="{}"/>', 6) if "waits" in mark else ""
    you = format_html('<circle class="l you" r="{}"/>', 25) if "you" in mark else ""
    return format_html(
        '<g class="place {} {}" transform="translate({} {})">{}{}{}{}</g>',
        place.kind,
        f"look-{place.style}" if place.style else "",
        place.x,
        place.y,
        shape,
        words,
        need,
        you,
    )


def _short(name: str, letter: str) -> str:
    """What fits into a disc: the letter of the section, with the number that ends the name."""
    number = re.search(r"\d{1,2}$", name)
    return f"{letter}{number[0]}" if number else f"{letter} {name[:2]}"


@register.simple_tag
def waits(policies: Sequence[Mapping[str, Any]]) -> SafeString:
    """Draw the mean wait and the long waits of each policy, with their ranges, on one scale."""
    rows = [(each["code"], each["mean"], each["p95"]) for each in policies]
    top = max(figure["high"] for _code, *both in rows for figure in both if figure)
    scale = (WIDE - LEFT - 20) / _round_up(top)
    lines = [_row(at, row, scale) for at, row in enumerate(rows)]
    height = 40 + 52 * len(rows)
    return format_html(
        '<svg viewBox="0 0 {0} {1}" width="{0}" height="{1}" role="img" '
        'aria-labelledby="waits-t waits-d"><title id="waits-t">{2}</title>'
        '<desc id="waits-d">{3}</desc>{4}{5}</svg>',
        WIDE,
        height,
        _("How long needs wait"),
        _("For each policy the average and what 95 of 100 stay below. The table holds both."),
        _axis(_round_up(top), scale, height),
        format_html_join("", "{}", ((line,) for line in lines)),
    )


def _row(at: int, row: tuple[str, Any, Any], scale: float) -> SafeString:
    code, mean, long = row
    y = 36 + 52 * at
    marks = [
        _mark(figure, (y, y + rise), scale, css)
        for figure, css, rise in ((mean, "o", -11), (long, "f", 22))
        if figure
    ]
    return format_html(
        '<text x="0" y="{}">{}</text><path class="lr" d="M{} {}H{}"/>{}',
        y + 5,
        policy_name(code),
        LEFT,
        y,
        WIDE - 20,
        format_html_join("", "{}", ((mark,) for mark in marks)),
    )


def _mark(
    figure: Mapping[str, float], heights: tuple[int, int], scale: float, css: str
) -> SafeString:
    y, label = heights
    x = {name: round(LEFT + figure[name] * scale, 1) for name in ("value", "low", "high")}
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
        label,
        whole(figure["value"]),
    )


def _round_up(top: float) -> float:
    """The end of an axis, on a round number."""
    steps = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
    power = 1.0
    while power * 10 < top:
        power *= 10
    return float(next((step * power for step in steps if step * power >= top), top))


def _axis(top: float, scale: float, height: int) -> SafeString:
    marks = [top * part / 4 for part in range(5)]
    return format_html_join(
        "",
        '<path class="lr" d="M{0} 14V{1}"/><text class="q m" x="{0}" y="10">{2}</text>',
        ((round(LEFT + at * scale, 1), height - 10, f"{at:g} s") for at in marks),
    )


@register.simple_tag
def pooling_picture(points: Sequence[Mapping[str, Any]]) -> SafeString:
    """Draw how much longer the pooled floor waits, by how much people slow down."""
    found = [(each["share"], each["p95"]) for each in points if each["p95"]]
    ends = [figure[end] for _share, figure in found for end in ("low", "high")]
    reach = max(*(abs(end) for end in ends), 1e-9)
    middle, height = 110, 230
    step = (WIDE - 140) / max(len(found) - 1, 1)

    def x(at: int) -> float:
        return round(90 + at * step, 1)

    def y(value: float) -> float:
        return float(round(middle - value / reach * 85, 1))

    line = " ".join(f"{x(at)},{y(figure['value'])}" for at, (_s, figure) in enumerate(found))
    marks = [
        format_html(
            '<path class="l" stroke-width="3" d="M{0} {1}V{2}"/><circle class="f" cx="{0}" '
            'cy="{3}" r="6"/><text class="q m" x="{0}" y="222">{4} %</text>',
            x(at),
            y(figure["low"]),
            y(figure["high"]),
            y(figure["value"]),
            percent(share, 1),
        )
        for at, (share, figure) in enumerate(found)
    ]
    return format_html(
        '<svg viewBox="0 0 {0} {1}" width="{0}" height="{1}" role="img" '
        'aria-labelledby="pool-t pool-d"><title id="pool-t">{2}</title><desc id="pool-d">{3}</desc>'
        '<path class="l" stroke-width="1" d="M60 {4}H{5}"/><text class="q" x="0" y="{6}">{7}</text>'
        '<text class="q" x="0" y="{8}">{9}</text><polyline class="lt" points="{10}"/>{11}</svg>',
        WIDE,
        height,
        _("Where pooling stops paying"),
        _("Above the line pooling makes the long waits longer. The table below says the same."),
        middle,
        WIDE - 20,
        middle - 10,
        _("longer"),
        middle + 20,
        _("shorter"),
        line,
        format_html_join("", "{}", ((mark,) for mark in marks)),
    )
