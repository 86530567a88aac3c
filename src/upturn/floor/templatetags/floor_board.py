"""What a board says about its needs, in the same words on the server and on the phone.

The phone draws the board anew with each event, from the words it finds in the page: what stands
here is the other half of ``static/floor/board_state.js``, and a test holds the two together.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from uuid import uuid4

from django import template
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy, ngettext

register = template.Library()
State = Mapping[str, Any]
WORDS = {
    "alone": gettext_lazy("%(owner)s’s alone"),
    "calm": gettext_lazy("Nothing waits"),
    "clock": gettext_lazy("%(day)s %(time)s"),
    "another": gettext_lazy("somebody is on the way"),
    "on_it": gettext_lazy("somebody is on it"),
    "asked": gettext_lazy("asked %(ago)s"),
    "came": gettext_lazy("came %(ago)s"),
    "first_came": gettext_lazy("the first came %(ago)s"),
    "asked_at": gettext_lazy("%(place)s, %(words)s"),
    "carry": gettext_lazy("%(item)s, %(left)s left"),
    "done": gettext_lazy("Done: %(what)s, %(place)s."),
    "done_at": gettext_lazy("Done %(place)s"),
    "declined": gettext_lazy("Not now. Nobody asks why."),
    "fetch": gettext_lazy("Fetch it at %(place)s"),
    "guests_left": gettext_lazy("Guests left: %(place)s."),
    "guests_sat": gettext_lazy("Guests sit: %(place)s."),
    "late": gettext_lazy("late, %(words)s"),
    "look": gettext_lazy("a look at the table"),
    "looked": gettext_lazy("You looked. The rhythm begins anew."),
    "new": gettext_lazy("New: %(what)s, %(place)s."),
    "no_network": gettext_lazy("no network"),
    "now": gettext_lazy("just now"),
    "of": gettext_lazy("%(owner)s’s, %(words)s"),
    "probably": gettext_lazy("%(what)s, probably"),
    "put_back": gettext_lazy("You put it back."),
    "raised": gettext_lazy("%(place)s asks: %(what)s."),
    "seen": gettext_lazy("On the board: %(what)s, %(place)s."),
    "taken": gettext_lazy("You took the round."),
    "taken_call": gettext_lazy("Yours: %(what)s, %(place)s."),
    "take": gettext_lazy("Take the round"),
    "take_call": gettext_lazy("Take it"),
    "then": gettext_lazy("%(first)s, then %(second)s"),
    "nothing": gettext_lazy("Nothing waits for you"),
    "taken_by_you": gettext_lazy("you took it, %(words)s"),
    "unasked": gettext_lazy("nobody asked yet"),
    "unlooked": gettext_lazy("nobody looked for a while"),
    "undone": gettext_lazy("Taken back."),
    "yours": gettext_lazy("yours only, %(words)s"),
}
SAMPLES = {"zero": 0, "one": 1, "two": 2, "few": 3, "many": 11, "other": 100}
"""A number of each class that languages count by."""


def counted(name: str, n: int) -> str:
    """What is said of `n` minutes, phones, taps; the number itself is put in afterwards."""
    said = {
        "minutes": ngettext("%(n)s min ago", "%(n)s min ago", n),
        "phones": ngettext("live, %(n)s phone", "live, %(n)s phones", n),
        "kept": ngettext("no network, %(n)s tap kept", "no network, %(n)s taps kept", n),
        "sending": ngettext("%(n)s tap on its way", "%(n)s taps on their way", n),
        "times": ngettext("asked %(n)s time, first %(ago)s", "asked %(n)s times, first %(ago)s", n),
        "next": ngettext("Next round, %(n)s step", "Next round, %(n)s steps", n),
        "your": ngettext("Your round, %(n)s step", "Your round, %(n)s steps", n),
        "wait": ngettext("%(n)s need waits", "%(n)s needs wait", n),
        "waiting": ngettext("%(what)s: %(n)s waits", "%(what)s: %(n)s wait", n),
        "served": ngettext("%(what)s, %(n)s is somebody’s", "%(what)s, %(n)s are somebody’s", n),
        "rest": ngettext("Further away: %(n)s waits", "Further away: %(n)s wait", n),
    }
    return said[name]


COUNTED = (
    "minutes",
    "phones",
    "kept",
    "sending",
    "times",
    "next",
    "your",
    "wait",
    "waiting",
    "served",
    "rest",
)


class Row(NamedTuple):
    """One need as a list shows it; `ref` empty for the row that the phone makes others from.

    Calls of a kind at a queue share a row, whose `key` stays while they come and go: `ref` is that
    of the one to meet next, `n` how many wait there.
    """

    key: str = ""
    ref: str = ""
    n: int = 1
    place: str = ""
    short: str = ""
    what: str = ""
    words: str = ""
    when: str = ""
    looks: str = ""
    alone: str = ""


class Lists(NamedTuple):
    """The needs of a floor: one's own, those beside one, all others."""

    mine: list[Row]
    beside: list[Row]
    rest: list[Row]


@register.simple_tag
def board_words() -> str:
    """Every word that the phone needs to draw the board again."""
    plain = {name: str(said) for name, said in WORDS.items()}
    many = {name: {kind: counted(name, n) for kind, n in SAMPLES.items()} for name in COUNTED}
    days: dict[str, Any] = {"days": [str(day) for day in WEEKDAYS.values()]}
    return json.dumps(plain | many | days)


@register.simple_tag
def tap_key() -> str:
    """A key for a form of a page without script: sent twice, it is one tap."""
    return str(uuid4())


@register.simple_tag
def said(name: str, n: int | None = None, **values: object) -> str:
    """One of the sentences, with what belongs into it."""
    text = str(WORDS[name]) if n is None else counted(name, n)
    return text % ({"n": n} | values)


@register.filter
def as_json(state: State) -> str:
    """A state, to stand in an attribute."""
    return json.dumps(state, ensure_ascii=False, separators=(",", ":"))


@register.simple_tag
def board_lists(state: State) -> Lists:
    """Sort what waits into lists, the most urgent first."""
    me = state["me"] or {}
    own, near = set(me.get("sections", ())), set(me.get("beside", ()))
    section = {place["id"]: place["section"] for place in state["places"]}
    waiting = [need for need in state["needs"] if need["state"] in {"open", "taken"}]
    waiting.sort(key=lambda need: _urgency(need, state))
    waiting = _calls_together(waiting, state)
    if not own:
        return Lists(_rows(waiting, state), [], [])
    of = [(section.get(need["place"], ""), need) for need in waiting]
    return Lists(
        _rows((need for at, need in of if at in own), state),
        _rows((need for at, need in of if at in near - own), state),
        _rows((need for at, need in of if at not in near | own), state),
    )


def _calls_together(needs: Iterable[State], state: State) -> list[State]:
    """Make one of the calls of a kind that wait at a queue; one's own stands by itself."""
    queues = {place["id"] for place in state["places"] if place.get("kind") == "queue"}
    together: dict[tuple[str, ...], dict[str, Any]] = {}
    for need in needs:
        if need["place"] not in queues or need["ref"] in state["claims"]:
            together[need["ref"],] = dict(need)
            continue
        first = together.setdefault((need["place"], need["kind"]), {**need, "open": 0, "served": 0})
        first["open" if need["state"] == "open" else "served"] += need["count"]
    return list(together.values())


def _urgency(need: State, state: State) -> tuple[bool, bool, bool, float, str]:
    since = need["asked_s"] if need["asked"] else need["raised_s"]
    taken = need["state"] == "taken" and need["ref"] not in state["claims"]
    return taken, not _late(need, state), not need["asked"], since or 0.0, need["ref"]


def _late(need: State, state: State) -> bool:
    due = _kind(need, state).get("due_s")
    return due is not None and state["now_s"] - need["raised_s"] > due


def _kind(need: State, state: State) -> State:
    found = (kind for kind in state["kinds"] if kind["name"] == need["kind"])
    return next(found, {"name": need["kind"], "label": need["kind"], "owner_only": False})


def _rows(needs: Iterable[State], state: State) -> list[Row]:
    return [_row(need, state) for need in needs]


def _row(need: State, state: State) -> Row:
    me, kind = state["me"] or {}, _kind(need, state)
    place = _found(state["places"], need["place"])
    own = not me.get("sections") or place.get("section") in me["sections"]
    owner = "" if own else _owner(place.get("section", ""), state)
    short = str(place.get("short", need["place"]))
    when = _when(need, state, own=own, owner=owner)
    if short != need["place"] and not (own and len(me.get("sections", ())) == 1):
        when = said("asked_at", place=need["place"], words=when)
    taken = need["state"] == "taken"
    now = own and need["asked"] and (not taken or need["ref"] in state["claims"])
    far = not own or (taken and need["ref"] not in state["claims"])
    return Row(
        key=f"{need['kind']}, {need['place']}" if "open" in need else need["ref"],
        ref=need["ref"],
        n=need.get("open", 1),
        place=need["place"],
        short=short,
        what=_what(need, kind, place),
        words=need["words"],
        when=when,
        looks="now" if now else "far" if far else "",
        alone=_alone(place, kind, state),
    )


def _alone(place: State, kind: State, state: State) -> str:
    """Whose alone a need is, if it is somebody's and this seat may not meet it."""
    if not kind["owner_only"] or not state["me"]:
        return ""
    section = _found(state["sections"], place.get("section", ""))
    owner = section.get("owner", "")
    away = {seat["name"] for seat in state.get("seats", ()) if not seat["held"]}
    if owner in {"", state["me"]["seat"], *away}:
        return ""
    return said("alone", owner=section.get("owner_name") or owner)


def _owner(section: str, state: State) -> str:
    return str(_found(state["sections"], section).get("owner_name", "")) or section


def _found(among: Iterable[State], name: str) -> State:
    nothing: State = {}
    return next((each for each in among if each["id"] == name), nothing)


def _what(need: State, kind: State, place: State) -> str:
    if not need["kind"]:
        return said("look")
    label = str(kind["label"])
    if "open" in need:
        waits = said("waiting", need["open"], what=label) if need["open"] else label
        return said("served", need["served"], what=waits) if need["served"] else waits
    if place.get("kind") == "queue":
        return label
    return (
        said("probably", what=label) if need["source"] == "rhythm" and not need["asked"] else label
    )


def _when(need: State, state: State, *, own: bool, owner: str) -> str:
    """How long ago it was asked for, by whom it is met, and whose it is."""
    since = need["asked_s"] if need["asked"] else need["raised_s"]
    ago = _ago(state["now_s"] - (since or 0.0))
    if not need["asked"]:
        words = said("unasked" if need["kind"] else "unlooked")
    elif "open" in need:
        words = said("first_came" if need["open"] > 1 else "came", ago=ago)
    elif need["count"] > 1:
        words = said("times", need["count"], ago=ago)
    else:
        words = said("asked", ago=ago)
    if _late(need, state):
        words = said("late", words=words)
    if need["state"] == "taken":
        mine = need["ref"] in state["claims"]
        somebody = said("on_it" if "open" in need else "another")
        return said("taken_by_you", words=words) if mine else somebody
    if own and (state["me"] or {}).get("sections") and _kind(need, state)["owner_only"]:
        return said("yours", words=words)
    return said("of", owner=owner, words=words) if owner else words


def _ago(seconds: float) -> str:
    minutes = int(seconds // 60)
    return counted("minutes", minutes) % {"n": minutes} if minutes > 0 else said("now")


@register.simple_tag
def status_words(state: State) -> str:
    """What stands at the head of a board when it was just drawn."""
    return said("phones", state["phones"])


@register.simple_tag
def clock_words(state: State) -> str:
    """The weekday and the time of the house, which the phone then moves on by itself."""
    if state["clock_s"] is None:
        return ""
    minutes = int(state["clock_s"] + state["now_s"]) // 60
    time = f"{minutes // 60 % 24:02}:{minutes % 60:02}"
    return said("clock", day=WEEKDAYS[minutes // 1440 % 7], time=time)


@register.simple_tag
def round_words(round_: State) -> str:
    """How far a round is."""
    return said("your" if round_["taken"] else "next", round_["steps"])


@register.filter
def places_of(lists: Lists) -> set[str]:
    """Where anything waits: these places have a dot on the plan."""
    return {row.place for rows in lists for row in rows}


@register.filter
def urgent_places(rows: Iterable[Row]) -> set[str]:
    """Where somebody asked in the own section."""
    return {row.place for row in rows if row.looks == "now"}


@register.filter
def asked_of_me(rows: Iterable[Row]) -> int:
    """How many of the own needs somebody asked for that this seat may meet."""
    return sum(row.n for row in rows if row.looks == "now" and not row.alone)


@register.filter
def waits_in(rows: Iterable[Row]) -> int:
    """How many needs wait in a list."""
    return sum(row.n for row in rows)


@register.filter
def is_call(stop: State | None, state: State) -> bool:
    """Whether a stop of a round is a caller of a queue."""
    return stop is not None and _found(state["places"], stop["place"]).get("kind") == "queue"


@register.filter
def first_open(stops: Iterable[State]) -> State | None:
    """The stop of a round that comes next: the first that is a need, not a fetching."""
    return next((stop for stop in stops if stop["need"]), None)


@register.filter
def of_need(claims: Mapping[str, str], ref: str) -> str:
    """The key of the tap that took a need, for a phone that has no script to remember it."""
    return claims.get(ref, "")
