"""The plan of a floor."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from upturn.floor.engine.shapes import Floor, Kind, Node

register = template.Library()
UNIT = 44
"""Units of a drawing for a metre."""
MARGIN_M = 1.2
STYLES = ("a", "b", "c", "d")
"""Four looks of sections, told apart without colour; the letter says which it is."""


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
def short_name(floor: Floor, number: int) -> str:
    """What stands in the disc of a table, or beside a station."""
    node = floor.nodes[number]
    return _short(node.id, letters(floor)[node.section]) if node.section else node.id


@register.simple_tag
def key_of(floor: Floor) -> list[Key]:
    """Letters and sections, to stand under the plan."""
    return [Key(letter, section) for section, letter in letters(floor).items()]


def plan_of(floor: Floor, own: str = "") -> Plan:
    """Lay a floor out in units of a drawing; with a section of one's own, the others stay light."""
    letter = letters(floor)
    looks = {each: STYLES[at % len(STYLES)] for at, each in enumerate(letter)}
    if own:
        looks = {own: STYLES[0]}
    low_x = min(node.x_m for node in floor.nodes) - MARGIN_M
    low_y = min(node.y_m for node in floor.nodes) - MARGIN_M
    width = max(node.x_m for node in floor.nodes) + MARGIN_M - low_x
    height = max(node.y_m for node in floor.nodes) + MARGIN_M - low_y

    def place(number: int, node: Node) -> Place:
        x, y = round((node.x_m - low_x) * UNIT), round((node.y_m - low_y) * UNIT)
        of = (letter.get(node.section, ""), looks.get(node.section, ""))
        return Place(number, node.id, node.kind, *of, x, y)

    places = tuple(place(number, node) for number, node in enumerate(floor.nodes))
    return Plan(round(width * UNIT), round(height * UNIT), places)


@register.simple_tag
def floor_plan(
    floor: Floor, marks: Mapping[int, str] | None = None, own: str = "", name: str = "plan"
) -> SafeString:
    """Draw the places of a floor; `marks` give classes to places by number."""
    plan, given = plan_of(floor, own), marks or {}
    return format_html(
        '<svg class="plan" viewBox="0 0 {0} {1}" width="{0}" height="{1}" role="img" '
        'aria-labelledby="{5}-t {5}-d"><title id="{5}-t">{2}</title>'
        '<desc id="{5}-d">{3}</desc>{4}</svg>',
        plan.width,
        plan.height,
        _("The floor"),
        _("Each table carries the letter of its section and its number. The table says the same."),
        format_html_join("", "{}", ((_drawn(place, given),) for place in plan.places)),
        name,
    )


def _drawn(place: Place, marks: Mapping[int, str]) -> SafeString:
    mark = marks.get(place.number, "")
    if place.kind == Kind.TABLE:
        shape = format_html('<circle class="disc" r="{}"/>', 20)
        words = format_html('<text class="m name" y="6">{}</text>', _short(place.id, place.letter))
    else:
        shape = format_html('<rect class="disc" x="-20" y="-14" width="40" height="{}"/>', 28)
        words = format_html('<text class="m name halo" y="42">{}</text>', place.id)
    need = format_html('<circle class="fh" cx="16" cy="-16" r="{}"/>', 7) if "waits" in mark else ""
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
