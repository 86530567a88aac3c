"""Pairs are drawn when the room comes to their step, and stored: a restart changes none."""

from upturn.loop.engine.errors import Incomplete
from upturn.loop.engine.pairs import draw_pairs
from upturn.loop.engine.script import StepKind
from upturn.loop.engine.stage import Stage, Standing
from upturn.loop.models import Participant, Workshop
from upturn.loop.queries.scripts import script_of_workshop
from upturn.stats.draws import generator

SEED = 4


def draw_at(workshop: Workshop, stage: Stage) -> None:
    """Draw pairs of those who are in, if a stage is at such a step and nobody has one there yet.

    Whoever comes later joins two others. With a single phone nothing is drawn; the next move of
    the room tries again.
    """
    if stage.standing is not Standing.OPEN or stage.turn == 0:
        return
    if script_of_workshop(workshop).steps[stage.step].kind is not StepKind.PAIRS:
        return
    phones = Participant.objects.filter(workshop=workshop)
    if phones.filter(pair_step=stage.step).exists():
        return
    here = list(phones.filter(left=False).order_by("pk"))
    draws = generator(SEED, "pairs", workshop.ref, str(stage.step))
    try:
        pairs = draw_pairs(range(len(here)), draws=draws)
    except Incomplete:
        return
    for number, pair in enumerate(pairs, start=1):
        for at in pair:
            here[at].pair_step, here[at].pair = stage.step, number
    Participant.objects.bulk_update(here, ["pair_step", "pair"], batch_size=200)
