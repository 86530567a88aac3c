"""Nearest names: never invented, the meant one first, and the same as plain difflib."""

from difflib import SequenceMatcher

from hypothesis import given
from hypothesis import strategies as st

from upturn.graph.engine import nearest

TEAMS = ["Kitchen", "Dish room", "Bar", "Purchasing", "Mill House", "Payroll", "Host stand"]
words = st.text("abcde ÄÖ", min_size=1, max_size=8)


@given(words, st.lists(words, max_size=30, unique=True), st.integers(1, 5))
def test_it_is_difflib_without_regard_to_case(name, candidates, n):
    ratios = [
        (-SequenceMatcher(None, other.casefold(), name.casefold(), autojunk=False).ratio(), other)
        for other in candidates
    ]
    expected = [other for ratio, other in sorted(ratios) if ratio <= -0.5][:n]
    assert nearest(name, candidates, n) == expected


@given(st.sampled_from(TEAMS), st.data())
def test_a_name_with_one_letter_missing_is_found_among_two_thousand(name, data):
    others = [f"Station {number} of the line" for number in range(2000)]
    gone = data.draw(st.integers(0, len(name) - 1))
    assert nearest(name[:gone] + name[gone + 1 :], others + TEAMS)[0] == name


def test_case_is_no_difference_and_double_candidates_stand_once():
    assert nearest("KITCHEN", ["Kitchen", "Kitchens", "Kitchen"]) == ["Kitchen", "Kitchens"]


def test_nothing_alike_gives_nothing():
    assert nearest("Zzyzx", TEAMS) == []
    assert nearest("Kitchen", []) == []
