"""Practice cards, for members and for who holds a seat."""

from typing import TYPE_CHECKING

from django.core.exceptions import ObjectDoesNotExist

from upturn.floor.models import PracticeCard
from upturn.floor.queries.floors import may_see_lab
from upturn.floor.queries.seats import SeatHolder, may_lead

if TYPE_CHECKING:
    from upturn.people.models import Person

MOST = 200


def may_see_cards(viewer: "Person | SeatHolder | None") -> bool:
    """Whether the viewer may read practice cards: members, and who holds a seat."""
    return isinstance(viewer, SeatHolder) or (viewer is not None and may_see_lab(viewer))


def practice_cards(viewer: "Person | SeatHolder | None") -> list[PracticeCard]:
    """Every card that is up, the newest first."""
    if not may_see_cards(viewer):
        return []
    rows = PracticeCard.objects.filter(taken_down_on=None).select_related("floor")
    return list(rows.order_by("-put_up_on", "-pk")[:MOST])


def practice_card(viewer: "Person", ref: str) -> PracticeCard:
    """Give a card to who may take it down, also one that is down.

    Raises
    ------
    ObjectDoesNotExist
        Also when the viewer may not.
    """
    if not may_lead(viewer):
        raise ObjectDoesNotExist
    return PracticeCard.objects.get(ref=ref)
