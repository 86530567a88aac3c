"""What somebody who leads a shift asks about it, beside its board."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from upturn.floor.engine.live import Spread, Totals
from upturn.floor.models import FloorVersion, Shift
from upturn.floor.queries.practice import practice_cards
from upturn.floor.queries.seats import may_lead
from upturn.stats.figures import Figure, Withheld

if TYPE_CHECKING:
    from upturn.floor.models import PracticeCard
    from upturn.people.models import Person

COLUMNS_OF_TOTALS = ("figure", "value", "low", "high", "n")
Row = tuple[str, float | int | None, float | None, float | None, int | None]


def most_held(viewer: "Person", shift: Shift) -> int:
    """How many seats of an open shift were held at one moment, whoever held them."""
    return shift.most_held if may_lead(viewer) else 0


def version_of(viewer: "Person", shift: Shift, number: int) -> FloorVersion:
    """Give a drawing of the shift's floor by its number.

    Raises
    ------
    ObjectDoesNotExist
        Also when the viewer does not lead.
    """
    if not may_lead(viewer):
        raise FloorVersion.DoesNotExist
    return shift.floor.versions.get(number=number)


def cards_of(viewer: "Person", shift: Shift) -> "list[PracticeCard]":
    """Give the cards put up on the floor of a closed shift since it closed, until the day after."""
    if shift.closed_on is None:
        return []
    return [
        card
        for card in practice_cards(viewer)
        if card.floor_id == shift.floor_id and 0 <= (card.put_up_on - shift.closed_on).days <= 1
    ]


def totals_rows(totals: Totals | Withheld) -> Iterator[Row]:
    """Totals of a shift as rows of a file: seconds, shares in 0..1, counts; by kind and quarter."""
    if isinstance(totals, Withheld):
        yield "withheld: seats held, seats needed", totals.got, None, None, totals.needed
        return
    yield "needs", totals.needs, None, None, None
    yield "needs met", totals.met, None, None, None
    yield from _share("share met before asked", totals.before_asked)
    yield from _share("share met before late", totals.within_due)
    yield from _spread("seconds to notice", totals.to_notice)
    yield from _spread("seconds until met", totals.to_meet)
    yield "walked by", totals.walk_bys, None, None, None
    for kind, counts in totals.profile.items():
        for quarter, count in enumerate(counts):
            yield f"{kind}, minute {15 * quarter} to {15 * quarter + 15}", count, None, None, None


def _share(name: str, figure: Figure | Withheld) -> Iterator[Row]:
    if isinstance(figure, Figure):
        yield name, figure.value, figure.low, figure.high, figure.n


def _spread(name: str, spread: Spread | Withheld) -> Iterator[Row]:
    if isinstance(spread, Spread):
        yield f"{name}, median", spread.median_s, None, None, spread.n
        yield f"{name}, 9 of 10", spread.p90_s, None, None, spread.n
