"""Writes what a guest writes: sentences chosen by theme and moment, their slots filled."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from .phrases import Phrasebook, Place, Sentence
from .sources import Dice

AT_TABLE = ("arrive", "drinks", "order", "food", "taste", "asking", "coffee", "pay", "midday")
OWN_OPENING = {"midday": "before_lunch", "pickup": "before_pickup", "banquet": "before_banquet"}
UNOPENED = ("find", "after", "leave")
# Praise that would contradict the complaint it follows.
NOT_AFTER = {"rushed": ("quick", "friendly")}
MINUS, MIXED, PLUS = "minus", "mixed", "plus"
_BEGINNING = re.compile(r"(^|[.?!] )([a-zà-ÿ])")


class Occasion(NamedTuple):
    """What a comment is about; ``known`` holds slots that are filled already.

    ``in_story`` says that the comment is one of those which a planted story brings about.
    """

    house: str
    touchpoint: str
    theme: str
    tone: str
    in_story: bool
    short: bool
    known: Mapping[str, str]


def write(book: Phrasebook, *, occasion: Occasion, dice: Dice) -> str:
    """Give one guest's comment on ``occasion``."""
    bound = dict(occasion.known)
    slots = book.slots[occasion.house]
    if occasion.touchpoint == "midday":
        bound["clock"] = dice.pick(slots["noon"])

    def fill(sentence: Sentence) -> str:
        parts = list(sentence.parts)
        for index in range(1, len(parts), 2):
            slot = parts[index]
            if slot not in bound:
                bound[slot] = dice.pick(slots[slot])
            parts[index] = bound[slot]
        return "".join(parts)

    text = " ".join(_pieces(book, occasion=occasion, dice=dice, fill=fill))
    return _BEGINNING.sub(lambda found: found[1] + found[2].upper(), text)


def _pieces(
    book: Phrasebook, *, occasion: Occasion, dice: Dice, fill: Callable[[Sentence], str]
) -> list[str]:
    if occasion.tone == MIXED:
        return _both(book, occasion=occasion, dice=dice, fill=fill)
    alone = _alone(book, occasion=occasion, dice=dice)
    if alone:
        return [fill(dice.pick(alone))]
    before = _before(book, occasion=occasion) if dice.chance(0.3) else []
    after = _after(book, occasion=occasion) if dice.chance(0.36) else []
    chosen = [before, _core(book, occasion=occasion, dice=dice), after]
    return [fill(dice.pick(sentences)) for sentences in chosen if sentences]


def _both(
    book: Phrasebook,
    *,
    occasion: Occasion,
    dice: Dice,
    fill: Callable[[Sentence], str],
) -> list[str]:
    complaint = fill(dice.pick(_core(book, occasion=occasion, dice=dice)))
    chosen = dice.pick(praise_for(book, occasion=occasion))
    praised = fill(chosen)
    if not chosen.proper:
        praised = praised[0].lower() + praised[1:]
    return [complaint, fill(dice.pick(book.around["joints"])), praised]


def _tone(occasion: Occasion) -> str:
    return PLUS if occasion.tone == PLUS else MINUS


def _alone(book: Phrasebook, *, occasion: Occasion, dice: Dice) -> Sequence[Sentence]:
    tone, theme, moment = _tone(occasion), occasion.theme, occasion.touchpoint
    if moment in AT_TABLE[:-1] and dice.chance(0.035):
        return book.foreign.get((tone, theme), ())
    if not occasion.short:
        return ()
    name = f"short_{tone} {theme}"
    return book.around.get(f"{name} {moment}", book.around[name])


def _core(book: Phrasebook, *, occasion: Occasion, dice: Dice) -> Sequence[Sentence]:
    key = f"{occasion.house}-{occasion.touchpoint}"
    if occasion.in_story and key in book.of_story and dice.chance(0.3):
        return book.of_story[key]
    return book.cores[Place(_tone(occasion), occasion.theme, occasion.touchpoint, occasion.house)]


def praise_for(book: Phrasebook, *, occasion: Occasion) -> Sequence[Sentence]:
    """Good words that can follow the complaint of a mixed comment; none at some moments."""
    themes = [
        theme
        for theme in ("friendly", "delicious")
        if theme not in NOT_AFTER.get(occasion.theme, ())
    ]
    return [
        sentence
        for theme in themes
        for sentence in book.cores.get(Place(PLUS, theme, occasion.touchpoint, occasion.house), ())
    ]


def _before(book: Phrasebook, *, occasion: Occasion) -> Sequence[Sentence]:
    if occasion.touchpoint in UNOPENED:
        return ()
    return book.around[OWN_OPENING.get(occasion.touchpoint, f"before_{_tone(occasion)}")]


def _after(book: Phrasebook, *, occasion: Occasion) -> Sequence[Sentence]:
    anywhere = book.around[f"after_{_tone(occasion)}"]
    if occasion.touchpoint not in AT_TABLE:
        return anywhere
    in_evening = occasion.tone == PLUS and occasion.touchpoint != "midday"
    of_house = book.around[f"house_after {occasion.house}"] if in_evening else ()
    return [*anywhere, *book.around[f"table_{_tone(occasion)}"], *of_house]
