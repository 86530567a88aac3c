"""Who talks with whom in a step of pairs: a number that two phones share, and no name."""

from dataclasses import dataclass

from upturn.loop.engine.script import StepKind
from upturn.loop.models import Participant, Workshop
from upturn.loop.queries.holders import Holder
from upturn.loop.queries.scripts import script_of_workshop


@dataclass(frozen=True, slots=True)
class Pair:
    """The pair of a phone; `number` stands on the phones of all who are in it."""

    number: int
    size: int


def pair_of(holder: Holder, workshop: Workshop, step: int) -> Pair | None:
    """Give the pair of a phone at the step where the room is; None for who came after the draw."""
    if workshop.pk != holder.workshop or step != workshop.step:
        return None
    if script_of_workshop(workshop).steps[step].kind is not StepKind.PAIRS:
        return None
    rows = Participant.objects.filter(workshop=workshop, pair_step=step)
    number = rows.filter(pk=holder.pk).values_list("pair", flat=True).first()
    return Pair(number, rows.filter(pair=number).count()) if number is not None else None
