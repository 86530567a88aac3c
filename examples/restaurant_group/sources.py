"""The word lists beside this file, the weeks they are spread over, and dice."""

import tomllib
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

import numpy as np

WEEKS = 26
Option = TypeVar("Option")


@cache
def words(name: str) -> dict[str, Any]:
    """Read ``words/<name>.toml``."""
    source = files(__package__ or "").joinpath("words", f"{name}.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))


def mondays(today: date) -> list[date]:
    """Mondays of the last 26 whole weeks before ``today``, oldest first."""
    this_week = today - timedelta(days=today.weekday())
    return [this_week - timedelta(weeks=WEEKS - week) for week in range(WEEKS)]


def in_house(pattern: str, *, house: str) -> str:
    """Key of a party in a house: ``@kitchen`` is ``mill-kitchen`` at the Mill."""
    return f"{house}-{pattern[1:]}" if pattern.startswith("@") else pattern


class Dice:
    """Single draws at the price of a list, from a generator that draws thousands at once."""

    def __init__(self, generator: np.random.Generator) -> None:
        self._generator = generator
        self._rolls: Iterator[float] = iter(())

    def roll(self) -> float:
        """Give a number from 0 up to 1."""
        for value in self._rolls:
            return value
        self._rolls = iter(self._generator.random(4096).tolist())
        return next(self._rolls)

    def chance(self, share: float) -> bool:
        """Say yes in ``share`` of all cases."""
        return self.roll() < share

    def pick(self, options: Sequence[Option]) -> Option:
        """Take one of ``options``, each as likely as the next."""
        return options[int(self.roll() * len(options))]
