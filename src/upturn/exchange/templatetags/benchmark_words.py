"""Words of sealed benchmarks: units, bins, numbers and steps."""

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from django import template
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from upturn.exchange.engine import UNITS
from upturn.exchange.templatetags.exchange_words import in_language

if TYPE_CHECKING:
    from upturn.exchange.queries.sheets import OnSheet

register = template.Library()

STEPS: dict[str, str | Promise] = {
    "roster": pgettext_lazy("step of a benchmark", "Roster signed"),
    "submitting": pgettext_lazy("step of a benchmark", "Ballots sealed"),
    "confirming": pgettext_lazy("step of a benchmark", "List confirmed"),
    "opening": pgettext_lazy("step of a benchmark", "Sums added"),
    "opened": pgettext_lazy("step of a benchmark", "Opened for all"),
}


@register.filter
def unit(code: str) -> str:
    """Give a unit in the reader's language.

    >>> unit("share")
    '%'
    """
    return in_language(dict(UNITS.get(code, {"en": code})))


@register.filter
def step(state: str) -> str:
    """Give a step of a round in words."""
    return str(STEPS.get(state, state))


@register.filter
def figure(value: float) -> str:
    """Write a number of the sheet with no more places than it has.

    >>> figure(12.5), figure(30.0)
    ('12.5', '30')
    """
    places = len(f"{value:.6f}".rstrip("0").partition(".")[2])
    return number_format(value, places)


@register.filter
def plain(value: float) -> str:
    """Write a number for scripts, in no language.

    >>> plain(12.5), plain(30.0)
    ('12.5', '30')
    """
    return f"{value:.6f}".rstrip("0").rstrip(".")


@register.filter
def bins(metric: "OnSheet") -> list[str]:
    """Write a metric's bins in words, the open ends too."""
    edges: Sequence[str] = [figure(edge) for edge in metric.edges]
    inner = [
        _("%(low)s to below %(high)s") % {"low": low, "high": high} for low, high in pairwise(edges)
    ]
    return [
        _("below %(edge)s") % {"edge": edges[0]},
        *inner,
        _("%(edge)s or more") % {"edge": edges[-1]},
        _("not applicable"),
    ]
