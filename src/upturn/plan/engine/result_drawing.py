"""A result as a picture: the units beside what they are compared with, and the change below.

Coordinates are texts, so that no language writes them with a comma.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import ceil, floor, isfinite, log10

from upturn.plan.engine.reading import Effect, Lines, Place, Reading

GRIDLINES = 4
WIDEST_RANGE = 3.0  # times the span of the values: beyond it a range is cut at the frame
TICKS = 6
BRIDGED = 2  # weeks from one figure to the next, as where every second week is asked


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the picture's plot lies."""

    kind: str
    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int


WIDE = Frame("wide", 760, 250, 52, 744, 14, 218)
PHONE = Frame("phone", 360, 220, 44, 350, 12, 188)
STRIP_WIDE = Frame("wide", 760, 130, 52, 744, 10, 100)
STRIP_PHONE = Frame("phone", 360, 130, 44, 350, 10, 100)


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the grid: where it lies, where its label stands, what it stands for."""

    at: str
    label: str
    value: float


@dataclass(frozen=True, slots=True)
class Bar:
    """A week's figure with its range."""

    x: str
    y: str
    low: str
    high: str


@dataclass(frozen=True, slots=True)
class Plot:
    """One plot: grid, lines, ranges; ``start`` is where the plan begins."""

    frame: Frame
    grid: tuple[Tick, ...]
    weeks: tuple[Tick, ...]
    start: str
    zero: str
    units: str = ""
    others: str = ""
    band: str = ""
    bars: tuple[Bar, ...] = ()


@dataclass(frozen=True, slots=True)
class _Axes:
    frame: Frame
    first: int
    last: int
    low: float
    high: float

    def x(self, since: float) -> float:
        span = max(1, self.last - self.first)
        return self.frame.left + (self.frame.right - self.frame.left) * (since - self.first) / span

    def y(self, value: float) -> float:
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return self.frame.bottom - (self.frame.bottom - self.frame.top) * share


def draw_lines(lines: Lines, frame: Frame) -> Plot | None:
    """Draw the units that began beside what they are compared with; None without a figure.

    Examples
    --------
    >>> lines = Lines((-2, -1, 0, 1), (5.0, 5.0, None, 6.0), (5.0, 5.0, 5.0, 5.0), "before")
    >>> plot = draw_lines(lines, PHONE)
    >>> plot.units, plot.start
    ('M44.0 188.0L146.0 188.0L350.0 12.0', '248.0')
    """
    known = [value for value in (*lines.units, *lines.others) if value is not None]
    if not known:
        return None
    axes = _axes(frame, lines.since, known)
    return _plot(
        axes,
        units=_path(axes, lines.since, lines.units),
        others=_path(axes, lines.since, lines.others),
    )


def draw_change(reading: Reading, frame: Frame) -> Plot | None:
    """Draw the change week by week, and the range that allows for looking every week.

    None where no week since the start has a figure.
    """
    known = [row.value for row in (*reading.effects, *reading.watched)]
    if not known:
        return None
    reach = WIDEST_RANGE * max([*map(abs, known), 1e-9])
    rows = (*reading.effects, *reading.watched)
    ends = [end for row in rows for end in (row.low, row.high) if isfinite(end)]
    held = [min(max(end, -reach), reach) for end in ends]
    axes = _axes(frame, reading.lines.since, [*known, *held, 0.0])
    return _plot(axes, band=_band(axes, reading.watched), bars=tuple(_bars(axes, reading.effects)))


def draw_strip(values: Sequence[Place], frame: Frame, *, began: int | None = None) -> Plot | None:
    """Draw the plain weeks of one outcome, oldest first; None without a figure.

    ``began`` is the place of the week in which the first unit began, if it lies within.
    """
    known = [value for value in values if value is not None]
    if not known:
        return None
    weeks = range(len(values))
    axes = _axes(frame, weeks, known)
    plot = _plot(axes, units=_path(axes, weeks, values))
    return replace(plot, start=f"{axes.x(began):.1f}" if began in weeks and began else "")


def _axes(frame: Frame, since: Sequence[int], values: Iterable[float]) -> _Axes:
    told = list(values)
    low, high = min(told), max(told)
    step = _step(max(high - low, abs(high) / 100, 1e-6))
    low, high = floor(low / step + 1e-9) * step, ceil(high / step - 1e-9) * step
    return _Axes(frame, since[0], since[-1], low, high if high > low else low + step)


def _step(span: float) -> float:
    power: float = 10.0 ** floor(log10(span / GRIDLINES))
    return next(size * power for size in (1, 2, 5, 10) if size * power * GRIDLINES >= span)


def _plot(
    axes: _Axes,
    *,
    units: str = "",
    others: str = "",
    band: str = "",
    bars: tuple[Bar, ...] = (),
) -> Plot:
    step = _step(axes.high - axes.low)
    count = round((axes.high - axes.low) / step)
    values = [axes.low + step * number for number in range(count + 1)]
    return Plot(
        frame=axes.frame,
        grid=tuple(Tick(f"{axes.y(v):.1f}", f"{axes.y(v) + 4:.1f}", round(v, 6)) for v in values),
        weeks=tuple(_weeks(axes)),
        start=f"{axes.x(0):.1f}",
        zero=f"{axes.y(0):.1f}" if axes.low <= 0 <= axes.high else "",
        units=units,
        others=others,
        band=band,
        bars=bars,
    )


def _weeks(axes: _Axes) -> Iterable[Tick]:
    span = axes.last - axes.first
    apart = next(n for n in (1, 2, 4, 8, 13, 26, 52, span + 1) if n * TICKS >= span)
    for since in range(-(-axes.first // apart) * apart, axes.last + 1, apart):
        yield Tick(f"{axes.x(since):.1f}", f"{axes.frame.bottom + 20}", since)


def _path(axes: _Axes, since: Sequence[int], values: Sequence[Place]) -> str:
    """Write a line; it bridges one week without a figure, and more of them leave a gap.

    A week that stands alone becomes a dot.
    """
    known = [(week, value) for week, value in zip(since, values, strict=True) if value is not None]
    runs: list[list[str]] = []
    before = None
    for week, value in known:
        if before is None or week - before > BRIDGED:
            runs.append([])
        runs[-1].append(f"{axes.x(week):.1f} {axes.y(value):.1f}")
        before = week
    return "".join(f"M{'L'.join(run)}{'' if len(run) > 1 else 'h0.1'}" for run in runs)


def _band(axes: _Axes, rows: Sequence[Effect]) -> str:
    if not rows:
        return ""
    above = [f"{axes.x(row.since):.1f} {axes.y(row.high):.1f}" for row in rows]
    below = [f"{axes.x(row.since):.1f} {axes.y(row.low):.1f}" for row in reversed(rows)]
    return f"M{'L'.join((*above, *below))}Z"


def _bars(axes: _Axes, rows: Iterable[Effect]) -> Iterable[Bar]:
    for row in rows:
        ys = (f"{axes.y(value):.1f}" for value in (row.value, row.low, row.high))
        yield Bar(f"{axes.x(row.since):.1f}", *ys)
