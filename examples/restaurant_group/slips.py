"""Lets some comments look as if they were typed on a telephone, on the way to the bus."""

import re

from .sources import Dice

MISSPELT = {
    "because": "becuase",
    "their": "thier",
    "really": "realy",
    "friend": "freind",
    "tomorrow": "tommorow",
    "until": "untill",
    "which": "wich",
    "waitress": "waitres",
    "minutes": "minuets",
    "arrived": "arived",
    "believe": "beleive",
    "together": "togehter",
}
# Shares of all comments, added up.
KINDS = (
    (0.035, "small"),
    (0.065, "letters"),
    (0.085, "ending"),
    (0.105, "face"),
    (0.115, "line"),
    (0.118, "capitals"),
)
FACES = {"plus": ("🙂", "👍", "😋", "❤️"), "mixed": ("🙂", "🤷"), "minus": ("😕", "🥲", "🥶")}


def slip(text: str, *, tone: str, dice: Dice) -> str:
    """Give ``text`` back, one time in eight a little worse for the journey."""
    roll = dice.roll()
    kind = next((kind for upto, kind in KINDS if roll < upto), "")
    if kind == "letters":
        return _misspell(text, dice=dice)
    ending = text.rstrip(".") + dice.pick(("!!", "...", "!", "…"))
    slipped = {
        "small": text.lower().rstrip("."),
        "ending": ending,
        "face": f"{text} {dice.pick(FACES[tone])}",
        "line": text.replace(". ", ".\n", 1),
        "capitals": text.upper(),
    }
    return slipped.get(kind, text)


def _misspell(text: str, *, dice: Dice) -> str:
    for right, wrong in MISSPELT.items():
        if right in text:
            return text.replace(right, wrong, 1)
    long_words = [found.span() for found in re.finditer(r"\w{6,}", text)]
    if not long_words:
        return text
    start, end = dice.pick(long_words)
    cut = start + 1 + int(dice.roll() * (end - start - 2))
    return text[:cut] + text[cut + 1] + text[cut] + text[cut + 2 :]
