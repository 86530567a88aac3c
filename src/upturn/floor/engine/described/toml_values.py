"""What may stand in a floor's TOML: one small reader a value, and rows that name what is wrong."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from upturn.floor.engine.described.checked import nearest
from upturn.floor.engine.described.checked_numbers import LARGEST
from upturn.floor.engine.errors import BadFloor
from upturn.floor.engine.shapes import Durations, Law

Reads = Callable[[object], Any]
Number = TypeVar("Number", int, float)


class _Unfit(Exception):
    """A value of another kind; the arguments say what is wrong and what helps."""


class Rows:
    """Reads rows and keeps everything that is wrong with them."""

    def __init__(self) -> None:
        self.problems: list[BadFloor] = []

    def refuse(self, place: str, value: object, wrong: str, remedy: str) -> None:
        """Keep one more problem."""
        self.problems.append(BadFloor(place, value, wrong, remedy))

    def read(
        self,
        place: str,
        row: object,
        keys: Mapping[str, Reads],
        *,
        needs: Sequence[str] = (),
    ) -> dict[str, Any]:
        """Give the values of a row that are as they should be."""
        if not isinstance(row, dict):
            self.refuse(
                place,
                row,
                "is no table of keys and values",
                "write keys and values below its heading",
            )
            return {}
        for key in needs:
            if key not in row:
                self.refuse(place, tuple(row), f"has no {key}", f"add {key} = ...")
        found = {}
        for key, value in row.items():
            if key not in keys:
                self.refuse(f"{place}: {key}", value, "is an unknown key", nearest(key, keys))
                continue
            try:
                found[key] = keys[key](value)
            except _Unfit as unfit:
                self.refuse(f"{place}: {key}", value, *unfit.args)
        return found

    def rows(self, document: Mapping[str, object], name: str) -> list[dict[str, object]]:
        """Give the rows of one name: [[table]] twice is two of them."""
        value = document.get(name, [])
        if isinstance(value, list) and all(isinstance(row, dict) for row in value):
            return value
        self.refuse(name, value, "is not a list of rows", f"write [[{name}]] above each of them")
        return []


def text(value: object) -> str:
    """Give words, or a number as a name."""
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(_bounded(value))
    raise _Unfit("is not a text", 'write it between quotes, such as "12"')


def number(value: object) -> float:
    """Give a number with or without a point."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(_bounded(value))
    raise _Unfit("is not a number", "write it without quotes, such as 4.5")


def whole(value: object) -> int:
    """Give a whole number."""
    if isinstance(value, int) and not isinstance(value, bool):
        return _bounded(value)
    raise _Unfit("is not a whole number", "write it without quotes and point, such as 4")


def _bounded(value: Number) -> Number:
    """Refuse what no number of an array can hold."""
    if isinstance(value, int) and abs(value) > LARGEST:
        raise _Unfit("is out of all proportion", f"give at most {LARGEST:,.0f}")
    return value


def flag(value: object) -> bool:
    """Give yes or no."""
    if isinstance(value, bool):
        return value
    raise _Unfit("is neither true nor false", "write true or false, without quotes")


def texts(value: object) -> tuple[str, ...]:
    """Give several texts."""
    if isinstance(value, list):
        return tuple(text(one) for one in value)
    raise _Unfit("is not a list", 'write ["one", "two"]')


def numbers(value: object) -> tuple[float, ...]:
    """Give several numbers."""
    if isinstance(value, list):
        return tuple(number(one) for one in value)
    raise _Unfit("is not a list of numbers", "write [0.5, 1, 1.5]")


def points(value: object) -> tuple[tuple[float, float], ...]:
    """Give pairs of numbers."""
    if isinstance(value, list) and all(isinstance(one, list) and len(one) == 2 for one in value):
        return tuple((number(x), number(y)) for x, y in value)
    raise _Unfit("is not a list of pairs", "write [[0, 1], [3, 0.9]]")


def hands(value: object) -> dict[str, int]:
    """Give how many needs each item is enough for."""
    if isinstance(value, dict):
        return {item: whole(capacity) for item, capacity in value.items()}
    raise _Unfit("is not items with their numbers", "write { pot = 6, plates = 3 }")


def durations(value: object) -> Durations:
    """Give seconds: a mean alone, or with a law and a spread."""
    if not isinstance(value, dict):
        return Durations(number(value))
    unknown = next((key for key in value if key not in DURATIONS), None)
    if unknown is not None:
        raise _Unfit(f"has an unknown key {unknown}", nearest(unknown, DURATIONS))
    if "mean_s" not in value:
        raise _Unfit("has no mean_s", 'write { mean_s = 90, law = "lognormal", cv = 0.5 }')
    return Durations(**{key: DURATIONS[key](one) for key, one in value.items()})


def _law(value: object) -> Law:
    try:
        return Law(text(value))
    except ValueError:
        raise _Unfit("is an unknown law", nearest(str(value), Law)) from None


DURATIONS: dict[str, Reads] = {"mean_s": number, "law": _law, "cv": number}
