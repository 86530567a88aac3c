"""How those who lead serve, of at least five of them together, never of one (S2.20)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from upturn.partners.engine.base_table import rows_where
from upturn.partners.engine.shapes import Group, Instrument, Published, Side
from upturn.partners.engine.signs import Mirror, Reach, Scope, mirrors
from upturn.stats import Withheld

LED = "led"
LEADERS_LEAST = 5
_PREFIX = "led:"


@dataclass(frozen=True, slots=True)
class Led:
    """What was asked about one block of leaders.

    Parameters
    ----------
    block : str
        Of those who serve under them.
    name : str
        What the leaders are called.
    leaders : int
        How many they are.
    rows : tuple of Mirror or Withheld
        Both sides' answers; the reason where the leaders are too few.
    """

    block: str
    name: str
    leaders: int
    rows: tuple[Mirror, ...] | Withheld


def asks_about_leaders(instrument: Instrument) -> bool:
    """Whether those who serve are asked about those who lead, and so answer block by block.

    Examples
    --------
    >>> from upturn.partners.engine.instruments import instrument
    >>> asks_about_leaders(instrument("led")), asks_about_leaders(instrument("keys"))
    (True, False)
    """
    return any(item.measures == LED for item in instrument.items)


def under_leaders(block: str) -> str:
    """Key of all who serve under a block of leaders; of nobody's block, under all of them.

    Examples
    --------
    >>> is_under_leaders(under_leaders("leaders:leaders:Mill")), is_under_leaders("mill-bar")
    (True, False)
    """
    return _PREFIX + block


def is_under_leaders(key: str) -> bool:
    """Whether a key is one of `under_leaders`."""
    return key.startswith(_PREFIX)


@dataclass(frozen=True, slots=True)
class Leaders:
    """A block of those who lead: what it is called, how many they are, and their units."""

    name: str
    people: int
    units: tuple[str, ...]


def how_they_serve(published: Published, *, leaders: Mapping[str, Leaders]) -> tuple[Led, ...]:
    """Put both sides' answers about each block of leaders beside each other.

    Parameters
    ----------
    published : Published
        Of an instrument for which `asks_about_leaders` holds.
    leaders : mapping of str to Leaders
        Blocks of leaders as of the opening day, by their key.

    Returns
    -------
    tuple of Led
        One a block of those who serve; none smaller was ever counted.

    References
    ----------
    Seed item S2.20.
    """
    found = []
    for row in rows_where(published, lambda group: group.side is Side.SERVERS):
        group = published.groups[row]
        about = _about(group, leaders)
        number = sum(each.people for each in about)
        name = ", ".join(each.name for each in about)
        if number < LEADERS_LEAST:
            held = Withheld("too_few_leaders", LEADERS_LEAST, number)
            found.append(Led(group.block, name, number, held))
            continue
        within = Scope(
            reach=Reach.PLACE,
            name=name,
            servers=(row,),
            leaders=_who_answered(published, about),
            of_leaders=name,
        )
        found.append(Led(group.block, name, number, mirrors(published, LED, within=within)))
    return tuple(found)


def _about(group: Group, leaders: Mapping[str, Leaders]) -> tuple[Leaders, ...]:
    """About which leaders a group was asked: those of its own blocks, or all where it has none."""
    asked = [unit.removeprefix(_PREFIX) for unit in group.units if is_under_leaders(unit)]
    if "" in asked:
        return tuple(leaders.values())
    return tuple(leaders[key] for key in dict.fromkeys(asked) if key in leaders)


def _who_answered(published: Published, about: Sequence[Leaders]) -> tuple[int, ...]:
    """Blocks of leaders all of whom were asked about."""
    units = {unit for each in about for unit in each.units}
    return rows_where(
        published, lambda group: group.side is Side.LEADERS and set(group.units) <= units
    )
