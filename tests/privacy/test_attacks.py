"""The attacks find what can be found, and nothing else; checked against trying every world."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from upturn.privacy import NoSuchWorld
from upturn.privacy.attacks import (
    Cell,
    Surface,
    certainty,
    insider,
    leaver_guess,
    linear,
    over_time,
    run_attacks,
    surface_of,
    utility,
    with_informers,
    worlds,
)
from upturn.privacy.attacks.surface import Members
from upturn.privacy.attacks.worlds import certain, parts_of

PEOPLE, CATEGORIES = 6, 3

GROUPS = st.lists(
    st.sets(st.integers(0, PEOPLE - 1), min_size=1).map(lambda who: np.array(sorted(who))),
    min_size=1,
    max_size=6,
)
ANSWERS = st.lists(st.integers(0, CATEGORIES - 1), min_size=PEOPLE, max_size=PEOPLE)


def _publish(groups: list[Members], answers: list[int], categories: int = CATEGORIES) -> Surface:
    given_answers = np.array(answers)
    cells = [
        Cell(who, 0, tuple(np.bincount(given_answers[who], minlength=categories).tolist()))
        for who in groups
    ]
    return Surface(len(answers), tuple(cells))


def _fitting(surface: Surface) -> list[NDArray[np.int64]]:
    """Try every world."""
    categories = len(surface.cells[0].counts)
    found = []
    for world in product(range(categories), repeat=surface.people):
        row = np.array(world)
        if all(
            tuple(np.bincount(row[cell.who], minlength=categories)) == cell.counts
            for cell in surface.cells
        ):
            found.append(row)
    return found


@settings(max_examples=60, deadline=None)
@given(GROUPS, ANSWERS)
def test_worlds_finds_exactly_what_all_worlds_agree_on(
    groups: list[Members], answers: list[int]
) -> None:
    surface = _publish(groups, answers)
    fitting = np.stack(_fitting(surface))
    same = np.flatnonzero((fitting == fitting[0]).all(axis=0))
    found = worlds(surface)
    assert sorted(found.exact) == [(0, person, int(fitting[0, person])) for person in same]


def test_whole_answers_give_away_more_than_fractions_of_them() -> None:
    groups = [np.array(who) for who in ([2, 5], [0, 1, 4, 5], [1, 2, 3, 4], [0, 3, 4])]
    surface = _publish(groups, [1, 1, 1, 1, 0, 1], categories=2)
    (part,) = parts_of(surface.cells, 6)
    assert certain(part, integers=False).sum() == 2
    assert len(worlds(surface).exact) == certain(part).sum() == 6
    assert len(_fitting(surface)) == 1


@settings(max_examples=80, deadline=None)
@given(GROUPS)
def test_linear_finds_exactly_who_is_in_the_row_space(groups: list[Members]) -> None:
    surface = _publish(groups, [0] * PEOPLE)
    matrix = np.stack([np.isin(np.arange(PEOPLE), who) for who in groups]).astype(float)
    rank = np.linalg.matrix_rank(matrix)
    alone = [
        person
        for person in range(PEOPLE)
        if np.linalg.matrix_rank(np.vstack([matrix, np.eye(PEOPLE)[person]])) == rank
    ]
    assert linear(surface, k=2).singled_out.tolist() == alone


def test_a_difference_of_two_cells_singles_out() -> None:
    surface = _publish([np.arange(6), np.arange(5)], [0, 1, 2, 0, 1, 2])
    found = linear(surface, k=5)
    assert found.singled_out.tolist() == [5]
    assert over_time([surface], k=5).alone == 1


def test_less_than_k_are_found_by_name_by_cell_and_by_subtracting() -> None:
    ring = [np.array([0, 1, 6]), np.array([1, 2, 6]), np.array([2, 3, 6]), np.array([0, 3, 7])]
    pair = np.array([0, 3])
    surface = _publish(ring, [0] * 8)
    assert not len(linear(surface, k=3).in_small)
    named = linear(surface, k=3, natural=[pair, np.array([6, 7])])
    assert not len(named.in_small)
    bridge = _publish([*ring, np.array([0, 1, 2, 3])], [0] * 8)
    assert linear(bridge, k=3, natural=[np.array([6, 7])]).in_small.tolist() == [6, 7]
    small = _publish([np.array([0, 1]), np.array([0, 2]), np.array([1, 3])], [0] * 4)
    assert linear(small, k=3).in_small.tolist() == [0, 1, 2, 3]
    assert not len(linear(small, k=2).in_small)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 4), min_size=2, max_size=6))
def test_an_insider_of_one_cell_learns_what_subtracting_tells(answers: list[int]) -> None:
    surface = _publish([np.arange(len(answers))], answers, categories=5)
    learns, ends = set(), set()
    for own in set(answers):
        others = list(answers)
        others.remove(own)
        if len(set(others)) == 1:
            learns.add(own)
        if {0, 1}.issuperset(others) or {3, 4}.issuperset(others):
            ends.add(own)
    found = insider(surface)
    assert {own for *_, own in found.exact} == learns
    assert {own for *_, own in found.ends} == ends


def test_an_insider_of_overlapping_cells() -> None:
    groups = [np.array([0, 1, 2, 3]), np.array([2, 3, 4, 5])]
    surface = _publish(groups, [0, 1, 2, 2, 1, 1], categories=3)
    assert not worlds(surface).exact
    told = {(who, own) for _, who, own in insider(surface).exact}
    assert (0, 2) in told
    informed = worlds(with_informers(surface, [(0, 0, 0)]))
    assert {person for _, person, _ in informed.exact} >= {0}


def test_certainty_is_the_share_of_the_largest() -> None:
    surface = surface_of(8, [np.arange(8)], np.array([[[0, 0, 1, 2, 5]]]))
    found = certainty(surface)
    assert (found.exact, found.end) == (5 / 8, 7 / 8)
    assert insider(surface).certainty == 7 / 7


def test_a_table_becomes_cells_by_what_was_asked_about() -> None:
    counts = np.zeros((3, 2, 11), dtype=np.int64)
    counts[:, 0, 4], counts[0, 1, 10] = 6, 6
    members = [np.arange(6)] * 3
    surface = surface_of(6, members, counts, categories=[5, 11], relations=[7, 2, 7])
    assert [(cell.question, len(cell.counts)) for cell in surface.cells] == [
        (0, 5),
        (1, 11),
        (2, 5),
        (0, 5),
    ]


def test_certainty_looks_at_what_cells_differ_by() -> None:
    surface = surface_of(
        7, [np.arange(7), np.arange(5)], np.array([[[2, 2, 1, 1, 1]], [[0, 2, 1, 1, 1]]])
    )
    assert certainty(surface).exact == 1


def test_counts_that_contradict_each_other_are_refused() -> None:
    members = [np.arange(4), np.arange(2), np.arange(2, 4)]
    with pytest.raises(NoSuchWorld, match="question 0"):
        worlds(surface_of(4, members, np.array([[[2, 2]], [[1, 1]], [[2, 0]]])))


def test_who_left_a_question_out_is_taken_as_known() -> None:
    def alone(*counts: int) -> Surface:
        return Surface(6, (Cell(np.arange(6), 0, counts),))

    assert len(worlds(alone(4, 0)).exact) == 6
    assert not worlds(alone(3, 1)).exact
    assert [own for *_, own in insider(alone(3, 1)).exact] == [1]
    assert not worlds(alone(0, 0)).exact


def test_who_did_not_answer_again_is_on_no_list_but_who_left_is() -> None:
    people, fewer = np.arange(8), np.arange(7)
    before = Surface(9, (Cell(people, 0, (3, 2, 1, 1, 1), asked=people),))
    silent = Surface(9, (Cell(fewer, 0, (2, 2, 1, 1, 1), asked=people),))
    gone = Surface(9, (Cell(fewer, 0, (2, 2, 1, 1, 1), asked=fewer),))
    assert over_time([before, silent], k=5).leavers == 0
    found = over_time([before, gone], k=5)
    assert found.leavers == 1
    assert found.lift > 0.1


def test_a_leaver_is_guessed_better_by_two_waves_and_as_published() -> None:
    rng = np.random.default_rng(8)
    shares = np.array([0.035, 0.1, 0.25, 0.38, 0.235])
    for keep, published in ((0.6, 0.53), (0.8, 0.66), (0.9, 0.78)):
        guesses = []
        for _ in range(60):
            n = int(rng.integers(6, 13))
            own = shares ** rng.uniform(0.5, 2)  # teams differ
            before = rng.choice(5, n, p=own / own.sum())
            drawn = rng.choice(5, n - 1, p=shares)
            after = np.where(rng.random(n - 1) < keep, before[1:], drawn)
            one, other = (tuple(np.bincount(a, minlength=5).tolist()) for a in (before, after))
            guesses.append(leaver_guess(one, other, left=1, came=0, keep=keep, redrawn=shares))
        with_second, alone = np.mean(guesses, axis=0)
        assert with_second == pytest.approx(published, abs=0.07)
        assert alone == pytest.approx(0.48, abs=0.05)


@pytest.mark.parametrize(("left", "came"), [(1, 0), (2, 1)])
def test_the_guess_is_that_of_all_worlds_weighed(left: int, came: int) -> None:
    before, after, keep = (2, 2, 1), (1, 2, 2 - left + came), 0.7
    drawn = np.array([0.5, 0.3, 0.2])
    first = [0, 0, 1, 1, 2]
    stay = 5 - left
    weights = np.zeros(3)
    for order in set(product(range(3), repeat=5)):
        if sorted(order) != first:
            continue
        for second in product(range(3), repeat=stay + came):
            if tuple(np.bincount(second, minlength=3)) != after:
                continue
            stayed = [
                keep * (order[left + n] == second[n]) + (1 - keep) * drawn[second[n]]
                for n in range(stay)
            ]
            chance = np.prod(stayed) * np.prod([drawn[one] for one in second[stay:]])
            weights[order[0]] += chance
    expected = weights.max() / weights.sum()
    found, plain = leaver_guess(before, after, left=left, came=came, keep=keep, redrawn=drawn)
    assert found == pytest.approx(expected)
    assert plain == 0.4


def test_utility_counts_own_figures_and_how_far_they_are_off() -> None:
    answers = np.array([[1], [2], [5], [5], [0]], dtype=np.int8)
    teams = [np.array([0, 1]), np.array([2, 3, 4])]
    surface = Surface(
        5, (Cell(teams[1], 0, (0, 0, 0, 1, 1)), Cell(np.arange(5), 0, (1, 1, 0, 1, 1)))
    )
    found = utility(surface, teams=teams, answers=answers)
    assert (found.own, found.teams, found.rmse, found.bias) == (1, 2, 0.5, -0.5)


def test_the_report_names_every_gate_and_fails_where_one_does() -> None:
    safe = surface_of(8, [np.arange(8)], np.array([[[1, 2, 2, 2, 1]]]))
    report = run_attacks([safe], k=5)
    assert report.holds
    assert {gate.name[:2] for gate in report.gates} == {"e1", "e2", "e3", "e4", "e5"}
    told = run_attacks([with_informers(safe, [(0, 0, 1)])], k=5)
    assert not told.holds
    assert not told.gates[0].holds
