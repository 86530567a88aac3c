"""How much of what is written speaks of solutions, and how much of problems: the facilitator's aid.

Off unless a facilitator asks for it, of a whole step, and never of one card (S4.3).
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from unicodedata import category, normalize

from upturn.stats import Figure, Withheld, share_interval

CARDS_LEAST = 5
"""With fewer cards that speak of either, a share would be about persons."""
_WORD = re.compile(r"[^\W\d_]+")

Beginnings = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Talk:
    """What the cards of a step speak of.

    Attributes
    ----------
    solution : Figure or Withheld
        Share of cards that speak of solutions among those that speak of either more, 0..1.
    neither : int
        Cards that speak of both alike, or of none, or in a language without a list.
    """

    solution: Figure | Withheld
    neither: int


def talk_of(cards: Sequence[tuple[str, str]]) -> Talk:
    """Say how much of what is written speaks of solutions.

    Parameters
    ----------
    cards : sequence of (words, language)

    Returns
    -------
    Talk
        Withheld below `CARDS_LEAST` cards that speak of either.

    Notes
    -----
    Words of a list are counted by their beginnings: a card speaks of what it has more words for.
    It cannot tell irony, nor "no longer cold" from "cold": an aid to listening, not a measure.

    Examples
    --------
    >>> cards = [("We asked, they helped", "en")] * 4 + [("Always broken", "en")] * 2
    >>> found = talk_of(cards)
    >>> round(found.solution.value, 2), found.solution.n, found.neither
    (0.67, 6, 0)
    """
    leans = [_leans(words, language) for words, language in cards]
    solution, problem = sum(lean > 0 for lean in leans), sum(lean < 0 for lean in leans)
    told, neither = solution + problem, len(leans) - solution - problem
    if told < CARDS_LEAST:
        return Talk(Withheld("too_few", CARDS_LEAST, told), neither)
    return Talk(share_interval(solution, told), neither)


def _leans(words: str, language: str) -> int:
    lists = _lists().get(language.partition("-")[0].lower())
    if lists is None:
        return 0
    bare = "".join(sign for sign in normalize("NFKD", words.lower()) if category(sign)[0] != "M")
    found: list[str] = _WORD.findall(bare)
    return sum(word.startswith(lists["solution"]) for word in found) - sum(
        word.startswith(lists["problem"]) for word in found
    )


@cache
def _lists() -> Mapping[str, Beginnings]:
    text = files(__package__).joinpath("data", "talk.toml").read_text(encoding="utf-8")
    return {
        language: {key: tuple(words.split()) for key, words in lists.items()}
        for language, lists in tomllib.loads(text).items()
    }
