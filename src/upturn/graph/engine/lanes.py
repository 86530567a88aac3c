"""The way of a line past the names between its ends: through a gap of every row it crosses."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Literal, TypeAlias

from upturn.graph.engine.placing import Box
from upturn.graph.engine.rows import Stack
from upturn.graph.engine.settling import settle
from upturn.graph.engine.sheets import Sheet

CLEAR = 3.0  # between a line and a name beside it
LANE_SHARE = 0.6  # how close lines in one gap lie, as a share of their distance at a name

Course: TypeAlias = Literal["down", "level", "up"]


@dataclass(frozen=True, slots=True)
class Lane:
    """A gap in a row, where between the names a line runs, and where it would like to."""

    row: int
    gap: int
    wanted: float


@dataclass(frozen=True, slots=True)
class Run:
    """A serves-edge between two names in their places.

    Parameters
    ----------
    edge : int
    course : {"down", "level", "up"}
        Whether the server stands one band below the served party, in its band, or above it.
    upper, lower : Box
        Left and right where both stand in the same row.
    lanes : tuple of Lane
        From the upper to the lower end. A line that goes up leaves and arrives at the sides of
        the names, so its first and last lane lie beside them.
    """

    edge: int
    course: Course
    upper: Box
    lower: Box
    lanes: tuple[Lane, ...]


Gaps: TypeAlias = Sequence[Sequence[tuple[float, float]]]


def gaps_between(stack: Stack, boxes: Mapping[int, Box]) -> Gaps:
    """Give for every row the free stretches between its names and beside them."""
    gaps = []
    for row in stack.rows:
        left, right = stack.shape.sides(row.bottom)
        names = ((boxes[party].left, boxes[party].right) for party in row.parties)
        ends = [left, *chain.from_iterable(names), right]
        gaps.append([(a + CLEAR, b - CLEAR) for a, b in zip(ends[::2], ends[1::2], strict=True)])
    return gaps


def find_run(edge: int, server: Box, served: Box, *, stack: Stack, gaps: Gaps) -> Run:
    """Find the way of one edge."""
    upper, lower = sorted((server, served), key=lambda box: (box.row, box.x))
    course: Course = "level" if server.band == served.band else "down"
    lanes = _lanes_across(upper, lower, stack=stack, gaps=gaps)
    if server.band < served.band:
        course = "up"
        lanes = [_beside(upper, lower, stack, gaps), *lanes, _beside(lower, upper, stack, gaps)]
    return Run(edge, course, upper, lower, tuple(lanes))


def _lanes_across(upper: Box, lower: Box, *, stack: Stack, gaps: Gaps) -> list[Lane]:
    """Stay below the upper name in its band and above the lower one in its; go over in between."""
    crossed = range(upper.row + 1, lower.row)
    own = [n for n in crossed if stack.rows[n].band == upper.band != lower.band]
    last = [n for n in crossed if stack.rows[n].band == lower.band]
    between = crossed[len(own) : len(crossed) - len(last)]
    leaving = _follow(upper.x, own, gaps)
    arriving = _follow(lower.x, reversed(last), gaps)[::-1]
    start = leaving[-1].wanted if leaving else upper.x
    end = arriving[0].wanted if arriving else lower.x
    step = (end - start) / (len(between) + 1)
    over = [_nearest(n, gaps[n], start + step * at) for at, n in enumerate(between, start=1)]
    return leaving + over + arriving


def _follow(x: float, rows: Iterable[int], gaps: Gaps) -> list[Lane]:
    lanes: list[Lane] = []
    for number in rows:
        lanes.append(_nearest(number, gaps[number], x))
        x = lanes[-1].wanted
    return lanes


def _nearest(row: int, gaps: Sequence[tuple[float, float]], x: float) -> Lane:
    into = [min(max(x, low), high) for low, high in gaps]
    gap = min(range(len(gaps)), key=lambda at: abs(into[at] - x))
    return Lane(row, gap, into[gap])


def _beside(box: Box, other: Box, stack: Stack, gaps: Gaps) -> Lane:
    """Give the lane at the side of a name that looks towards the other."""
    at = stack.rows[box.row].parties.index(box.party)
    right = other.x >= box.x
    low, high = gaps[box.row][at + right]
    reach = min((high - low) / 2, 12.0)
    return Lane(box.row, at + right, low + reach if right else high - reach)


def settle_lanes(runs: Iterable[Run], *, gaps: Gaps, sheet: Sheet) -> dict[int, list[float]]:
    """Lay the lines that share a gap side by side; give for every edge where it runs."""
    sharing: dict[tuple[int, int], list[tuple[float, float, int, int]]] = defaultdict(list)
    settled: dict[int, list[float]] = {}
    for run in runs:
        settled[run.edge] = [lane.wanted for lane in run.lanes]
        for at, lane in enumerate(run.lanes):
            towards = run.upper.x + run.lower.x
            sharing[lane.row, lane.gap].append((lane.wanted, towards, run.edge, at))
    spacing = sheet.spacing * LANE_SHARE
    for (row, gap), lines in sharing.items():
        low, high = gaps[row][gap]
        lines.sort()
        wanted = [line[0] for line in lines]
        places = settle(wanted, sizes=[0.0] * len(lines), gap=spacing, low=low, high=high)
        for (_, _, edge, at), x in zip(lines, places, strict=True):
            settled[edge][at] = x
    return settled
