"""The merge keeps as many own figures as any merge could, and never shows fewer than k."""

from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upturn.privacy import (
    Block,
    PreBlock,
    TooFewPeople,
    Unit,
    freeze_blocks,
    may_keep_wide,
    pre_blocks,
    wide_blocks,
)
from upturn.privacy.policies import block_members
from upturn.privacy.pooling import pool
from upturn.privacy.simulation import simulated_organisation

Parents = tuple[str, ...]

PLACES: list[Parents] = [("a", "x", "all"), ("b", "x", "all"), ("c", "y", "all"), ("y", "all")]


def _partitions(items: Sequence[int]) -> Iterator[list[list[int]]]:
    if not items:
        yield []
        return
    first, *others = items
    for rest in _partitions(others):
        yield [[first], *rest]
        for n, group in enumerate(rest):
            yield [*rest[:n], [first, *group], *rest[n + 1 :]]


def _best(sizes: list[int], parents: list[Parents], worth: list[int], k: int) -> tuple[int, int]:
    """Try every partition: fewest answers left out, then most worth alone."""
    best = (10**9, 0)
    for groups in _partitions(range(len(sizes))):
        out = alone = 0
        for group in groups:
            size = sum(sizes[one] for one in group)
            if size < k or not set.intersection(*(set(parents[one]) for one in group)):
                out += size
            elif len(group) == 1:
                alone += worth[group[0]]
        best = min(best, (out, -alone))
    return best


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 9), st.sampled_from(PLACES), st.integers(1, 2)),
        min_size=1,
        max_size=7,
    ),
    st.integers(3, 6),
)
def test_no_other_merge_keeps_more_own_figures(
    items: list[tuple[int, Parents, int]], k: int
) -> None:
    sizes, parents, worth = (list(column) for column in zip(*items, strict=True))
    found = pool(sizes, parents, worth, k=k)
    out = sum(sizes[one] for group in found.left_out for one in group)
    alone = sum(worth[group[0]] for group in found.groups if len(group) == 1)
    assert (out, -alone) == _best(sizes, parents, worth, k)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 9), st.sampled_from(PLACES)), max_size=14), st.integers(2, 8)
)
def test_groups_reach_k_within_one_parent_and_hold_everybody_once(
    items: list[tuple[int, Parents]], k: int
) -> None:
    sizes, parents = [size for size, _ in items], [parent for _, parent in items]
    found = pool(sizes, parents, [1] * len(items), k=k)
    seated = [one for group in (*found.groups, *found.left_out) for one in group]
    assert sorted(seated) == list(range(len(items)))
    for group in found.groups:
        assert sum(sizes[one] for one in group) >= k
        assert set.intersection(*(set(parents[one]) for one in group))
    assert all(sum(sizes[one] for one in group) < k for group in found.left_out)


def test_what_is_pooled_is_pooled_near() -> None:
    near, far = ("bar", "inn"), ("cellar", "inn")
    found = pool([3, 2, 4, 1], [near, near, far, far], [1] * 4, k=5)
    assert found.groups == ((0, 1), (2, 3))


def test_a_pool_of_several_k_is_cut_again() -> None:
    assert len(pool([3] * 8, [("inn",)] * 8, [1] * 8, k=5).groups) == 4


def _units(*people: int, side: str = "servers", parents: Parents = ("inn",)) -> list[Unit]:
    return [Unit(f"{side}-{n}", side, parents, size) for n, size in enumerate(people)]


def test_units_of_two_sides_are_never_pooled() -> None:
    units = [*_units(3, 2), *_units(4, 1, side="leaders")]
    found = pre_blocks(units, k=5)
    assert [(one.side, one.people) for one in found] == [("servers", 5), ("leaders", 5)]


def test_a_wave_that_cannot_reach_k_is_refused_with_the_smallest_change() -> None:
    with pytest.raises(TooFewPeople) as refused:
        pre_blocks([*_units(7), *_units(2, 1, side="leaders")], k=5)
    (missing,) = refused.value.missing
    assert (missing.side, missing.units, missing.more) == (
        "leaders",
        ("leaders-0", "leaders-1"),
        2,
    )
    assert "3 people, 5 needed" in str(refused.value)


def test_units_without_people_are_passed_over() -> None:
    assert [one.units for one in pre_blocks(_units(0, 6), k=5)] == [("servers-1",)]
    assert pre_blocks([], k=5) == ()


def test_who_reached_no_k_is_left_out_and_counted() -> None:
    before = pre_blocks(_units(6, 5), k=5)
    frozen = freeze_blocks(before, answered={before[0].key: 2, before[1].key: 2}, k=5)
    assert frozen.blocks == ()
    assert [(one.people, one.pre_blocks) for one in frozen.left_out] == [
        (4, tuple(one.key for one in before))
    ]


def test_one_figure_is_given_up_where_nothing_else_brings_the_others_to_k() -> None:
    before = pre_blocks(_units(9, 7, 6), k=5)
    answered = dict(zip((one.key for one in before), (8, 6, 3), strict=True))
    frozen = freeze_blocks(before, answered=answered, k=5)
    assert [block.people for block in frozen.blocks] == [8, 9]


def test_a_pre_block_without_answers_hides_among_others() -> None:
    before = pre_blocks(_units(9, 5, 5, 5), k=5)
    answered = dict(zip((one.key for one in before), (8, 3, 3, 0), strict=True))
    frozen = freeze_blocks(before, answered=answered, k=5)
    assert [len(block.pre_blocks) for block in frozen.blocks] == [1, 3]
    assert not frozen.left_out


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(5, 12), st.integers(0, 12), st.sampled_from("xy"))))
def test_blocks_depend_on_how_many_answered_and_never_cross_sides(
    rows: list[tuple[int, int, str]],
) -> None:
    before = [
        PreBlock(f"{side}:{n}", side, (str(n),), ("inn",), people)
        for n, (people, _, side) in enumerate(rows)
    ]
    answered = {
        one.key: min(came, one.people) for one, (_, came, _) in zip(before, rows, strict=True)
    }
    frozen = freeze_blocks(before, answered=answered, k=5)
    sides = {one.key: one.side for one in before}
    for block in frozen.blocks:
        assert block.people == sum(answered[key] for key in block.pre_blocks) >= 5
        assert {sides[key] for key in block.pre_blocks} == {block.side}
    seated = [key for block in (*frozen.blocks, *frozen.left_out) for key in block.pre_blocks]
    assert sorted(seated) == sorted(sides)
    assert len({block.key for block in frozen.blocks}) == len(frozen.blocks)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_130_of_200_teams_keep_their_own_figure(seed: int) -> None:
    organisation = simulated_organisation(np.random.default_rng(seed))
    members = block_members(organisation, k=5)
    own = sum(side == "servers" and len(units) == 1 for side, _, units in members)
    servers = organisation.team[organisation.answered & ~organisation.leader]
    possible = (np.bincount(servers, minlength=200) >= 5).sum()
    assert own == possible >= 130
    assert min(len(who) for who in members.values()) >= 5
    assert sum(len(who) for who in members.values()) == organisation.answered.sum()


def test_wide_blocks_are_unions_of_blocks_of_one_side_with_enough_answers() -> None:
    blocks = [
        Block(f"{side}:{place}{n}", side, (), place, 9, (place, "all"))
        for side in ("servers", "leaders")
        for place, many in (("inn", 7), ("bar", 2), ("shop", 6))
        for n in range(many if side == "servers" else 2)
    ]
    sizes = {block.key: block.people for block in blocks}
    found = wide_blocks(blocks, at_least=50)
    assert {wide.side for wide in found} == {"servers", "leaders"}
    assert all(sum(sizes[key] for key in wide.blocks) >= 50 for wide in found)
    assert all(key.startswith(wide.side) for wide in found for key in wide.blocks)
    held = [key for wide in found for key in wide.blocks]
    assert sorted(held) == sorted(sizes)
    assert sum(wide.side == "servers" for wide in found) == 2


@pytest.mark.parametrize(
    ("answered", "kept"), [((60, 60), True), ((60, 65), True), ((60, 61), False), ((64,), False)]
)
def test_sums_of_complete_rows_are_kept_only_where_gaps_point_at_nobody(
    answered: tuple[int, ...], kept: bool
) -> None:
    assert may_keep_wide(answered, complete=60, k=5) is kept
