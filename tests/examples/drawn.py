"""Four Hearths, drawn once for each set of arguments."""

from datetime import date
from functools import cache

from examples.restaurant_group import Organisation, draw

TODAY = date(2026, 11, 23)


@cache
def four_hearths(*, today: date = TODAY, seed: int = 7, comments: int = 12_000) -> Organisation:
    return draw(today, seed=seed, comments=comments)
