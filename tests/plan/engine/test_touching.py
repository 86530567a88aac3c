"""Which lines of a plan touch what is to stay: a small list, labelled by hand and frozen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upturn.plan.engine import touches

HANDOVER = "The handover at half past five"
TOUCHED = [
    ("A new list for the evening handovers", "The handover in the evening"),
    ("Merge both handovers into one", "Handover"),
    ("Warm plates at every table", "Warm plates come from the pass"),
    ("Greet guests at the door by name", "We greet every guest at the door"),
    ("Die Übergabe am Abend kürzer", "Unsere Übergabe am Abend"),
    ("Warme Teller für jeden Tisch", "Der warme Teller"),
    ("Cambiar los platos calientes", "Platos calientes"),
    ("تغيير الأطباق الدافئة", "أطباق دافئة"),
]
NOT_TOUCHED = [
    ("Warm plates", HANDOVER),
    ("A second runner on Fridays", "Warm plates come from the pass"),
    ("Every day a better start for new people", "Every day we are well enough prepared"),
    ("What they have and what they do", "What we do works well enough"),
    ("Plates", "The plates, the cutlery and the glasses are polished before the doors open"),
    ("Ein Gast mehr am Tisch", "Der Gast bekommt ein Glas Wasser"),
    ("", "Warm plates"),
    ("Warm plates", ""),
]


@pytest.mark.parametrize(("line", "kept"), TOUCHED)
def test_a_line_that_speaks_of_what_is_to_stay_touches_it(line: str, kept: str) -> None:
    assert touches(line, kept)


@pytest.mark.parametrize(("line", "kept"), NOT_TOUCHED)
def test_a_line_on_something_else_is_let_be(line: str, kept: str) -> None:
    assert touches(line, kept) == ()


@given(line=st.text(), kept=st.text())
def test_shared_words_stand_in_what_is_kept_and_case_changes_nothing(line: str, kept: str) -> None:
    found = touches(line, kept)
    assert all(word in kept for word in found)
    if line.isascii():
        assert touches(line.upper(), kept) == found


@given(kept=st.text())
def test_the_same_words_touch_themselves_if_they_tell_anything(kept: str) -> None:
    assert bool(touches(kept, kept)) == bool(touches(kept + " " + kept, kept))
