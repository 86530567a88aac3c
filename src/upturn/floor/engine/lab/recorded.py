"""What arises in an hour of the lab, and when guests would ask, to be played into a live board."""

from dataclasses import dataclass
from math import inf
from typing import NamedTuple

from upturn.floor.engine.lab.film import FILM_S
from upturn.floor.engine.needs import Needs
from upturn.floor.engine.shapes import Floor


class Arising(NamedTuple):
    """Something a place needs from `at_s` on; its guest asks at `asks_s`, or nobody ever (inf).

    `service_s` is how long it takes whoever meets it. Seconds since the hour began.
    """

    number: int
    place: str
    kind: str
    at_s: float
    asks_s: float
    service_s: float


@dataclass(frozen=True, slots=True)
class Recorded:
    """An hour, or another time, of the lab: what arises on the floor, in the order of time."""

    seconds: float
    arisings: tuple[Arising, ...]

    @property
    def places(self) -> tuple[str, ...]:
        """Where anything arises, each once."""
        return tuple(dict.fromkeys(one.place for one in self.arisings))


def record(
    floor: Floor, *, seed: int, replication: int = 0, from_s: float = 0.0, seconds: float = FILM_S
) -> Recorded:
    """Record an hour of a replication: the needs its figures and its film are made of.

    Parameters
    ----------
    floor : Floor
    seed, replication : int
    from_s, seconds : float
        Where the hour begins and how long it is.

    Returns
    -------
    Recorded

    Examples
    --------
    >>> from upturn.floor.engine.grid import grid
    >>> hour = record(grid(), seed=1, seconds=600)
    >>> len(hour.arisings), hour.arisings[0].place, round(hour.arisings[0].at_s)
    (31, '4-5', 6)
    """
    from upturn.floor.engine.drawing import draw_needs  # noqa: PLC0415 - numba

    hours = (from_s + seconds) / 3600
    needs = draw_needs(floor, hours=hours, seed=seed, replication=replication)
    return recorded_of(floor, needs, from_s=from_s, seconds=seconds)


def recorded_of(floor: Floor, needs: Needs, *, from_s: float, seconds: float) -> Recorded:
    """Record what arises of these needs between `from_s` and `seconds` later.

    Parameters
    ----------
    floor, needs : Floor, Needs
    from_s, seconds : float

    Returns
    -------
    Recorded
    """
    until_s = from_s + seconds
    found = []
    for number, created_s in enumerate(needs.created_s.tolist()):
        if not from_s <= created_s < until_s:
            continue
        asks_s = float(needs.asks_s[number])
        found.append(
            Arising(
                number=number,
                place=floor.nodes[int(needs.node[number])].id,
                kind=floor.need_types[int(needs.kind[number])].name,
                at_s=created_s - from_s,
                asks_s=asks_s - from_s if asks_s < until_s else inf,
                service_s=float(needs.service_s[number]),
            )
        )
    return Recorded(seconds, tuple(found))
