"""Names in their places: each near those it has to do with, and no two touching."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from upturn.graph.engine.folding import Label
from upturn.graph.engine.rows import Labels, Stack, line_height
from upturn.graph.engine.settling import settle
from upturn.graph.engine.sheets import Sheet

PASSES = 2  # the first sees only what stands above, the second all; more move next to nothing


@dataclass(frozen=True, slots=True)
class Box:
    """A name in its place.

    Parameters
    ----------
    party, band, row : int
        Rows are counted from the top of the whole drawing.
    label : Label
    x, top, bottom : float
        Centre, and upper and lower end of the text.
    """

    party: int
    band: int
    row: int
    label: Label
    x: float
    top: float
    bottom: float

    @property
    def left(self) -> float:
        """The left end of the text."""
        return self.x - self.label.width / 2

    @property
    def right(self) -> float:
        """The right end of the text."""
        return self.x + self.label.width / 2


def place_names(
    bands: Sequence[Sequence[int]],
    *,
    stack: Stack,
    labels: Labels,
    near: Mapping[int, Sequence[int]],
    sheet: Sheet,
) -> dict[int, Box]:
    """Put every name half way between an even spread and the middle of its neighbours.

    Parameters
    ----------
    bands : sequence of sequences of parties
        From left to right.
    stack : Stack
        The same bands, broken into rows.
    labels : mapping of party to Label
    near : mapping of party to parties
        In the bands above and below.
    sheet : Sheet

    Returns
    -------
    dict of party to Box
        In every row the names stand at least the sheet's gap apart, and its margin inside. The
        customers are spread evenly.
    """
    share = _even_shares(bands, labels, gap=sheet.gap)
    centre: dict[int, float] = {}
    for row in stack.rows * PASSES:
        left, right = stack.shape.sides(row.bottom)
        low, high = left + sheet.margin, right - sheet.margin
        wanted = []
        for party in row.parties:
            even = low + (high - low) * share[party]
            others = [centre[other] for other in near[party] if other in centre]
            wanted.append((even + sum(others) / len(others)) / 2 if row.band and others else even)
        sizes = [labels[party].width for party in row.parties]
        settled = settle(wanted, sizes=sizes, gap=sheet.gap, low=low, high=high)
        centre.update(zip(row.parties, settled, strict=True))
    return _boxes(stack, centre, labels=labels, sheet=sheet)


def _even_shares(bands: Sequence[Sequence[int]], labels: Labels, *, gap: float) -> dict[int, float]:
    shares: dict[int, float] = {}
    for band in bands:
        sizes = [labels[party].width + gap for party in band]
        ends = list(accumulate(sizes))
        shares |= {
            party: (end - size / 2) / ends[-1]
            for party, size, end in zip(band, sizes, ends, strict=True)
        }
    return shares


def _boxes(
    stack: Stack, centre: Mapping[int, float], *, labels: Labels, sheet: Sheet
) -> dict[int, Box]:
    boxes: dict[int, Box] = {}
    for number, row in enumerate(stack.rows):
        for party in row.parties:
            label = labels[party]
            top = row.bottom - len(label.lines) * line_height(row.band, sheet=sheet)
            boxes[party] = Box(party, row.band, number, label, centre[party], top, row.bottom)
    return boxes
