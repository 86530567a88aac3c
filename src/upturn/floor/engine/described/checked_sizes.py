"""Whether a floor is small enough to be looked at, and its names short enough to be read."""

from collections.abc import Callable
from unicodedata import category

from upturn.floor.engine.errors import BadFloor
from upturn.floor.engine.shapes import Floor

NAME_MOST = 80
PLACES_MOST, SERVERS_MOST = 3_000, 5_000
"""Walks are kept from each place to each, and for each server what is near."""
UNSHOWN = {"Cc", "Cs", "Zl", "Zp"}
TURNING = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Signs that turn the direction of what comes after them."""
MOST: tuple[tuple[str, Callable[[Floor], int], int], ...] = (
    ("places", lambda floor: len(floor.nodes), PLACES_MOST),
    ("servers", lambda floor: len(floor.servers), SERVERS_MOST),
    ("sections", lambda floor: len(floor.sections), PLACES_MOST),
    ("kinds of need", lambda floor: len(floor.need_types), 500),
    ("walks", lambda floor: len(floor.edges), 50_000),
    ("slots of the day", lambda floor: len(floor.day.profile), 10_000),
    ("points of speed at load", lambda floor: len(floor.behaviour.at_load), 1_000),
)


def size_problems(floor: Floor) -> tuple[BadFloor, ...]:
    """Give every part of a floor there is too much of."""
    return tuple(
        too_many(what, count(floor), most) for what, count, most in MOST if count(floor) > most
    )


def too_many(what: str, count: int, most: int) -> BadFloor:
    """Say that there is too much of something."""
    remedy = f"describe a part of it, with at most {most:,}"
    return BadFloor("floor", count, f"has too many {what}", remedy)


def name_problem(what: str, name: str) -> BadFloor | None:
    """Give what keeps a name from being read in a table, a picture or a terminal."""
    if not name:
        return BadFloor(what, name, "has no name", "give it one")
    if len(name) > NAME_MOST:
        wrong, remedy = f"has a name of {len(name)} letters", f"give at most {NAME_MOST}"
        return BadFloor(what, name[:20] + "…", wrong, remedy)
    if any(category(sign) in UNSHOWN or sign in TURNING for sign in name):
        remedy = "write it in letters, digits, signs and blanks"
        return BadFloor(what, name, "has a sign in its name that cannot be shown", remedy)
    return None
