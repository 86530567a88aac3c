"""Every read of this room. Who may look, draw, run and practise is decided in ``floors``."""

from upturn.floor.queries.floors import (
    Drawn,
    ahead_of,
    drawn,
    example,
    floors,
    may_draw,
    may_see_lab,
    newest_runs,
    next_waiting,
    run,
    runs_on,
)
from upturn.floor.queries.practising import Practice, practised
from upturn.floor.queries.results import (
    COLUMNS,
    Told,
    cells,
    film_of,
    may_film,
    told,
    trial_of,
    whole,
)

__all__ = [
    "COLUMNS",
    "Drawn",
    "Practice",
    "Told",
    "ahead_of",
    "cells",
    "drawn",
    "example",
    "film_of",
    "floors",
    "may_draw",
    "may_film",
    "may_see_lab",
    "newest_runs",
    "next_waiting",
    "practised",
    "run",
    "runs_on",
    "told",
    "trial_of",
    "whole",
]
