"""Sentences about rounds: where to go next, with what, and why."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from upturn.floor.engine.rounds import Round, Stop, Why

SAME_S = 0.5
"""Walks below this are no walk to speak of."""


def why(stop: Stop, name: str, *, also: Sequence[str] = ()) -> str:
    """Say in one sentence why a stop is next; `also` names tables after it that need the same."""
    if stop.why is Why.FETCH:
        return _("fetch %(items)s at %(place)s for what comes next") % {
            "items": _and([f"{item} ({needs})" for item, needs in stop.take.items()]),
            "place": name,
        }
    what = ngettext(
        "table %(tables)s needs %(kind)s", "tables %(tables)s need %(kind)s", 1 + len(also)
    ) % {"tables": _and([name, *also]), "kind": stop.kind}
    hold = _("; you hold the %(item)s") % {"item": stop.item} if stop.item else ""
    return _("%(lead)s: %(what)s") % {"lead": _lead(stop), "what": what} + hold


def next_stop(round_: Round, names: Sequence[str]) -> str:
    """Say what a seat does next, with the tables right behind it that need the same."""
    first = round_.first
    if first is None:
        return _("nothing waits for you")
    alike: list[str] = []
    for stop in round_.stops[1:]:
        if (stop.why, stop.kind, stop.item) != (first.why, first.kind, first.item):
            break
        alike.append(names[stop.node])
    return why(first, names[first.node], also=list(dict.fromkeys(alike)))


def _lead(stop: Stop) -> str:
    leads = {
        Why.OWN_URGENT: _("yours, and urgent"),
        Why.OWN: _("yours"),
        Why.ANYBODYS: _("nobody else’s"),
        Why.ON_THE_WAY: _("on your way"),
    }
    seconds = round(stop.extra_s)
    detour = ngettext(
        "%(seconds)d second off your way", "%(seconds)d seconds off your way", seconds
    ) % {"seconds": seconds}
    is_near = stop.why is Why.DETOUR and stop.extra_s < SAME_S
    return leads[Why.ON_THE_WAY] if is_near else leads.get(stop.why, detour)


def _and(words: Sequence[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return _("%(most)s and %(last)s") % {"most": ", ".join(words[:-1]), "last": words[-1]}
