"""What a room said it will notice, so that a statement of day 100 need not look for a sign."""

from upturn.loop.models import Workshop
from upturn.loop.queries.cards import cards
from upturn.loop.queries.scripts import script_of_workshop
from upturn.loop.queries.sight import Viewer

MOST_SIGNS = 60


def signs(viewer: Viewer, workshop: Workshop) -> tuple[str, ...]:
    """Give the open cards of the steps that ask for signs, each once, as one line.

    Raises
    ------
    Workshop.DoesNotExist
        If the workshop is out of sight.
    """
    steps = enumerate(script_of_workshop(workshop).steps)
    seen = [cards(viewer, workshop, number) for number, step in steps if step.sign]
    said = (" ".join(card.words.split()) for each in seen for card in each.cards)
    return tuple(dict.fromkeys(said))[:MOST_SIGNS]
