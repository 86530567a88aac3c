"""No number of a card or an account survives; other numbers stay."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upturn.voice.engine.masking import REMOVED, mask

DIGITS = re.compile(r"\d+")
BLANKS = ["", " ", "-", " - ", "\u00a0", ".", "–", "\u200b", "\n"]


def passes_luhn(digits: str) -> bool:
    """The textbook rule, one digit after the other, from the right."""
    total = 0
    for place, one in enumerate(reversed(digits)):
        value = int(one) * (2 if place % 2 else 1)
        total += value // 10 + value % 10
    return total % 10 == 0


def with_check_digit(digits: str) -> str:
    return next(digits + str(d) for d in range(10) if passes_luhn(digits + str(d)))


cards = st.text("0123456789", min_size=12, max_size=18).map(with_check_digit)


def plain(text: str) -> str:
    found = (unicodedata.digit(c, None) for c in text)
    return "".join(str(digit) for digit in found if digit is not None)


@st.composite
def written_cards(draw: st.DrawFn) -> str:
    """A card as people write it: in groups, with blanks or dashes, in digits of any script."""
    digits, blank = draw(cards), draw(st.sampled_from(BLANKS))
    size = draw(st.integers(1, 6))
    groups = [digits[at : at + size] for at in range(0, len(digits), size)]
    zero = draw(st.sampled_from("0٠०০０"))
    return blank.join(groups).translate({ord("0") + d: chr(ord(zero) + d) for d in range(10)})


words = st.text(max_size=30).filter(lambda text: not plain(text))


@given(written_cards(), words, words)
def test_no_card_survives(card: str, before: str, after: str) -> None:
    said, removed = mask(f"{before} x{card}x {after}")
    assert removed >= 1
    assert card not in said
    assert plain(card) not in plain(said)
    assert mask(said) == (said, 0)


@given(st.text("0123456789", min_size=1, max_size=19).filter(lambda d: not passes_luhn(d)))
def test_a_number_without_a_check_digit_stays(number: str) -> None:
    said = f"My order is {number}, since Monday"
    assert mask(said) == (said, 0)


@given(st.lists(st.text("0123456789", min_size=1, max_size=5), min_size=1, max_size=12))
def test_no_row_of_groups_that_is_a_card_survives(groups: list[str]) -> None:
    said, _ = mask(" ".join(groups))
    for run in re.split(re.escape(REMOVED), said):
        left = DIGITS.findall(run)
        ends = range(1, len(left) + 1)
        stretches = ["".join(left[a:b]) for b in ends for a in range(b)]
        assert not [s for s in stretches if 13 <= len(s) <= 19 and passes_luhn(s)]


@pytest.mark.parametrize(
    "account",
    [
        "GB82 WEST 1234 5698 7654 32",
        "DE89370400440532013000",
        "fr14 2004 1010 0505 0001 3m02 606",
        "NO93 8601 1117 947",
    ],
)
def test_accounts_go(account: str) -> None:
    assert mask(f"Send it to {account} today") == (f"Send it to {REMOVED} today", 1)


@pytest.mark.parametrize(
    "said",
    [
        "Call me on +49 170 1234567 or 030/123456",
        "We came on 2026-11-22 at 19:30 and left at 23:05",
        "GB82 WEST 1234 5698 7654 33 is no account",
        "Booking AB12 is not mine",
        "Paid 12.50 and 13.80 and 14.10",
        "",
        "👍",
    ],
)
def test_other_numbers_stay(said: str) -> None:
    assert mask(said) == (said, 0)


@pytest.mark.parametrize(
    "said", ["card 4111 1111 1111 1111 12/27 123", "12 4111111111111111 7", "4111-1111-1111-1111."]
)
def test_a_card_beside_other_numbers_goes(said: str) -> None:
    found, removed = mask(said)
    assert removed == 1
    assert "1111" not in found


def test_two_numbers_count_as_two() -> None:
    said, removed = mask("4111 1111 1111 1111 and 5500-0000-0000-0004")
    assert (said, removed) == (f"{REMOVED} and {REMOVED}", 2)


def test_fifty_thousand_digits_are_read_through() -> None:
    """Beyond 19 digits in one row nothing is a card; in groups of one, every stretch is tried."""
    assert mask("7" * 50_000) == ("7" * 50_000, 0)
    said, removed = mask("0 " * 25_000)
    assert removed > 0
    assert mask(said) == (said, 0)
