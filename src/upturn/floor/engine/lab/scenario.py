"""What is tried on a floor, as one word with settings: ``own-the-whole:detour=0,hands.pot=6``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from math import inf, isfinite
from typing import Any

from upturn.floor.engine.described.checked import check_policy, nearest
from upturn.floor.engine.errors import BadSetting
from upturn.floor.engine.laid import items_of
from upturn.floor.engine.policy import (
    OneAtATime,
    OwnTheWhole,
    Pooled,
    ScanSection,
    Serves,
    SkillRouting,
)
from upturn.floor.engine.shapes import Floor, Kind

NamedPolicy = OneAtATime | ScanSection | OwnTheWhole | Pooled | SkillRouting
"""The policies that have a word."""
POLICIES: dict[str, type[NamedPolicy]] = {
    "one-at-a-time": OneAtATime,
    "scan": ScanSection,
    "own-the-whole": OwnTheWhole,
    "pooled": Pooled,
    "skills": SkillRouting,
}
SETTINGS = {
    "cadence": "cadence_s",
    "serves": "serves",
    "detour": "detour_s",
    "own-first": "own_first_s",
    "free": "when_free",
    "adjacent": "adjacent",
    "by-preference": "by_preference",
}
LOAFING, HELP_COST, HANDS = "loafing", "help-cost", "hands."
HANDS_DIGITS = 7


@dataclass(frozen=True, slots=True)
class Scenario:
    """A policy on a floor; `text` says both in the shortest way that reads back the same."""

    text: str
    floor: Floor
    policy: NamedPolicy


def scenario_from(text: str, floor: Floor) -> Scenario:
    """Read a policy with its settings, and what it changes about the floor.

    Parameters
    ----------
    text : str
        A policy: one-at-a-time, scan, own-the-whole, pooled, skills. After a colon, divided by
        commas: cadence, detour, own-first (seconds, or never), serves, free, adjacent,
        by-preference (yes, no); loafing, help-cost (7% or 0.07); hands.pot=6 for what everybody
        can carry of an item.
    floor : Floor

    Returns
    -------
    Scenario

    Raises
    ------
    BadSetting
        An unknown word, with the nearest known one, or a value out of range.

    Examples
    --------
    >>> from upturn.floor.engine.grid import grid
    >>> found = scenario_from("own-the-whole:detour=0,loafing=11%", grid())
    >>> found.policy.detour_s, found.floor.behaviour.loafing_share, found.text
    (0.0, 0.11, 'own-the-whole:detour=0,loafing=11%')
    >>> scenario_from("scan:cadense=60", grid())
    Traceback (most recent call last):
    upturn.floor.engine.errors.BadSetting: scan is 'cadense=60'; did you mean 'cadence'.
    """
    word, _, given = text.strip().partition(":")
    if word not in POLICIES:
        raise BadSetting("policy", word, nearest(word, POLICIES))
    kind = POLICIES[word]
    names = {name for name, long in SETTINGS.items() if long in {f.name for f in fields(kind)}}
    known = [*sorted(names), LOAFING, HELP_COST, *(HANDS + item for item in items_of(floor))]
    chosen: dict[str, Any] = {}
    changed = floor
    for setting in filter(None, (part.strip() for part in given.split(","))):
        name, equals, value = setting.partition("=")
        if not equals or name not in known:
            raise BadSetting(word, setting, nearest(name, known))
        if name in names:
            chosen[SETTINGS[name]] = READS[name](name, value)
        else:
            changed = with_setting(changed, name, value)
    policy = kind(**chosen)
    check_policy(policy, changed)
    return Scenario(_text(word, policy, floor, changed), changed, policy)


def usual_scenarios(floor: Floor) -> tuple[Scenario, ...]:
    """Give what is compared when nothing is said: the four ways to serve, or routing by skill.

    Examples
    --------
    >>> from upturn.floor.engine.grid import grid
    >>> [one.text for one in usual_scenarios(grid())]
    ['one-at-a-time', 'scan', 'own-the-whole', 'pooled']
    """
    has_tables = any(node.kind is Kind.TABLE for node in floor.nodes)
    at_tables = [word for word in POLICIES if word != "skills"]
    texts = at_tables if has_tables else ["skills", "skills:by-preference=no"]
    return tuple(scenario_from(text, floor) for text in texts)


def with_setting(floor: Floor, name: str, value: str) -> Floor:
    """Give the floor with another loafing, cost of help, or number of things carried.

    Parameters
    ----------
    floor : Floor
    name : str
        loafing, help-cost, or hands.ITEM.
    value : str

    Raises
    ------
    BadSetting
        An unknown name, or a value out of range.

    Examples
    --------
    >>> from upturn.floor.engine.grid import grid
    >>> with_setting(grid(), "loafing", "11%").behaviour.loafing_share
    0.11
    """
    if name == LOAFING:
        behaviour = replace(floor.behaviour, loafing_share=share_of(name, value))
        return replace(floor, behaviour=behaviour)
    if name == HELP_COST:
        behaviour = replace(floor.behaviour, help_cost_share=share_of(name, value))
        return replace(floor, behaviour=behaviour)
    item, items = name.removeprefix(HANDS), items_of(floor)
    if item not in items:
        raise BadSetting(HANDS + "ITEM", item, nearest(item, items))
    if not (value.isdecimal() and len(value) < HANDS_DIGITS) or int(value) < 1:
        raise BadSetting(name, value, "give a whole number of at least 1")
    servers = tuple(
        replace(server, hands={**server.hands, item: int(value)}) for server in floor.servers
    )
    return replace(floor, servers=servers)


def share_of(name: str, value: str) -> float:
    """Read 6.9% or 0.069.

    Examples
    --------
    >>> share_of("loafing", "6.9%"), share_of("loafing", "0.11")
    (0.069, 0.11)
    """
    number = _number(name, value.removesuffix("%"), "give a share such as 7% or 0.07")
    share = round(number / 100, 12) if value.endswith("%") else number
    if not 0 <= share <= 5:
        raise BadSetting(name, value, "give a share from 0% to 500%")
    return share


def _seconds(name: str, value: str) -> float:
    if value == "never":
        return inf
    return _number(name, value, "give seconds of at least 0, or never")


def _number(name: str, value: str, remedy: str) -> float:
    try:
        number = float(value)
    except ValueError:
        raise BadSetting(name, value, remedy) from None
    if not isfinite(number) or number < 0:
        raise BadSetting(name, value, remedy)
    return number


def _answer(name: str, value: str) -> bool:
    if value not in ("yes", "no"):
        raise BadSetting(name, value, "say yes or no")
    return value == "yes"


def _serves(name: str, value: str) -> Serves:
    if value not in list(Serves):
        raise BadSetting(name, value, nearest(value, Serves))
    return Serves(value)


READS: dict[str, Callable[[str, str], object]] = {
    "cadence": _seconds,
    "detour": _seconds,
    "own-first": _seconds,
    "serves": _serves,
    "free": _answer,
    "adjacent": _answer,
    "by-preference": _answer,
}


def _text(word: str, policy: NamedPolicy, before: Floor, after: Floor) -> str:
    """The settings that differ from the usual ones, in a fixed order."""
    usual = type(policy)()
    said = {
        name: _said(getattr(policy, long))
        for name, long in SETTINGS.items()
        if hasattr(policy, long) and getattr(policy, long) != getattr(usual, long)
    }
    if before.behaviour.loafing_share != after.behaviour.loafing_share:
        said[LOAFING] = f"{after.behaviour.loafing_share * 100:g}%"
    if before.behaviour.help_cost_share != after.behaviour.help_cost_share:
        said[HELP_COST] = f"{after.behaviour.help_cost_share * 100:g}%"
    said |= _hands_said(before, after)
    settings = ",".join(f"{name}={value}" for name, value in said.items())
    return f"{word}:{settings}" if settings else word


def _hands_said(before: Floor, after: Floor) -> Mapping[str, str]:
    first, then = before.servers, after.servers
    return {
        HANDS + item: str(then[0].hands[item])
        for item in items_of(after)
        if any(a.hands.get(item) != b.hands.get(item) for a, b in zip(first, then, strict=True))
    }


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return "never" if value == inf else f"{value:g}"
    return str(value)
