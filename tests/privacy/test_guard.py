"""No published histogram makes anybody certain, and answers are neither lost nor invented."""

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from upturn.privacy import (
    ThinCell,
    guard_unanimous,
    may_show_trend,
    outside_category,
    outside_end,
    without_thin,
)
from upturn.privacy.guard import Counts

SCALES = arrays(np.int64, (4, 5), elements=st.integers(0, 14))
CHOICES = st.integers(2, 11).flatmap(
    lambda categories: arrays(np.int64, (3, categories), elements=st.integers(0, 14))
)
SEEDS = st.integers(0, 2**32)


def _guarded(counts: Counts, seed: int) -> Counts:
    return guard_unanimous(without_thin(counts, k=5), rng=np.random.default_rng(seed))


@given(SCALES | CHOICES, SEEDS)
def test_the_guard_keeps_the_number_of_answers(counts: Counts, seed: int) -> None:
    guarded = _guarded(counts, seed)
    assert (guarded.sum(axis=-1) == without_thin(counts, k=5).sum(axis=-1)).all()
    assert (guarded >= 0).all()


@given(SCALES | CHOICES, SEEDS)
def test_no_colleague_is_certain_of_an_answer_or_an_end(counts: Counts, seed: int) -> None:
    for row in _guarded(counts, seed):
        n = int(row.sum())
        if n == 0:
            continue
        sets = [row[one] for one in range(len(row))]
        if len(row) == 5:
            sets += [row[:2].sum(), row[3:].sum()]
            assert max(sets[5:]) / n <= 0.90
        assert n - max(sets) >= 2
        assert max(sets) / (n - 1) <= 0.95


def _histograms(n: int, categories: int) -> Iterator[tuple[int, ...]]:
    if categories == 1:
        yield (n,)
        return
    for first in range(n + 1):
        yield from ((first, *rest) for rest in _histograms(n - first, categories - 1))


@pytest.mark.parametrize(
    ("n", "categories"), [(5, 5), (6, 5), (8, 5), (5, 2), (6, 3), (8, 3), (5, 7)]
)
def test_not_even_who_knows_the_rule_and_an_answer_is_certain(n: int, categories: int) -> None:
    true = np.array(list(_histograms(n, categories)))
    behind: dict[bytes, set[tuple[int, ...]]] = defaultdict(set)
    for seed in range(12):
        for before, after in zip(true, _guarded(true, seed), strict=True):
            behind[after.tobytes()].add(tuple(before.tolist()))
    sets = [[one] for one in range(categories)] + [[0, 1], [3, 4]] * (categories == 5)
    for worlds in behind.values():
        for one in sets:
            assert any(sum(world[n] for n in one) < n for world in worlds)
        for own in range(categories):
            mine = [world for world in worlds if world[own]]
            for one in sets if mine else []:
                others = [sum(world[n] for n in one) - (own in one) for world in mine]
                assert min(others) < n - 1


@given(SCALES | CHOICES, SEEDS)
def test_who_is_guarded_already_is_left_alone(counts: Counts, seed: int) -> None:
    guarded = _guarded(counts, seed)
    assert (guard_unanimous(guarded, rng=np.random.default_rng(seed + 1)) == guarded).all()


@given(SCALES, SEEDS)
def test_few_answers_move_and_from_the_ends_to_the_middle(counts: Counts, seed: int) -> None:
    plain = without_thin(counts, k=5)
    steps = np.arange(1, 6)
    for before, after in zip(plain, _guarded(counts, seed), strict=True):
        n = before.sum()
        if 0 < n <= 20:
            assert abs((after - before) @ steps) <= 4
            assert abs(after - before).sum() <= 4
        if before[2] <= n - outside_category(int(n)):
            assert (after - before) @ abs(steps - 3) <= 0


def test_answers_move_from_an_end_to_the_middle() -> None:
    rng = np.random.default_rng(3)
    table = np.array([[0, 0, 0, 3, 4], [0, 0, 0, 0, 6], [1, 5, 0, 0, 0], [0, 0, 1, 4, 3]])
    assert guard_unanimous(table, rng=rng).tolist() == [
        [0, 0, 2, 1, 4],
        [0, 0, 2, 0, 4],
        [1, 3, 2, 0, 0],
        [0, 0, 2, 3, 3],
    ]


def test_an_inner_category_moves_to_both_sides_alike() -> None:
    table = np.tile([0, 0, 12, 0], (4000, 1))
    shift = guard_unanimous(table, rng=np.random.default_rng(4)) @ np.arange(4) / 12 - 2
    assert abs(shift.mean()) < 4 * shift.std() / np.sqrt(4000)
    assert shift.std() > 0


def test_larger_cells_keep_more_outside() -> None:
    table = np.array([[0, 0, 0, 0, 40], [0, 40, 0, 0, 0]])
    guarded = guard_unanimous(table, rng=np.random.default_rng(5))
    assert 40 - guarded.max(axis=1).min() == 40 - 36 == outside_end(40)
    assert outside_category(40) == 3


def test_thin_cells_are_refused() -> None:
    with pytest.raises(ThinCell, match="3 answers"):
        guard_unanimous(np.array([[3, 0, 0, 0, 0]]), rng=np.random.default_rng(0))


def test_nothing_stays_nothing() -> None:
    empty = np.zeros((2, 3, 5), dtype=np.int64)
    assert not guard_unanimous(empty, rng=np.random.default_rng(0)).any()


@pytest.mark.parametrize(
    ("left", "came", "shown"),
    [(0, 0, True), (1, 0, False), (0, 4, False), (1, 4, False), (5, 0, True), (5, 6, True)],
)
def test_waves_stand_beside_each_other_only_where_the_difference_points_at_nobody(
    left: int, came: int, shown: bool
) -> None:
    stay = {f"stays-{n}" for n in range(8)}
    before = stay | {f"left-{n}" for n in range(left)}
    after = stay | {f"came-{n}" for n in range(came)}
    assert may_show_trend(before, after, k=5) is shown
