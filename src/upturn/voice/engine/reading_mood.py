"""Praise and blame by a small list of words with negation, in English, German and Spanish."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from upturn.voice.engine.cleaning import BAD_MOOD, GOOD_MOOD, WORD, clean, fold, words
from upturn.voice.engine.reading_languages import (
    UNKNOWN,
    Language,
    language_of,
    languages,
    weight_of,
)

WORDS_OF_REACH = 3
LEAST_LEAN = 0.25
MOST_FROM_WORDS = 0.9
# "Nobody came", "no announcements": a negation with nothing to turn mostly blames, mildly.
LONE_NEGATION = -0.5
_MOODS = (GOOD_MOOD, BAD_MOOD)
_TOKEN = re.compile(rf"{WORD.pattern}|[.,!?;:…()]|(?<= )[-–—]+(?= )")


@dataclass(frozen=True, slots=True)
class Mood:
    """Weight of praise minus blame, and of both together, in one text."""

    balance: float
    mass: float

    @property
    def sign(self) -> int:
        """Praise 1, blame -1, neither or both alike 0."""
        if self.mass == 0 or abs(self.balance) < LEAST_LEAN * self.mass:
            return 0
        return 1 if self.balance > 0 else -1

    @property
    def confidence(self) -> float:
        """More words and more of one mind give more, below `MOST_FROM_WORDS`; none gives 0."""
        if self.mass == 0:
            return 0.0
        return MOST_FROM_WORDS * abs(self.balance) / (self.mass + 0.5)


def mood(text: str) -> Mood:
    """Weigh the words of praise and blame in one comment, whatever its score.

    A comment of unknown language counts only when every language that knows a word of it agrees.

    Examples
    --------
    >>> mood("The food was good but we waited for ages").sign
    -1
    """
    folded = fold(clean(text))
    code = language_of(words(folded))
    tokens = _TOKEN.findall(folded)
    if code != UNKNOWN:
        return _mood_in(tokens, languages()[code])
    moods = [_mood_in(tokens, language) for language in languages().values()]
    found = [each for each in moods if each.mass > 0]
    agreed = len({each.sign for each in found}) == 1
    return min(found, key=lambda each: each.mass) if agreed else Mood(0.0, 0.0)


def _mood_in(tokens: list[str], language: Language) -> Mood:
    weights = [
        weight
        for clause in _clauses(tokens, language.contrasts)
        for weight in _weights(clause, language)
    ]
    return Mood(balance=sum(weights), mass=sum(map(abs, weights)))


def _clauses(tokens: list[str], contrasts: frozenset[str]) -> Iterator[list[str]]:
    start = 0
    for at, token in enumerate(tokens):
        if token in contrasts or not (token[0].isalnum() or token in _MOODS):
            yield tokens[start:at]
            start = at
    yield tokens[start:]


def _weights(clause: list[str], language: Language) -> list[float]:
    weights = [weight_of(word, language) for word in clause]
    negated = [word in language.negators for word in clause]
    for at, word in enumerate(clause):
        for phrase, weight in language.openings.get(word, ()):
            if tuple(clause[at : at + len(phrase)]) == phrase:
                inside = slice(at, at + len(phrase))
                weights[inside] = [weight] + [0.0] * (len(phrase) - 1)
                negated[inside] = [False] * len(phrase)
    found = [
        -weight if _is_turned(at, negated) else weight
        for at, weight in enumerate(weights)
        if weight
    ]
    return found or [LONE_NEGATION] * any(negated)


def _is_turned(at: int, negated: list[bool]) -> bool:
    turns = sum(negated[max(0, at - WORDS_OF_REACH) : at])
    # "Das gefiel mir nicht": at the end of a clause the negation looks back.
    if negated[-1] and at < len(negated) - 1 <= at + WORDS_OF_REACH:
        turns += 1
    return turns % 2 == 1
