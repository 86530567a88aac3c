"""What changed in one series when a plan started, beyond the way it was going."""

from dataclasses import dataclass
from math import exp, floor
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from upturn.stats.errors import ImpossibleSeries, NoSolution
from upturn.stats.figures import Figure, Withheld
from upturn.stats.memory import distances, memory_of
from upturn.stats.quantiles import student_quantile
from upturn.stats.tables import ALL_ALIKE, Floats, Integers

FEWEST = 8  # points on each side of the start
TURNS = 50
STILL = 1e-12
STEP = 1  # column of the design
TREND = 2

Kind = Literal["counts", "scores"]


@dataclass(frozen=True, slots=True)
class StepErrors:
    """Standard errors of the step, as a logarithm where counts are fitted.

    Parameters
    ----------
    plain : float
        As if points were independent.
    newey_west : float
        Usual allowance for memory; too small in short series.
    with_memory : float
        Of a series whose neighbours remember as much as `Interrupted.memory` says: what the
        intervals use.
    """

    plain: float
    newey_west: float
    with_memory: float


@dataclass(frozen=True, slots=True)
class Interrupted:
    """A series with a step at the start.

    Parameters
    ----------
    change : Figure
        Step at the start: a ratio of counts, a difference of scores; n points.
    trend : Figure
        From one point to the next, without the step: ratio or difference.
    errors : StepErrors
    dispersion : float
        Of counts, variance beside what counting alone makes; of scores, variance around the fit.
    memory : float
        Autocorrelation of neighbours that the intervals reckon with, 0..1.
    fitted, without : float array, (points,)
        The series as fitted, and as it would have gone on without the step.
    """

    change: Figure
    trend: Figure
    errors: StepErrors
    dispersion: float
    memory: float
    fitted: Floats
    without: Floats


def interrupted_series(
    values: ArrayLike,
    *,
    start: int,
    kind: Kind,
    exposure: ArrayLike | None = None,
    seasons: tuple[int, float] = (0, 52.0),
    coverage: float = 0.95,
) -> Interrupted | Withheld:
    """Did a series step up or down when the plan started? Interrupted time series.

    Parameters
    ----------
    values : float array, (points,)
        In order of time; nan where missing.
    start : int
        First point with the plan, from 0.
    kind : {"counts", "scores"}
        Counts get a logarithm and quasi-Poisson errors, scores a line.
    exposure : float array, (points,), optional
        What counts are counted among, such as tables served.
    seasons : tuple of int and float
        Waves a period, and points a period: ``(2, 52)`` for two waves a year of weeks. No waves
        without it.
    coverage : float
        0..1.

    Returns
    -------
    Interrupted or Withheld
        ``no_baseline`` without a point before the start, ``too_few_before`` or ``too_few_after``
        below 8 on a side, ``all_alike`` where values do not vary or nothing was counted on a side,
        ``repeated_columns`` where seasons are not told apart from trend and step.

    Raises
    ------
    ImpossibleSeries
        If a value is endless, a count is below 0 or an exposure is not above 0.
    NoSolution
        If the fit does not settle.

    Notes
    -----
    Level, step, trend and waves by iterated least squares. Assumes that the way the series was
    going would have gone on, and that nothing else happened at the start. Dispersion = Pearson's
    chi squared / (points - columns); Student's t. The error of the step allows for memory by a
    first-order autoregression of what is left, its memory corrected for the fit and taken one
    standard error larger; Newey and West's, with floor(4 (points / 100)^(2/9)) lags and
    points / (points - columns), stands beside it.

    References
    ----------
    Lopez Bernal, Cummins and Gasparrini (2017), doi:10.1093/ije/dyw098; McCullagh and Nelder
    (1989), Generalized Linear Models; Newey and West (1987), doi:10.2307/1913610.

    Examples
    --------
    >>> weeks = [5, 6, 5, 4, 5, 6, 4, 5, 8, 9, 8, 7, 8, 9, 7, 8]
    >>> found = interrupted_series(weeks, start=8, kind="scores")
    >>> round(found.change.value, 1), found.change.low > 1
    (3.6, True)
    """
    series, among = _checked(values, exposure, kind=kind)
    seen = np.flatnonzero(~np.isnan(series))
    design = _design(len(series), start, seasons)
    if (reason := _withheld(series, design, start=start, kind=kind)) is not None:
        return reason
    offset = np.log(among) if kind == "counts" else np.zeros(len(series))
    fit = _fit(series[seen], design[seen], offset[seen], kind)
    return _told(fit, (series, design, offset), seen, kind=kind, coverage=coverage)


@dataclass(frozen=True, slots=True)
class _Fit:
    effects: Floats
    means: Floats
    columns: Floats  # of the design, weighed by the root of the variance at the mean
    left: Floats  # Pearson residuals


def _design(points: int, start: int, seasons: tuple[int, float]) -> Floats:
    time = np.arange(points, dtype=np.float64)
    waves, period = seasons
    angles = [2 * np.pi * wave * time / period for wave in range(1, waves + 1)]
    round_the_year = [turn(angle) for angle in angles for turn in (np.sin, np.cos)]
    return np.column_stack([np.ones(points), time >= start, time, *round_the_year])


def _checked(values: ArrayLike, exposure: ArrayLike | None, *, kind: Kind) -> tuple[Floats, Floats]:
    series = np.asarray(values, dtype=np.float64)
    among = np.ones(series.shape) if exposure is None else np.asarray(exposure, dtype=np.float64)
    seen = ~np.isnan(series)
    if series.ndim != 1 or np.isinf(series).any():
        advice = "Give numbers in order of time, and nan where one is missing."
        raise ImpossibleSeries("A series is a row of numbers", series.tolist(), advice)
    if kind == "counts" and (series[seen] < 0).any():
        advice = 'Count again, or fit kind="scores".'
        raise ImpossibleSeries("Counts are 0 or more", float(np.nanmin(series)), advice)
    if among.shape != series.shape or not ((among > 0) & np.isfinite(among))[seen].all():
        advice = "Give what was counted among at each point, or leave the point empty (nan)."
        raise ImpossibleSeries("An exposure is above 0 at each point", among.tolist(), advice)
    return series, among


def _withheld(series: Floats, design: Floats, *, start: int, kind: Kind) -> Withheld | None:
    seen = ~np.isnan(series)
    early, late = series[: max(0, start)], series[max(0, start) :]
    before, since = (int((~np.isnan(side)).sum()) for side in (early, late))
    if before == 0:
        return Withheld("no_baseline", needed=FEWEST, got=0)
    if before < FEWEST:
        return Withheld("too_few_before", needed=FEWEST, got=before)
    if since < FEWEST:
        return Withheld("too_few_after", needed=FEWEST, got=since)
    empty = kind == "counts" and 0 in (np.nansum(early), np.nansum(late))
    if empty or np.ptp(series[seen]) == 0:
        return Withheld(ALL_ALIKE, needed=2, got=1)
    rank, columns = int(np.linalg.matrix_rank(design[seen])), design.shape[1]
    if rank < columns or before + since < columns + FEWEST:
        return Withheld("repeated_columns", needed=columns, got=min(rank, columns - 1))
    return None


def _fit(values: Floats, design: Floats, offset: Floats, kind: Kind) -> _Fit:
    if kind == "scores":
        effects = _solved(design, values)
        means = design @ effects
        return _Fit(effects, means, design, values - means)
    line = np.log(values + 0.5)  # of the means; only the first one
    before = np.inf
    for _ in range(TURNS):
        means = np.exp(line)
        root = np.sqrt(means)
        wanted = line - offset + (values - means) / means
        effects = _solved(design * root[:, None], wanted * root)
        line = design @ effects + offset
        worth = float((values * line - np.exp(line)).sum())
        if abs(worth - before) <= STILL * (1 + abs(worth)):
            means = np.exp(line)
            root = np.sqrt(means)
            return _Fit(effects, means, design * root[:, None], (values - means) / root)
        before = worth
    raise NoSolution("The series of counts did not settle", "Leave out the seasons and fit again.")


def _solved(columns: Floats, wanted: Floats) -> Floats:
    return np.asarray(np.linalg.lstsq(columns, wanted)[0], dtype=np.float64)


def _told(
    fit: _Fit,
    given: tuple[Floats, Floats, Floats],
    seen: Integers,
    *,
    kind: Kind,
    coverage: float,
) -> Interrupted | Withheld:
    """Say what was fitted, in the unit of the values."""
    _series, design, offset = given
    points, columns = fit.columns.shape
    freedom = points - columns
    dispersion = float(fit.left @ fit.left) / freedom
    if not dispersion > STILL * float(fit.means @ fit.means):
        return Withheld(ALL_ALIKE, needed=2, got=1)
    memory = memory_of(fit.left, fit.columns, places=seen).cautious
    hats = fit.columns @ np.linalg.inv(fit.columns.T @ fit.columns)
    plain = np.sqrt(dispersion * (hats**2).sum(0))
    remembered = _with_memory(fit, hats, seen, memory=memory)
    newey = float(_newey_west(fit, hats, seen)[STEP])
    reach = float(student_quantile(freedom, coverage=coverage))

    def figure(column: int) -> Figure:
        value, half = float(fit.effects[column]), reach * float(remembered[column])
        ends = (value, value - half, value + half)
        shown, low, high = (exp(end) if kind == "counts" else end for end in ends)
        return Figure(shown, low, high, points)

    line = design @ fit.effects + offset
    bare = line - design[:, STEP] * fit.effects[STEP]
    fitted, without = (np.exp(line), np.exp(bare)) if kind == "counts" else (line, bare)
    errors = StepErrors(float(plain[STEP]), newey, float(remembered[STEP]))
    return Interrupted(figure(STEP), figure(TREND), errors, dispersion, memory, fitted, without)


def _with_memory(fit: _Fit, hats: Floats, seen: Integers, *, memory: float) -> Floats:
    """Give standard errors where neighbours remember, (columns,)."""
    kept = memory ** distances(seen)
    projected = hats @ fit.columns.T
    spread = len(seen) - float((projected * kept).sum())
    size = float(fit.left @ fit.left) / spread
    return np.asarray(np.sqrt(size * np.einsum("ic,ij,jc->c", hats, kept, hats, optimize=True)))


def _newey_west(fit: _Fit, hats: Floats, seen: Integers) -> Floats:
    """Give Newey and West's standard errors, (columns,)."""
    points, columns = fit.columns.shape
    lags = floor(4 * (points / 100) ** (2 / 9))
    weights = np.maximum(0, 1 - distances(seen) / (lags + 1))
    pushed = hats * fit.left[:, None]
    squares = np.einsum("ic,ij,jc->c", pushed, weights, pushed, optimize=True)
    return np.asarray(np.sqrt(squares * points / (points - columns)))
