"""The sum of us, drawn: conditions meeting by meeting, metrics round by round.

Coordinates are texts, so that no language writes them with a comma.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from upturn.exchange.engine import CONDITIONS
from upturn.exchange.engine.trends import Trend
from upturn.exchange.queries.moved import InRound, Moved
from upturn.exchange.queries.what_held import HeldSoFar
from upturn.stats.figures import Figure

HELD_LEFT, HELD_RIGHT, HELD_TOP, HELD_FOOT = 12, 308, 6, 44
LEFT, RIGHT, TOP, FOOT, HALF_BAR = 76, 300, 12, 132, 8


@dataclass(frozen=True, slots=True)
class Dot:
    """A condition in one meeting: its share and the range of it."""

    x: str
    y: str
    low: str
    high: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A condition: its drawing, its trend, and each meeting's share for the table."""

    words: dict[str, str]
    trend: Trend
    dots: tuple[Dot, ...]
    path: str
    last: Figure | None
    cells: tuple[tuple[datetime, Figure | None], ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """A metric in one round; `number` stands under it and before its row in the table."""

    number: int
    seen: InRound
    x: str
    left: str
    right: str
    top: str
    height: str
    middle: str
    mean: str


@dataclass(frozen=True, slots=True)
class Scale:
    """A line across the picture at an edge of the bins; `value` is None where none is written."""

    y: str
    value: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A metric over its rounds."""

    moved: Moved
    bars: tuple[Bar, ...]
    scale: tuple[Scale, ...]


def lines_of(held: HeldSoFar) -> tuple[Line, ...]:
    """Draw each condition."""
    words = {item.code: dict(item.words) for item in CONDITIONS}
    return tuple(_line(words[code], trend, held) for code, trend in held.trends.items())


def _line(words: dict[str, str], trend: Trend, held: HeldSoFar) -> Line:
    dots = tuple(_dots(trend.shares))
    told = [share for share in trend.shares if share is not None]
    return Line(
        words=words,
        trend=trend,
        dots=dots,
        path="M" + "L".join(f"{dot.x} {dot.y}" for dot in dots) if dots else "",
        last=told[-1] if told else None,
        cells=tuple(zip(held.meetings, trend.shares, strict=True)),
    )


def _dots(shares: tuple[Figure | None, ...]) -> Iterable[Dot]:
    for at, share in enumerate(shares):
        if share is not None:
            x = _along(at, len(shares), HELD_LEFT, HELD_RIGHT)
            yield Dot(f"{x:.1f}", _held(share.value), _held(share.low), _held(share.high))


def _held(share: float) -> str:
    return f"{HELD_FOOT - (HELD_FOOT - HELD_TOP) * share:.1f}"


def _along(at: int, many: int, left: float, right: float) -> float:
    """Spread marks evenly; a single one stands in the middle."""
    return (left + right) / 2 if many == 1 else left + (right - left) * at / (many - 1)


def pictures_of(rows: tuple[Moved, ...]) -> tuple[Picture, ...]:
    """Draw each metric."""
    return tuple(map(_picture, rows))


def _picture(moved: Moved) -> Picture:
    edges = moved.metric.edges
    written = {0, len(edges) // 2, len(edges) - 1}
    return Picture(
        moved=moved,
        bars=tuple(_bar(moved, at, seen) for at, seen in enumerate(moved.rounds)),
        scale=tuple(
            Scale(f"{_up(moved, edge):.1f}", edge if at in written else None)
            for at, edge in enumerate(edges)
        ),
    )


def _bar(moved: Moved, at: int, seen: InRound) -> Bar:
    x = _along(at, len(moved.rounds), LEFT + 3 * HALF_BAR, RIGHT - HALF_BAR)
    told = seen.quarters
    low, middle, high, mean = (
        (_up(moved, each) for each in (told.lower, told.middle, told.upper, told.mean))
        if told
        else (0.0, 0.0, 0.0, 0.0)
    )
    return Bar(
        number=at + 1,
        seen=seen,
        x=f"{x:.1f}",
        left=f"{x - HALF_BAR:.1f}",
        right=f"{x + HALF_BAR:.1f}",
        top=f"{high - 2:.1f}",
        height=f"{low - high + 4:.1f}",
        middle=f"{middle:.1f}",
        mean=f"{mean:.1f}",
    )


def _up(moved: Moved, value: float) -> float:
    low, high = moved.metric.low, moved.metric.high
    share = (value - low) / (high - low)
    return FOOT - (FOOT - TOP) * min(max(share, 0.0), 1.0)
