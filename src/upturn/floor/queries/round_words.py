"""Sentences about rounds: where to go next, with what, why, and whose table it stays."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from math import floor as whole
from typing import TYPE_CHECKING, Any
from unicodedata import bidirectional

from django.utils.translation import get_language_bidi, ngettext, pgettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as later

from upturn.floor.engine.rounds.shapes import Why
from upturn.floor.engine.shapes import NORMAL_PACE_M_S
from upturn.floor.queries.kinds import in_words

if TYPE_CHECKING:
    from upturn.floor.engine.live import LiveRound, LiveStop

STEP_M = 0.75
SAME_S = 0.5
"""Walks below this are no walk to speak of."""
HELP = (Why.ON_THE_WAY, Why.DETOUR)
MOST = 5
"""Needs that are told, and taken at once; what comes after them is planned anew by then."""
REASONS = {
    Why.OWN_URGENT: later("yours, and urgent"),
    Why.OWN: later("yours"),
    Why.ANYBODYS: later("nobody else’s"),
    Why.FETCH: later("for what comes next"),
    Why.ON_THE_WAY: later("on your way"),
}
_ISOLATE, _END = "\u2068", "\u2069"


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What a sentence takes from beside the round: of needs, by ref, words and since when asked."""

    now_s: float
    at: str = ""
    pace_m_s: float = NORMAL_PACE_M_S
    hands: Mapping[str, int] = field(default_factory=dict)
    shown: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    asked_s: Mapping[str, float] = field(default_factory=dict)


def told(round_: "LiveRound", beside: Beside) -> dict[str, Any]:
    """Tell a round in the language of the moment, as a phone shows it."""
    stops = _next(round_.stops)
    own = _places(stop for stop in stops if stop.need and stop.why not in HELP)
    helped = [stop for stop in stops if stop.why in HELP]
    near = _places(helped)
    walk_m = sum(stop.walk_s for stop in stops) * beside.pace_m_s
    return {
        "title": _then(own or near),
        "more": _near(helped, also=bool(own)),
        "steps": round(walk_m / STEP_M),
        "carry": _carry(stops, round_.take, beside),
        "note": _note([stop for stop in helped if stop.owner], beside),
        "stops": [_stop(stop, beside) for stop in stops],
        "take": dict(round_.take),
        "taken": all(stop.taken for stop in stops if stop.need),
        "path": _run([*filter(None, [beside.at]), *(stop.place for stop in stops)]),
    }


def getting_ready() -> dict[str, Any]:
    """Tell that rounds are not planned yet, where the planner is new on a machine."""
    return {
        "title": _("Rounds come in a moment"),
        "more": _("the list below holds everything"),
        "steps": 0,
        "carry": "",
        "note": "",
        "stops": [],
        "take": {},
        "taken": False,
        "path": [],
    }


def apart(name: str) -> str:
    """Keep a name in its place among words that run the other way."""
    other_way = not name.isascii() and any(bidirectional(one) in ("R", "AL") for one in name)
    return f"{_ISOLATE}{name}{_END}" if other_way or get_language_bidi() else name


def reason(why: Why, extra_s: float) -> str:
    """Say why a stop is in a round."""
    if why is Why.DETOUR and extra_s >= SAME_S:
        seconds = round(extra_s)
        return ngettext(
            "%(seconds)d second off your way", "%(seconds)d seconds off your way", seconds
        ) % {"seconds": seconds}
    return _(REASONS.get(why, REASONS[Why.ON_THE_WAY]))


def listed(names: Sequence[str]) -> str:
    """Join names as a sentence does."""
    kept = [apart(name) for name in names]
    if len(kept) < 2:
        return "".join(kept)
    most = pgettext("between the parts of a list", ", ").join(kept[:-1])
    return _("%(most)s and %(last)s") % {"most": most, "last": kept[-1]}


def _next(stops: Sequence["LiveStop"]) -> Sequence["LiveStop"]:
    """Give the stops up to the last that is told: so many needs, and all that are taken."""
    stops = _one_call(stops)
    needs = [at for at, stop in enumerate(stops) if stop.need]
    taken = [at for at, stop in enumerate(stops) if stop.taken]
    return stops[: max([*needs[:MOST], *taken], default=-1) + 1]


def _one_call(stops: Sequence["LiveStop"]) -> Sequence["LiveStop"]:
    """Leave out calls beyond the first: the others are for whoever is free."""
    has_call = any(stop.is_call and stop.taken for stop in stops)
    kept = []
    for stop in stops:
        if stop.is_call and not stop.taken:
            if has_call:
                continue
            has_call = True
        kept.append(stop)
    return kept


def _stop(stop: "LiveStop", beside: Beside) -> dict[str, Any]:
    return {
        "need": stop.need,
        "place": stop.place,
        "what": _what(stop, beside),
        "why": reason(stop.why, stop.extra_s),
        "code": stop.why.value,
        "aside": _aside(stop, beside),
        "mine": stop.taken,
    }


def _what(stop: "LiveStop", beside: Beside) -> str:
    if not stop.need:
        items = [f"{in_words(item)} ({needs})" for item, needs in stop.take.items()]
        return _("Fetch %(items)s") % {"items": listed(items)}
    kind = in_words(stop.kind)
    what = apart(kind[:1].upper() + kind[1:]) if kind else _("Look in")
    if stop.count > 1:
        what = _("%(what)s, %(times)d times") % {"what": what, "times": stop.count}
    parts = [what]
    if words := beside.words.get(stop.need, ""):
        parts.append(apart(words))
    if stop.why in HELP and stop.owner:
        shown = apart(beside.shown.get(stop.owner, stop.owner))
        parts.append(_("%(owner)s’s table") % {"owner": shown})
    return pgettext("between the parts of a list", ", ").join(parts)


def _aside(stop: "LiveStop", beside: Beside) -> str:
    if not stop.need:
        return ""
    if stop.why in HELP:
        return _("+%(seconds)d s") % {"seconds": round(stop.extra_s)}
    asked_s = beside.asked_s.get(stop.need)
    if asked_s is None:
        return _("soon")
    minutes = whole((beside.now_s - asked_s) / 60)
    return _("%(minutes)d min") % {"minutes": minutes} if minutes > 0 else _("just now")


def _near(helped: Sequence["LiveStop"], *, also: bool) -> str:
    if not helped:
        return ""
    aside = any(stop.why is Why.DETOUR and stop.extra_s >= SAME_S for stop in helped)
    if not also:
        return _("near your way") if aside else _("on your way")
    places = _places(helped)
    if aside:
        text = ngettext(
            "and %(places)s is near your way", "and %(places)s are near your way", len(places)
        )
    else:
        text = ngettext(
            "and %(places)s is on your way", "and %(places)s are on your way", len(places)
        )
    return text % {"places": listed(places)}


def _carry(stops: Sequence["LiveStop"], take: Mapping[str, int], beside: Beside) -> str:
    used = {stop.item for stop in stops if stop.need}
    if along := [item for item in take if item in used]:
        return _("take the %(items)s along") % {"items": listed(along)}
    held = [in_words(item) for item, left in beside.hands.items() if left and item in used]
    return _("you carry the %(items)s") % {"items": listed(held)} if held else ""


def _note(helped: Sequence["LiveStop"], beside: Beside) -> str:
    """Say that help changes nothing about a table (S0.8)."""
    places, owners = _places(helped), list(dict.fromkeys(stop.owner for stop in helped))
    if len(owners) > 1:
        text = _(
            "Tables %(tables)s stay with those who serve them, with their cheques and their tips."
        )
    else:
        text = ngettext(
            "Table %(tables)s stays %(owner)s’s, with its cheque and its tip.",
            "Tables %(tables)s stay %(owner)s’s, with their cheques and their tips.",
            len(places),
        )
    shown = apart(beside.shown.get(owners[0], owners[0])) if owners else ""
    return text % {"tables": listed(places), "owner": shown} if places else ""


def _then(places: Sequence[str]) -> str:
    def join(before: str, place: str) -> str:
        return _("%(before)s, then %(next)s") % {"before": before, "next": apart(place)}

    return reduce(join, places[1:], apart(places[0])) if places else ""


def _places(stops: Iterable["LiveStop"]) -> list[str]:
    return list(dict.fromkeys(stop.place for stop in stops))


def _run(places: Sequence[str]) -> list[str]:
    """Leave out where one stays where one is."""
    return [place for at, place in enumerate(places) if not at or place != places[at - 1]]
