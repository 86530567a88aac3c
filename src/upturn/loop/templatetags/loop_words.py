"""Words and pictures of workshops."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from django import template
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from upturn.loop.engine.script import StepKind
from upturn.loop.forms.script_steps import KINDS
from upturn.loop.models import StatementVerdict
from upturn.loop.queries.rooms import Room
from upturn.loop.views.calibration import LEFT, WIDE
from upturn.loop.views.showing import StepShown

register = template.Library()
SURE: tuple[tuple[int, Promise], ...] = (
    (1, pgettext_lazy("how sure", "hardly")),
    (2, pgettext_lazy("how sure", "a little")),
    (3, pgettext_lazy("how sure", "half")),
    (4, pgettext_lazy("how sure", "rather")),
    (5, pgettext_lazy("how sure", "very")),
)
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
    return tuple(
        Dot(DOT // 2 + DOT * (n % DOTS_A_ROW), DOT // 2 + DOT * (n // DOTS_A_ROW), n < room.handed)
        for n in range(room.of)
    )


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


NOMINATION: dict[str, Promise] = {
    "asked": _("asked"),
    "agreed": _("tells it now"),
    "refused": _("would rather not"),
    "approved": _("approved it"),
}


@register.filter
def nomination_words(state: str) -> Promise:
    """Where asking somebody stands."""
    return NOMINATION[state]


@register.filter
def verdict_words(verdict: str) -> str | Promise:
    """What became of a statement."""
    return StatementVerdict(verdict).label


@register.filter
def sure_word(number: int) -> Promise:
    """How sure, in a word."""
    return dict(SURE)[number]


@register.filter
def percent(share: float) -> str:
    """A share as people say it.

    >>> percent(0.625)
    '62 %'
    """
    return f"{100 * share:.0f} %"


@register.filter
def mark_x(number: int) -> int:
    """Where a degree of confidence stands in the picture of calibration."""
    return LEFT + WIDE // 2 + WIDE * (number - 1)


@register.filter
def in_language(texts: Mapping[str, str], language: str) -> str:
    """Words of a script in one of its languages."""
    return texts.get(language, "")
