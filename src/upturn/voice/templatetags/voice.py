"""Numbers as the pages of customers' words write them."""

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from django import template
from django.utils.formats import date_format, get_format, number_format
from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info, ngettext
from django.utils.translation import gettext as _

from upturn.stats import Figure, Withheld

if TYPE_CHECKING:
    from collections.abc import Iterable

    from upturn.voice.queries import QuoteRow, Said

register = template.Library()


@register.filter
def in_row(figure: Figure | Withheld) -> str:
    """A figure for a long table, in one go: an include for each cell would cost more than the page.

    6.7 (6.3–7.1, n 97)
    """
    if isinstance(figure, Withheld):
        return _few(figure)
    point = get_format("DECIMAL_SEPARATOR")
    shown = f"{figure.value:.1f} ({figure.low:.1f}–{figure.high:.1f}, n "
    return f"{shown.replace('.', point)}{number_format(figure.n)})"


def _few(figure: Withheld) -> str:
    if not figure.got:
        return _("no scores")
    sentence = ngettext(
        "%(got)d score, %(needed)d needed", "%(got)d scores, %(needed)d needed", figure.got
    )
    return sentence % {"got": figure.got, "needed": figure.needed}


@register.filter
def language_called(code: str) -> str:
    """Name of a language in the reader's own; its code where there is no name."""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


@register.filter
def source(said: "QuoteRow | Said") -> str:
    """Where words come from: week of 16 November 2026, table code, 7 of 10. Never a name."""
    return _source(said.week, said.channel, said.score, get_language())


@lru_cache(maxsize=4_096)  # those of a page come from few weeks, channels and scores
def _source(week: date | None, channel: str, score: float | None, _language: str | None) -> str:
    when = _("week of %(day)s") % {"day": date_format(week, "j F Y")} if week else ""
    parts = [when, channel]
    if score is not None:
        shown = f"{score:.3g}".replace(".", get_format("DECIMAL_SEPARATOR"))
        parts.append(_("%(score)s of 10") % {"score": shown})
    return ", ".join(part for part in parts if part)


@register.filter
def signed(value: float) -> str:
    """A difference with its sign, one decimal, and no sign before a zero."""
    rounded = round(value, 1)
    shown = number_format(abs(rounded), 1)  # number_format alone would cut, not round
    if rounded == 0:
        return shown
    return f"+{shown}" if rounded > 0 else f"−{shown}"


@register.filter
def share(figure: Figure) -> str:
    """A share with its range in per cent: 31 % (26 to 37 %)."""
    values = {"value": figure.value, "low": figure.low, "high": figure.high}
    return _("%(value)s %% (%(low)s to %(high)s %%)") % {
        name: number_format(round(100 * value)) for name, value in values.items()
    }


@register.filter
def praise_or_blame(polarity: int) -> str:
    """What a polarity is called: praise, blame, or neither."""
    return (_("neither"), _("praise"), _("blame"))[polarity]


@register.filter
def polarity_choices(polarity: int) -> SafeString:
    """Three buttons to choose a polarity with; eight rows of them are much of a page."""
    return _polarity_choices(polarity, get_language())


@lru_cache(maxsize=64)
def _polarity_choices(polarity: int, _language: str | None) -> SafeString:
    return format_html_join(
        "",
        '<label><input type="radio" name="polarity" value="{}" autocomplete="off"{}>{}</label>',
        (
            (value, SafeString(" checked" if value == polarity else ""), praise_or_blame(value))
            for value in (1, -1, 0)
        ),
    )


@register.filter
def options(choices: "Iterable[tuple[int, str]]", chosen: int | None) -> SafeString:
    """Choices of a field in one go: a loop in the template would cost more than the page."""
    return SafeString("".join(_option(value, name, chosen) for value, name in choices))


@lru_cache(maxsize=4_096)
def _option(value: int, name: str, chosen: int | None) -> str:
    mark = " selected" if value == chosen else ""
    return f'<option value="{value}"{mark}>{escape(name)}</option>'
