"""Counting answers into integers; nothing but integers ever leaves an engine."""

from upturn.counts.counting import ENGINES, cross_products, histogram
from upturn.counts.errors import CountsError, UncountableAnswers, UnknownEngine

__all__ = [
    "ENGINES",
    "CountsError",
    "UncountableAnswers",
    "UnknownEngine",
    "cross_products",
    "histogram",
]
