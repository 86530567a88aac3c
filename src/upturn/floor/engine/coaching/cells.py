"""Time cut into short cells: who may be spared in each, and where a session could begin."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from math import ceil, gcd

from upturn.floor.engine.coaching.plan import Slack, Wanted, Why

STEP_S = 900
"""Sessions begin at quarters of an hour, or more often where intervals are shorter."""

Cell = tuple[str, int]
"""A queue, and a step since 1970."""


@dataclass(frozen=True, slots=True)
class Cells:
    """Who may be spared.

    Parameters
    ----------
    step_s : int
    free : dict of Cell to int
        Never below 0.
    queues : tuple of str
    zone : tzinfo or None
        Of the forecast.
    """

    step_s: int
    free: dict[Cell, int]
    queues: tuple[str, ...]
    zone: tzinfo | None

    def covered(self, wanted: Wanted, start: int) -> Iterator[Cell]:
        """Give the cells of a session that begins at a step."""
        steps = range(start, start + ceil(wanted.length_s / self.step_s))
        return ((queue, step) for step in steps for queue in wanted.queues or self.queues)

    def fits(self, wanted: Wanted, start: int) -> bool:
        """Say whether somebody can be spared all the time."""
        return all(self.free.get(cell, 0) > 0 for cell in self.covered(wanted, start))

    def moment(self, start: int) -> datetime:
        """Give the time of a step on the clock of the forecast."""
        return datetime.fromtimestamp(start * self.step_s, UTC).astimezone(self.zone)

    def starts(self, wanted: Wanted) -> list[int] | Why:
        """Give every step at which a session could begin, or why there is none."""
        known = sorted({step for _, step in self.free})
        low = wanted.earliest.timestamp() if wanted.earliest else -float("inf")
        high = wanted.latest.timestamp() if wanted.latest else float("inf")
        within = [
            step
            for step in known
            if step * self.step_s >= low
            and step * self.step_s + wanted.length_s <= high
            and all(cell in self.free for cell in self.covered(wanted, step))
        ]
        fitting = [step for step in within if self.fits(wanted, step)]
        return fitting or (Why.NO_SLACK if within else Why.OUTSIDE)


def cells_of(slack: Sequence[Slack]) -> Cells:
    """Cut the intervals into cells."""
    lengths = {int(one.interval.length_s) for one in slack}
    starts = {int(one.interval.start.timestamp()) for one in slack}
    step_s = gcd(STEP_S, *lengths, *starts)
    free = {
        (one.interval.queue, int(one.interval.start.timestamp()) // step_s + at): max(one.free, 0)
        for one in slack
        for at in range(int(one.interval.length_s) // step_s)
    }
    queues = tuple(sorted({one.interval.queue for one in slack}))
    return Cells(step_s, free, queues, slack[0].interval.start.tzinfo)
