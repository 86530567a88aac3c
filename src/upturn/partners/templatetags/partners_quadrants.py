"""The picture of what matters beside how well it is done: where each mark and word stands."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import NamedTuple

from django import template
from django.utils.formats import number_format

from upturn.partners.engine import Placed
from upturn.partners.queries import ImportancePage
from upturn.partners.templatetags.partners_gaps import topic
from upturn.stats import Figure

Box = tuple[float, float, float, float]
register = template.Library()
TENTH, WHOLE = 0.1, 1.0
GRID = 5  # lines across a picture, at most
LETTER, LINE = 8, 18  # room for a letter and for a line of words
NAMED = {"wide": 4, "phone": 2}


class Axis(NamedTuple):
    """One scale of the picture, from its figures to places on it."""

    low: int
    high: int
    unit: float
    start: int
    end: int

    def at(self, value: float) -> int:
        """Where a value stands."""
        share = (value / self.unit - self.low) / (self.high - self.low)
        return round(self.start + (self.end - self.start) * share)

    def ticks(self) -> list[tuple[int, str]]:
        """Places of a few round values, with their words."""
        every = ceil((self.high - self.low) / GRID)
        words = "{} %" if self.unit == TENTH else "{}"
        by = 10 if self.unit == TENTH else 1
        return [
            (self.at(value * self.unit), words.format(number_format(value * by)))
            for value in range(self.low, self.high + 1, every)
        ]


class Mark(NamedTuple):
    """A point with the cross of its ranges."""

    x: int
    y: int
    low_x: int
    high_x: int
    low_y: int
    high_y: int
    waits: bool


class Name(NamedTuple):
    """Words beside a point: lines with their places, and how they are set."""

    lines: tuple[tuple[int, str], ...]
    x: int
    anchor: str
    waits: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Quadrants:
    """Everything that the drawing needs, in its own units."""

    size: str
    width: int
    height: int
    across: Axis
    up: Axis
    mean_x: int
    mean_y: int
    marks: tuple[Mark, ...]
    names: tuple[Name, ...]

    @property
    def more(self) -> int:
        """How far the area of what matters more reaches across."""
        return self.across.end - self.mean_x

    @property
    def less(self) -> int:
        """How far the area of what is done less well reaches up."""
        return self.up.start - self.mean_y


@register.simple_tag
def quadrants(page: ImportancePage, size: str) -> Quadrants | None:
    """Place everything that can be placed; None where that is fewer than two."""
    rows = [row for row in page.rows if row.quadrants]
    if len(rows) < 2:
        return None
    width, height = (860, 500) if size == "wide" else (360, 400)
    pairs = [(row, *_figures(row)) for row in rows]
    unit = WHOLE if page.per_relation else TENTH
    matters, well = [matter for _row, matter, _ in pairs], [done for _row, _, done in pairs]
    across = _axis(matters, unit, start=36, end=width - 12)
    up = _axis(well, WHOLE, start=height - 44, end=28)
    waiting = page.waiting
    marks = tuple(_mark(across, up, m, w, waits=row in waiting) for row, m, w in pairs)
    likely = [pair for pair in zip(rows, marks, strict=True) if pair[0].likeliest == "work_here"]
    return Quadrants(
        size=size,
        width=width,
        height=height,
        across=across,
        up=up,
        mean_x=across.at(sum(each.value for each in matters) / len(rows)),
        mean_y=up.at(sum(each.value for each in well) / len(rows)),
        marks=tuple(sorted(marks, key=lambda mark: mark.waits)),
        names=tuple(_named(likely[: NAMED[size]], marks, across, size)),
    )


def _figures(row: Placed) -> tuple[Figure, Figure]:
    matters, well = row.importance, row.performance
    if not isinstance(matters, Figure) or not isinstance(well, Figure):
        raise TypeError(f"a row with quadrants has both figures, this one not: {row}")
    return matters, well


def _axis(figures: Iterable[Figure], unit: float, *, start: int, end: int) -> Axis:
    known = list(figures)
    low = floor(min(each.low for each in known) / unit)
    high = ceil(max(each.high for each in known) / unit)
    return Axis(low, max(high, low + 1), unit, start, end)


def _mark(across: Axis, up: Axis, matters: Figure, well: Figure, *, waits: bool) -> Mark:
    return Mark(
        x=across.at(matters.value),
        y=up.at(well.value),
        low_x=across.at(matters.low),
        high_x=across.at(matters.high),
        low_y=up.at(well.low),
        high_y=up.at(well.high),
        waits=waits,
    )


def _named(
    few: Sequence[tuple[Placed, Mark]], marks: Sequence[Mark], across: Axis, size: str
) -> Iterator[Name]:
    """Names of the few that may wait; one that does not wait is left out where it covers any."""
    taken: list[Box] = []
    for row, mark in few:
        words = _words(row, size)
        found = [
            (_covered(box, marks), box, x, anchor, top)
            for x, anchor, top in _places(mark, len(words))
            if _fits(box := _box(x, anchor, top, words), across, taken)
        ]
        best = min(found, default=None)
        if best and (mark.waits or not best[0]):
            _count, box, x, anchor, top = best
            taken.append(box)
            lines = tuple((top + LINE * at, text) for at, text in enumerate(words))
            yield Name(lines, x, anchor, mark.waits)


def _fits(box: Box, across: Axis, taken: Iterable[Box]) -> bool:
    inside = across.start <= box[0] and box[2] <= across.end
    return inside and not any(_meet(box, other) for other in taken)


def _covered(box: Box, marks: Iterable[Mark]) -> int:
    return sum(box[0] < m.x + 4 and m.x - 4 < box[2] and box[1] < m.y < box[3] for m in marks)


def _words(row: Placed, size: str) -> tuple[str, ...]:
    if row.relation:
        ends = (f"{row.relation.server_name} →", row.relation.served_name)
        return ends if size == "phone" else (" ".join(ends),)
    words = str(topic(row.item)) if row.item else ""
    return _halves(words) if size == "phone" else (words,)


def _halves(words: str) -> tuple[str, ...]:
    """Two lines, parted at the space nearest to the middle."""
    spaces = [at for at, letter in enumerate(words) if letter == " "]
    if not spaces:
        return (words,)
    middle = min(spaces, key=lambda at: abs(2 * at - len(words)))
    return words[:middle], words[middle + 1 :]


def _places(mark: Mark, lines: int) -> Iterator[tuple[int, str, int]]:
    """The four corners of the cross: where words begin, and how they are set."""
    above, below = mark.y - 9 - LINE * (lines - 1), mark.y + 19
    for top in (above, below):
        yield mark.x + 9, "", top
        yield mark.x - 9, "e", top


def _box(x: int, anchor: str, top: int, words: Sequence[str]) -> Box:
    long = LETTER * max(map(len, words))
    left = x - long if anchor else x
    return left, top - 15, left + long, top + 4 + LINE * (len(words) - 1)


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
