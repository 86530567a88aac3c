"""The strongest reading the figures allow, named, and never more than it can say."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.plan.rollouts import evidence
from upturn.plan.engine import (
    DESIGNS,
    Design,
    Facts,
    Progress,
    Remark,
    Says,
    as_data,
    baseline,
    chance_of_lots,
    choose_by,
    draw_steps,
    from_data,
    level,
    power_of,
    progress,
    read,
)
from upturn.stats import Figure, Withheld
from upturn.stats.draws import generator
from upturn.stats.swings import Swing, autoregression

STAGGERED = [14, 14, 14, 22, 22, 22, None, None, None, None]
ALL = Facts(
    units=12, started=6, compared=6, groups=3, together=1, spare=9, before=20, after=20, donors=6
)


@pytest.mark.parametrize(
    ("lacks", "design"),
    [
        ({}, Design.STAGGERED),
        ({"started": 1}, Design.INTERRUPTED),
        ({"groups": 1, "compared": 0}, Design.INTERRUPTED),
        ({"units": 5}, Design.INTERRUPTED),
        ({"spare": 2}, Design.INTERRUPTED),
        ({"before": 3}, Design.BEFORE_AFTER),
        ({"units": 5, "after": 7}, Design.SYNTHETIC),
        ({"units": 5, "before": 7}, Design.BEFORE_AFTER),
        ({"units": 5, "after": 7, "donors": 2}, Design.BEFORE_AFTER),
        ({"units": 5, "after": 7, "together": 0}, Design.BEFORE_AFTER),
        ({"after": 0}, Design.BEFORE_AFTER),
    ],
)
def test_the_first_design_that_lacks_nothing_is_chosen(
    lacks: dict[str, int], design: Design
) -> None:
    choice = choose_by(replace(ALL, **lacks))
    assert choice.design == design
    stronger = [asked.design for asked in DESIGNS[: [a.design for a in DESIGNS].index(design)]]
    assert list(dict.fromkeys(row.design for row in choice.missing)) == stronger


def test_before_and_after_never_says_more_than_cannot_tell() -> None:
    found = read(evidence([36] * 3, effect=9.0))
    assert found.design == Design.BEFORE_AFTER
    assert found.says == Says.CANNOT_TELL


@pytest.mark.parametrize(("better", "says"), [("more", Says.BETTER), ("less", Says.WORSE)])
def test_which_way_is_better_belongs_to_the_outcome(better: str, says: Says) -> None:
    assert read(evidence(STAGGERED, effect=1.5, better=better)).says == says


def test_readings_of_made_up_roll_outs_hold_the_effect_as_often_as_they_say() -> None:
    held = alarms = 0
    for seed in range(120):
        found = read(evidence(STAGGERED, weeks=34, effect=0.4, seed=seed))
        assert found.design == Design.STAGGERED
        assert isinstance(found.change, Figure)
        held += found.change.low <= 0.4 <= found.change.high
        nothing = read(evidence(STAGGERED, weeks=34, effect=0.0, seed=1_000 + seed))
        alarms += nothing.says != Says.HOLDS_NOTHING
    assert held >= 106  # 95 % of 120 is 114; below 106 once in 10,000
    assert alarms <= 14


def test_looking_every_week_raises_few_false_alarms() -> None:
    alarms = 0
    for seed in range(120):
        watched = read(evidence(STAGGERED, weeks=40, effect=0.0, seed=seed)).watched
        alarms += any(not row.low <= 0 <= row.high for row in watched)
    assert alarms <= 14  # 5 % of 120 is 6; above 14 once in 1,000


def test_units_chosen_for_a_bad_figure_are_told_what_would_have_come_back() -> None:
    rng = generator(5, "tests", "chosen")
    weeks = 6 + rng.normal(0, 0.3, (20, 1)) + rng.normal(0, 1.5, (20, 40))
    worst = np.argsort(weeks[:, :10].mean(1))[:5]
    starts = [10 if unit in worst else None for unit in range(20)]
    told = evidence(starts, weeks=40, picked=list(worst))
    found = read(replace(told, values=weeks)).chosen
    assert found is not None
    assert found.said
    assert found.before < found.expected.value < weeks[:, :10].mean()
    after = weeks[worst, 10:].mean()
    assert found.expected.low <= after <= found.expected.high
    unsaid = read(replace(told, values=weeks, picked=np.zeros(20, bool))).chosen
    assert unsaid is not None
    assert not unsaid.said


def test_units_drawn_without_regard_to_their_figure_get_no_such_warning() -> None:
    rng = generator(6, "tests", "drawn")
    weeks = 6 + rng.normal(0, 0.3, (12, 40))
    weeks[:6] += 2.0  # those that begin are the better ones
    told = evidence([10] * 6 + [None] * 6, weeks=40)
    assert read(replace(told, values=weeks)).chosen is None


@given(st.permutations(range(7)), st.integers(1, 6))
def test_the_chance_of_lots_is_that_of_all_ways_to_choose(order: list[int], size: int) -> None:
    from itertools import combinations  # noqa: PLC0415

    values = np.array(order, dtype=float)
    chosen = np.arange(7) < size
    own = values[chosen].sum()
    sums = [values[list(ways)].sum() for ways in combinations(range(7), size)]
    assert chance_of_lots(values, chosen) == pytest.approx(np.mean(np.array(sums) <= own))


def test_a_unit_counted_anew_midway_is_left_out_and_named() -> None:
    told = evidence(STAGGERED, effect=0.5)
    values = told.values.copy()
    values[9, 20:] *= 60
    found = read(replace(told, values=values))
    assert found.change.n == 9
    assert [row.count for row in found.noticed if row.remark == Remark.UNIT_CHANGED] == [1]


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000), st.floats(0, 0.9))
def test_missing_weeks_never_stop_a_reading(seed: int, share: float) -> None:
    told = evidence(STAGGERED, weeks=30, seed=seed)
    gone = generator(seed, "tests", "missing").random(told.values.shape) < share
    found = read(replace(told, values=np.where(gone, np.nan, told.values)))
    assert from_data(as_data(found)) == found


def test_a_baseline_is_as_wide_as_the_memory_of_the_weeks_makes_it() -> None:
    rng = generator(1, "tests", "level")
    covered, fresh = 0, 0
    for _ in range(400):
        weeks = autoregression((26,), memory=0.6, rng=rng)
        found = level(weeks)
        assert not isinstance(found, Withheld)
        covered += found.figure.low <= 0 <= found.figure.high
        half = 2.06 * weeks.std(ddof=1) / np.sqrt(26)
        fresh += abs(weeks.mean()) <= half
    assert covered >= 376
    assert fresh <= 310  # as if weeks knew nothing of each other


@pytest.mark.parametrize("weeks", [0, 1, 7])
def test_too_few_weeks_give_no_baseline(weeks: int) -> None:
    values = np.full((3, 26), np.nan)
    values[:, :weeks] = [[5.0 + week % 2 for week in range(weeks)]] * 3
    assert baseline(values) == Withheld("too_few_weeks", 8, weeks)


def test_progress_is_reached_missed_or_not_to_be_told() -> None:
    start = Figure(6.0, 5.9, 6.1, 26)
    reading = read(evidence([20] * 6, effect=2.0, spread=0.1))
    near, far, between = (
        progress(start, reading, wish=wish, better="more") for wish in (6.5, 12.0, 8.0)
    )
    assert isinstance(near, Progress)
    assert (near.reached, far.reached, between.reached) == (True, False, None)
    assert progress(start, reading, wish=2.0, better="less").reached is False


def test_lots_repeat_and_are_even() -> None:
    refs = [f"u{number}" for number in range(11)]
    dealt = draw_steps(refs, steps=3, seed=5)
    assert dealt == draw_steps(refs, steps=3, seed=5)
    assert sorted(list(dealt.values()).count(step) for step in (1, 2, 3)) == [3, 4, 4]
    assert len({tuple(draw_steps(refs, steps=3, seed=s).values()) for s in range(40)}) > 35


def test_more_units_find_less_and_one_step_finds_nothing() -> None:
    swing = Swing(0.5, 0.3)
    few, many = (
        power_of([unit % 3 + 1 for unit in range(units)], swing, weeks_apart=6, seed=1).finds
        for units in (9, 36)
    )
    assert many.value < few.value / 1.5
    assert power_of([1] * 12, swing, weeks_apart=6, seed=1).finds.reason == "all_start_together"


def test_what_an_offer_promises_is_found_in_four_of_five_roll_outs() -> None:
    steps = [unit % 3 + 1 for unit in range(12)]
    offer = power_of(steps, Swing(0.3, 0.4), weeks_apart=6, seed=1)
    starts = [12 + (step - 1) * 6 for step in steps]
    found = sum(
        read(evidence(starts, weeks=36, effect=offer.finds.value, seed=seed)).says == Says.BETTER
        for seed in range(100)
    )
    assert 66 <= found <= 92


@pytest.mark.parametrize("memory", [0.0, 0.5, 0.8])
def test_a_baseline_holds_the_mean_however_much_weeks_remember(memory: float) -> None:
    rows = autoregression((300, 26), memory=memory, rng=generator(41, "level", str(memory)))
    found = [level(row) for row in rows]
    held = [not isinstance(f, Withheld) and f.figure.low <= 0 <= f.figure.high for f in found]
    assert np.mean(held) > 0.93
