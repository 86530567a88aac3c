"""What totals say: rounded to half a bin, withheld below five, the own place on the device."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.exchange.engine.rounds import ROUND_ID, metric
from upturn.exchange.engine.ballot import (
    Against,
    Band,
    Place,
    Sheet,
    Thresholds,
    Totals,
    band,
    half_bins,
    own_position,
    stands_for,
)
from upturn.exchange.engine.errors import BadValue
from upturn.stats import Withheld

ASKED = metric(8)
VALUE_BINS = st.lists(st.integers(0, 12), min_size=7, max_size=7)


def sheet_of(n: int) -> Sheet:
    return Sheet(ROUND_ID, bytes(32), (ASKED,), ("", ""), 0, 1, n, Thresholds(4, 5), 3)


def totals_of(counts: list[int]) -> Totals:
    return Totals(bytes(32), sum(counts), tuple(counts), b"")


def band_of(*counts: int) -> Band | Withheld:
    return band(sheet_of(6), totals_of(list(counts)), 0)


def test_bins_of_which_the_outer_two_are_open() -> None:
    assert stands_for(ASKED) == (60, 72.5, 77.5, 82.5, 87.5, 92.5, 110)
    assert half_bins(ASKED)[:5] == (60, 70, 72.5, 75, 77.5)
    assert [ASKED.bin_of(value) for value in (-1e9, 69.99, 70, 94.9, 95, 1e9, None)] == [
        0,
        0,
        1,
        5,
        6,
        6,
        7,
    ]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_no_number_falls_into_no_bin(value: float) -> None:
    with pytest.raises(BadValue, match="is no number"):
        ASKED.bin_of(value)


def test_a_band_worked_out_by_hand() -> None:
    found = band_of(0, 1, 2, 2, 1, 0, 0, 0)
    assert found == Band(
        lower=75.0, middle=80.0, upper=82.5, mean=80.0, counts=(0, 1, 2, 2, 1, 0, 0)
    )


def test_where_all_are_alike_the_band_is_that_bin() -> None:
    found = band_of(0, 0, 0, 6, 0, 0, 0, 0)
    assert isinstance(found, Band)
    assert found.middle == found.mean == 82.5
    assert 80 <= found.lower <= found.upper <= 85


def test_below_five_answers_nothing_is_shown() -> None:
    assert band_of(0, 2, 2, 0, 0, 0, 0, 2) == Withheld("too_few", needed=5, got=4)
    assert isinstance(
        own_position(sheet_of(6), totals_of([0, 2, 2, 0, 0, 0, 0, 2]), 0, value=71), Withheld
    )


@given(VALUE_BINS.filter(lambda counts: sum(counts) >= 5))
def test_quartiles_lie_within_half_a_bin_of_those_of_single_values(counts: list[int]) -> None:
    found = band_of(*counts, 0)
    assert isinstance(found, Band)
    shown = half_bins(ASKED)
    assert {found.lower, found.middle, found.upper, found.mean} <= set(shown)
    assert found.lower <= found.middle <= found.upper
    ordered = [chosen for chosen, count in enumerate(counts) for _ in range(count)]
    for value, share in ((found.lower, 0.25), (found.middle, 0.5), (found.upper, 0.75)):
        exact = ordered[max(0, -(-int(share * 4) * len(ordered) // 4) - 1)]
        assert abs(shown.index(value) - (2 * exact)) <= 1


@pytest.mark.parametrize(
    ("value", "against"),
    [(71, Against.BELOW), (76, Against.WITHIN), (83, Against.WITHIN), (200, Against.ABOVE)],
)
def test_the_own_place_against_the_band(value: float, against: Against) -> None:
    found = own_position(sheet_of(6), totals_of([0, 1, 2, 2, 1, 0, 0, 0]), 0, value=value)
    assert found == Place(ASKED.bin_of(value), against)


def test_not_applicable_has_no_place() -> None:
    found = own_position(sheet_of(6), totals_of([0, 1, 2, 2, 1, 0, 0, 0]), 0, value=None)
    assert found == Withheld("not_applicable", needed=1, got=0)
