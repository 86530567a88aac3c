"""Who talks with whom, and what the talk is about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upturn.loop.engine import Incomplete, draw_pairs, talk_of
from upturn.stats import Figure, Withheld
from upturn.stats.draws import generator


@given(st.sets(st.integers(0, 10_000), max_size=61), st.integers(0, 99))
def test_everybody_talks_with_somebody_and_only_an_odd_one_makes_three(
    present: set[int], seed: int
) -> None:
    phones = sorted(present)
    if len(phones) == 1:
        with pytest.raises(Incomplete):
            draw_pairs(phones, draws=generator(seed, "pairs"))
        return
    pairs = draw_pairs(phones, draws=generator(seed, "pairs"))
    assert sorted(at for pair in pairs for at in pair) == phones
    sizes = sorted(map(len, pairs))
    assert sizes == [2] * (len(phones) // 2 - len(phones) % 2) + [3] * (len(phones) % 2)


def test_the_same_seed_draws_the_same_pairs_and_another_others() -> None:
    phones = range(30)
    one, again, other = (draw_pairs(phones, draws=generator(s, "pairs")) for s in (1, 1, 2))
    assert one == again
    assert one != other


def test_every_partner_is_as_likely_as_any_other() -> None:
    met = [0] * 6
    for seed in range(600):
        pairs = draw_pairs(range(6), draws=generator(seed, "pairs"))
        (mine,) = [pair for pair in pairs if 0 in pair]
        met[next(at for at in mine if at)] += 1
    # 120 expected of 600, standard deviation 9.8; four of them on either side.
    assert met[0] == 0
    assert all(80 < count < 160 for count in met[1:])


def test_nobody_draws_a_partner_twice_while_others_are_there() -> None:
    met: set[frozenset[int]] = set()
    for turn in range(3):
        pairs = draw_pairs(range(12), draws=generator(turn, "pairs"), before=met)
        drawn = {frozenset(pair) for pair in pairs}
        assert not drawn & met
        met |= drawn


def test_two_who_have_met_meet_again_if_nobody_else_is_there() -> None:
    met = [frozenset({3, 4})]
    assert sorted(draw_pairs([3, 4], draws=generator(1, "pairs"), before=met)[0]) == [3, 4]


def test_solution_talk_is_a_share_of_cards_with_its_interval() -> None:
    solution = [("Wir haben es geschafft, weil alle geholfen haben", "de")] * 6
    problem = [("Siempre hay retrasos y nadie hace nada", "es")] * 2
    found = talk_of([*solution, *problem, ("Plates", "en"), ("Broken again", "xx")])
    assert isinstance(found.solution, Figure)
    assert (found.solution.value, found.solution.n, found.neither) == (0.75, 8, 2)


def test_solution_talk_of_a_few_cards_is_withheld() -> None:
    cards = [("It worked because we asked and they helped", "en")] * 4
    assert talk_of(cards).solution == Withheld("too_few", 5, 4)


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("We found an easier way and it works", "en"),
        ("Gemeinsam haben wir eine Lösung gefunden", "de"),
        ("Lo logramos juntos y funciona mejor", "es"),
        ("وجدنا معًا حلًا أفضل", "ar"),
    ],
)
def test_talk_of_solutions_is_heard_in_every_language(words: str, language: str) -> None:
    solution = talk_of([(words, language)] * 5).solution
    assert isinstance(solution, Figure)
    assert solution.value == 1
