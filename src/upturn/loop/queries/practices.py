"""Stories of a closed workshop, and those that stand among the practice cards of the house."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from upturn.loop.models import Nomination, NominationState, Practice, Workshop, WorkshopState
from upturn.loop.queries.sight import check_see, may_host
from upturn.people.queries import is_administrator

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from upturn.people.models import Person

MOST = 200


@dataclass(frozen=True, slots=True)
class StorySeen:
    """A story that its nominee approved; `put_up_on` is None while it is no practice card.

    `further` is whether its nominee said that it may become one.
    """

    ref: str
    nominee: str
    how: str
    put_up_on: date | None
    further: bool


@dataclass(frozen=True, slots=True)
class PracticeSeen:
    """A story as a practice card: without the name of whoever told it."""

    ref: str
    words: str
    workshop: str
    said_on: date
    put_up_on: date


def approved(workshop: Workshop) -> "QuerySet[Nomination]":
    """Stories that their nominees approved, and that nobody took off the wall."""
    rows = Nomination.objects.filter(workshop=workshop, state=NominationState.APPROVED)
    return rows.filter(card__hidden_because="").select_related("card__practice")


def stories(viewer: "Person", workshop: Workshop) -> tuple[StorySeen, ...]:
    """Give the approved stories of a workshop once it has closed; before, none.

    Raises
    ------
    Workshop.DoesNotExist
        If the workshop is out of sight.
    """
    check_see(viewer, workshop)
    if workshop.state == WorkshopState.OPEN:
        return ()
    return tuple(_story(row) for row in approved(workshop).order_by("pk"))


def _story(row: Nomination) -> StorySeen:
    card = getattr(row.card, "practice", None)
    up = card.put_up_on if card and card.taken_down_on is None else None
    return StorySeen(row.ref, row.nominee, row.how, up, row.further)


def practices_up() -> tuple[PracticeSeen, ...]:
    """Give the stories that are up, the newest first, to a room that has asked who may read them.

    Asked without a viewer: a phone of a shift, which no workshop knows, reads practice cards too.
    """
    rows = Practice.objects.filter(taken_down_on=None, story__hidden_because="")
    found = rows.select_related("story__workshop").defer("story__workshop__script")
    return tuple(_practice(row) for row in found.order_by("-put_up_on", "-pk")[:MOST])


def _practice(row: Practice) -> PracticeSeen:
    workshop = row.story.workshop
    said_on = workshop.closed_on or workshop.opened_on
    return PracticeSeen(row.ref, row.story.words, workshop.name, said_on, row.put_up_on)


def may_take_down(viewer: "Person") -> bool:
    """Whether the viewer takes practice cards down: as of a shift, who leads or administers."""
    return may_host(viewer) or is_administrator(viewer)
