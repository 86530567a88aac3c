"""Stories of workshops among the practice cards of floors, neither of which knows the other."""

from datetime import date
from typing import TYPE_CHECKING

from upturn.floor.queries.practice import CardFromElsewhere
from upturn.loop.commands import practices
from upturn.loop.queries.practices import practices_up

if TYPE_CHECKING:
    from upturn.people.models import Person


def up() -> tuple[CardFromElsewhere, ...]:
    """Give the stories that are up as floors know a practice card."""
    return tuple(
        CardFromElsewhere(each.ref, each.words, each.workshop, each.said_on, each.put_up_on)
        for each in practices_up()
    )


def move(viewer: "Person", ref: str, *, down: bool, today: date) -> bool:
    """Take a story's card down, or put it back; say whether there is such a card."""
    return practices.put_down(viewer, ref, down=down, today=today)
