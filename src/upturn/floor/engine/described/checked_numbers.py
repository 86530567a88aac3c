"""Whether each number of a floor is one that can be: place, value, remedy for those that cannot."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from math import inf, isfinite, isnan
from typing import NamedTuple

from upturn.floor.engine.errors import BadFloor
from upturn.floor.engine.shapes import Behaviour, Day, Durations, Floor, Law, NeedType, Server


class Rule(NamedTuple):
    """What a number has to be, what is said when it is not, and what helps."""

    holds: Callable[[float], bool]
    wrong: str
    remedy: str


FINITE = Rule(isfinite, "is not a number", "give metres, such as 4.5")
RATE = Rule(
    lambda x: isfinite(x) and x >= 0, "is not a number of at least 0", "give how many an hour"
)
SECONDS = Rule(
    lambda x: isfinite(x) and x >= 0, "is not a time of at least 0", "give seconds, such as 90"
)
SECONDS_OR_NEVER = Rule(
    lambda x: x >= 0, "is not a time of at least 0", "give seconds, or inf for never"
)
SHARE = Rule(
    lambda x: isfinite(x) and x >= 0, "is not a share of at least 0", "give 0.1 for one in ten"
)
SPREAD = Rule(
    lambda x: 0 <= x <= 100,
    "is not a spread of 0 to 100",
    "give the standard deviation over the mean, such as 0.5",
)
GAMMA_SPREAD = Rule(
    lambda x: 1e-3 <= x <= 100,
    "is no spread of a gamma law",
    "give 0.001 to 100, or say law constant",
)
POSITIVE = Rule(
    lambda x: isfinite(x) and x >= 1e-6,
    "is not a number above 0",
    "give more than 0, such as 1 (at least 0.000001)",
)
WEIGHT = Rule(lambda x: isfinite(x) and x >= 0, "is not a weight of at least 0", "give 1 or more")
COUNT = Rule(lambda x: x >= 1, "is less than 1", "give 1, or how many are met in one go")
CAPACITY = Rule(
    lambda x: isfinite(x) and x >= 0, "is less than 0", "give how many needs it is enough for"
)
CORRELATION = Rule(
    lambda x: -1 < x < 1, "is not between -1 and 1", "give how alike two slots running are"
)

SLOT = Rule(
    lambda x: isfinite(x) and x >= 1, "is less than 1", "give 1 second or more, such as 900"
)
DAY_SPREAD = Rule(
    lambda x: x == 0 or 1e-3 <= x <= 3,
    "is not a spread of 0, or of 0.001 to 3",
    "give the standard deviation over the mean, such as 0.08",
)
"""A day of ten times its mean is no day of the same floor; below, a gamma law is its mean."""

LARGEST = 1e9
"""Beyond, sums of seconds lose their fractions, and thirty years are no evening."""
Found = Iterator[BadFloor]


def number_problems(floor: Floor) -> Found:
    """Give every number that cannot be, in the order of the floor."""
    for node in floor.nodes:
        yield from _held(f"place '{node.id}': x_m", node.x_m, FINITE)
        yield from _held(f"place '{node.id}': y_m", node.y_m, FINITE)
    for edge in floor.edges:
        yield from _held(f"walk '{edge.a}' to '{edge.b}': seconds", edge.seconds, SECONDS)
    for kind in floor.need_types:
        yield from _need_problems(kind)
    for server in floor.servers:
        yield from _server_problems(server)
    yield from _day_problems(floor.day)
    yield from _behaviour_problems(floor.behaviour)


def _held(place: str, value: float, rule: Rule) -> Found:
    if LARGEST < abs(value) < inf:
        yield BadFloor(place, value, "is out of all proportion", f"give at most {LARGEST:,.0f}")
    elif not rule.holds(value):
        yield BadFloor(place, value, rule.wrong, rule.remedy)


def _need_problems(kind: NeedType) -> Found:
    place = f"need '{kind.name}'"
    yield from _held(f"{place}: per_hour", kind.per_hour, RATE)
    yield from _held(f"{place}: due_s", kind.due_s, SECONDS_OR_NEVER)
    yield from _held(f"{place}: weight", kind.weight, WEIGHT)
    yield from _held(f"{place}: together", kind.together, COUNT)
    yield from _durations_problems(f"{place}: service", kind.service)
    if kind.patience:
        yield from _durations_problems(f"{place}: patience", kind.patience)
    if kind.asks_after:
        yield from _durations_problems(f"{place}: asks_after", kind.asks_after)


def _durations_problems(place: str, durations: Durations) -> Found:
    yield from _held(f"{place} mean_s", durations.mean_s, SECONDS)
    rule = GAMMA_SPREAD if durations.law is Law.GAMMA else SPREAD
    yield from _held(f"{place} cv", durations.cv, rule)


def _server_problems(server: Server) -> Found:
    place = f"server '{server.id}'"
    yield from _held(f"{place}: speed_m_s", server.speed_m_s, POSITIVE)
    yield from _held(f"{place}: work_rate", server.work_rate, POSITIVE)
    for item, capacity in server.hands.items():
        yield from _held(f"{place}: hands, {item}", capacity, CAPACITY)
    yield from _held(f"{place}: starts_s", server.starts_s, SECONDS)
    if not server.ends_s > server.starts_s and isfinite(server.starts_s):
        yield BadFloor(
            f"{place}: ends_s",
            server.ends_s,
            "the shift ends before it begins",
            f"give more than {server.starts_s:g}, or inf for a shift without an end",
        )


def _day_problems(day: Day) -> Found:
    if not day.profile:
        remedy = "give one number for each slot, such as 0.5, 1, 1.5"
        yield BadFloor("day: profile", day.profile, "is empty", remedy)
    for number, times in enumerate(day.profile, 1):
        yield from _held(f"day: profile, slot {number}", times, RATE)
    yield from _held("day: slot_s", day.slot_s, SLOT)
    yield from _held("day: day_cv", day.day_cv, DAY_SPREAD)
    yield from _held("day: noise_cv", day.noise_cv, DAY_SPREAD)
    yield from _held("day: noise_correlation", day.noise_correlation, CORRELATION)


def _behaviour_problems(behaviour: Behaviour) -> Found:
    yield from _held("behaviour: loafing_share", behaviour.loafing_share, SHARE)
    yield from _held("behaviour: help_cost_share", behaviour.help_cost_share, SHARE)
    if isnan(behaviour.look_s) or not 0 <= behaviour.look_s <= inf:
        yield BadFloor("behaviour: look_s", behaviour.look_s, SECONDS.wrong, SECONDS.remedy)
    at_load = behaviour.at_load
    for waiting, factor in at_load:
        yield from _held("behaviour: at_load, needs waiting", waiting, RATE)
        yield from _held("behaviour: at_load, factor", factor, POSITIVE)
    if not at_load or any(not a[0] < b[0] for a, b in pairwise(at_load)):
        remedy = "give points with more and more needs waiting, such as [0, 1], [3, 0.9]"
        yield BadFloor("behaviour: at_load", at_load, "is no line from left to right", remedy)
