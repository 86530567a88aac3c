"""Small words that every room's templates share."""

from collections.abc import Hashable
from typing import Protocol

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from upturn.stats.figures import Withheld

register = template.Library()

MARKS = {"customers": "guests", "system": "system", "leader": "leads"}


class Named(Protocol):
    """A party's row or model."""

    name: str
    place: str


@register.filter
def party_mark(kind: str) -> str:
    """Class of the mark before a party's name."""
    return MARKS.get(kind, "")


@register.filter
def party_name(party: Named) -> str:
    """Name and place, so that the kitchens of two houses are told apart."""
    return _("%(name)s at %(place)s") % vars_of(party) if party.place else party.name


def vars_of(party: Named) -> dict[str, str]:
    return {"name": party.name, "place": party.place}


@register.filter
def written_at(found: Hashable) -> int:
    """A number that changes with anything that is written about what was found, for `cache`."""
    return hash(tuple(found) if isinstance(found, list) else found)


@register.filter
def one_decimal(value: float) -> str:
    """A number with one decimal and a true minus sign."""
    shown = number_format(round(abs(value), 1), 1)  # number_format alone would cut, not round
    return shown if round(value, 1) >= 0 else f"−{shown}"


@register.filter
def withheld(figure: Withheld) -> str:
    """Why a figure is not shown, in one sentence."""
    if figure.got == 0:
        return _("nothing measured yet")
    if figure.reason == "too_few_weeks":
        return ngettext(
            "%(got)d week, %(needed)d needed", "%(got)d weeks, %(needed)d needed", figure.got
        ) % {"got": figure.got, "needed": figure.needed}
    return ngettext(
        "%(got)d answer, %(needed)d needed", "%(got)d answers, %(needed)d needed", figure.got
    ) % {"got": figure.got, "needed": figure.needed}
