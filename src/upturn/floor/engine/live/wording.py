"""What somebody wrote, so that it disturbs nothing beside it on a line."""

import unicodedata

_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Signs that turn the direction of what follows, also of words that are somebody else's."""


def storable(said: str) -> str:
    r"""Leave out what neither a database nor a page can hold: NUL, and half of a sign of two.

    >>> storable("a\0b\ud83dc")
    'abc'
    """
    return "".join(s for s in said if s != "\0" and not "\ud800" <= s <= "\udfff")


def in_one_line(said: str) -> str:
    r"""Give words in one line, without signs that would turn or break what stands around them.

    >>> in_one_line(" no\nsugar \u202e:) ")
    'no sugar :)'
    """
    plain = " ".join(storable(said).split())
    kept = (sign for sign in plain if sign not in _TURNS and unicodedata.category(sign) != "Cc")
    return "".join(kept).strip()
