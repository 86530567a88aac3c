"""Times on cards are read where they are written, and nowhere else."""

import pytest

from upturn.plan.engine import in_lines, said_moment


@pytest.mark.parametrize(
    ("words", "at", "name"),
    [
        ("19:30 Ordering", 1170, "Ordering"),
        ("7h05 – breakfast", 425, "breakfast"),
        ("9 pm: the bill", 1260, "the bill"),
        ("12 am, the night desk", 0, "the night desk"),
        ("12:15 p.m. lunch", 735, "lunch"),
        ("19 Uhr Ankunft", 1140, "Ankunft"),
        ("7.30 Uhr Frühstück", 450, "Frühstück"),
        ("Ordering at 19:30, or 20:00", 1170, "Ordering at 19:30, or 20:00"),
        ("19:30", 1170, "19:30"),
        ("Ordering", None, "Ordering"),
        ("7.30 for a coffee", None, "7.30 for a coffee"),
        ("25:10 by mistake", None, "25:10 by mistake"),
        ("table 4 amid the rush", None, "table 4 amid the rush"),
        ("3 pm 19:00", 1140, "3 pm 19:00"),
    ],
)
def test_the_time_of_a_card(words: str, at: int | None, name: str) -> None:
    found = said_moment(words)
    assert (found.at, found.name) == (at, name)


def test_a_long_card_is_cut_between_words_and_loses_none() -> None:
    words = " ".join(f"word{n}" for n in range(90))
    lines = in_lines(words, most=300)
    assert all(len(line) <= 300 for line in lines)
    assert " ".join(lines) == words
    assert in_lines("x" * 700, most=300) == ("x" * 300, "x" * 300, "x" * 100)
