"""Pictures and sentences of the gap pages; the engine returns codes and numbers."""

from collections.abc import Iterable

from django import template
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from upturn.partners.engine import Instrument, Item, text_of
from upturn.stats import Figure, Withheld

register = template.Library()
Shown = Figure | Withheld
LEFT, WIDE = 8, 384  # where the scale of a row's picture begins, and how long it is
NOBODY: dict[str, Promise | str] = {
    "nobody_there": gettext_lazy("Nobody can answer from this side."),
    "too_few_items": gettext_lazy("too few questions for this"),
    "too_many_items": gettext_lazy("too many questions for this"),
    "no_factor": gettext_lazy("the questions do not fit one thing"),
    "repeated_items": gettext_lazy("One question follows from the others, so no shares are given."),
    "not_asked_here": gettext_lazy("This side was not asked."),
    "protected": gettext_lazy("Held back by the rule that nobody may be singled out."),
    "all_alike": gettext_lazy("Everybody gave the same answer, so there is no range."),
    "other_block": gettext_lazy("Cannot tell: other teams answered together this time."),
    "not_asked": gettext_lazy("Cannot tell: one of the two waves has no figure here."),
    "all_equal": gettext_lazy("One of the two is the same everywhere, so nothing can be compared."),
    "one_group": gettext_lazy("One group alone, so groups cannot be compared."),
    "no_spread": gettext_lazy("Nobody differed, so nothing can be explained."),
    "not_kept": gettext_lazy("Needs sums over at least fifty people, and there are none."),
}
SIDES: dict[str, Promise | str] = {
    "servers": gettext_lazy("those who serve"),
    "leaders": gettext_lazy("those who lead"),
    "serving": gettext_lazy("the serving side"),
    "served": gettext_lazy("the served side"),
    "both": gettext_lazy("both sides"),
}
DIRECTIONS: dict[str, Promise | str] = {
    "more": gettext_lazy("went up"),
    "less": gettext_lazy("went down"),
    "unclear": gettext_lazy("no more than chance"),
    "cannot_tell": gettext_lazy("cannot tell"),
}
QUADRANTS: dict[str, Promise | str] = {
    "work_here": gettext_lazy("matters more, done less well"),
    "keep_it_up": gettext_lazy("matters more, done better"),
    "low_priority": gettext_lazy("matters less, done less well"),
    "more_than_needed": gettext_lazy("matters less, done better"),
}
TOPICS: dict[str, Promise | str] = {
    "sign-1": gettext_lazy("Servers are not seen as the source of problems"),
    "sign-2": gettext_lazy("Treated as partners"),
    "sign-3": gettext_lazy("Line of sight to customers"),
    "sign-4": gettext_lazy("Free of demands that do nothing for customers"),
    "sign-5": gettext_lazy("The voice of customers is heard"),
    "sign-6": gettext_lazy("Time for customers before bureaucracy"),
    "sign-7": gettext_lazy("No “us” against “them”"),
    "sign-8": gettext_lazy("What is said is believed"),
    "sign-9": gettext_lazy("Rules that show trust"),
    "key-1": gettext_lazy("Causes inside are traced"),
    "key-2": gettext_lazy("Issues are removed together"),
    "key-3": gettext_lazy("Part in improving"),
    "key-4": gettext_lazy("Fewer status symbols and walls"),
    "key-5": gettext_lazy("Goals owned broadly"),
    "key-6": gettext_lazy("The trustworthy majority first"),
    "servers-denounce": gettext_lazy("Those who lead are not spoken badly of"),
    "servers-resist": gettext_lazy("Changes are not resisted"),
    "servers-mistrust": gettext_lazy("Initiatives are trusted"),
    "time-customers": gettext_lazy("for customers"),
    "time-inside": gettext_lazy("for the inside"),
    "time-again": gettext_lazy("doing things again"),
}


@register.filter
def why_held(figure: Withheld) -> Promise | str:
    """Why a figure is not shown, in one sentence."""
    if figure.reason in NOBODY:
        return NOBODY[figure.reason]
    shown = {"got": figure.got, "needed": figure.needed}
    if figure.reason == "roster":
        return (
            ngettext(
                "Cannot tell: %(got)d person joined or left; a comparison needs none or %(needed)d "
                "on each way.",
                "Cannot tell: %(got)d people joined or left; a comparison needs none or %(needed)d "
                "on each way.",
                figure.got,
            )
            % shown
        )
    if figure.reason == "too_few_teams":
        return (
            ngettext(
                "%(got)d team, %(needed)d needed", "%(got)d teams, %(needed)d needed", figure.got
            )
            % shown
        )
    return (
        ngettext(
            "%(got)d answer, %(needed)d needed", "%(got)d answers, %(needed)d needed", figure.got
        )
        % shown
    )


@register.filter
def is_shown(figure: Shown) -> bool:
    """Whether there is a figure at all."""
    return isinstance(figure, Figure)


@register.filter
def is_number(value: object) -> bool:
    """Whether a plain number may be shown."""
    return isinstance(value, float | int)


@register.filter
def two_decimals(value: float) -> str:
    """A number with two decimals and a true minus sign."""
    shown = number_format(round(abs(value), 2), 2)
    return shown if round(value, 2) >= 0 else f"−{shown}"


@register.filter
def in_hundred(share: float) -> int:
    """A share in whole per cent."""
    return round(100 * share)


@register.filter
def signed(share: float) -> str:
    """A difference of shares in whole points, with its true sign."""
    points = round(100 * share)
    return f"+{points}" if points > 0 else f"−{-points}" if points < 0 else "0"


@register.filter
def side_words(side: str) -> Promise | str:
    """Who answers from a side."""
    return SIDES[side]


@register.filter
def direction_words(direction: str) -> Promise | str:
    """What became of a figure between two waves."""
    return DIRECTIONS[direction]


@register.filter
def quadrant_words(quadrant: str) -> Promise | str:
    """Where something lies by how much it matters and how well it is done."""
    return QUADRANTS[quadrant]


@register.filter
def topic(item: str | Item) -> Promise | str:
    """What an item is about, turned as its figures are; its key where it has no short name."""
    key = item if isinstance(item, str) else item.key
    return TOPICS.get(key, key)


@register.simple_tag
def wording(instrument: Instrument, item: Item, side: str) -> str:
    """The question as one side was asked it, in the reader's language."""
    return text_of(instrument, f"{item.key}.{side}", language=get_language() or "en")


@register.simple_tag
def choice_words(instrument: Instrument, choice: str) -> str:
    """A choice of the question about causes, in the reader's language."""
    return text_of(instrument, f"cause.choice.{choice}", language=get_language() or "en")


@register.filter
def level_words(level: int | None) -> str:
    """A distance from the customer."""
    if level is None:
        return _("no path to a customer")
    if level < 0:
        return _("those who lead")
    if level == 0:
        return _("customers")
    if level == 1:
        return _("serve customers")
    return ngettext("%(n)d step away", "%(n)d steps away", level) % {"n": level}


@register.simple_tag
def dumbbell(
    lower: Shown,
    upper: Shown | None,
    guess: Shown | None = None,
    *,
    waits: bool = False,
    top: float = 10,
) -> SafeString:
    """Draw both sides on one scale: filled is who is served, open who serves or leads."""
    marks: list[SafeString] = [format_html('<path class="lr" d="M{} 18H{}"/>', LEFT, LEFT + WIDE)]
    if isinstance(lower, Figure) and isinstance(upper, Figure):
        start, end = sorted((_x(lower.value, top), _x(upper.value, top)))
        if end - start > 14:
            marks.append(
                format_html('<path class="lt" stroke-width="5" d="M{} 18H{}"/>', start, end)
            )
    marks += _side(lower, top, y=24, line="lh" if waits else "l")
    marks += _side(upper, top, y=12, line="l")
    if isinstance(guess, Figure):
        at = _x(guess.value, top)
        marks.append(format_html('<path class="l" stroke-width="2" d="M{} 9v18"/>', at))
    if isinstance(lower, Figure):
        marks.append(_dot(_x(lower.value, top), "fh" if waits else "f", 6.5))
    if isinstance(upper, Figure):
        marks.append(_dot(_x(upper.value, top), "o", 5.5))
    return _drawn(marks)


@register.simple_tag
def share_bars(servers: Shown, leaders: Shown, *, waits: bool = False) -> SafeString:
    """Draw two shares of one choice beside each other, on 0 to 100 per cent."""
    return dumbbell(servers, leaders, waits=waits, top=1)


@register.simple_tag
def driver_dot(share: Shown) -> SafeString:
    """Draw a share of variance on 0 to 50 per cent."""
    return dumbbell(share, None, top=0.5)


def _side(figure: Shown | None, top: float, *, y: int, line: str) -> Iterable[SafeString]:
    if isinstance(figure, Figure):
        low, high = _x(figure.low, top), _x(figure.high, top)
        yield format_html('<path class="{}" stroke-width="1.5" d="M{} {}H{}"/>', line, low, y, high)


def _dot(x: int, kind: str, radius: float) -> SafeString:
    return format_html('<circle class="{}" cx="{}" cy="18" r="{}"/>', kind, x, str(radius))


def _x(value: float, top: float) -> int:
    return LEFT + round(WIDE * min(max(value / top, 0), 1))


def _drawn(marks: Iterable[SafeString]) -> SafeString:
    inside = format_html_join("", "{}", ((mark,) for mark in marks))
    return format_html('<svg viewBox="0 0 400 36" aria-hidden="true">{}</svg>', inside)
