"""Words and ways of exchanges."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from django import template
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

register = template.Library()

INSIDE: tuple[tuple[str | Promise, str], ...] = (
    (_("What waits"), "here"),
    (_("Questions"), "talk"),
    (_("Practice cards"), "cards"),
    (_("Decisions"), "decisions"),
    (_("Benchmarks"), "benchmarks"),
    (_("Programmes"), "programmes"),
    (_("Meetings"), "meetings"),
    (_("People"), "pairs"),
    (_("Rules"), "rules"),
    (_("Charter"), "charter"),
    (_("Trust"), "trust"),
)
"""The ways within an exchange, with the name of the page each begins at."""
DESK: tuple[str | Promise, str] = (_("The host’s desk"), "desk")
ANSWER: tuple[str | Promise, str] = (_("Your answer"), "answer")
BEFORE_IT_OPENS = frozenset({"here", "desk", "answer", "rules", "charter", "trust"})


class Way(NamedTuple):
    """A word of the navigation within an exchange."""

    name: str | Promise
    url: str
    here: bool


@register.simple_tag(takes_context=True)
def ways_inside(context: dict[str, Any]) -> list[Way]:
    """Give the ways within the exchange a page is about."""
    ref, path = context["exchange"].ref, context["request"].path
    ways = []
    for name, view in _ways(context):
        url = reverse(f"exchange:{view}", args=[ref])
        ways.append(Way(name, url, path == url if view == "here" else path.startswith(url)))
    return ways


def _ways(context: dict[str, Any]) -> list[tuple[str | Promise, str]]:
    first, *others = INSIDE
    more = [DESK] if context.get("keeps") else []
    if context["exchange"].state != "preparing":
        return [first, *more, *others]
    more += [ANSWER] if context.get("sitting") else []
    return [each for each in (first, *more, *others) if each[1] in BEFORE_IT_OPENS]


@register.filter
def in_language(texts: dict[str, str]) -> str:
    """Give words in the reader's language, in English where they do not exist in it.

    >>> in_language({"en": "care"})
    'care'
    """
    return texts.get(get_language() or "en", texts["en"])


@register.filter
def by_day(days: Sequence[date]) -> list[tuple[date, int]]:
    """Count places by the day on which they begin, the first day first.

    >>> by_day([date(2027, 2, 1), date(2027, 1, 4), date(2027, 2, 1)])
    [(datetime.date(2027, 1, 4), 1), (datetime.date(2027, 2, 1), 2)]
    """
    return sorted(Counter(days).items())


@register.simple_tag
def url_of(waiting: Any) -> str:
    """Give the page on which something that waits is done."""
    return reverse(f"exchange:{waiting.view}", args=waiting.args)
