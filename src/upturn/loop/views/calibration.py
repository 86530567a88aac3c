"""How well the organisation knew, drawn: how sure people were, and how often it came true."""

from collections.abc import Sequence
from dataclasses import dataclass

from upturn.loop.engine.hundred import Known
from upturn.stats import Figure

WIDE, HIGH, LEFT, TOP = 100, 160, 60, 20


@dataclass(frozen=True, slots=True)
class Mark:
    """One degree of confidence: where its share stands, and how far its interval goes."""

    x: int
    y: float
    high: float
    low: float
    n: int
    share: int
    sure: int


@dataclass(frozen=True, slots=True)
class Picture:
    """The marks, and the grid behind them."""

    marks: tuple[Mark, ...]
    grid: tuple[tuple[float, int], ...]
    width: int = LEFT + 5 * WIDE
    height: int = TOP + HIGH + 40
    foot: int = TOP + HIGH


def calibration_picture(known: Sequence[Known]) -> Picture | None:
    """Draw what may be shown; None where nothing may."""
    marks = tuple(
        _mark(each.sure, each.better) for each in known if isinstance(each.better, Figure)
    )
    grid = tuple((_y(share / 100), share) for share in (0, 50, 100))
    return Picture(marks, grid) if marks else None


def _mark(sure: int, share: Figure) -> Mark:
    return Mark(
        x=LEFT + WIDE // 2 + WIDE * (sure - 1),
        y=_y(share.value),
        high=_y(share.high),
        low=_y(share.low),
        n=share.n,
        share=round(100 * share.value),
        sure=sure,
    )


def _y(share: float) -> float:
    return round(TOP + HIGH * (1 - share), 1)
