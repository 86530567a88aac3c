"""What adding up the queues of a contact centre says, and why that is wrong."""

from dataclasses import dataclass, replace

import numpy as np

from upturn.floor.engine.laid import places_of
from upturn.floor.engine.shapes import Server
from upturn.floor.engine.staffing.centre import Centre, Counts, Level, levels_with, queues_of
from upturn.floor.engine.staffing.skills import Tell, able_at, staff_centre


@dataclass(frozen=True, slots=True)
class AddedUp:
    """Two sums that are often made.

    Parameters
    ----------
    alone : dict of queue to int
        Agents of its own that keep the standard of each queue; together more than it takes,
        because one queue's idle agent cannot help another.
    agents : dict of group to int
        The smallest staff in which each queue has that many who can answer it; too few, because
        who answers two queues is counted in both.
    levels : dict of queue to Level
        What that staff gives.
    """

    alone: dict[str, int]
    agents: dict[str, int]
    levels: dict[str, Level]


def add_up(centre: Centre, *, tell: Tell | None = None) -> AddedUp:
    """Staff each queue by itself, under the same calls, and add up in both ways.

    Examples
    --------
    >>> from upturn.floor.engine.staffing.skills import Group, Queue, centre_with
    >>> two = (Queue("one", 200, 180, 300), Queue("other", 200, 180, 300))
    >>> found = add_up(centre_with(two, (Group("both", ("one", "other")),), hours=4, reps=20))
    >>> sum(found.alone.values()), found.agents
    (26, {'both': 13})
    >>> found.levels["one"].share < 0.05
    True
    """
    alone = {
        queue: staff_centre(_only(centre, queue), tell=tell).total
        for queue in queues_of(centre.floor)
    }
    counts = _covering(centre, alone)
    names = (group.id for group in centre.groups)
    return AddedUp(alone, dict(zip(names, counts, strict=True)), levels_with(counts, centre))


def _only(centre: Centre, queue: str) -> Centre:
    """One queue, and agents for nothing else."""
    floor, at = centre.floor, queues_of(centre.floor)[queue]
    alone = replace(
        floor,
        nodes=(floor.nodes[at],),
        need_types=tuple(
            replace(kind, at=(queue,)) for kind in floor.need_types if at in places_of(kind, floor)
        ),
    )
    targets = {queue: centre.targets[queue]}
    return replace(centre, floor=alone, groups=(Server(queue),), targets=targets)


def _covering(centre: Centre, alone: dict[str, int]) -> Counts:
    """The fewest agents with so many able in each queue, counted in each they can answer."""
    from scipy.optimize import LinearConstraint, milp  # noqa: PLC0415 - SciPy is slow to load

    able = np.zeros((len(alone), len(centre.groups)))
    for row, queue in enumerate(alone):
        able[row, able_at(centre, queue)] = 1
    each = np.ones(len(centre.groups))
    found = milp(each, integrality=each, constraints=LinearConstraint(able, lb=[*alone.values()]))
    return tuple(round(count) for count in found.x)
