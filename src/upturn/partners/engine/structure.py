"""What the drawing of who serves whom says, beside what people say (S1.10, S1.13)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from upturn.partners.engine.base_table import counts_at, items_of, rows_where, why_held
from upturn.partners.engine.shapes import Item, Published, Side
from upturn.stats import Figure, Withheld, mean_interval, share_interval

FURTHEST = 4
"""Steps counted for "further away", and for every computed distance from there on."""
UNSURE = "unsure"
HALF = 0.5
TIMES = ("time-customers", "time-inside", "time-again")
Steps = Mapping[str, int | None]


class Difference(StrEnum):
    """What may be said of a stated distance beside the computed one."""

    NEARER = "nearer"
    FURTHER = "further"
    NOT_KNOWN = "not_known"
    NO_PATH = "no_path"
    NONE_SEEN = "none_seen"
    CANNOT_TELL = "cannot_tell"


FLAGGED = frozenset(
    {Difference.NEARER, Difference.FURTHER, Difference.NOT_KNOWN, Difference.NO_PATH}
)


@dataclass(frozen=True, slots=True)
class SightLine:
    """How far a block is from a customer: as drawn, and as its people say.

    Parameters
    ----------
    name : str
        Names of the units in the block.
    units : tuple of str
    nearest, furthest : int or None
        Computed serves-steps of its units; both None where none of them has a path to a customer.
    stated : Figure or Withheld
        Mean of the steps people name, 1..4; "further away" counts as 4.
    unsure : Figure or Withheld
        Share who cannot say, 0..1.
    difference : Difference
    """

    name: str
    units: tuple[str, ...]
    nearest: int | None
    furthest: int | None
    stated: Figure | Withheld
    unsure: Figure | Withheld
    difference: Difference

    @property
    def flagged(self) -> bool:
        """Whether drawing and people differ by more than chance makes."""
        return self.difference in FLAGGED


def sight_lines(published: Published, *, steps: Steps) -> tuple[SightLine, ...]:
    """Compare each block's stated distance with the computed one, support staff first (S1.10).

    Parameters
    ----------
    published : Published
        A wave that asked "steps-to-customer"; without it there is nothing to compare.
    steps : mapping of str to int or None
        Computed serves-steps by key of a party; None where no path leads to a customer.

    Returns
    -------
    tuple of SightLine
        Those without a path first, then the furthest; blocks of one distance by name.
    """
    items = items_of(published, "sight")
    if not items:
        return ()
    rows = rows_where(published, lambda group: group.side is Side.SERVERS)
    lines = [_sight_line(published, row, items[0], steps) for row in rows]
    lost = FURTHEST + 1 + max((line.furthest or 0 for line in lines), default=0)
    return tuple(sorted(lines, key=lambda line: (-(line.furthest or lost), line.name)))


def _sight_line(published: Published, row: int, item: Item, steps: Steps) -> SightLine:
    group, counts = published.groups[row], counts_at(published, [row], item)
    drawn = [known for unit in group.units if (known := steps.get(unit)) is not None]
    nearest, furthest = min(drawn, default=None), max(drawn, default=None)
    named = [(at, min(at + 1, FURTHEST)) for at, key in enumerate(item.choices) if key != UNSURE]
    n, k = int(counts.sum()), published.k
    stated, unsure = _asked([(int(counts[at]), value) for at, value in named], n, k=k)
    if why := why_held(published, [row], item, n):
        stated = unsure = why
    verdict = difference_of(stated, unsure, nearest=nearest, furthest=furthest)
    return SightLine(group.name, group.units, nearest, furthest, stated, unsure, verdict)


def _asked(
    pairs: list[tuple[int, int]], asked: int, *, k: int
) -> tuple[Figure | Withheld, Figure | Withheld]:
    """Give the mean of the steps that were named, and the share of those who named none."""
    named = sum(count for count, _ in pairs)
    return _mean(pairs, k=k), share_interval(asked - named, asked)


def _mean(pairs: list[tuple[int, int]], *, k: int) -> Figure | Withheld:
    n = sum(count for count, _ in pairs)
    if n < k:
        return Withheld("too_few", k, n)
    total = sum(count * value for count, value in pairs)
    found = mean_interval(n, total, sum(count * value * value for count, value in pairs))
    if isinstance(found, Withheld):
        return found
    return Figure(found.value, max(found.low, 1.0), min(found.high, float(FURTHEST)), n)


def difference_of(
    stated: Figure | Withheld,
    unsure: Figure | Withheld,
    *,
    nearest: int | None,
    furthest: int | None,
) -> Difference:
    """What the two distances allow to say.

    Parameters
    ----------
    stated, unsure : Figure or Withheld
    nearest, furthest : int or None

    Returns
    -------
    Difference
        ``NEARER`` or ``FURTHER`` if the whole interval of what is stated lies outside the computed
        distances, ``NOT_KNOWN`` if more than half cannot say, beyond what chance makes.

    Examples
    --------
    >>> nobody = Figure(0.0, 0.0, 0.2, 15)
    >>> difference_of(Figure(1.3, 1.0, 1.6, 15), nobody, nearest=3, furthest=3).value
    'nearer'
    >>> difference_of(Figure(2.6, 1.9, 3.3, 15), nobody, nearest=3, furthest=3).value
    'none_seen'
    """
    if isinstance(unsure, Figure) and unsure.low > HALF:
        return Difference.NOT_KNOWN
    if isinstance(stated, Withheld):
        return Difference.CANNOT_TELL
    if nearest is None or furthest is None:
        return Difference.NO_PATH
    if stated.low > min(furthest, FURTHEST):
        return Difference.FURTHER
    return Difference.NEARER if stated.high < min(nearest, FURTHEST) else Difference.NONE_SEEN


@dataclass(frozen=True, slots=True)
class LayerTime:
    """Where the working time of a layer goes, as shares that add up to one (S1.13).

    Parameters
    ----------
    side : Side
        Who says so: the layer itself, or those who lead.
    steps : int or None
        Serves-steps to a customer; None for parties without a path, and for leaders.
    customers, inside, again : Figure or Withheld
        To customers and those who serve them; to wishes from inside; to doing things again.
    """

    side: Side
    steps: int | None
    customers: Figure | Withheld
    inside: Figure | Withheld
    again: Figure | Withheld


def time_by_layer(published: Published, *, steps: Steps) -> tuple[LayerTime, ...]:
    """Where time goes, layer by layer, the customers' side first and leaders last.

    Parameters
    ----------
    published : Published
    steps : mapping of str to int or None
        Computed serves-steps by key of a party. A block belongs to its nearest layer, so that
        every figure is one of a union of blocks.

    Returns
    -------
    tuple of LayerTime
        Empty where the wave did not ask.

    Notes
    -----
    The three means are divided by their sum, so that they add up to one although each question
    may have lost an answer of its own.
    """
    items = {item.key: item for item in items_of(published, "time")}
    if set(TIMES) - set(items):
        return ()
    split = tuple(items[key] for key in TIMES)
    layers: dict[tuple[Side, int | None], list[int]] = {}
    for row, group in enumerate(published.groups):
        servers = group.side is Side.SERVERS
        layer = _layer(group.units, steps) if servers else None
        layers.setdefault((group.side, layer), []).append(row)
    order = sorted(layers, key=lambda at: (at[0] is not Side.SERVERS, at[1] is None, at[1] or 0))
    return tuple(_layer_time(published, at, layers[at], split) for at in order)


def _layer(units: Iterable[str], steps: Steps) -> int | None:
    return min((known for unit in units if (known := steps.get(unit)) is not None), default=None)


def _layer_time(
    published: Published,
    at: tuple[Side, int | None],
    rows: list[int],
    items: tuple[Item, ...],
) -> LayerTime:
    asked = [_tenths(published, rows, item) for item in items]
    why = next((each for each in asked if isinstance(each, Withheld)), None)
    if why:  # two parts of a whole would tell the third
        return LayerTime(*at, why, why, why)
    whole = sum(each.value for each in asked if isinstance(each, Figure))
    customers, inside, again = (_part(each, whole) for each in asked)
    return LayerTime(*at, customers, inside, again)


def _tenths(published: Published, rows: list[int], item: Item) -> Figure | Withheld:
    counts = counts_at(published, rows, item)
    n, tenths = int(counts.sum()), np.arange(len(counts))
    if why := why_held(published, rows, item, n):
        return why
    return mean_interval(n, int(counts @ tenths), int(counts @ tenths**2))


def _part(figure: Figure | Withheld, whole: float) -> Figure | Withheld:
    if isinstance(figure, Withheld):
        return figure
    if not whole:
        return Withheld("nothing_split", 1, 0)
    low, high = max(figure.low / whole, 0.0), min(figure.high / whole, 1.0)
    return Figure(figure.value / whole, low, high, figure.n)
