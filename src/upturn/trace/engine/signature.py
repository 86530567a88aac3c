"""Ask which one change, passed on along the edges, would show in all figures as they are.

A model of the whole neighbourhood at once. It assumes much (effects add, every edge passes on about
half) and uses everything; `walking` assumes little and looks along edges only.
"""

from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np

from upturn.trace.engine.ready import Ready, ranked, ready_for
from upturn.trace.engine.region import Region
from upturn.trace.engine.shapes import Alarm, Floats, Measures, Ranking, ServiceGraph

PASSED_ON = 0.5
SERVERS_FULL = 3  # with more servers than this, each is assumed to matter less
HOPS = 4
DRIFT, NOISE = 0.7, 0.8  # standard deviations of what is a party's own, and of the survey
CARRIED = 0.45  # of a party's own drift, from one week to the next
MARKET = np.array([0.0, 0.25, 0.5, 1.0, 2.0, 4.0])  # variances of a common factor that are tried
MARKET_SHARE = 0.7  # of moving together; the rest may come from the change itself
UNEVEN = 0.25  # squared relative spread of what a common factor does to a party
SIZE_MEAN, SIZE_SPREAD = -2.0, 1.0
RAMP_WEEKS, PULSE_WEEKS, PULSE_HEIGHT = 5, 7, 1.2
ALLOWED_MOST, ALLOWED_SHARE = 8, 0.5
AROUND_WEEKS, FAR_AWAY = 4.0, 0.1  # how well the alarm's onset tells the cause's, and if not at all


@dataclass(frozen=True, slots=True, eq=False)
class _Quiet:
    """Figures when nothing happens, turned so that all their directions are independent."""

    across: Floats  # nodes to directions
    along: Floats  # weeks to directions
    precision: Floats  # of every pair of directions
    found: Floats  # the figures, turned


@dataclass(frozen=True, slots=True, eq=False)
class _Model:
    """What a change of size 1 would show, a list entry for each number of edges passed."""

    quiet: _Quiet
    where: list[Floats]  # (directions, nodes)
    when: list[Floats]  # (directions, courses)
    energy: Floats  # (nodes, courses)
    prior: Floats  # (courses,)


@dataclass(frozen=True, slots=True, eq=False)
class _Weighed:
    """Log of the evidence for, and the likeliest size of, each change, (nodes, courses)."""

    log_factor: Floats
    size: Floats


def signature_posterior(
    measures: Measures, *, graph: ServiceGraph, alarm: Alarm, lag_weeks_max: int = 2
) -> Ranking:
    """Rank every party near the touchpoint by how well one change there fits all figures.

    Parameters
    ----------
    measures : Measures
        At least twelve weeks.
    graph : ServiceGraph
    alarm : Alarm
        Says which neighbourhood, and around which week.
    lag_weeks_max : int
        Weeks that one edge may take.

    Returns
    -------
    Ranking
        Scores are posterior shares; what they lack to 1 is left to "nothing happened". Parties that
        do not serve the touchpoint are ranked too: a better fit there speaks against the trace.

    Notes
    -----
    Given no change, the figures of node i in week t are normal with covariance
    (B'(d I + m (J + u I)) B)_ij r^|t-s| + n [i = j, t = s], B the sum of the powers of what edges
    pass on: own drift and a common factor, passed on, and noise. The market's m is the one that
    makes parties move together as much as they do. A change at r adds its size times the row r of
    B, later by 0..2 weeks an edge, as a step, a ramp of five weeks or a pulse of seven. The size
    has a normal prior, so that it drops out; onsets and courses are summed over. Beforehand,
    "nothing happened" has as much weight as all parties together.

    References
    ----------
    Kass and Raftery (1995), doi:10.1080/01621459.1995.10476572 (Bayes factors); the covariance
    with two factors as in Stegle et al. (2011), NeurIPS 24 (matrix-variate normal with noise).
    """
    ready = ready_for(measures, graph=graph, alarm=alarm)
    model = _model(ready, lag_weeks_max)
    return _ranking(ready, _weighed(model, model.quiet.found))


def signature_ranking(ready: Ready, *, lag_weeks_max: int = 2) -> tuple[Ranking, tuple[int, ...]]:
    """Rank parties once changes that have nothing to do with the touchpoint are allowed for.

    In a whole organisation more than one thing happens. While the likeliest change is at a party
    that does not serve the touchpoint, its effect is taken out of the figures, at most eight times.

    Returns
    -------
    Ranking
    tuple of int
        The parties allowed for, as nodes of the whole graph.
    """
    model, region = _model(ready, lag_weeks_max), ready.region
    found = model.quiet.found
    allowed: list[int] = []
    for _ in range(ALLOWED_MOST):
        weighed = _weighed(model, found)
        ranking = _ranking(ready, weighed)
        if ranking.first is None or ranking.score[0] < ALLOWED_SHARE:
            return ranking, tuple(allowed)
        party = int(np.flatnonzero(region.node == ranking.first)[0])
        if region.upstream[party]:
            return ranking, tuple(allowed)
        allowed.append(ranking.first)
        found = found - _effect(model, weighed, party)
    return _ranking(ready, _weighed(model, found)), tuple(allowed)


def _ranking(ready: Ready, weighed: _Weighed) -> Ranking:
    parties = np.flatnonzero(~ready.region.touchpoint)
    log_factor = np.logaddexp.reduce(weighed.log_factor, axis=1)[parties]
    top = max(float(log_factor.max(initial=0.0)), 0.0)
    share = np.exp(log_factor - top)
    share = share / (share.sum() + len(parties) * np.exp(-top))
    return ranked("signature", ready.region.node[parties], share)


def _passing(region: Region) -> Floats:
    """What an edge passes on, (server, served)."""
    servers = np.maximum(region.serves.sum(axis=0), 1)
    return np.asarray(region.serves * PASSED_ON * np.minimum(1, np.sqrt(SERVERS_FULL / servers)))


def _hops(weight: Floats) -> list[Floats]:
    hops = [np.eye(len(weight))]
    for _ in range(HOPS):
        hops.append(hops[-1] @ weight)
    return hops


def _market(ready: Ready, reach: Floats) -> float:
    """Variance of a common factor, in squares of a score, that explains moving together."""
    if ready.factor is None:
        return 0.0
    scaled = ready.scaled[:, ready.usable]
    seen = _together(scaled.T @ scaled)
    expected = [_together(_between(ready, reach, float(market))) for market in MARKET]
    return float(np.interp(seen * MARKET_SHARE, expected, MARKET))


def _together(covariance: Floats) -> float:
    """Mean correlation of two nodes."""
    spread = np.sqrt(np.diag(covariance))
    pairs = max(len(covariance) * (len(covariance) - 1), 1)
    return float(((covariance / np.outer(spread, spread)).sum() - len(covariance)) / pairs)


def _between(ready: Ready, reach: Floats, market: float) -> Floats:
    """Covariance between measured nodes, noise included."""
    seen = reach[:, ready.usable]
    drift = (DRIFT**2 + market * UNEVEN) * seen.T @ seen
    common = seen.sum(axis=0)
    return np.asarray(drift + market * np.outer(common, common) + NOISE**2 * np.eye(len(drift)))


def _contrasts(weeks: int) -> Floats:
    """Orthonormal rows without the mean, (weeks - 1, weeks): every level is equally likely."""
    turned, _ = np.linalg.qr(np.column_stack([np.ones(weeks), np.eye(weeks)[:, 1:]]))
    return np.asarray(turned[:, 1:].T)


def _quiet(ready: Ready, reach: Floats) -> _Quiet:
    between = _between(ready, reach, _market(ready, reach))
    in_units = ready.scaled[:, ready.usable] * np.sqrt(np.diag(between))
    on_nodes, across = np.linalg.eigh(between - NOISE**2 * np.eye(len(between)))
    weeks = len(ready.scaled)
    contrasts = _contrasts(weeks)
    apart = np.abs(np.subtract.outer(np.arange(weeks), np.arange(weeks)))
    on_weeks, turned = np.linalg.eigh(contrasts @ CARRIED**apart @ contrasts.T)
    along = contrasts.T @ turned
    precision = 1 / (np.outer(on_nodes, on_weeks) + NOISE**2)
    return _Quiet(across, along, precision, across.T @ in_units.T @ along)


def _courses(weeks: int, onset: int) -> tuple[Floats, Floats]:
    """Courses of a change (weeks, courses), and the log of how likely each is beforehand."""
    starts = np.arange(4, weeks - 2)
    since = np.arange(weeks)[:, None] - starts + 1.0
    pulse = PULSE_HEIGHT * ((since > 0) & (since <= PULSE_WEEKS))
    courses = np.hstack([since > 0, np.clip(since / RAMP_WEEKS, 0, 1), pulse])
    near = np.exp(-0.5 * ((starts - onset + 1) / AROUND_WEEKS) ** 2) + FAR_AWAY
    prior = np.log(np.tile(near, 3))
    return courses, prior - np.logaddexp.reduce(prior)


def _model(ready: Ready, lag_weeks_max: int) -> _Model:
    hops = _hops(_passing(ready.region))
    quiet = _quiet(ready, np.sum(hops, axis=0))
    course, prior = _courses(len(ready.scaled), ready.onset)
    where = [quiet.across.T @ hop[:, ready.usable].T for hop in hops]
    when = []
    for _ in hops:
        when.append(quiet.along.T @ course)
        course = _later(course, lag_weeks_max)
    energy = np.zeros((len(ready.usable), len(prior)))
    for one, other in combinations_with_replacement(range(len(hops)), 2):
        places, times = where[one] * where[other], when[one] * when[other]
        energy += (1 if one == other else 2) * (places.T @ quiet.precision @ times)
    return _Model(quiet, where, when, energy, prior)


def _weighed(model: _Model, found: Floats) -> _Weighed:
    """Log of how much likelier the figures are with each change at each node than without."""
    weighted = model.quiet.precision * found
    pairs = zip(model.where, model.when, strict=True)
    match = np.sum([place.T @ weighted @ time for place, time in pairs], axis=0)
    prior_precision = 1 / SIZE_SPREAD**2
    precision = model.energy + prior_precision
    pull = prior_precision * SIZE_MEAN
    gain = (match + pull) ** 2 / precision - pull * SIZE_MEAN
    log_factor = 0.5 * np.log(prior_precision / precision) + 0.5 * gain + model.prior
    return _Weighed(log_factor, (match + pull) / precision)


def _effect(model: _Model, weighed: _Weighed, node: int) -> Floats:
    """Give the likeliest effect of a change at one node on all figures."""
    course = int(weighed.log_factor[node].argmax())
    pairs = zip(model.where, model.when, strict=True)
    shown = np.sum([np.outer(place[:, node], time[:, course]) for place, time in pairs], axis=0)
    return np.asarray(weighed.size[node, course] * shown)


def _later(course: Floats, lag_weeks_max: int) -> Floats:
    """Give a course as it arrives over an edge that takes 0 to so many weeks."""
    arrived = np.zeros_like(course)
    for lag in range(lag_weeks_max + 1):
        arrived[lag:] += course[: len(course) - lag]
    return arrived / (lag_weeks_max + 1)
