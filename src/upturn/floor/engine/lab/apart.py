"""The child's side of what runs in a process of its own: a trial, and making ready for one."""

from multiprocessing.connection import Connection

import numpy as np

from upturn.floor.engine import rounds
from upturn.floor.engine.errors import FloorError
from upturn.floor.engine.grid import grid
from upturn.floor.engine.lab.trial import Trial
from upturn.floor.engine.laid import lay_out
from upturn.floor.engine.policy import OwnTheWhole


def carry_out_apart(trial: Trial, said: Connection) -> None:
    """Carry a trial out and say how far it is, then what was found or what is wrong with it.

    Parameters
    ----------
    trial : Trial
    said : Connection
        Gets tuples ``("progress", done, steps)``, then ``("found", dict)`` or ``("wrong", str)``.
        When nobody listens any more, the next word ends this process.
    """
    from upturn.floor.engine.lab.carrying_out import (  # noqa: PLC0415 - a second and 100 MB: numba
        carry_out,
    )

    try:
        found = carry_out(trial, lambda done, steps: said.send(("progress", done, steps)))
    except FloorError as error:
        said.send(("wrong", str(error)))
    else:
        said.send(("found", found))


def make_ready() -> None:
    """Have the needs, the loop and the planner compiled and kept on disk, as practice uses them."""
    from upturn.floor.engine.simulating import simulate  # noqa: PLC0415 - a second and 100 MB: numba

    floor = grid(sections=2, tables=2)
    simulate(floor, policy=OwnTheWhole(), hours=0.1, reps=1)
    laid = lay_out(floor)
    servers = len(floor.servers)
    snapshot = rounds.snapshot_of(
        floor,
        laid,
        now_s=0.0,
        standing=rounds.Standing(laid.home, np.zeros(servers), np.zeros((servers, 0), np.int64)),
        waiting=rounds.Waiting(np.array([0]), np.array([0]), np.array([0.0])),
    )
    rounds.plan_round(snapshot, budget_ms=1)
