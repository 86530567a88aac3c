"""Cards that say the like come together, in any language and any order."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upturn.loop.engine import Group, Incomplete, group_cards
from upturn.stats.draws import generator
from upturn.voice.engine import reader_for

FAST = reader_for("fast")
PLATES = ["Warm plates on Friday", "The plates were warm", "Plates stay warm until we close"]
BILLS = ["The bill came within a minute", "Guests got their bill at once", "Bill at the table fast"]
QUEUE = ["Nobody waited at the door", "The queue at the door is short"]
ALONE = "Flowers on every windowsill"


def sets(groups: tuple[Group, ...]) -> set[frozenset[int]]:
    return {frozenset(each.members) for each in groups}


def test_what_is_said_in_other_words_comes_together_and_the_rest_stays_alone() -> None:
    found = group_cards([*PLATES, *BILLS, *QUEUE, ALONE], embedder=reader_for("minilm"))
    assert sets(found) == {frozenset({0, 1, 2}), frozenset({3, 4, 5}), frozenset({6, 7})}


def test_no_order_of_cards_changes_the_groups() -> None:
    cards = [*PLATES, *BILLS, *QUEUE, ALONE]
    expected = {
        frozenset(cards[at] for at in each.members) for each in group_cards(cards, embedder=FAST)
    }
    for draw in range(5):
        mixed = generator(draw, "cards").permutation(cards).tolist()
        found = {
            frozenset(mixed[at] for at in g.members) for g in group_cards(mixed, embedder=FAST)
        }
        assert found == expected


def test_a_language_the_model_cannot_read_is_compared_by_its_letters_with_its_own() -> None:
    cards = ["الأطباق ساخنة", "كانت الأطباق ساخنة", *PLATES, "Die Teller sind warm"]
    languages = ["ar", "ar", "en", "en-GB", "en", "de"]
    found = group_cards(cards, embedder=FAST, languages=languages)
    assert sets(found) == {frozenset({0, 1}), frozenset({2, 3, 4})}


def test_the_same_card_many_times_is_one_group() -> None:
    (found,) = group_cards(["Warm plates"] * 40, embedder=FAST)
    assert sorted(found.members) == list(range(40))


@pytest.mark.parametrize(
    "cards", [[], ["one"], ["", " "], ["🎉", "🎉"], ["🎉", "Warm plates"], ["…", "!!"]]
)
def test_cards_without_words_or_company_are_in_no_group(cards: list[str]) -> None:
    assert group_cards(cards, embedder=FAST) == ()


def test_a_card_of_twenty_thousand_letters_is_one_among_others() -> None:
    found = group_cards([*PLATES, "Warm plates " * 1_700], embedder=FAST)
    assert all(0 <= at < 4 for each in found for at in each.members)


def test_each_card_needs_its_language() -> None:
    with pytest.raises(Incomplete, match="3 cards came with 1"):
        group_cards(PLATES, embedder=FAST, languages=["en"])


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.text(max_size=30), st.sampled_from(["en", "ar", "xx", ""])), max_size=9)
)
def test_a_card_is_in_one_group_at_most_and_no_group_holds_one(
    cards: list[tuple[str, str]],
) -> None:
    found = group_cards([w for w, _ in cards], embedder=FAST, languages=[c for _, c in cards])
    members = [at for each in found for at in each.members]
    assert len(members) == len(set(members))
    assert all(len(each.members) > 1 for each in found)
    assert sorted(map(len, (each.members for each in found)), reverse=True) == [
        len(each.members) for each in found
    ]
