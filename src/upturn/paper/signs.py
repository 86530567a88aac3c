"""Words as they can be printed: every sign without a letter becomes a box, and is named."""

import unicodedata
from collections.abc import Collection, Iterable
from typing import Literal, TypeAlias

BOX = "□"
MOST_NAMED = 40
Printable: TypeAlias = tuple[str, Literal["", "ltr", "rtl"]]
"""Words, and which way they run where they say it themselves."""

_INVISIBLE = set("\u200b\u200c\u200d\u200e\u200f\u2060\u2066\u2067\u2068\u2069\u00ad")
_JOINS = "\u200d"
_RIGHT_TO_LEFT = {"R", "AL"}


class Signs:
    """Makes words printable and remembers which signs had no letter."""

    def __init__(self, known: Collection[int]) -> None:
        self._known = known
        self.missing: dict[str, None] = {}

    def printable(self, words: str) -> Printable:
        """Put a box where there is no letter; what nobody sees becomes empty.

        >>> signs = Signs({ord("a"), ord(" ")})
        >>> signs.printable("a 🍕"), list(signs.missing)
        (('a □', 'ltr'), ['🍕'])
        """
        way = direction(words)
        out: list[str] = []
        boxed = joined = False
        for sign in unicodedata.normalize("NFC", words):
            if unicodedata.category(sign) == "Cc":
                out.append(" ")
                boxed = False
            elif self._has(sign):
                if not (boxed and sign in _INVISIBLE):
                    out.append(sign)
                    boxed = False
            elif not (boxed and (joined or _goes_with_the_last(sign))):
                self.missing[sign] = None
                out.append(BOX)
                boxed = True
            joined = sign == _JOINS
        seen = any(sign not in _INVISIBLE and not sign.isspace() for sign in out)
        return "".join(out) if seen else "", way

    def _has(self, sign: str) -> bool:
        return ord(sign) in self._known or sign in _INVISIBLE or sign.isspace()


def _goes_with_the_last(sign: str) -> bool:
    """Tell whether a sign only changes the one before it: marks, and colours of skin."""
    return unicodedata.category(sign) in {"Mn", "Me", "Sk", "Cf"}


def direction(words: str) -> Literal["", "ltr", "rtl"]:
    """Tell which way words run, by their first letter that says so.

    References
    ----------
    Unicode Standard Annex 9, rules P2 and P3.

    >>> direction("17: שלום"), direction("42 %")
    ('rtl', '')
    """
    for sign in words:
        kind = unicodedata.bidirectional(sign)
        if kind == "L":
            return "ltr"
        if kind in _RIGHT_TO_LEFT:
            return "rtl"
    return ""


def named(signs: Iterable[str]) -> str:
    """Name signs that cannot be printed.

    >>> named(["🍕"])
    'U+1F355 slice of pizza'
    """
    each = [f"U+{ord(sign):04X} {unicodedata.name(sign, '').lower()}".strip() for sign in signs]
    return ", ".join([*each[:MOST_NAMED], *(["…"] if len(each) > MOST_NAMED else [])])
