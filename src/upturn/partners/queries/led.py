"""Who answers together about which leaders: one group for each block of at least k of them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from upturn.graph import queries as graph
from upturn.partners.engine import (
    LEADERS_LEAST,
    Leaders,
    Led,
    Published,
    Side,
    how_they_serve,
    under_leaders,
)
from upturn.partners.models import WaveSeat
from upturn.partners.queries.figures import kept
from upturn.partners.queries.rosters import WHOLE, Roster, rosters
from upturn.privacy import TooFewPeople, Unit, pre_blocks
from upturn.stats import Figure, Withheld

_LEADERS = "leaders:"


def under_their_leaders(found: Sequence[Roster], *, k: int) -> tuple[Roster, ...]:
    """Put those who serve together by the block of leaders they are asked about.

    Whoever serves where nobody leads is asked about all who lead. Where leaders are too few nothing
    is put together, and the wave is refused with the reason.
    """
    leaders = [each for each in found if each.side == Side.LEADERS]
    units = [Unit(each.key, each.side, each.parents, len(each.people)) for each in leaders]
    try:
        blocks = pre_blocks(units, k=k)
    except TooFewPeople:
        return tuple(found)
    places = {block.key: tuple(u.removeprefix(_LEADERS) for u in block.units) for block in blocks}
    block_of = {place: block for block, there in places.items() for place in there}
    together: dict[str, list[Roster]] = defaultdict(list)
    for each in found:
        if each.side == Side.SERVERS:
            together[block_of.get(_place(each), "")].append(each)
    return (*leaders, *(_one(block, places.get(block, ()), together[block]) for block in together))


def _place(roster: Roster) -> str:
    return graph.snapshot().by_key[roster.key].place


def _one(block: str, places: tuple[str, ...], rosters: Sequence[Roster]) -> Roster:
    at = places[0] if len(places) == 1 else ""
    return Roster(
        key=under_leaders(block),
        side=Side.SERVERS,
        parties=tuple(key for each in rosters for key in each.parties),
        parents=(at, WHOLE) if at else (WHOLE,),
        people=tuple(person for each in rosters for person in each.people),
        name=_named(places),
    )


def _named(places: tuple[str, ...]) -> str:
    there = ", ".join(filter(None, places))
    return _("those who serve at %(place)s") % {"place": there} if there else _("those who serve")


def led_page(found: Published) -> tuple[Led, ...]:
    """Show how those who lead serve, of each block of them that was asked about."""
    return kept(found, "led", lambda: how_they_serve(found, leaders=_leaders(found)))


def _leaders(found: Published) -> Mapping[str, Leaders]:
    """Blocks of leaders with their numbers, as of the opening day."""
    rows = WaveSeat.objects.filter(wave__ref=found.wave, side=Side.LEADERS).order_by("number")
    return {row.key: Leaders(row.name, row.people, tuple(row.units.split("\t"))) for row in rows}


def leaders_there() -> Figure | Withheld:
    """How many lead, or why a wave about them cannot open: fewer than five.

    The figure has no range, for everybody was counted.
    """
    parties = frozenset(graph.snapshot().party)
    found = rosters(parties, per_relation=False)
    number = sum(len(each.people) for each in found if each.side == Side.LEADERS)
    if number < LEADERS_LEAST:
        return Withheld("too_few_leaders", LEADERS_LEAST, number)
    return Figure(number, number, number, number)
