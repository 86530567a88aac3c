"""Names in a picture: how wide they are, and where they break into two lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import combining, east_asian_width

WIDTHS_IN_EMS = (
    (frozenset(" .,:;'|!ijlI"), 0.33),
    (frozenset("frt-/()[]*"), 0.46),
    (frozenset("w+=<>~"), 0.86),
    (frozenset("mMW@%&—…"), 1.0),
)


@dataclass(frozen=True, slots=True)
class Label:
    """A name as it stands in the picture.

    Parameters
    ----------
    lines : tuple of str
        One or two.
    width : float
        Of the longer line, estimated, in units of the drawing.
    """

    lines: tuple[str, ...]
    width: float


def text_width(text: str, *, font: float) -> float:
    """Estimate the width of a text in bold sans, in the unit of the font's size.

    Notes
    -----
    The server knows no fonts: four widths of letters, a little above those of Noto Sans Bold.

    Examples
    --------
    >>> round(text_width("Kitchen", font=15))
    61
    """
    return font * sum(_width_in_ems(letter) for letter in text)


@lru_cache(maxsize=1024)
def _width_in_ems(letter: str) -> float:
    for letters, width in WIDTHS_IN_EMS:
        if letter in letters:
            return width
    if east_asian_width(letter) in "WF":
        return 1.0
    if combining(letter):
        return 0.0
    return 0.74 if letter.isupper() else 0.64


def fold(name: str, *, font: float, roomy: float, most: float) -> Label:
    """Set a name on one line, or on two of about equal width where it is long.

    Parameters
    ----------
    name : str
    font : float
        Size of the letters.
    roomy, most : float
        Width above which a name is broken, and at which a line is cut.

    Examples
    --------
    >>> fold("Booking system", font=12.5, roomy=60, most=340).lines
    ('Booking', 'system')
    """
    lines: Sequence[str] = (name,)
    breaks = [at for at, letter in enumerate(name) if letter == " "] or [
        at + 1 for at, letter in enumerate(name[:-1]) if letter in "-/"
    ]
    if breaks and text_width(name, font=font) > roomy:
        halves = [(name[:at].strip(), name[at:].strip()) for at in breaks]
        lines = min(halves, key=lambda half: max(text_width(line, font=font) for line in half))
    lines = tuple(_cut(line, font=font, most=most) for line in lines)
    return Label(lines, max(text_width(line, font=font) for line in lines))


def _cut(line: str, *, font: float, most: float) -> str:
    if text_width(line, font=font) <= most:
        return line
    kept = len(line)
    while kept and text_width(line[:kept] + "…", font=font) > most:
        kept -= 1
    return line[:kept].rstrip() + "…"
