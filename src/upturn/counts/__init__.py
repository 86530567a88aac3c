"""Counting answers into integers; nothing but integers ever leaves an engine."""

from upturn.counts.counting import (
    ENGINES,
    ScaleSquares,
    cross_products,
    histogram,
    scale_squares,
)
from upturn.counts.errors import CountsError, UncountableAnswers, UnknownEngine

__all__ = [
    "ENGINES",
    "CountsError",
    "ScaleSquares",
    "UncountableAnswers",
    "UnknownEngine",
    "cross_products",
    "histogram",
    "scale_squares",
]
