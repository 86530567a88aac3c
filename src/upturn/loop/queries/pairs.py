"""Who talks with whom in a step of pairs: a number that two phones share, and no name."""

from dataclasses import dataclass

from upturn.loop.engine.errors import Incomplete
from upturn.loop.engine.pairs import draw_pairs
from upturn.loop.engine.script import StepKind
from upturn.loop.models import Participant, Workshop
from upturn.loop.queries.holders import Holder
from upturn.loop.queries.scripts import script_of_workshop
from upturn.record.kept import keep
from upturn.stats.draws import generator

SEED = 4


@dataclass(frozen=True, slots=True)
class Pair:
    """The pair of a phone; `number` stands on the phones of all who are in it."""

    number: int
    size: int


def pair_of(holder: Holder, workshop: Workshop, step: int) -> Pair | None:
    """Give the pair of a phone at the step where the room is; None for who came after the draw.

    It is drawn once, for all who are in when the first of them asks.
    """
    script = script_of_workshop(workshop)
    if workshop.pk != holder.workshop or step != workshop.step:
        return None
    if script.steps[step].kind is not StepKind.PAIRS:
        return None
    what = ("pairs of a workshop", workshop.ref, step)
    drawn = keep(what, as_of=None, read=lambda: _draw(workshop, step))
    return drawn.get(holder.pk)


def _draw(workshop: Workshop, step: int) -> dict[int, Pair]:
    rows = Participant.objects.filter(workshop=workshop, left=False).order_by("pk")
    present = list(rows.values_list("pk", flat=True))
    draws = generator(SEED, "pairs", workshop.ref, str(step))
    try:
        pairs = draw_pairs(present, draws=draws)
    except Incomplete:
        return {}
    return {
        phone: Pair(number, len(pair))
        for number, pair in enumerate(pairs, start=1)
        for phone in pair
    }
