"""Practice cards, for members and for who holds a seat."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypeAlias, cast

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.utils.module_loading import import_string

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


@dataclass(frozen=True, slots=True)
class CardFromElsewhere:
    """A card that no shift put up: what was done, in which workshop it was told, and when."""

    ref: str
    words: str
    workshop: str
    said_on: date
    put_up_on: date


Elsewhere: TypeAlias = "Callable[[], tuple[CardFromElsewhere, ...]]"


def cards_from_elsewhere(viewer: "Person | SeatHolder | None") -> tuple[CardFromElsewhere, ...]:
    """Give what other rooms put up; the house names where in its settings, and floors only ask."""
    if not may_see_cards(viewer):
        return ()
    return cast("Elsewhere", import_string(f"{settings.PRACTICES_ELSEWHERE}.up"))()


def all_cards(viewer: "Person | SeatHolder | None") -> "list[PracticeCard | CardFromElsewhere]":
    """Every card that is up, of shifts and of other rooms, the newest first."""
    found: list[PracticeCard | CardFromElsewhere] = list(practice_cards(viewer))
    found += cards_from_elsewhere(viewer)
    return sorted(found, key=lambda card: card.put_up_on, reverse=True)[:MOST]


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
