"""Lines as SVG paths: from under one name to over another, past what stands between."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from upturn.graph.engine.lanes import Run
from upturn.graph.engine.placing import Box
from upturn.graph.engine.rows import Stack
from upturn.graph.engine.settling import settle
from upturn.graph.engine.sheets import Sheet

OVER, UNDER, BESIDE = 5.0, 3.0, 2.0  # between the end of a line and a name below, above, beside
LINE_UNDER = 2.0  # between the line of a band and the lines that leave it
PORT_INSET = 4.0  # between the end of a name and the outermost line that starts there
ARC, ARC_MOST = 0.12, 0.8  # depth of an arc per width, and at most per free height

Lanes: TypeAlias = Mapping[int, Sequence[float]]  # by edge
Ports: TypeAlias = Mapping[tuple[int, int], float]  # by edge and party


@dataclass(frozen=True, slots=True)
class Route:
    """A line.

    Parameters
    ----------
    path : str
        For the attribute `d`, from its upper (or left) end.
    middle : (x, y)
        Of its tallest stretch, where a figure can stand.
    bottom : float
        Its lowest point.
    """

    path: str
    middle: tuple[float, float]
    bottom: float


@dataclass(frozen=True, slots=True)
class _Stop:
    """Where a line arrives at one height and goes on straight down to another."""

    x: float
    arrives: float
    leaves: float


def draw_routes(
    runs: Sequence[Run], *, lanes: Lanes, stack: Stack, sheet: Sheet
) -> dict[int, Route]:
    """Draw every run; give the routes by edge.

    Parameters
    ----------
    runs : sequence of Run
    lanes : mapping of edge to x
        Where the line runs in each of the run's lanes.
    stack : Stack
    sheet : Sheet
    """
    ports = _settle_ports(runs, lanes=lanes, spacing=sheet.spacing)
    routes: dict[int, Route] = {}
    for run in runs:
        if run.course == "up":
            routes[run.edge] = _round_the_sides(run, lanes[run.edge], stack)
        elif run.upper.row == run.lower.row:
            routes[run.edge] = _arc(run, ports, stack, free=_free_below(stack, run.upper, sheet))
        else:
            routes[run.edge] = _fall(run, lanes[run.edge], ports, stack)
    return routes


def _settle_ports(runs: Iterable[Run], *, lanes: Lanes, spacing: float) -> Ports:
    """Spread the ends of lines over the width of each name, in the order of where they lead."""
    ends: dict[tuple[Box, bool], list[tuple[float, float, int]]] = defaultdict(list)
    for run in runs:
        if run.course != "up":
            leads = lanes[run.edge] or (run.lower.x, run.upper.x)
            under = run.upper.row == run.lower.row
            ends[run.upper, True].append((leads[0], run.lower.x, run.edge))
            ends[run.lower, under].append((leads[-1], run.upper.x, run.edge))
    ports: dict[tuple[int, int], float] = {}
    for (box, _), lines in ends.items():
        inset = min(PORT_INSET, box.label.width / 2)
        places = settle(
            [box.x] * len(lines),
            sizes=[0.0] * len(lines),
            gap=spacing,
            low=box.left + inset,
            high=box.right - inset,
        )
        for (_, _, edge), x in zip(sorted(lines), places, strict=True):
            ports[edge, box.party] = x
    return ports


def _start(stack: Stack, row: int) -> float:
    """Give the height at which lines leave a row: under the band's line if it is the last one."""
    band = stack.rows[row].band
    last = row + 1 == len(stack.rows) or stack.rows[row + 1].band != band
    return stack.lines[band] + LINE_UNDER if last else stack.rows[row].bottom + UNDER


def _free_below(stack: Stack, box: Box, sheet: Sheet) -> float:
    start = _start(stack, box.row)
    following = stack.rows[box.row + 1 : box.row + 2]
    return following[0].top - start if following else sheet.fall


def _arc(run: Run, ports: Ports, stack: Stack, *, free: float) -> Route:
    left, right = ports[run.edge, run.upper.party], ports[run.edge, run.lower.party]
    y = _start(stack, run.upper.row)
    depth = min(ARC_MOST * free, 10 + ARC * (right - left))
    bottom = y + 0.75 * depth
    path = f"M{_n(left)} {_n(y)}{_curve(left, y + depth, right, y + depth, right, y)}"
    return Route(path, ((left + right) / 2, bottom), bottom)


def _fall(run: Run, xs: Sequence[float], ports: Ports, stack: Stack) -> Route:
    start = _start(stack, run.upper.row)
    end = run.lower.top - OVER
    stops = [
        _Stop(ports[run.edge, run.upper.party], start, start),
        *_passing(run, xs, stack),
        _Stop(ports[run.edge, run.lower.party], stack.rows[run.lower.row].top - OVER, end),
    ]
    return Route(f"M{_n(stops[0].x)} {_n(start)}{_down(stops)}", _middle(stops), end)


def _round_the_sides(run: Run, xs: Sequence[float], stack: Stack) -> Route:
    """Leave the upper name at its side and arrive at the side of the lower one."""
    upper, lower = run.upper, run.lower
    leaves, arrives = stack.rows[upper.row].bottom + UNDER, stack.rows[lower.row].top - UNDER
    stops = [_Stop(xs[0], leaves, leaves), *_passing(run, xs, stack)[1:-1]]
    stops.append(_Stop(xs[-1], arrives, arrives))
    high, low = (upper.top + upper.bottom) / 2, (lower.top + lower.bottom) / 2
    out, into = _side(upper, xs[0]), _side(lower, xs[-1])
    head = _curve(
        out + 0.6 * (xs[0] - out), high, xs[0], high + 0.4 * (leaves - high), xs[0], leaves
    )
    tail = _curve(
        xs[-1], arrives + 0.6 * (low - arrives), into + 0.6 * (xs[-1] - into), low, into, low
    )
    return Route(f"M{_n(out)} {_n(high)}{head}{_down(stops)}{tail}", _middle(stops), low)


def _side(box: Box, x: float) -> float:
    return box.right + BESIDE if x > box.x else box.left - BESIDE


def _passing(run: Run, xs: Sequence[float], stack: Stack) -> list[_Stop]:
    crossed = (stack.rows[lane.row] for lane in run.lanes)
    return [
        _Stop(x, row.top - UNDER, row.bottom + UNDER) for x, row in zip(xs, crossed, strict=True)
    ]


def _down(stops: Sequence[_Stop]) -> str:
    strokes = []
    for one, other in pairwise(stops):
        half = (one.leaves + other.arrives) / 2
        strokes.append(_curve(one.x, half, other.x, half, other.x, other.arrives))
        if other.leaves > other.arrives:
            strokes.append(f"V{_n(other.leaves)}")
    return "".join(strokes)


def _middle(stops: Sequence[_Stop]) -> tuple[float, float]:
    one, other = max(pairwise(stops), key=lambda pair: pair[1].arrives - pair[0].leaves)
    return (one.x + other.x) / 2, (one.leaves + other.arrives) / 2


def _curve(*points: float) -> str:
    return "C" + " ".join(map(_n, points))


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
