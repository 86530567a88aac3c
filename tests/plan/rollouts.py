"""Made-up years of units that begin something one after the other."""

from collections.abc import Sequence

import numpy as np

from upturn.plan.engine.evidence import Evidence
from upturn.stats.contrasts import NEVER
from upturn.stats.draws import generator
from upturn.stats.swings import autoregression


def evidence(
    starts: Sequence[int | None],
    *,
    weeks: int = 40,
    effect: float = 0.0,
    spread: float = 0.3,
    seed: int = 1,
    better: str = "more",
    picked: Sequence[int] = (),
) -> Evidence:
    """Units with a level of their own, a common swing, and `effect` since they began."""
    rng = generator(seed, "tests", "plan", "rollouts")
    units = len(starts)
    when = np.array([NEVER if at is None else at for at in starts], dtype=np.int64)
    own = 6 + rng.normal(0, 0.8, (units, 1)) + rng.normal(0, 0.2, weeks)
    swing = spread * autoregression((units, weeks), memory=0.4, rng=rng)
    since = np.arange(weeks) >= when[:, None]
    chosen = np.zeros(units, dtype=bool)
    chosen[list(picked)] = True
    return Evidence(own + swing + effect * since, when, better, chosen)
