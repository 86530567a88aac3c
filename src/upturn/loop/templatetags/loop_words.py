"""Words and pictures of workshops."""

from datetime import date
from itertools import repeat
from typing import NamedTuple

from django import template
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from upturn.loop.engine.script import StepKind
from upturn.loop.queries.rooms import Room
from upturn.loop.views.showing import StepShown

register = template.Library()
SURE: tuple[tuple[int, Promise], ...] = (
    (1, pgettext_lazy("how sure", "hardly")),
    (2, pgettext_lazy("how sure", "a little")),
    (3, pgettext_lazy("how sure", "half")),
    (4, pgettext_lazy("how sure", "rather")),
    (5, pgettext_lazy("how sure", "very")),
)
KINDS: dict[StepKind, Promise] = {
    StepKind.QUESTION: _("a question"),
    StepKind.EXPERTS: _("who is doing it already"),
    StepKind.LIST_DISTINCTIVE: _("a list of what is distinctive"),
    StepKind.LIST_WELL_ENOUGH: _("a list of what works well enough"),
    StepKind.HUNDRED_DAYS: _("statements for day 100"),
    StepKind.PAIRS: _("pairs, with a worksheet"),
    StepKind.TASK: _("one small task each"),
    StepKind.BRAINSTORM: _("ideas, in silence"),
    StepKind.BUILD: _("building on the ideas of others"),
    StepKind.READ: _("reading"),
}
DOT, MOST_DOTS, DOTS_A_ROW = 16, 120, 40


@register.simple_tag
def sure_words() -> tuple[tuple[int, Promise], ...]:
    """How sure one can be, 1 to 5, in words."""
    return SURE


@register.filter
def kind_words(kind: str) -> Promise:
    """What people do in a step."""
    return KINDS[StepKind(kind)]


@register.filter
def long_day(day: date | None) -> str:
    """A day with its name: what people say when they meet again."""
    return date_format(day, "l j F Y") if day else ""


@register.filter
def with_gap(code: str) -> str:
    """Cut a code in the middle, as it is read aloud.

    >>> with_gap("KX7M2Q")
    'KX7 M2Q'
    """
    return f"{code[:3]} {code[3:]}"


class Dot(NamedTuple):
    """One phone in the picture of who has handed in; nobody is a certain dot."""

    x: int
    y: int
    is_full: bool


@register.simple_tag
def dots(room: Room) -> tuple[Dot, ...]:
    """Draw a dot a phone, the full ones first; none where there are too many to draw."""
    if room.of > MOST_DOTS:
        return ()
    full = [*repeat(True, min(room.handed, room.of)), *repeat(False, room.of - room.handed)]
    return tuple(
        Dot(DOT // 2 + DOT * (n % DOTS_A_ROW), DOT // 2 + DOT * (n // DOTS_A_ROW), is_full)
        for n, is_full in enumerate(full)
    )


@register.filter
def shown_when(when: str, room: Room) -> bool:
    """Whether a part that belongs to some phases of a step shows now.

    >>> from types import SimpleNamespace
    >>> shown_when("write read", SimpleNamespace(phase="read", state="open"))
    True
    """
    return room.phase in when.split()


@register.filter
def stands(step: StepShown, room: Room) -> str:
    """Say whether a step is done, now, or to come."""
    if step.number == room.step:
        return "now"
    return "done" if step.number < room.step else ""


@register.simple_tag
def qr(address: str) -> SafeString:
    """Draw a code that leads to an address; dark on light, whatever the theme of the page."""
    import segno  # noqa: PLC0415 - few pages draw codes

    drawn = segno.make_qr(address, error="m").svg_inline(
        border=4, light="#fff", omitsize=True, svgclass="qr", lineclass=None
    )
    return SafeString(drawn)
