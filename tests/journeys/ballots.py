"""Let the rest of a wave answer. Usage: ballots.py <code> ..., and on standard input what they say.

That is ``{"edges": {"<server> > <served>": [served, serving]}, "servers": 2, "leaders": 4}``, steps
from 1 to 5 around which people answer; an edge that is not named is seen alike by both sides.
"""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "upturn.house.settings"
django.setup()

from django.utils import timezone  # noqa: E402

from upturn.partners import commands, queries  # noqa: E402
from upturn.partners.engine import Question, Sheet, Side, questions  # noqa: E402
from upturn.partners.engine.shapes import Form  # noqa: E402

AROUND = (0, 0, 1, 0, -1)
"""By how many steps one person after the other answers more than the mean."""
ALIKE = (3, 3)
FIVE_STEPS = {Form.AGREE, Form.HOW_WELL, Form.HOW_MUCH}
WORDS = "Say it at the pass, before the tray goes."


def filled(
    code: str, said: Mapping[str, Any]
) -> Iterator[tuple[str, Mapping[str, int], Mapping[str, str]]]:
    """Cards of a seat that were not used yet, with their answers."""
    ref = code.partition("-")[0]
    pairs = {one.id: f"{one.server} > {one.served}" for one in queries.relations_of(ref)}
    for number, token in enumerate(commands.cards_behind(code)):
        sheet = queries.sheet(token)
        if isinstance(sheet, Sheet):
            asked = questions(sheet)
            counted = [one for one in asked if one.item.form in FIVE_STEPS]
            yield (
                token,
                {
                    one.key: _step(one, number, mean=_mean(one, said, pairs=pairs))
                    for one in counted
                },
                {one.key: WORDS for one in asked if one.item.form is Form.WORDS},
            )


def _step(asked: Question, number: int, *, mean: int) -> int:
    step = min(max(mean + AROUND[number % len(AROUND)], 1), 5)
    return 6 - step if asked.item.reversed_ else step


def _mean(asked: Question, said: Mapping[str, Any], *, pairs: Mapping[int, str]) -> int:
    if asked.side in {Side.SERVED, Side.SERVING}:
        served, serving = said["edges"].get(pairs[asked.relation], ALIKE)
        return int(served if asked.side is Side.SERVED else serving)
    return int(said[asked.side])


if __name__ == "__main__":
    content = json.loads(sys.stdin.read())
    ballots = [ballot for code in sys.argv[1:] for ballot in filled(code, content)]
    sys.stdout.write(str(commands.cast_together(ballots, today=timezone.localdate())))
