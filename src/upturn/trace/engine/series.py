"""Weekly figures made ready: what cannot be read is named and left out, the rest has one scale."""

from dataclasses import dataclass

import numpy as np

from upturn.trace.engine.shapes import Bools, Floats, Ints, Measures, Noticed, Remark

WEEKS_LEAST = 12
WEEKS_BEFORE, WEEKS_AFTER = 6, 3  # that a fall needs on either side to be seen
WEEKS_MOST = 52  # older weeks dilute a change more than they help to judge it
GAPS_MOST = 0.5
UNIT_RATIO = 20.0
LEAST = 1e-24  # instead of a square of zero
FACTOR_NEEDS = 20  # nodes; among fewer, one change reaches most of them by itself
CARRIED_MOST = 0.7  # a carry-over that short series cannot tell from a trend


@dataclass(frozen=True, slots=True, eq=False)
class Tidy:
    """Figures without gaps.

    Parameters
    ----------
    value : float array (weeks, nodes)
        Gaps filled from both sides; zero where a node is not usable.
    usable : bool array (nodes,)
    noticed : tuple of Noticed
    skipped : int
        Older weeks that were left out.
    """

    value: Floats
    usable: Bools
    noticed: tuple[Noticed, ...]
    skipped: int


@dataclass(frozen=True, slots=True, eq=False)
class Breaks:
    """The likeliest break of each series.

    Parameters
    ----------
    onset : int array (nodes,)
        First week after it.
    change : float array (nodes,)
        Mean after minus mean before.
    z : float array (nodes,)
        The change in standard errors, allowing for carry-over from week to week.
    spread : float array (nodes,)
        Standard deviation within the two parts.
    carried : float array (nodes,)
        Correlation of one week with the next within the two parts, cut to 0..0.7.
    profile : float array (weeks, nodes)
        Twice the log of the likelihood ratio of every onset against no break; nan where there are
        too few weeks on a side.
    """

    onset: Ints
    change: Floats
    z: Floats
    spread: Floats
    carried: Floats
    profile: Floats


def tidy(measures: Measures) -> Tidy:
    """Leave out series that cannot be read, name them, and fill short gaps.

    Parameters
    ----------
    measures : Measures

    Returns
    -------
    Tidy
    """
    skipped = max(0, len(measures.weeks) - WEEKS_MOST)
    value = measures.value[skipped:]
    missing = np.isnan(value)
    measured = ~missing.all(axis=0)
    thin = measured & (missing.mean(axis=0) > GAPS_MOST)
    filled = _fill(value, measured & ~thin)
    constant = measured & ~thin & (np.ptp(filled, axis=0) <= 1e-9 * np.abs(filled).max(axis=0))
    usable = measured & ~thin & ~constant
    changed = usable & _unit_changed(filled)
    noticed = [
        Noticed(int(node), remark)
        for remark, found in (
            (Remark.GAPS, thin),
            (Remark.CONSTANT, constant),
            (Remark.UNIT_CHANGED, changed),
        )
        for node in np.flatnonzero(found)
    ]
    usable &= ~changed
    return Tidy(np.where(usable, filled, 0.0), usable, tuple(noticed), skipped)


def _fill(value: Floats, wanted: Bools) -> Floats:
    filled = np.where(wanted, value, 0.0)
    weeks = np.arange(len(value))
    for node in np.flatnonzero(np.isnan(filled).any(axis=0)):
        there = ~np.isnan(filled[:, node])
        filled[:, node] = np.interp(weeks, weeks[there], filled[there, node])
    return filled


def _unit_changed(value: Floats) -> Bools:
    """Find series whose every later figure is twenty times every earlier one, or the reverse.

    Figures that break like this and keep their relative spread were counted in another unit.
    """
    size = np.abs(value)
    most, least = np.maximum.accumulate(size)[:-1], np.minimum.accumulate(size)[:-1]
    later = size[::-1]
    most_later = np.maximum.accumulate(later)[-2::-1]
    least_later = np.minimum.accumulate(later)[-2::-1]
    up = least_later > UNIT_RATIO * most
    down = least > UNIT_RATIO * most_later
    kept_spread = (most < 4 * least) & (most_later < 4 * least_later)
    return np.asarray(((up | down) & kept_spread).any(axis=0))


def find_breaks(value: Floats, *, onset: int | None = None) -> Breaks:
    """Find where each series is likeliest to have changed its level.

    Parameters
    ----------
    value : float array (weeks, nodes)
        Without gaps; at least nine weeks.
    onset : int, optional
        Take this week for all instead.

    Returns
    -------
    Breaks

    Notes
    -----
    The onset maximises the difference of means over its standard error with a common spread, over
    all weeks that leave six before and three after. The standard error is widened by
    sqrt((1 + r) / (1 - r)), r being the carry-over within the two parts. With the onset chosen by
    the data, z is larger than a single test's: `screen_alarms` allows for that.

    Examples
    --------
    >>> steps = np.array([[8.0, 8, 9, 8, 9, 8, 9, 8, 5, 6, 5, 6]]).T
    >>> breaks = find_breaks(steps)
    >>> int(breaks.onset[0]), round(float(breaks.change[0]), 2)
    (8, -2.88)
    """
    weeks = len(value)
    centred = value - value.mean(axis=0)
    whole = (centred**2).sum(axis=0)
    explained = _explained(centred)
    chosen = np.nanargmax(explained, axis=0) if onset is None else np.full(len(whole), onset)
    after = np.arange(weeks)[:, None] >= chosen
    n_after = weeks - chosen
    change = (centred * after).sum(axis=0) * weeks / (n_after * chosen)
    within = centred - change * (after - n_after / weeks)
    spread = np.sqrt(np.maximum((within**2).sum(axis=0), LEAST) / (weeks - 2))
    carried = carry_over(within)
    widened = (1 + carried) / (1 - carried)
    error = spread * np.sqrt((1 / chosen + 1 / n_after) * widened)
    left = np.maximum(whole - explained, LEAST)
    profile = weeks * np.log(np.maximum(whole, LEAST) / left) / widened
    return Breaks(chosen, change, change / error, spread, carried, profile)


def _explained(centred: Floats) -> Floats:
    """Sum of squares that a break before each week explains; nan too near either end."""
    weeks = len(centred)
    at = np.arange(WEEKS_BEFORE, weeks - WEEKS_AFTER + 1)
    before = np.cumsum(centred, axis=0)[at - 1]
    explained = np.full(centred.shape, np.nan)
    explained[at] = before**2 * (weeks / (at * (weeks - at)))[:, None]
    return explained


def carry_over(within: Floats) -> Floats:
    """Correlation of one week with the next of centred series, cut to 0..0.7."""
    square = np.maximum((within**2).sum(axis=0), LEAST)
    found: Floats = np.clip((within[1:] * within[:-1]).sum(axis=0) / square, 0, CARRIED_MOST)
    return found


def standardised(value: Floats, spread: Floats) -> Floats:
    """Give series the mean 0 and the spread 1, so that units no longer matter."""
    return np.asarray((value - value.mean(axis=0)) / np.where(spread > 0, spread, 1.0))


def common_factor(scaled: Floats, usable: Bools) -> Floats | None:
    """Give the movement common to most measured nodes, (weeks,); None below twenty of them."""
    if usable.sum() < FACTOR_NEEDS:
        return None
    middle = np.median(scaled[:, usable], axis=1)
    return np.asarray(middle - middle.mean())


def remove_common_factor(scaled: Floats, factor: Floats) -> Floats:
    """Take away what moves together with the common factor.

    Each series loses b g, with b = x'g / (g'g + 2): the 2 keeps a factor that hardly moves from
    being fitted to noise.
    """
    loading = factor @ scaled / (factor @ factor + 2)
    return np.asarray(scaled - np.outer(factor, loading))
