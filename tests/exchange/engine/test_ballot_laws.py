"""What holds for every round: thresholds as published, any openers alike, sizes, one encoding."""

import os
from collections import Counter
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exchange.engine.rounds import (
    ROUND_ID,
    Round,
    benchmark_of,
    choices,
    drawn_from,
    key_of,
    roster_of,
    submitted,
)
from upturn.exchange.engine.ballot import (
    AcceptedList,
    Memory,
    Sums,
    bins_for,
    colluders,
    counts_of,
    pack,
    read_ballot,
    read_confirmation,
    read_list,
    read_memory,
    read_roster,
    read_sheet,
    read_sums,
    read_totals,
    seal,
    thresholds,
    unpack,
)
from upturn.exchange.engine.ballot.encoding import LARGEST, Value
from upturn.exchange.engine.ballot.group import ORDER
from upturn.exchange.engine.ballot.shares import combine, evaluate, weights
from upturn.exchange.engine.errors import BadRoster, BadValue, Malformed

scalars = st.integers(0, ORDER - 1)
values: st.SearchStrategy[Value] = st.recursive(
    st.integers(0, LARGEST) | st.binary(max_size=40) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4),
    max_leaves=12,
)


PUBLISHED = {  # n: bins, t, q, colluders with a cheating host, the same where all confirm
    5: (8, 3, 4, 2, 3),
    6: (8, 4, 5, 3, 4),
    7: (8, 5, 6, 4, 5),
    8: (8, 6, 7, 5, 6),
    9: (8, 6, 8, 6, 6),
    12: (12, 8, 11, 8, 8),
    30: (16, 20, 29, 20, 20),
    50: (16, 33, 49, 33, 33),
}


@pytest.mark.parametrize("n", PUBLISHED)
def test_the_published_table(n: int) -> None:
    bins, t, q, active, all_confirm = PUBLISHED[n]
    default, every = thresholds(n), thresholds(n, all_confirm=True)
    assert bins_for(n) == bins
    assert (default.secret, default.openers, default.signatures) == (t, t + 1, q)
    assert (every.secret, every.signatures) == (t, n)
    assert colluders(n, default) == active
    assert colluders(n, every) == all_confirm


def test_the_table_in_the_specification_is_the_codes() -> None:
    page = Path(__file__).parents[3] / "docs" / "reference" / "ballot.md"
    lines = page.read_text(encoding="utf-8").splitlines()
    start = lines.index("| n | bins | t | openers t + 1 | q | c, q = n - 1 | c, q = n |") + 2
    rows = [[int(cell) for cell in line.split("|")[1:-1]] for line in lines[start : start + 8]]
    assert rows == [
        [n, bins, t, t + 1, q, active, all_confirm]
        for n, (bins, t, q, active, all_confirm) in PUBLISHED.items()
    ]


@pytest.mark.parametrize("n", [0, 4, 201])
def test_fewer_than_five_companies_and_more_than_two_hundred_are_refused(n: int) -> None:
    with pytest.raises(BadRoster, match=f"{n} companies"):
        thresholds(n)


@cache
def opened(n: int) -> tuple[Round, AcceptedList, list[Sums]]:
    held = submitted(benchmark_of(n), choices(n))
    listed = held.listed()
    return held, listed, held.sums(listed, held.confirmations(listed))


def test_totals_are_the_counts_of_the_bins() -> None:
    held, listed, sums = opened(7)
    totals = held.tally(listed, sums).totals
    for metric in (0, 1):
        expected = Counter(bins[metric] for bins in choices(7).values())
        assert counts_of(held.benchmark.sheet, totals, metric) == tuple(
            expected[chosen] for chosen in range(8)
        )


@pytest.mark.parametrize("n", [5, 6, 7])
def test_any_t_plus_1_openers_give_the_same_totals(n: int) -> None:
    held, listed, sums = opened(n)
    needed = held.benchmark.sheet.asked.openers
    found = {held.tally(listed, some).totals for some in combinations(sums, needed)}
    assert found == {held.tally(listed, sums).totals}


def test_the_order_of_the_roster_changes_nothing_in_the_counts() -> None:
    bins = choices(6)
    turned = {at: bins[1 + at % 6] for at in bins}
    counts = []
    for chosen in (bins, turned):
        held = submitted(benchmark_of(6), chosen)
        listed = held.listed()
        sums = held.sums(listed, held.confirmations(listed))
        counts.append(held.tally(listed, sums).totals.counts)
    assert counts[0] == counts[1]


def test_a_roster_of_six_with_one_absent_opener_still_opens() -> None:
    held = submitted(benchmark_of(6), choices(6))
    listed = held.listed()
    present = (1, 2, 3, 5, 6)
    confirmations = held.confirmations(listed, *present)
    found = held.tally(listed, held.sums(listed, confirmations, *present))
    assert found.openers == present
    assert found.totals == opened(6)[0].tally(opened(6)[1], opened(6)[2]).totals


def test_a_company_that_never_submits_costs_nothing() -> None:
    held = submitted(benchmark_of(6), {at: choices(6)[at] for at in (1, 2, 3, 4, 5)})
    listed = held.listed()
    found = held.tally(listed, held.sums(listed, held.confirmations(listed)))
    assert found.totals.ballots == 5


@pytest.mark.parametrize(("n", "metrics"), [(6, 20), (12, 10), (30, 3)])
def test_the_size_of_a_ballot_is_within_5_per_cent_of_the_formula(n: int, metrics: int) -> None:
    benchmark = benchmark_of(n, metrics=metrics)
    ballot, _ = seal(
        key_of(1),
        benchmark,
        [0] * metrics,
        memory=Memory(ROUND_ID),
        draw=drawn_from("size"),
    )
    k = benchmark.sheet.coordinates
    assert len(ballot.written()) == pytest.approx(64 * n * k + 48 * n + 224 * k, rel=0.05)


@given(st.lists(st.lists(scalars, min_size=3, max_size=3), min_size=1, max_size=7), st.data())
def test_side_by_side_polynomials_are_horners_rule_one_by_one(
    rows: list[list[int]], data: st.DataObject
) -> None:
    points = data.draw(st.lists(st.integers(1, 200), min_size=1, max_size=5))
    plain = [
        [
            sum(row[column] * pow(point, power, ORDER) for power, row in enumerate(rows)) % ORDER
            for column in range(3)
        ]
        for point in points
    ]
    assert evaluate(rows, points) == plain


@given(
    st.lists(scalars, min_size=4, max_size=4),
    st.lists(st.integers(1, 50), min_size=4, max_size=4, unique=True),
    st.integers(0, 60),
)
def test_four_values_of_a_cubic_give_every_other(
    coefficients: list[int], points: list[int], at: int
) -> None:
    rows = [[one] for one in coefficients]
    shares = evaluate(rows, points)
    found = combine(weights(points, at=at), shares)
    expected = sum(one * pow(at, power, ORDER) for power, one in enumerate(coefficients)) % ORDER
    assert found == [expected] or at in points


@given(values)
def test_what_is_packed_is_unpacked(value: Value) -> None:
    assert unpack(pack(value)) == value


@given(st.binary(max_size=60))
def test_no_other_bytes_mean_the_same(written: bytes) -> None:
    try:
        value = unpack(written)
    except Malformed:
        return
    assert pack(value) == written


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.integers(1, 255))
def test_a_changed_byte_is_another_message_or_none(at: int, by: int) -> None:
    written = opened(5)[0].ballots[1].written()
    place = at % len(written)
    changed = written[:place] + bytes([written[place] ^ by]) + written[place + 1 :]
    try:
        ballot = read_ballot(changed)
    except Malformed:
        return
    assert ballot.written() == changed


def test_every_message_is_read_back_as_it_was() -> None:
    held, listed, sums = opened(5)
    totals = held.tally(listed, sums).totals
    confirmation = held.confirmations(listed, 1)[0]
    memory = held.companies[1].memory
    assert read_roster(held.benchmark.roster.written) == held.benchmark.roster
    assert read_sheet(held.benchmark.sheet.written) == held.benchmark.sheet
    assert read_ballot(held.ballots[1].written()) == held.ballots[1]
    assert read_list(listed.written) == listed
    assert read_confirmation(confirmation.written()) == confirmation
    assert read_sums(sums[0].written()) == sums[0]
    assert read_totals(totals.written()) == totals
    assert read_memory(memory.written()) == memory


READERS = [
    read_roster,
    read_sheet,
    read_ballot,
    read_list,
    read_confirmation,
    read_sums,
    read_totals,
    read_memory,
]


@pytest.mark.parametrize("reader", READERS)
def test_a_message_of_another_kind_is_refused(reader: object) -> None:
    assert callable(reader)
    for value in ([], 0, [b"", b""], [b"", b"", []], ["upturn ballot v1 nothing"]):
        with pytest.raises(Malformed):
            reader(pack(value))


def test_numbers_that_cannot_be_written_are_refused() -> None:
    for number in (-1, LARGEST + 1):
        with pytest.raises(Malformed, match="whole numbers from 0"):
            pack(number)
    with pytest.raises(Malformed, match="deeper"):
        unpack(b"\x04\x00\x00\x00\x01" * 10 + pack(0))


@pytest.mark.parametrize("bins", [[0], [0, 8], [0, -1], [0, 0, 0]])
def test_a_bin_that_does_not_exist_is_no_choice(bins: list[int]) -> None:
    with pytest.raises(BadValue):
        benchmark_of(6).one_hot(bins)


def test_no_two_ballots_of_the_same_bins_are_alike() -> None:
    benchmark = benchmark_of(5, metrics=1)
    one, other = (
        seal(key_of(1), benchmark, [3], memory=Memory(ROUND_ID), draw=os.urandom)[0]
        for _ in range(2)
    )
    assert not set(one.boxes) & set(other.boxes)
    assert one.commitments != other.commitments


def test_a_roster_holds_a_company_and_a_key_once() -> None:
    with pytest.raises(BadRoster, match="The company A stands on the roster twice"):
        roster_of(6, called=["A", "A", "B", "C", "D", "E"])
