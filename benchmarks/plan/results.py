"""How often results are right: coverage of roll-outs and series, false alarms of those who look.

`python -m benchmarks.plan.results` takes about six minutes on one core. Every line carries the
number of generated cases and the Monte Carlo error of its share.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from math import sqrt
from statistics import median
from time import process_time

import numpy as np

from upturn.stats.components import UnitTotals
from upturn.stats.contrasts import NEVER
from upturn.stats.draws import generator
from upturn.stats.power import Schedule, rollout_power, stepped_starts
from upturn.stats.regression_to_mean import expected_regression
from upturn.stats.rollouts import group_time_effects
from upturn.stats.series import interrupted_series
from upturn.stats.swings import Swing, autoregression
from upturn.stats.synthetic import synthetic_control
from upturn.stats.watching import change_sequence

SEED = 7
RUNS = 1000
EFFECT = 0.3
WEEKS, BASELINE = 52, 12
SPREAD = 0.5  # of a unit's week


@dataclass(frozen=True)
class World:
    """How units are made."""

    name: str
    memory: float = 0.5
    missing: float = 0.0
    varied: float = 0.0  # standard deviation of the effect between units
    uneven: float = 0.0  # of the logarithm of a unit's spread
    growing: bool = False
    base_weeks: int = 8
    never: int = 0  # units that never start


def outcomes(world: World, starts, rng):
    """Make weekly figures of units with a known effect, and say what it is on average."""
    units = len(starts)
    level = rng.normal(4, 1, (units, 1))
    common = 0.3 * autoregression((WEEKS,), memory=0.8, rng=rng)
    own = SPREAD * np.exp(world.uneven * rng.standard_normal((units, 1)))
    table = level + common + own * autoregression((units, WEEKS), memory=world.memory, rng=rng)
    since = np.arange(WEEKS) - starts[:, None]
    size = EFFECT + world.varied * rng.standard_normal((units, 1))
    effect = size * (since >= 0) * (np.minimum(1, (since + 1) / 8) if world.growing else 1)
    table = table + effect
    table[rng.random(table.shape) < world.missing] = np.nan
    return table, effect


def truth_of(found, effect, starts) -> float:
    """Average the known effect as the estimate does: over cells that have a comparison."""
    after = found.weeks >= found.starts
    cells = zip(found.starts[after], found.weeks[after], strict=True)
    means = [effect[starts == start, week].mean() for start, week in cells]
    return float(np.average(means, weights=found.cells.n[after]))


def share(hits) -> str:
    """Say a share with its n and the error of the simulation."""
    p, n = float(np.mean(hits)), len(hits)
    return f"{p:.3f} (n {n:,}, Monte Carlo error {sqrt(p * (1 - p) / n):.3f})"


def coverage(world: World, units: int, steps: int) -> tuple[list[bool], float, list[bool]]:
    """Count how often the interval, and one from a normal with the plain error, hold the truth."""
    rng = generator(SEED, "rollouts", world.name, str(units))
    starts = stepped_starts(units, steps=steps, weeks=WEEKS, baseline=BASELINE)
    if world.never:
        starts[-world.never :] = NEVER
    fixed = EFFECT if world.varied else None
    held, widths, quiet = [], [], []
    for _ in range(RUNS):
        table, effect = outcomes(world, starts, rng)
        found = group_time_effects(table, starts, base_weeks=world.base_weeks)
        truth = truth_of(found, effect, starts) if fixed is None else fixed
        held.append(found.overall.low <= truth <= found.overall.high)
        widths.append((found.overall.high - found.overall.low) / 2)
        quiet.append(found.pretrend.low <= 0 <= found.pretrend.high)
    return held, median(widths), quiet


def rollouts() -> Iterator[str]:
    """Hold intervals of roll-outs against the effect that was put in."""
    yield ("Roll-outs: how often the 95 % interval holds the known effect")
    worlds = [
        World("8 base weeks"),
        World("1 base week", base_weeks=1),
        World("a growing effect", growing=True),
        World("a tenth of the weeks missing", missing=0.1),
        World("three tenths of the weeks missing", missing=0.3),
        World("effects that vary by .3 between units", varied=0.3),
        World("units that swing unevenly", uneven=0.5),
        World("no memory", memory=0.0),
        World("much memory", memory=0.8),
    ]
    for units, steps in ((12, 3), (24, 4), (60, 5)):
        for world in worlds if units < 60 else worlds[:4]:
            held, width, quiet = coverage(world, units, steps)
            trend = f"; no trend before in {np.mean(quiet):.3f}" if world.base_weeks == 8 else ""
            yield (f"  {units} in {steps}, {world.name}: {share(held)}, +-{width:.2f}{trend}")
    for units, steps in ((6, 3), (12, 2)):
        held, width, _quiet = coverage(World("few"), units, steps)
        yield (f"  {units} in {steps}, 8 base weeks: {share(held)}, +-{width:.2f}")
    held, width, _quiet = coverage(World("never", never=4), 12, 3)
    yield (f"  12 in 3, the last four never start: {share(held)}, +-{width:.2f}")


def naive_alarm(before, since) -> bool:
    """Look each day with a test made for one look: a difference of means, 1.96 errors."""
    n = np.arange(1, len(since) + 1)
    mean = since.cumsum() / n
    spread = (since**2).cumsum() / n - mean**2
    error = np.sqrt(before.var(ddof=1) / len(before) + spread / np.maximum(n - 1, 1))
    return bool((np.abs(mean - before.mean())[7:] > 1.96 * error[7:]).any())


def scores(shape, *, memory, rng):
    """Mean scores of some twenty answers from 1 to 5, that lean to the upper end."""
    leaning = 1 / (1 + np.exp(-(1 + 0.4 * autoregression(shape, memory=memory, rng=rng))))
    return 1 + 4 * rng.binomial(80, leaning) / 80


def looking() -> Iterator[str]:
    """Look at each figure as it comes, with nothing to see."""
    yield ("Looking each day at a year with no effect: how often there ever is an alarm")
    kinds = {"normal": autoregression, "mean scores": scores}
    cases = [
        (name, memory, before, since)
        for name in kinds
        for memory in (0.0, 0.3, 0.6, 0.8)
        for before, since in ((8, 52), (26, 52), (90, 365))
    ]
    for name, memory, before, since in cases:
        rng = generator(SEED, "looking", name, str(memory), str(before))
        alarms, naive, widths = [], [], []
        for row in kinds[name]((RUNS, before + since), memory=memory, rng=rng):
            found = change_sequence(row[:before], row[before:]).figures
            alarms.append(bool(((found.low > 0) | (found.high < 0)).any()))
            naive.append(naive_alarm(row[:before], row[before:]))
            widths.append((found.high - found.low)[25] / 2 / row.std())
        yield (
            f"  {name}, memory {memory}, {before} before, {since} looks: {share(alarms)}, "
            f"naive {share(naive)}; after 26 +-{median(widths):.1f} sd"
        )


def finding() -> Iterator[str]:
    """Look at each figure as it comes, with something to see."""
    yield ("Looking each day with an effect of one sd from the start, 26 before, 104 looks")
    for memory in (0.0, 0.3, 0.6):
        rng = generator(SEED, "finding", str(memory))
        waits = []
        for row in autoregression((RUNS, 130), memory=memory, rng=rng):
            found = change_sequence(row[:26], row[26:] + 1).figures
            clear = found.low > 0
            waits.append(int(clear.argmax()) + 1 if clear.any() else 999)
        late = f"{median(waits)}" if median(waits) < 999 else "none"
        yield (f"  memory {memory}: found in {share(np.array(waits) < 999)}, median look {late}")


def one_series(memory, points, *, kind, rng):
    """Fit a series with a step of .3 in its middle."""
    start = points // 2
    step = np.where(np.arange(points) >= start, 0.3, 0.0)
    swing = autoregression((points,), memory=memory, rng=rng)
    if kind == "counts":
        values = rng.poisson(np.exp(3.5 + 0.15 * swing + step)).astype(float)
    else:
        values = 4 + 0.002 * np.arange(points) + 0.5 * swing + step
    return interrupted_series(values, start=start, kind=kind), 0.3


def series() -> Iterator[str]:
    """Hold intervals of a step against the step that was put in."""
    yield ("Interrupted series: how often the 95 % interval of the step holds it")
    for kind in ("scores", "counts"):
        for memory in (0.0, 0.3, 0.6):
            for points in (16, 52, 104):
                rng = generator(SEED, "series", kind, str(memory), str(points))
                held, usual = [], []
                for _ in range(RUNS):
                    found, truth = one_series(memory, points, kind=kind, rng=rng)
                    change = found.change
                    low, high, value = change.low, change.high, change.value
                    if kind == "counts":
                        low, high, value = np.log(low), np.log(high), np.log(value)
                    held.append(low <= truth <= high)
                    usual.append(abs(value - truth) <= 1.96 * found.errors.newey_west)
                yield (
                    f"  {kind}, memory {memory}, {points} points: {share(held)}; "
                    f"Newey and West {np.mean(usual):.3f}"
                )


def synthetic() -> Iterator[str]:
    """Ask for a change of a unit that has none."""
    yield ("Synthetic control with no effect, 19 donors, 40 weeks before and 12 since: p <= .05")
    rng = generator(SEED, "synthetic")
    alarms = []
    for _ in range(RUNS // 2):
        factors = autoregression((3, 52), memory=0.9, rng=rng)
        table = rng.random((20, 3)) @ factors + 0.3 * rng.standard_normal((20, 52))
        alarms.append(synthetic_control(table, unit=0, start=40).chance <= 0.05)
    yield (f"  {share(alarms)}")


def regression() -> Iterator[str]:
    """Measure the worst units again."""
    yield ("The worst 5 of 24 units measured again with no effect: how often within the range")
    rng = generator(SEED, "regression")
    held, fooled = [], []
    for _ in range(RUNS):
        true = rng.normal(4, 0.3, 24)
        first, again = (rng.normal(true, 1, (25, 24)) for _ in range(2))
        totals = UnitTotals(np.full(24, 25.0), first.sum(0), (first**2).sum(0))
        chosen = np.zeros(24, dtype=bool)
        chosen[first.mean(0).argsort()[:5]] = True
        found = expected_regression(totals, chosen=chosen)
        mean = again.mean(0)[chosen].mean()
        held.append(found.expected.low <= mean <= found.expected.high)
        gap = again[:, chosen].mean() - first[:, chosen].mean()
        fooled.append(gap > 1.96 * sqrt(2 / 125))
    yield (f"  {share(held)}; plain before and after 'finds' an improvement in {share(fooled)}")


def power() -> Iterator[str]:
    """Say what roll-outs of three sizes could find, and how long that takes."""
    yield ("Power: smallest change found with 80 %, spread of a week .5, memory .3, 8 base weeks")
    for units, steps in ((6, 3), (12, 3), (24, 4), (60, 5)):
        schedule = Schedule(
            stepped_starts(units, steps=steps, weeks=WEEKS, baseline=BASELINE), WEEKS, 8
        )
        ask = partial(rollout_power, schedule, Swing(SPREAD, 0.3), runs=RUNS)
        ask(rng=generator(SEED, "power"))
        begun = process_time()
        found = ask(rng=generator(SEED, "power"))
        took = process_time() - begun
        many = ask(rng=generator(SEED, "many", str(units)), runs=10 * RUNS).false_alarms
        at = found.detectable
        yield (
            f"  {units} in {steps}: {at.value:.3f} ({at.low:.3f}-{at.high:.3f}, n {at.n:,}); "
            f"false alarms {many:.4f} (n {10 * RUNS:,}); {took * 1000:.0f} ms of processor time"
        )


def main() -> None:
    """Print every part, line by line."""
    for part in (power, regression, rollouts, looking, finding, series, synthetic):
        for line in part():
            sys.stdout.write(line + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
