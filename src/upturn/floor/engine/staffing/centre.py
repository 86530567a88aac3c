"""A contact centre whose groups may have any size, and what a staff of it gives, simulated."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import ceil, sqrt
from typing import NamedTuple

import numpy as np

from upturn.floor.engine.described.checked import check_floor
from upturn.floor.engine.described.loads import least_load
from upturn.floor.engine.errors import (
    BadFloor,
    BadFloors,
    BadSetting,
    CannotKeepUp,
    PolicyNeverServes,
)
from upturn.floor.engine.laid import Ints, places_of
from upturn.floor.engine.policy import SkillRouting
from upturn.floor.engine.runs import Outcome, Runs
from upturn.floor.engine.shapes import Floor, Kind, Server
from upturn.floor.engine.simulating import simulate

HOUR_S = 3600.0
ROUNDING = 1e-12

Counts = tuple[int, ...]
Target = tuple[float, float]
"""Share of all callers, and within how many seconds."""


class Level(NamedTuple):
    """A queue over the simulated days.

    `share` of its callers answered in time, with its standard error; who gave up; calls a day;
    the share in the hour with the least; on how many of the days the target was met; and by how
    much it is `short` of its standard (0 or less: it keeps it).
    """

    share: float
    error: float
    gave_up: float
    calls: float
    worst_hour: float
    days_held: int
    days: int
    short: float


@dataclass(frozen=True, slots=True)
class Centre:
    """Queues, groups of agents, and when a staff of them is enough.

    Parameters
    ----------
    floor : Floor
        Queues, calls and the day; its servers do not count.
    groups : tuple of Server
        One agent of each group, by its name.
    targets : mapping of queue to (float, float)
    confidence : float or None
        Share of days on which each target must be met; None: over all days together.
    """

    floor: Floor
    groups: tuple[Server, ...]
    targets: Mapping[str, Target]
    confidence: float | None = None
    policy: SkillRouting = field(default_factory=SkillRouting)
    hours: float = 10.0
    reps: int = 40
    seed: int = 1

    def staffed(self, counts: Sequence[int]) -> Floor:
        """Give the floor with so many agents of each group."""
        servers = tuple(
            replace(group, id=f"{group.id} {seat + 1}")
            for group, count in zip(self.groups, counts, strict=True)
            for seat in range(count)
        )
        return replace(self.floor, servers=servers)


def queues_of(floor: Floor) -> dict[str, int]:
    """Ids of the queues, and where they stand among the places."""
    return {node.id: at for at, node in enumerate(floor.nodes) if node.kind is Kind.QUEUE}


def centre_of(
    floor: Floor,
    *,
    target: Target = (0.8, 20.0),
    confidence: float = 0.9,
    hours: float | None = None,
    days: int = 100,
    seed: int = 1,
) -> tuple[Centre, Counts]:
    """Make the contact centre of a file one whose groups may have any size.

    Parameters
    ----------
    floor : Floor
        Agents that are alike but for the number behind their name are one group.
    target : (float, float)
        Of every queue.
    confidence : float
        Share of days on which every target must be met.
    hours : float, optional
        Length of a day; without, as long as the profile of its day, 8 if that is flat.
    days : int
        How many are simulated.

    Returns
    -------
    (Centre, tuple of int)
        And the sizes the groups have now.

    Raises
    ------
    BadFloors
        A table, a queue to which nobody calls, calls without a patience, besides all of
        `check_floor`.
    BadSetting
        If a number is out of range.

    Examples
    --------
    >>> from upturn.floor.engine.grid import grid
    >>> centre_of(grid(sections=1, tables=1))
    Traceback (most recent call last):
    upturn.floor.engine.errors.BadFloors: table '1-1': staff is for contact centres (found \
1); in a restaurant more servers are not automatically better: upturn lab compares what they do.
    """
    share, within_s = target
    fine = 0 < share < 1 and 0 <= within_s < float("inf")
    for name, value, good, remedy in (
        ("target", target, fine, "write it as 80/20"),
        ("confidence", confidence, 0 < confidence < 1, "give a share below 1"),
        ("days", days, days >= 2, "give at least 2"),
    ):
        if not good:
            raise BadSetting(name, value, remedy)
    problems = tuple(_problems(floor))
    if problems:
        raise BadFloors(problems)
    is_flat = len(set(floor.day.profile)) == 1
    length = floor.day.slot_s * len(floor.day.profile) / HOUR_S
    open_ = hours or (8.0 if is_flat else length)
    check_floor(floor, hours=open_)
    groups, sizes = _groups(floor)
    targets = dict.fromkeys(queues_of(floor), target)
    return Centre(floor, groups, targets, confidence, hours=open_, reps=days, seed=seed), sizes


def _groups(floor: Floor) -> tuple[tuple[Server, ...], Counts]:
    """One agent of each group, and how many there are."""
    first: dict[str, Server] = {}
    sizes: dict[str, int] = {}
    for server in floor.servers:
        stem, _, number = server.id.rpartition(" ")
        agent = replace(server, id=stem if stem and number.isdecimal() else server.id)
        if first.setdefault(agent.id, agent) != agent:
            agent = first[server.id] = server
        sizes[agent.id] = sizes.get(agent.id, 0) + 1
    return tuple(first.values()), tuple(sizes.values())


def _problems(floor: Floor) -> Iterator[BadFloor]:
    """What makes a floor no contact centre that can be staffed."""
    tables = [node.id for node in floor.nodes if node.kind is Kind.TABLE]
    if tables:
        remedy = (
            "in a restaurant more servers are not automatically better: upturn lab compares what "
            "they do"
        )
        yield BadFloor(f"table '{tables[0]}'", len(tables), "staff is for contact centres", remedy)
        return
    called = {at for kind in floor.need_types for at in places_of(kind, floor) if kind.per_hour > 0}
    for queue, at in queues_of(floor).items():
        if at not in called:
            remedy = "say so with at in a [[need]], or take the queue out"
            yield BadFloor(f"queue '{queue}'", 0, "nobody calls here", remedy)
    for kind in floor.need_types:
        if kind.patience is None:
            wrong = "says nothing of how long callers wait, and nobody waits for ever"
            remedy = "add a mean, such as patience = { mean_s = 300 }"
            yield BadFloor(f"need '{kind.name}': patience", None, wrong, remedy)


def levels_with(counts: Sequence[int], centre: Centre) -> dict[str, Level]:
    """Simulate a staff: how every queue fares.

    Every staff of the same centre meets the same calls.
    """
    floor = centre.staffed(counts)
    try:
        runs = simulate(
            floor, policy=centre.policy, hours=centre.hours, reps=centre.reps, seed=centre.seed
        )
    except (BadFloors, PolicyNeverServes):
        return dict.fromkeys(centre.targets, _nobody(centre))
    except CannotKeepUp:
        return _overrun(floor, centre)
    return {
        queue: _level(runs, at, centre.targets[queue], centre.confidence)
        for queue, at in queues_of(floor).items()
    }


def _nobody(centre: Centre, *, short: float = 1.0) -> Level:
    return Level(0.0, 0.0, 0.0, 0.0, 0.0, 0, centre.reps, short)


def _overrun(floor: Floor, centre: Centre) -> dict[str, Level]:
    """Where callers wait for ever, the queues that fill without end; no figure of the others."""
    tight = least_load(floor, hours=centre.hours).kinds
    full = {at for kind in floor.need_types if kind.name in tight for at in places_of(kind, floor)}
    return {
        queue: _nobody(centre, short=float(at in full)) for queue, at in queues_of(floor).items()
    }


def _level(runs: Runs, node: int, target: Target, confidence: float | None) -> Level:
    rows, (least, within_s) = runs.records, target
    own = (rows.node == node) & (rows.created_s >= runs.warm_up_s)
    day, hour = rows.replication[own], (rows.created_s[own] // HOUR_S).astype(np.int64)
    in_time = rows.started_s[own] - rows.created_s[own] <= within_s
    offered, answered = _by(day, runs.reps), _by(day[in_time], runs.reps)
    share = float(answered.sum() / max(offered.sum(), 1))
    spread = float((answered - share * offered).std(ddof=1)) if runs.reps > 1 else 0.0
    hours = ceil(runs.hours)
    of_hour, in_hour = _by(hour, hours), _by(hour[in_time], hours)
    daily = np.divide(answered, offered, out=np.ones(runs.reps), where=offered > 0)
    worst = share
    if confidence is not None:
        worst = float(np.sort(daily)[::-1][ceil(confidence * runs.reps - ROUNDING) - 1])
    return Level(
        share,
        spread / sqrt(runs.reps) / max(float(offered.mean()), 1.0),
        float((rows.outcome[own] == Outcome.GAVE_UP).mean()) if len(day) else 0.0,
        float(offered.mean()),
        float((in_hour[of_hour > 0] / of_hour[of_hour > 0]).min()) if len(day) else 1.0,
        int((daily >= least - ROUNDING).sum()),
        runs.reps,
        least - worst - ROUNDING,
    )


def _by(index: Ints, size: int) -> Ints:
    return np.bincount(index, minlength=size)
