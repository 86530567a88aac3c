"""How much of their time servers need at least, whatever they decide."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from math import ceil, inf
from typing import NamedTuple

import numpy as np

from upturn.floor.engine.errors import BadSetting
from upturn.floor.engine.laid import Laid, lay_out, places_of
from upturn.floor.engine.policy import OneAtATime, Policy, ScanSection
from upturn.floor.engine.shapes import Floor

GROUPS_LOOKED_AT = 5000

People = frozenset[int]


class LeastLoad(NamedTuple):
    """The tightest group of servers: `load` 1 is all their time.

    `place` names the floor or the servers; `growth_per_hour` needs that stay behind in an hour
    and `servers` to add, both 0 at a load of 1 or less; `kinds` that these servers alone serve.
    """

    place: str
    load: float
    growth_per_hour: float
    servers: int
    kinds: tuple[str, ...]


class _Work(NamedTuple):
    """What comes in a second and a set of servers alone can serve, patient needs only."""

    needs: float
    service: float
    walking: Mapping[str, float]
    kinds: frozenset[str]


def least_load(
    floor: Floor, *, hours: float | None = None, policy: Policy | None = None
) -> LeastLoad:
    """Load of the group of servers with the least time for what they alone can serve.

    Counted are needs without a patience, at their mean rate over the hours: their service, in one
    go where several are met together, at the fastest the load makes people work; and for what is
    carried, the walk to a station and back, shared by as many needs as it is enough for. Walks
    between tables count nothing, because a round may serve many. So a load above 1 means that the
    waiting grows under every policy, while one below 1 promises nothing.

    Parameters
    ----------
    floor : Floor
        A sound one (`problems_of`).
    hours : float, optional
        How long it runs; without, as long as the profile of its day.
    policy : Policy, optional
        With `OneAtATime` and `ScanSection` everybody serves the own section alone; one at a time
        also walks there and back for each need, so that its load is exact.

    Returns
    -------
    LeastLoad

    Examples
    --------
    >>> from upturn.floor.engine.grid import grid
    >>> round(least_load(grid()).load, 4)
    0.28
    >>> tight = least_load(grid(), policy=OneAtATime())
    >>> round(tight.load, 4), tight.place
    (0.64, "Server 'server 4'")
    """
    laid = lay_out(floor)
    closes_s = _closes_s(floor, hours)
    time = _time(laid, closes_s)
    works = _works(floor, laid, policy, closes_s)
    groups = list(_groups(list(works)))
    needed = {group: _needed(_inside(group, works)) for group in groups}
    has = {group: sum(time[server] for server in group) for group in groups}
    loads = {group: needed[group] / has[group] if has[group] else inf for group in groups}
    tightest = max(groups, key=lambda group: (loads[group], -len(group)), default=frozenset())
    inside, load = _inside(tightest, works), loads.get(tightest, 0.0)
    behind = max(0.0, 1 - 1 / load) if load > 0 else 0.0
    return LeastLoad(
        place=_called(floor, tightest) if tightest else "This floor",
        load=load,
        growth_per_hour=3600 * sum(work.needs for work in inside) * behind,
        servers=ceil(round(max(0.0, needed[tightest] - has[tightest]), 9)) if tightest else 0,
        kinds=tuple(sorted({kind for work in inside for kind in work.kinds})),
    )


def _closes_s(floor: Floor, hours: float | None) -> float:
    closes_s = floor.day.slot_s * len(floor.day.profile) if hours is None else hours * 3600
    if not closes_s > 0:
        raise BadSetting("hours", hours, "give a number above 0, such as 4")
    return closes_s


def _time(laid: Laid, closes_s: float) -> list[float]:
    """Servers' share of the time on shift, times how fast they work."""
    present = np.clip(laid.ends_s, 0, closes_s) - np.clip(laid.starts_s, 0, closes_s)
    return [float(x) for x in np.maximum(present, 0) / closes_s * laid.work_rate]


def _times(floor: Floor, closes_s: float) -> float:
    """Mean of the profile from opening to closing; its last slot holds on."""
    day = floor.day
    whole = min(closes_s, day.slot_s * len(day.profile))
    total = 0.0
    for slot, times in enumerate(day.profile):
        total += times * min(max(whole - slot * day.slot_s, 0.0), day.slot_s)
    return (total + day.profile[-1] * (closes_s - whole)) / closes_s


def _works(floor: Floor, laid: Laid, policy: Policy | None, closes_s: float) -> dict[People, _Work]:
    """Work by who alone can do it."""
    needs: defaultdict[People, float] = defaultdict(float)
    service: defaultdict[People, float] = defaultdict(float)
    walking: defaultdict[People, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    kinds: defaultdict[People, set[str]] = defaultdict(set)
    times, fastest = _times(floor, closes_s), float(laid.load_y.min())
    for number, kind in enumerate(floor.need_types):
        if kind.patience is not None:
            continue
        rate = kind.per_hour / 3600 * times
        for node in places_of(kind, floor):
            people = _able(laid, number, node, policy)
            if not people or rate == 0:
                continue
            needs[people] += rate
            service[people] += rate * kind.service.mean_s / kind.together * fastest
            walk_s = _walk_s(laid, number, node, people, policy)
            walking[people]["" if isinstance(policy, OneAtATime) else kind.item] += rate * walk_s
            kinds[people].add(kind.name)
    return {
        people: _Work(needs[people], service[people], walking[people], frozenset(kinds[people]))
        for people in needs
    }


def _able(laid: Laid, kind: int, node: int, policy: Policy | None) -> People:
    """Who may serve this kind here."""
    item, owner = laid.item[kind], int(laid.owner[node])
    able = {
        server
        for server in range(len(laid.home))
        if laid.rank[server, kind] >= 0 and (item < 0 or laid.capacity[server, item] > 0)
    }
    if laid.owner_only[kind] or isinstance(policy, OneAtATime | ScanSection):
        able &= {owner}
    return frozenset(able)


def _walk_s(laid: Laid, kind: int, node: int, people: People, policy: Policy | None) -> float:
    """Seconds that each such need costs in walking at least, by the fastest of them."""
    item = laid.item[kind]
    best = min(people, key=lambda server: laid.slow[server] * laid.work_rate[server])
    pace = float(laid.slow[best] * laid.work_rate[best])
    if isinstance(policy, OneAtATime):
        return 2 * pace * float(laid.walk_s[laid.home[best], node])
    if item < 0 or not len(laid.stations):
        return 0.0
    most = max(int(laid.capacity[server, item]) for server in people)
    return 2 * pace * float(laid.walk_s[laid.stations, node].min()) / most


def _groups(people: list[People]) -> Iterator[People]:
    """Sets of servers, and their unions as far as they overlap.

    Sets that do not overlap need no union: its load lies between theirs.
    """
    seen = dict.fromkeys(people)
    waiting = list(people)
    while waiting and len(seen) < GROUPS_LOOKED_AT:
        group = waiting.pop()
        for other in people:
            union = group | other
            if group & other and union not in seen:
                seen[union] = None
                waiting.append(union)
    yield from seen


def _inside(group: People, works: Mapping[People, _Work]) -> list[_Work]:
    """Work that these alone can do."""
    return [work for people, work in works.items() if people <= group]


def _needed(inside: list[_Work]) -> float:
    """Servers kept busy by it; different things are carried on the same walk."""
    items = {item for work in inside for item in work.walking}
    walks = [sum(work.walking.get(item, 0.0) for work in inside) for item in items]
    return sum(work.service for work in inside) + max(walks, default=0.0)


def _called(floor: Floor, group: People) -> str:
    if len(group) == len(floor.servers):
        return "This floor"
    names = [f"'{floor.servers[server].id}'" for server in sorted(group)]
    if len(names) == 1:
        return f"Server {names[0]}"
    shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    return f"The group of {shown}"
