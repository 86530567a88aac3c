"""Whether a line of a plan touches what was named as working well enough, by the words of both."""

from collections.abc import Mapping
from functools import cache, lru_cache

SHARED_LEAST = 2
OF_MANY = 4
"""Of a long text a line has to share every fourth word."""
STEM_LEAST = 4
# What a word ends in when it is bent, in English, German and Spanish; taken off again and again.
_ENDINGS = ("ern", "ing", "ed", "en", "er", "es", "em", "as", "os", "e", "n", "s", "a", "o")
_ARTICLE = "ال"
_ALSO_STOP = """
new more better another other same well enough works working work stay keep change improve half past
five minutes every each day days neu neue mehr besser gut genug bleibt jede jeder tag tage nuevo
nueva mejor bien bastante cada dia dias
"""


def touches(line: str, kept: str) -> tuple[str, ...]:
    """Name the words by which a line touches what is to stay; nothing if it does not.

    Parameters
    ----------
    line : str
        What somebody writes into a plan.
    kept : str
        What works well enough, in the words of those who said so.

    Returns
    -------
    tuple of str
        Shared words, as they stand in ``kept``: `SHARED_LEAST` or more, every fourth of a long
        text, or the only one it has. Empty else.

    Notes
    -----
    Words are compared without case, accents and endings; words that tell nothing are passed over.
    It is a question to whoever plans, not a finding: it misses what is said in other words.

    Examples
    --------
    >>> touches("A new list for the evening handovers", "The handover in the evening")
    ('handover', 'evening')
    >>> touches("Warm plates", "The handover in the evening")
    ()
    """
    mine, theirs = _told(line), _told(kept)
    needed = min(len(theirs), max(SHARED_LEAST, len(theirs) // OF_MANY))
    shared = tuple(word for stem, word in theirs.items() if stem in mine)
    return shared if theirs and len(shared) >= needed else ()


@lru_cache(2_000)  # one line is held against the same kept words as the line before
def _told(text: str) -> Mapping[str, str]:
    """Give the words that tell something, by their stems, in their order."""
    from upturn.voice.engine.cleaning import fold, words  # noqa: PLC0415 - with it comes the reader

    found: dict[str, str] = {}
    for word in words(text):
        bare = fold(word)
        if len(bare) > 1 and not bare.isdecimal() and bare not in _stop():
            found.setdefault(_stem(bare), word)
    return found


def _stem(word: str) -> str:
    bare = word.removeprefix(_ARTICLE) if len(word) > len(_ARTICLE) + 2 else word
    while True:
        ending = next((e for e in _ENDINGS if bare.endswith(e)), "")
        if not ending or len(bare) - len(ending) < STEM_LEAST:
            return bare
        bare = bare.removesuffix(ending)


@cache
def _stop() -> frozenset[str]:
    from upturn.voice.engine.reading_languages import languages  # noqa: PLC0415 - see `_told`

    return frozenset(_ALSO_STOP.split()).union(
        *(each.stop | each.negators for each in languages().values())
    )
