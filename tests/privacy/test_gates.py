"""Nobody is singled out on what the house publishes; on what others publish, many are."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upturn.privacy import audit_margin
from upturn.privacy.attacks import Report, Surface, linear, over_time, run_attacks, worlds
from upturn.privacy.policies import (
    block_members,
    blocks_policy,
    counted,
    filtering_policy,
)
from upturn.privacy.simulation import Organisation, next_wave, simulated_organisation

CANARY = 167
SEEDS = [1, 2, 3]


@cache
def _whole(seed: int) -> Organisation:
    return simulated_organisation(np.random.default_rng(seed), questions=4)


@cache
def _report(seed: int, left_out: float) -> Report:
    rng = np.random.default_rng(seed)
    before = simulated_organisation(rng, people=400, teams=40, questions=4, left_out=left_out)
    after = next_wave(rng, before)
    waves = [blocks_policy(one, rng=rng, questions=range(4)) for one in (before, after)]
    return run_attacks(waves, k=5)


@pytest.mark.parametrize(("seed", "left_out"), [(1, 0.0), (2, 0.0), (3, 0.0), (1, 0.08)])
def test_every_gate_holds_on_blocks(seed: int, left_out: float) -> None:
    report = _report(seed, left_out)
    assert [gate for gate in report.gates if not gate.holds] == []
    assert report.e5[0].exact > 0.5
    assert report.e4.leavers > 0 or left_out > 0


def test_the_canary_sings() -> None:
    naive = linear(filtering_policy(_whole(1), filters=1), k=5)
    assert len(naive.singled_out) == CANARY >= 150


@pytest.mark.parametrize("seed", SEEDS)
def test_rules_of_other_tools_single_out_as_many_as_published(seed: int) -> None:
    organisation = _whole(seed)
    answered = organisation.answered.sum()
    found = {
        (filters, hidden): linear(
            filtering_policy(organisation, filters=filters, hidden_at_least=hidden), k=5
        )
        for filters, hidden in ((0, 0), (1, 0), (1, 2), (0, 5), (1, 5))
    }
    shares = {rule: len(one.singled_out) / answered for rule, one in found.items()}
    assert shares[0, 0] == pytest.approx(0, abs=0.002)
    assert shares[1, 0] == pytest.approx(0.108, abs=0.015)
    assert shares[1, 2] == pytest.approx(0.108, abs=0.015)
    assert shares[0, 5] == 0
    assert 0.003 < shares[1, 5] < 0.03
    assert 0.01 < len(found[0, 0].in_small) / answered < 0.06
    assert len(linear(blocks_policy(organisation, rng=np.random.default_rng(0)), k=5).in_small) == 0


def test_consistent_worlds_tell_a_third_of_the_answers_under_naive_filters() -> None:
    first = _whole(1)
    here = first.department[first.team] < 10
    part = replace(first, answered=first.answered & here)
    naive = worlds(filtering_policy(part, filters=1))
    remainder = worlds(filtering_policy(part, filters=1, hidden_at_least=5))
    people = part.answered.sum()
    assert 0.25 < len(naive.exact) / people < 0.55
    assert 0.08 < len(remainder.exact) / people < 0.35
    own = {person: category for _, person, category in naive.exact}
    assert all(part.answers[person, 0] == category + 1 for person, category in own.items())


def test_history_cut_again_by_a_newer_chart_finds_who_moved() -> None:
    rng = np.random.default_rng(4)
    before = simulated_organisation(rng, people=800, teams=80, questions=1)
    after = next_wave(rng, before)
    recut = replace(before, team=after.team)

    def both(first: Surface, second: Surface) -> Surface:
        return Surface(first.people, first.cells + second.cells)

    naive = both(filtering_policy(before, filters=0), filtering_policy(recut, filters=0))
    frozen = blocks_policy(before, rng=rng)
    again = [counted(one, list(block_members(one, k=5).values()), [0]) for one in (before, recut)]
    assert over_time([naive], k=5).singled_out > 20
    assert over_time([both(*again)], k=5).singled_out > 10
    assert over_time([frozen], k=5).singled_out == 0


def test_live_results_show_who_arrived_alone() -> None:
    arrivals = [np.arange(n) for n in (5, 6, 8)]
    first = _whole(1)
    live = counted(first, [np.flatnonzero(first.answered)[who] for who in arrivals], [0])
    assert over_time([live], k=5).alone == 1


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32), st.integers(0, 2**32))
def test_swapping_answers_inside_blocks_changes_nothing_published(seed: int, other: int) -> None:
    rng = np.random.default_rng(seed)
    first = simulated_organisation(rng, people=80, teams=10, questions=2, left_out=0.1)
    swapped = first.answers.copy()
    shuffle = np.random.default_rng(other)
    for who in block_members(first, k=5).values():
        for question in range(2):
            swapped[who, question] = shuffle.permutation(swapped[who, question])
    one, two = (
        blocks_policy(given_to, rng=np.random.default_rng(seed), questions=range(2))
        for given_to in (first, replace(first, answers=swapped))
    )
    assert [cell.counts for cell in one.cells] == [cell.counts for cell in two.cells]
    assert all((a.who == b.who).all() for a, b in zip(one.cells, two.cells, strict=True))


def test_margins_are_shown_for_the_whole_and_refused_where_they_single_out() -> None:
    organisation = _whole(1)
    blocks = list(block_members(organisation, k=5).values())
    gender = organisation.attributes[:, 0]
    whole = audit_margin(blocks, gender, k=5)
    assert not whole.reason
    assert sorted(value for both in whole.values for value in both) == [0, 1, 2]
    blocks = [np.arange(0, 6), np.arange(6, 11)]
    one_apart = np.array([1] * 5 + [2] + [2] * 5, dtype=np.int8)
    refused = audit_margin(blocks, one_apart, k=5)
    assert (refused.reason, refused.values, refused.people) == ("singled_out", (), 1)
    alike = np.ones(11, dtype=np.int8)
    assert audit_margin(blocks, alike, k=5).reason == "too_few"


def test_values_that_are_rare_are_merged_with_the_next_rarest() -> None:
    blocks = [np.arange(0, 15), np.arange(15, 30)]
    values = np.array(([1] * 2 + [2] * 6 + [3] * 7) * 2, dtype=np.int8)
    shown = [np.arange(0, 15), np.arange(15, 30)]
    assert audit_margin(blocks, values, shown=shown, k=5).values == ((1, 2), (3,))
