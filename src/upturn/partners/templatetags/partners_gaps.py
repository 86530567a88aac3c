"""Sentences of the gap pages; the engine returns codes and numbers."""

from django import template
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from upturn.partners.engine import SEVERAL, Instrument, Item, text_of
from upturn.stats import Figure, Withheld

register = template.Library()
Shown = Figure | Withheld
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
    "whom": gettext_lazy("Can say whom they serve"),
    "who": gettext_lazy("Can say who serves them"),
    "drawn-up": gettext_lazy("Find rightly drawn whom they serve"),
    "drawn-down": gettext_lazy("Find rightly drawn who serves them"),
    "ask": gettext_lazy("Ask before they decide"),
    "clear": gettext_lazy("Clear the way"),
    "nearest": gettext_lazy("Leave decisions to the nearest"),
    "mistake": gettext_lazy("Own their mistakes"),
    "learn": gettext_lazy("Give time to learn"),
    "standing": gettext_lazy("Own standing does not come first"),
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
    if figure.reason == "too_few_leaders":
        return (
            ngettext(
                "%(got)d leader, %(needed)d needed: nothing is told of fewer",
                "%(got)d leaders, %(needed)d needed: nothing is told of fewer",
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
    if level == SEVERAL:
        return _("teams of several layers, who answered together")
    if level < 0:
        return _("those who lead")
    if level == 0:
        return _("customers")
    if level == 1:
        return _("serve customers")
    return ngettext("%(n)d step away", "%(n)d steps away", level) % {"n": level}
