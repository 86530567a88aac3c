"""Which way a measure gets better: said, kept, or guessed from its name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upturn.voice.engine import Better, Known, guess_better, settle_directions

NAMES = st.text("abc ", max_size=4)
SAID = st.dictionaries(NAMES, st.sampled_from([None, *Better]))
DIRECTIONS = st.dictionaries(NAMES, st.sampled_from(Better))


@pytest.mark.parametrize(
    "name",
    [
        *("minutes to the first drink", "average time waited", "errors per 100 orders"),
        *("complaints", "sick days", "meals returned", "shifts that had to be covered"),
        *("payslips put right", "evenings short of napkins", "no-shows", "Wartezeit in Minuten"),
        *("réclamations", "tiempo de espera", "reclami", "klachten", "late deliveries"),
    ],
)
def test_less_of_what_nobody_wants_is_better(name: str) -> None:
    assert guess_better(name) is Better.LESS
    assert guess_better(name.upper()) is Better.LESS


@pytest.mark.parametrize(
    "name",
    [
        *("served well", "warm plates at 19:30", "deliveries on time, of 100", "sales"),
        *("answered within two minutes", "shifts without accidents", "resolved in less than a day"),
        *("innerhalb von 5 Minuten beantwortet", "", "🙂", "plates", "translated letters"),
    ],
)
def test_more_is_better_of_everything_else_and_of_what_is_in_time(name: str) -> None:
    assert guess_better(name) is Better.MORE


@given(SAID, DIRECTIONS, DIRECTIONS)
def test_a_choice_wins_over_the_file_the_file_over_what_is_stored_and_that_over_a_guess(
    said: dict[str, Better | None], chosen: dict[str, Better], stored: dict[str, Better]
) -> None:
    found = settle_directions(said, chosen=chosen, stored=stored)
    assert [one.name for one in found] == sorted(said)
    for one in found:
        expected = (
            (Known.CHOSEN, chosen[one.name])
            if one.name in chosen
            else (Known.FILE, said[one.name])
            if said[one.name]
            else (Known.STORED, stored[one.name])
            if one.name in stored
            else (Known.GUESSED, guess_better(one.name))
        )
        assert (one.known, one.better) == expected
