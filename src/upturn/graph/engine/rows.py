"""Bands broken into rows, in a pyramid just wide enough for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from upturn.graph.engine.folding import Label
from upturn.graph.engine.sheets import Sheet

FEET = (0.2, 0.35, 0.5, 0.65, 0.8, 1.0)  # widths of the foot that are tried, as shares
ROW_PRICE = 0.16  # by how much the foot may widen, as a share, to save one row
TOP = 4.0  # above the first name
PAD = 10.0  # between the last name of a band and its line
CALM_LOAD = 12  # lines that one fall holds with ease; each further one makes it taller,
TALLER, TALLEST = 0.02, 1.7  # by this share of it, up to this multiple

Labels: TypeAlias = Mapping[int, Label]
Deals: TypeAlias = list[list[list[int]]]  # parties of every row of every band


@dataclass(frozen=True, slots=True)
class Shape:
    """The pyramid: a trapezium, wide at the customers' line and narrow at its foot."""

    width: float
    foot: float
    top: float
    bottom: float

    def sides(self, y: float) -> tuple[float, float]:
        """Give the left and the right end at this height."""
        share = (y - self.top) / (self.bottom - self.top) if y > self.top else 0.0
        inset = (self.width - self.foot) / 2 * share
        return inset, self.width - inset


@dataclass(frozen=True, slots=True)
class Row:
    """Parties side by side, from left to right, and the height of the tallest name."""

    band: int
    parties: tuple[int, ...]
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Stack:
    """The rows from the top down, the heights of the lines under the bands, and the pyramid."""

    rows: tuple[Row, ...]
    lines: tuple[float, ...]
    shape: Shape


def stack_rows(
    bands: Sequence[Sequence[int]], *, labels: Labels, loads: Sequence[int], sheet: Sheet
) -> Stack:
    """Break the bands into rows: few of them, and still with a narrow foot.

    Parameters
    ----------
    bands : sequence of sequences of parties
        From left to right; at least one, none of them empty.
    labels : mapping of party to Label
        None wider than the sheet without its margins.
    loads : sequence of int
        How many lines end at each band from above.
    sheet : Sheet

    Notes
    -----
    Tries six feet, each as a limit to the rows, and then narrows or widens it to what they need.
    """
    falls = [sheet.fall * min(TALLEST, 1 + TALLER * max(0, load - CALM_LOAD)) for load in loads]
    choices = []
    for foot in FEET:
        deals = _deal_all(bands, labels, foot=foot, sheet=sheet)
        rows, lines = _heights(deals, labels, falls=falls, sheet=sheet)
        shape = _shape(rows, lines, labels=labels, sheet=sheet)
        choices.append(Stack(tuple(rows), tuple(lines), shape))
    return min(choices, key=_price)


def _price(stack: Stack) -> float:
    return ROW_PRICE * len(stack.rows) + stack.shape.foot / stack.shape.width


def _deal_all(
    bands: Sequence[Sequence[int]], labels: Labels, *, foot: float, sheet: Sheet
) -> Deals:
    deals = []
    for number, band in enumerate(bands):
        share = 1 - (1 - foot) * number / max(1, len(bands) - 1)
        sizes = [labels[party].width + sheet.gap for party in band]
        room = max(share * sheet.width - 2 * sheet.margin + sheet.gap, *sizes)
        deals.append(_deal(band, sizes, room=room))
    return deals


def _deal(band: Sequence[int], sizes: Sequence[float], *, room: float) -> list[list[int]]:
    """Deal the parties out to as few rows as fit, so that every row spans the whole band."""
    count = max(1, int(sum(sizes) / room))
    while True:
        used = [0.0] * count
        rows: list[list[int]] = [[] for _ in used]
        for party, size in zip(band, sizes, strict=True):
            emptiest = used.index(min(used))
            used[emptiest] += size
            rows[emptiest].append(party)
        if max(used) <= room:
            return [row for row in rows if row]
        count += 1


def line_height(band: int, *, sheet: Sheet) -> float:
    """Give the height of one line of a name."""
    return 1.2 * (sheet.font if band else sheet.customer_font)


def _heights(
    deals: Deals, labels: Labels, *, falls: Sequence[float], sheet: Sheet
) -> tuple[list[Row], list[float]]:
    rows: list[Row] = []
    lines: list[float] = []
    for band, (deal, fall) in enumerate(zip(deals, falls, strict=True)):
        y = lines[-1] + fall if lines else TOP
        for parties in deal:
            tall = max(len(labels[party].lines) for party in parties)
            bottom = y + tall * line_height(band, sheet=sheet)
            rows.append(Row(band, tuple(parties), y, bottom))
            y = bottom + sheet.row_gap
        lines.append(rows[-1].bottom + PAD)
    return rows, lines


def _shape(rows: Sequence[Row], lines: Sequence[float], *, labels: Labels, sheet: Sheet) -> Shape:
    """Give the pyramid with the narrowest foot that holds every row at its height."""
    top, bottom = lines[0], lines[-1]
    foot = FEET[0] * sheet.width
    for row in rows:
        if row.bottom > top:
            names = sum(labels[party].width for party in row.parties)
            need = names + sheet.gap * (len(row.parties) - 1) + 2 * sheet.margin
            share = (row.bottom - top) / (bottom - top)
            foot = max(foot, (need - sheet.width * (1 - share)) / share)
    return Shape(sheet.width, foot, top, bottom)
