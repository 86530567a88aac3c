"""What came of a round, drawn: each metric's quarters and mean on the scale of its bins.

Coordinates are texts, so that no language writes them with a comma.
"""

from dataclasses import dataclass

from upturn.exchange.queries.sheets import OnSheet, Result

LEFT, RIGHT, WIDTH = 14, 306, 320


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A place on the scale with the value that stands there; empty where none is written."""

    x: str
    value: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A metric with its drawing; without one where it is withheld."""

    result: Result
    edges: tuple[Mark, ...]
    band_x: str
    band_width: str
    middle_x: str
    mean_x: str

    @property
    def metric(self) -> OnSheet:
        """What the row is about."""
        return self.result.metric

    @property
    def told(self) -> bool:
        """Whether enough companies answered."""
        return self.result.lower is not None


def rows_of(results: tuple[Result, ...]) -> tuple[Row, ...]:
    """Draw each metric."""
    return tuple(map(_row, results))


def _row(result: Result) -> Row:
    metric = result.metric
    lower, upper = result.lower or 0.0, result.upper or 0.0
    return Row(
        result=result,
        edges=tuple(_edge(metric, at) for at in range(len(metric.edges))),
        band_x=f"{_x(metric, lower) - 2:.1f}",
        band_width=f"{_x(metric, upper) - _x(metric, lower) + 4:.1f}",
        middle_x=f"{_x(metric, result.middle or 0.0):.1f}",
        mean_x=f"{_x(metric, result.mean or 0.0):.1f}",
    )


def _edge(metric: OnSheet, at: int) -> Mark:
    """Write a number at the first edge, the last, and the one in the middle."""
    written = at in {0, len(metric.edges) // 2, len(metric.edges) - 1}
    value = metric.edges[at]
    return Mark(x=f"{_x(metric, value):.1f}", value=value if written else None)


def _x(metric: OnSheet, value: float) -> float:
    share = (value - metric.low) / (metric.high - metric.low)
    return LEFT + (RIGHT - LEFT) * min(max(share, 0.0), 1.0)
