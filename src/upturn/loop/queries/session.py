"""Cards of a closed workshop that can begin a plan: their words, and nothing of their writers."""

from typing import TYPE_CHECKING, NamedTuple

from upturn.loop.models import Workshop, WorkshopState
from upturn.loop.queries.cards import cards
from upturn.loop.queries.scripts import script_of_workshop
from upturn.loop.queries.sight import check_see

if TYPE_CHECKING:
    from upturn.people.models import Person


class PlanCard(NamedTuple):
    """What a card is in a plan (`engine.script.PLAN`), and its words."""

    plan: str
    words: str


def cards_for_a_plan(viewer: "Person", workshop: Workshop) -> tuple[PlanCard, ...]:
    """Give what a closed workshop brings into a plan, the same words once; none while it is open.

    Names under cards stay behind, and so does what was taken off the wall.

    Raises
    ------
    Workshop.DoesNotExist
        If the workshop is out of sight.
    """
    check_see(viewer, workshop)
    if workshop.state == WorkshopState.OPEN:
        return ()
    found: dict[tuple[str, str], PlanCard] = {}
    for number, step in enumerate(script_of_workshop(workshop).steps):
        for card in cards(viewer, workshop, number).cards if step.plan else ():
            words = " ".join(card.words.split())
            found.setdefault((step.plan, words.casefold()), PlanCard(step.plan, words))
    return tuple(found.values())
