"""The order of a plan: what is done, now and next, and what keeps it from starting."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upturn.plan.engine import (
    Line,
    PlanFacts,
    Standing,
    StepKey,
    active_by_party,
    foreseen,
    gaps,
    orphans,
    owners_span_levels,
    ready_to_start,
    served_first,
    steps,
)

READY = PlanFacts(
    answered=True,
    functions=3,
    moments=3,
    haves=1,
    served_first=1,
    promises=1,
    pairs=1,
    baselines=1,
    units=4,
    dated=4,
)
CONDITIONS = list(product([True, False], [0, 1], [0, 1]))


@pytest.mark.parametrize(("answered", "moments", "served"), CONDITIONS)
def test_a_plan_starts_with_an_answer_a_moment_and_a_served_server(
    answered: bool, moments: int, served: int
) -> None:
    facts = PlanFacts(answered=answered, moments=moments, served_first=served)
    expected = []
    if not answered:
        expected.append("question")
    if not moments:
        expected.append("moments")
    if not served:
        expected.append("served_first")
    assert list(ready_to_start(facts)) == expected


@pytest.mark.parametrize(
    ("changed", "codes"),
    [
        ({"pairs": 0, "baselines": 0}, ("pairs",)),
        ({"baselines": 0}, ("baselines",)),
        ({"units": 0, "dated": 0}, ("units",)),
        ({"dated": 3}, ("dates",)),
        ({"functions": 2}, ("functions",)),
        ({}, ()),
    ],
)
def test_what_keeps_no_plan_from_starting_is_foreseen(
    changed: dict[str, int], codes: tuple[str, ...]
) -> None:
    facts = replace(READY, **changed)
    assert ready_to_start(facts) == ()
    assert foreseen(facts) == codes


@pytest.mark.parametrize(
    ("changed", "step", "codes"),
    [
        ({"answered": False}, StepKey.QUESTION, ("question",)),
        ({"functions": 2}, StepKey.GROUP, ("functions",)),
        ({"moments": 2}, StepKey.DAY, ("moments",)),
        ({"unmet": 1}, StepKey.DAY, ("unmet",)),
        ({"haves": 0, "served_first": 0}, StepKey.LINES, ("haves",)),
        ({"served_first": 0}, StepKey.LINES, ("served_first",)),
        ({"promises": 0}, StepKey.LINES, ("promises",)),
        ({"pairs": 0, "baselines": 0}, StepKey.TARGETS, ("pairs",)),
        ({"baselines": 0}, StepKey.TARGETS, ("baselines",)),
        ({"units": 0, "dated": 0}, StepKey.ROLL_OUT, ("units",)),
        ({"dated": 2}, StepKey.ROLL_OUT, ("dates",)),
        ({}, StepKey.START, ("start",)),
    ],
)
def test_the_first_step_that_lacks_something_is_for_now(
    changed: dict[str, int], step: StepKey, codes: tuple[str, ...]
) -> None:
    (now,) = [each for each in steps(replace(READY, **changed)) if each.standing is Standing.NOW]
    assert (now.key, now.open) == (step, codes)


def test_a_plan_in_action_has_nothing_for_now() -> None:
    assert {each.standing for each in steps(replace(READY, state="started"))} == {Standing.DONE}


@given(
    st.builds(
        PlanFacts,
        answered=st.booleans(),
        functions=st.integers(0, 4),
        moments=st.integers(0, 4),
        unmet=st.integers(0, 2),
        haves=st.integers(0, 2),
        served_first=st.integers(0, 1),
        promises=st.integers(0, 1),
        pairs=st.integers(0, 2),
        baselines=st.integers(0, 2),
        units=st.integers(0, 3),
        dated=st.integers(0, 3),
        state=st.sampled_from(["draft", "started", "ended"]),
    )
)
def test_steps_keep_their_order_and_at_most_one_is_for_now(facts: PlanFacts) -> None:
    found = steps(facts)
    assert [each.key for each in found] == list(StepKey)
    assert sum(each.standing is Standing.NOW for each in found) <= 1
    for each in found:
        assert (each.standing is Standing.DONE) == (each.open == ())
    before_now = [each.standing for each in found]
    if Standing.NOW in before_now:
        first = before_now.index(Standing.NOW)
        assert set(before_now[:first]) <= {Standing.DONE}


LINES = st.lists(
    st.builds(
        Line,
        ref=st.uuids().map(str),
        moment=st.just("m"),
        party=st.integers(1, 4),
        column=st.sampled_from(["be", "do", "have"]),
        provider=st.none() | st.integers(1, 4),
        edge=st.none() | st.integers(1, 4),
        enables=st.sampled_from(["", "x"]),
        state=st.sampled_from(["noted", "active", "settled"]),
    ),
    max_size=12,
)


@given(LINES)
def test_every_have_has_an_edge_or_is_a_gap_and_enables_something_or_is_an_orphan(
    lines: list[Line],
) -> None:
    haves = {line.ref for line in lines if line.column == "have"}
    brought = {line.ref for line in lines if line.edge is not None}
    enabling = {line.ref for line in lines if line.enables}
    assert set(gaps(lines)) == haves - brought
    assert set(orphans(lines)) == haves - enabling
    first = set(served_first(lines, customers={4}))
    assert first <= haves & brought
    assert not first & {line.ref for line in lines if line.party == 4 or line.provider is None}
    assert sum(active_by_party(lines).values()) == sum(line.state == "active" for line in lines)


@pytest.mark.parametrize(
    ("distances", "enough"),
    [((1, 2), True), ((1, 1), False), ((1,), False), ((1, None), False), ((), False),
     ((2, 1, 1), True), ((None, None), False)],
)  # fmt: skip
def test_owners_stand_on_two_levels(distances: tuple[int | None, ...], enough: bool) -> None:
    assert owners_span_levels(distances) is enough
