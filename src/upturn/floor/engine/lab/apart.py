"""The child's side of a trial that runs in a process of its own."""

from multiprocessing.connection import Connection

from upturn.floor.engine.errors import FloorError
from upturn.floor.engine.lab.trial import Trial


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
