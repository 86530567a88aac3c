"""How much of a step speaks of solutions: an aid for who holds the workshop, if he or she asks."""

from typing import TYPE_CHECKING

from upturn.loop.engine.talk import Talk, talk_of
from upturn.loop.models import Card, CardKind, Statement, Workshop
from upturn.loop.queries.sight import is_open_to_read, may_run

if TYPE_CHECKING:
    from upturn.people.models import Person


def talk_at(viewer: "Person", workshop: Workshop, step: int) -> Talk | None:
    """Count over a whole step that is open to read; None to who does not hold the workshop.

    Nothing of it is stored, and no card learns what it counted as (S4.3).
    """
    if not may_run(viewer, workshop) or not is_open_to_read(workshop, step):
        return None
    rows = Card.objects.filter(workshop=workshop, step=step, hidden_because="").exclude(words="")
    cards = rows.exclude(kind=CardKind.OBJECTION).values_list("words", "language")
    said = Statement.objects.filter(workshop=workshop, step=step, hidden_because="")
    statements = said.exclude(words="").values_list("words", flat=True)
    found = [(words, language or workshop.language) for words, language in cards]
    return talk_of(found + [(words, workshop.language) for words in statements])
