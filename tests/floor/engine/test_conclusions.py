"""What is said to follow: verdicts by their intervals, all of them right together, and doubts."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from tests.floor.engine.plain_runs import busy_floor, plain_runs
from upturn.floor.engine.lab.conclusions import (
    COMPARED,
    Code,
    Conclusions,
    Finding,
    Verdict,
    conclude,
    verdict_of,
)
from upturn.floor.engine.lab.measures import Cell, Measure, Scope, figure_of
from upturn.floor.engine.lab.summary import Change, Summary, summarise
from upturn.floor.engine.laid import Floats
from upturn.floor.engine.policy import OneAtATime, OwnTheWhole, Policy, Pooled, ScanSection
from upturn.house.lab_words import SENTENCES, sentence
from upturn.stats import Figure, Withheld

NAMES = ("one at a time", "scan", "own the whole", "pooled")
POLICIES = (OneAtATime(), ScanSection(), OwnTheWhole(), Pooled())


@cache
def summary_of(policy: Policy) -> Summary:
    return summarise(plain_runs(busy_floor(), policy, reps=6))


def summaries() -> list[Summary]:
    return [summary_of(policy) for policy in POLICIES]


def with_values(summary: Summary, values: dict[Cell, Floats]) -> Summary:
    figures = {**summary.figures, **{cell: figure_of(found) for cell, found in values.items()}}
    return replace(summary, values={**summary.values, **values}, figures=figures, reps=40)


def said(found: Conclusions, code: Code) -> list[Finding]:
    return [one for one in (*found.follows, *found.does_not_follow) if one.code is code]


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (0.70, 0.90, Verdict.LESS),
        (1.10, 1.30, Verdict.MORE),
        (0.90, 1.10, Verdict.CANNOT_TELL),
        (0.99, 1.01, Verdict.ALIKE),
        (0.981, 0.995, Verdict.ALIKE),  # surely less, and too little to matter
        (0.97, 0.995, Verdict.LESS),
        (1.0, 1.3, Verdict.CANNOT_TELL),  # touches: no verdict
    ],
)
def test_a_verdict_is_read_off_the_interval(low: float, high: float, verdict: Verdict) -> None:
    ratio = Figure((low + high) / 2, low, high, 20)
    assert verdict_of(Change(ratio, ratio, ratio, ratio)) is verdict
    nothing = Withheld("nothing", 1, 0)
    assert verdict_of(Change(ratio, ratio, ratio, nothing)) is Verdict.CANNOT_TELL


def test_the_policy_with_the_shortest_waits_is_compared_with_each_other_one() -> None:
    found = conclude(summaries())
    p95 = [figure.value for at in found.order if (figure := _p95(summaries()[at]))]
    assert p95 == sorted(p95)
    assert len(found.comparisons) == 6 * len(COMPARED)
    for one in found.comparisons:
        assert found.order.index(one.first) < found.order.index(one.second)
    (shortest,) = said(found, Code.SHORTEST)
    assert shortest.numbers["policy"] == found.order[0]
    assert {one.numbers["second"] for one in said(found, Code.COMPARED)} == set(found.order[1:])
    worst = said(found, Code.COMPARED)[-1]
    assert worst.numbers["verdict"] == "less"


def _p95(summary: Summary) -> Figure:
    found = summary.figures[Cell(Measure.WAIT_P95)]
    assert isinstance(found, Figure)
    return found


def test_all_verdicts_hold_together_where_nothing_differs() -> None:
    """Four policies alike: any wrong verdict in at most 5 % of 400 sets, not in 18."""
    rng = np.random.default_rng(11)
    wrong = alone = 0
    bare = replace(summary_of(OneAtATime()), values={}, figures={}, sections=())
    for _ in range(400):
        drawn = [
            with_values(bare, {Cell(m): rng.normal(100, 20, 40) for m in COMPARED})
            for _ in range(4)
        ]
        found = conclude(drawn)
        wrong += any(one.verdict in (Verdict.LESS, Verdict.MORE) for one in found.comparisons)
        for one in found.comparisons:
            difference = (
                drawn[one.first].values[Cell(one.measure)]
                - (drawn[one.second].values[Cell(one.measure)])
            )
            each = figure_of(difference)
            assert isinstance(each, Figure)
            if not each.low <= 0 <= each.high:
                alone += 1
                break
    assert wrong / 400 <= 0.07
    assert alone / 400 > 0.3


@pytest.mark.parametrize(
    ("times", "code"),
    [(0.95, Code.OWN_KEPT), (1.0, Code.OWN_KEPT), (1.3, Code.OWN_NOT_KEPT)],
)
def test_own_tables_are_held_against_the_same_walking_without_help(
    times: float, code: Code
) -> None:
    """S0.12: five per cent, in the section where help elsewhere costs most."""
    rng = np.random.default_rng(2)
    cells = [Cell(Measure.WAIT_P95, Scope.SECTION, f"section {at}") for at in (1, 2, 3)]
    waits = {cell: rng.normal(100, 5, 40) for cell in cells}
    helped = dict(waits) | {cells[1]: waits[cells[1]] * times + rng.normal(0, 0.5, 40)}
    scan = with_values(summary_of(ScanSection()), waits)
    own = with_values(summary_of(OwnTheWhole()), helped)
    (kept,) = said(conclude([scan, own]), code)
    assert (kept.numbers["policy"], kept.numbers["without"]) == (1, 0)
    if code is Code.OWN_NOT_KEPT:
        assert kept.numbers["section"] == "section 2"
    noisy = with_values(own, {cells[0]: rng.normal(100, 60, 40)})
    assert said(conclude([scan, noisy]), Code.OWN_CANNOT_TELL) or code is Code.OWN_NOT_KEPT


def test_other_rounds_are_not_taken_for_the_price_of_help() -> None:
    other = summarise(plain_runs(busy_floor(), ScanSection(cadence_s=60.0), reps=6))
    found = conclude([other, summary_of(OwnTheWhole())])
    own = (Code.OWN_KEPT, Code.OWN_NOT_KEPT, Code.OWN_CANNOT_TELL, Code.OWNERS_ALONE)
    assert not any(said(found, code) for code in own)


def test_doubts_are_said_and_no_headcount_is_ever_advised() -> None:
    found = conclude(summaries())
    codes = {one.code for one in found.does_not_follow}
    assert {Code.NOT_SALES, Code.NO_HEADCOUNT, Code.NUMBERS_GIVEN, Code.LOAFING_GIVEN} <= codes
    assert {Code.FEW_REPS, Code.GAVE_UP, Code.POOLED_ANYBODY} <= codes
    assert Code.LOAFING_GIVEN not in {one.code for one in conclude(summaries()[:3]).does_not_follow}
    cut = [summarise(plain_runs(busy_floor(), p, reps=2), warm_up_s=600.0) for p in POLICIES[:2]]
    (warm_up,) = said(conclude(cut), Code.WARM_UP)
    assert warm_up.numbers["minutes"] == 10
    assert int(warm_up.numbers["needs"]) == cut[0].ends.left_out > 0


def test_every_code_has_a_sentence_with_the_names_of_policies() -> None:
    assert set(SENTENCES) == set(Code)
    found = conclude(summaries())
    for one in (*found.follows, *found.does_not_follow):
        text = sentence(one, NAMES)
        assert text.endswith(".")
        assert "{" not in text
        for key in ("policy", "first", "second", "without"):
            if key in one.numbers:
                assert NAMES[int(one.numbers[key])] in text
