"""A hint says in what two are alike, among five owners or more, and nothing else."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upturn.exchange.engine import NoSuchWord, item
from upturn.exchange.engine.likeness import BANDS, TEAMS, TENURES, same_boat, told_in_bands
from upturn.exchange.engine.lists import QUESTIONS, YOUNG_TEAM, shipped_question

PARTIES = "abcdefgh"
ALONE = {party: party for party in PARTIES}
bands = st.fixed_dictionaries({}, optional={m: st.sampled_from(BANDS[m]) for m in BANDS})
told_by_all = st.fixed_dictionaries(dict.fromkeys(PARTIES, bands))


@pytest.mark.parametrize(
    ("there", "owners", "said"),
    [
        ("a", ALONE, False),
        ("ab", ALONE, False),
        ("abcd", ALONE, False),
        ("abcde", ALONE, True),
        ("abcdefgh", ALONE, True),
        ("abcde", ALONE | {"e": "d"}, False),
        ("abcdef", ALONE | {"e": "d"}, True),
    ],
)
@pytest.mark.parametrize("matter", BANDS)
def test_a_band_is_hinted_at_from_five_owners_on(
    matter: str, there: str, owners: dict[str, str], *, said: bool
) -> None:
    first, second, *_others = BANDS[matter]
    told = {each: {matter: first if each in there else second} for each in PARTIES}
    rest = set(PARTIES) - set(there)
    found = same_boat(told, groups=owners, party="a")
    assert found == ({other: (matter,) for other in there if other != "a"} if said else {})
    assert not rest & set(found)


def test_who_says_nothing_is_told_nothing_and_is_told_of_nowhere() -> None:
    told = {party: {"size": "small", "channel": "phone"} for party in "abcdef"}
    assert same_boat(told | {"g": {}}, groups=ALONE, party="g") == {}
    assert same_boat(told, groups=ALONE, party="h") == {}
    assert "g" not in same_boat(told | {"g": {}}, groups=ALONE, party="a")
    half = told | {"b": {"size": "small"}}
    assert same_boat(half, groups=ALONE, party="a")["b"] == ("size",)
    assert same_boat(half, groups=ALONE, party="b")["a"] == ("size",)


@given(told_by_all)
def test_both_are_told_the_same_and_only_what_five_have_in_common(
    told: dict[str, dict[str, str]],
) -> None:
    found = {party: same_boat(told, groups=ALONE, party=party) for party in PARTIES}
    for one, other in product(PARTIES, PARTIES):
        matters = found[one].get(other, ())
        assert matters == found[other].get(one, ())
        for matter in matters:
            band = told[one][matter]
            assert told[other][matter] == band
            assert sum(said.get(matter) == band for said in told.values()) >= 5


@given(told_by_all, st.sampled_from(PARTIES[1:]), bands)
def test_which_other_band_somebody_is_in_is_told_to_nobody(
    told: dict[str, dict[str, str]], other: str, instead: dict[str, str]
) -> None:
    """Whatever another says that is not one's own band reads the same: as if it said nothing."""
    unlike = {m: b for m, b in instead.items() if b != told["a"].get(m)}
    read = same_boat(told | {other: unlike}, groups=ALONE, party="a")
    assert read == same_boat(told | {other: {}}, groups=ALONE, party="a")


def test_nothing_finer_than_a_band_is_taken() -> None:
    assert told_in_bands({"size": "large", "tenure": "", "channel": "mixed"}) == {
        "size": "large",
        "channel": "mixed",
    }
    for wrong in ({"size": "120"}, {"people": "small"}, {"channel": "small"}):
        with pytest.raises(NoSuchWord):
            told_in_bands(wrong)


def test_teams_and_companies_are_of_the_same_bands() -> None:
    assert (*TENURES, "any") == TEAMS
    assert BANDS["tenure"] == TENURES


def test_a_shipped_question_is_known_in_every_language() -> None:
    words = item(YOUNG_TEAM, among=QUESTIONS).words
    assert {shipped_question(each) for each in words.values()} == {YOUNG_TEAM}
    assert shipped_question("How do you lead?") == ""
