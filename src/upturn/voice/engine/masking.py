"""Numbers of cards and accounts leave a customer's words before anything is stored."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import accumulate

REMOVED = "[number removed]"
CARD_DIGITS = range(13, 20)
IBAN_CHARACTERS = range(15, 35)

# Digits of every script, raised, lowered and circled ones too.
_DIGIT = r"[\d⁰¹²³⁴-⁹₀-₉①-⑨]"
_BETWEEN = r"[\s.\-‐-―−_·•\u00ad\u200b-\u200f\u2060\ufeff]{0,3}"
_DIGITS = re.compile(rf"{_DIGIT}(?:{_BETWEEN}{_DIGIT}){{12,}}")
_GROUP = re.compile(rf"{_DIGIT}+")
_ACCOUNT = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}[0-9]{2}(?:[ \u00a0-]?[A-Za-z0-9]){11,60}")

# Nearly all comments have neither, and the shape of their bytes says so at a tenth of the cost:
# letters as A, digits as 0, all else as blanks.
_SHAPE = bytes(
    65 if chr(byte).isalpha() and byte < 128 else 48 if byte in b"0123456789" else 32
    for byte in range(256)
)
_SEPARATORS = b" \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f.-_"
_CARD_SHAPE, _ACCOUNT_SHAPE = b"0" * CARD_DIGITS[0], b" AA00"

Span = tuple[int, int]


class Masked(str):
    """A text that was searched already, so that the next door need not search it again."""

    __slots__ = ()


def mask(text: str) -> tuple[Masked, int]:
    """Take numbers of cards and accounts out of a text, and say how many there were.

    Parameters
    ----------
    text : str
        Words as they came.

    Returns
    -------
    text : Masked
        With ``[number removed]`` in the place of each; given again, it costs nothing.
    count : int

    Notes
    -----
    A card is a row of 13 to 19 digits, whole or in groups with blanks, dots or dashes between,
    whose check digit is right (Luhn); one row of digits in ten that is no card has such a check
    digit by chance, and goes as well. An account is an IBAN with its check digits (modulo 97). A
    row of more than 19 digits without a gap is neither.

    References
    ----------
    ISO/IEC 7812-1, annex B; ISO 13616-1.

    Examples
    --------
    >>> mask("Charged twice, card 4111 1111 1111 1111, call 0049 170 1234567")
    ('Charged twice, card [number removed], call 0049 170 1234567', 1)
    >>> mask("My account is GB82 WEST 1234 5698 7654 32 as you know")
    ('My account is [number removed] as you know', 1)
    """
    if isinstance(text, Masked):
        return text, 0
    if not _may_hold_a_number(text):
        return Masked(text), 0
    without_accounts, accounts = _without(text, list(_accounts(text)))
    masked, cards = _without(without_accounts, list(_cards(without_accounts)))
    return Masked(masked), accounts + cards


def _may_hold_a_number(text: str) -> bool:
    """Look at the shape alone; whatever holds a card or an account passes, and little else."""
    plain = b" " + text.encode(errors="replace")
    if _ACCOUNT_SHAPE in plain.translate(_SHAPE):
        return True
    return not text.isascii() or _CARD_SHAPE in plain.translate(_SHAPE, _SEPARATORS)


def _without(text: str, spans: Sequence[Span]) -> tuple[str, int]:
    parts, at = [], 0
    for start, end in spans:
        parts += [text[at:start], REMOVED]
        at = end
    return "".join([*parts, text[at:]]) if spans else text, len(spans)


def _cards(text: str) -> Iterator[Span]:
    for found in _DIGITS.finditer(text):
        groups = [group.span() for group in _GROUP.finditer(text, *found.span())]
        yield from _cards_among(
            groups, digits=[unicodedata.digit(c) for c in _joined(text, groups)]
        )


def _joined(text: str, groups: Sequence[Span]) -> str:
    return "".join(text[start:end] for start, end in groups)


def _cards_among(groups: Sequence[Span], *, digits: Sequence[int]) -> Iterator[Span]:
    """Give the stretches of whole groups that are cards: leftmost first, of these the longest."""
    ends = list(accumulate((end - start for start, end in groups), initial=0))
    sums = _luhn_sums(digits)
    first = 0
    while first < len(groups):
        last = _last_of_card(first, ends, sums)
        if last is not None:
            yield groups[first][0], groups[last][1]
        first = first + 1 if last is None else last + 1


def _last_of_card(first: int, ends: Sequence[int], sums: Sequence[Sequence[int]]) -> int | None:
    found = None
    for last in range(first, len(ends) - 1):
        length = ends[last + 1] - ends[first]
        if length not in CARD_DIGITS:
            if length > CARD_DIGITS[-1]:
                break
            continue
        # Every second digit from the right is doubled, so the end decides which of the two sums.
        of_end = sums[ends[last + 1] % 2]
        if (of_end[ends[last + 1]] - of_end[ends[first]]) % 10 == 0:
            found = last
    return found


def _luhn_sums(digits: Sequence[int]) -> tuple[list[int], list[int]]:
    """Running sums with the digits doubled that stand before an even, and before an odd end."""
    doubled = [2 * d - 9 if d > 4 else 2 * d for d in digits]
    for_even = [doubled[at] if at % 2 == 0 else d for at, d in enumerate(digits)]
    for_odd = [doubled[at] if at % 2 == 1 else d for at, d in enumerate(digits)]
    return list(accumulate(for_even, initial=0)), list(accumulate(for_odd, initial=0))


def _accounts(text: str) -> Iterator[Span]:
    at = 0
    while found := _ACCOUNT.search(text, at):
        end = _end_of_account(text, *found.span())
        if end is not None:
            yield found.start(), end
        at = end or found.start() + 4


def _end_of_account(text: str, start: int, stop: int) -> int | None:
    """Where the longest account that begins here ends; at the end of a group only."""
    said, longest = "", None
    for at in range(start, stop):
        if not text[at].isalnum():
            continue
        said += text[at].upper()
        if len(said) > IBAN_CHARACTERS[-1]:
            break
        ends_here = at + 1 == len(text) or not text[at + 1].isalnum()
        if ends_here and len(said) in IBAN_CHARACTERS and _is_account(said):
            longest = at + 1
    return longest


def _is_account(said: str) -> bool:
    turned = said[4:] + said[:4]
    return int("".join(str(int(c, 36)) for c in turned)) % 97 == 1
