"""Names in two lines: nothing lost, about equal, and cut only where even a word is too wide."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upturn.graph.engine.folding import fold, text_width

names = st.lists(st.text("abiWm- 厨", min_size=1, max_size=12), min_size=1, max_size=5).map(
    " ".join
)


@given(names, st.floats(20, 200))
def test_no_other_break_gives_a_narrower_name(name, roomy):
    label = fold(name, font=15, roomy=roomy, most=10_000)
    halves = [(name[:at].strip(), name[at:].strip()) for at, c in enumerate(name) if c == " "]
    widths = [max(text_width(half, font=15) for half in pair) for pair in halves]
    assert "".join("".join(label.lines).split()) == "".join(name.split())
    if text_width(name, font=15) > roomy and halves:
        assert label.width == min(widths)
    else:
        assert label.width <= text_width(name, font=15)


@given(names, st.floats(30, 200))
def test_no_line_is_wider_than_the_most(name, most):
    label = fold(name, font=15, roomy=100, most=most)
    assert label.width == max(text_width(line, font=15) for line in label.lines) <= most
    for line in label.lines:
        assert line in name or line.removesuffix("…") in name


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("Bar", ("Bar",)),
        ("Booking system", ("Booking", "system")),
        ("Fish and produce suppliers", ("Fish and produce", "suppliers")),
        ("Front-of-house", ("Front-", "of-house")),
        ("Take-away", ("Take-away",)),
        (
            "Donaudampfschifffahrtsgesellschaftskapitänsmütze",
            ("Donaudampfschifffahrtsgesellschaftskapitänsm…",),
        ),
    ],
)
def test_names_on_a_phone(name, lines):
    assert fold(name, font=12.5, roomy=76, most=342).lines == lines


@pytest.mark.parametrize(
    ("name", "pixels"),
    [  # Noto Sans at 100 px and weight 650, as Chromium measures it
        ("Lunch guests", 662),
        ("Booking system", 796),
        ("Fish and produce suppliers", 1334),
        ("24/7 support", 632),
        ("MWMW", 382),
        ("illiterate lilli", 609),
        ("Équipe de nuit", 718),
        ("Команда кухни", 808),
        ("Warehouse Wimmelburg", 1236),
        ("مطبخ", 230),
    ],
)
def test_estimates_are_near_noto_sans_bold(name, pixels):
    assert 0.98 * pixels <= text_width(name, font=100) <= 1.25 * pixels
