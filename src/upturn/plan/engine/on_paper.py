"""The customer's day for the wall: the same journey map, drawn on paper."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from textwrap import wrap

from upturn.paper import Circle, Drawing, Line, Mark, Tone, Words
from upturn.plan.engine.day_drawing import DayDrawing, Dot, Strip

LETTERS = 15.0  # size of what is written below the picture, in its own units
WIDE = 0.58  # of a letter on the average, in sizes of the font
STEP = 18.0
MOST_LINES = 4
RADIUS = 6.0


@dataclass(frozen=True, slots=True)
class Told:
    """What is written at one moment.

    Parameters
    ----------
    name : str
        Below the picture, with the time before it.
    time : str
    figure : str
        At the dot; empty where nothing is told.
    """

    name: str
    time: str
    figure: str


def day_on_paper(
    day: DayDrawing, told: Mapping[str, Told], *, says: Sequence[str]
) -> tuple[Drawing, ...]:
    """Draw a day, a picture for every strip of it.

    Parameters
    ----------
    day : DayDrawing
    told : mapping of ref to Told
        Of every moment of the day.
    says : sequence of str
        What each strip shows, for who does not see it.

    Returns
    -------
    tuple of Drawing
        Moments whose score may not be shown are empty circles, and the line to them is dotted.
    """
    return tuple(
        _strip(day, strip, told, what) for strip, what in zip(day.strips, says, strict=True)
    )


def _strip(day: DayDrawing, strip: Strip, told: Mapping[str, Told], says: str) -> Drawing:
    room = int(day.width / day.columns / (LETTERS * WIDE))
    marks: list[Mark] = []
    for y, value in day.ticks:
        marks.append(Line(0, y, day.width, y, "pale", width=1))
        marks.append(Words(day.width, y - 4, f"{value:g}", 13, "end", "faint"))
    for a, b in pairwise(strip.dots):
        dotted = "held" in {a.look, b.look}
        marks.append(Line(a.x, a.y, b.x, b.y, "faint" if dotted else "ink", dotted=dotted))
    lowest = day.height
    for dot in strip.dots:
        here = told[dot.ref]
        marks += _dot(dot, here)
        lines = [here.time, *wrap(here.name, room, max_lines=MOST_LINES, placeholder=" …")]
        for n, words in enumerate(lines):
            y = day.height + STEP * (n + 0.5)
            marks.append(Words(dot.x - RADIUS, y, words, LETTERS, bold=n == 0))
            lowest = max(lowest, y + STEP / 2)
    return Drawing(day.width, lowest, tuple(marks), says)


def _dot(dot: Dot, told: Told) -> list[Mark]:
    if dot.look == "held":
        return [Circle(dot.x, dot.y, RADIUS, "faint", full=False)]
    tone: Tone = "accent" if dot.look == "sags" else "ink"
    range_of_it = Line(dot.x, dot.low_y, dot.x, dot.high_y, tone)
    figure = Words(*dot.label, told.figure, 17, tone=tone, bold=True)
    return [range_of_it, Circle(dot.x, dot.y, RADIUS, tone), figure]
