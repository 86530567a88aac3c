"""The laboratory beside the pages: one run after the other, each in a process of its own."""

import logging
from collections.abc import Callable
from multiprocessing import get_context
from typing import TYPE_CHECKING

from upturn.floor import commands, queries
from upturn.floor.engine.lab.apart import carry_out_apart, make_ready
from upturn.floor.queries.ready import note_ready

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

    from upturn.floor.models import LabRun

LOOK_S = 0.5
"""How often it is looked whether the house is to end while a run works."""
log = logging.getLogger(__name__)


def make_practice_ready(stopping: Callable[[], bool]) -> None:
    """Have the planner compiled in a process of its own; quick where that has been done before."""
    child = get_context("spawn").Process(target=make_ready, daemon=True)
    try:
        child.start()
        while child.is_alive() and not stopping():
            child.join(LOOK_S)
        if child.exitcode:
            log.error("Making the planner ready ended with code %s.", child.exitcode)
    finally:
        child.kill()
        child.join()
        note_ready()


def begin_again() -> None:
    """Let a run that was cut off wait again; one house works on one database."""
    commands.begin_again()


def work(stopping: Callable[[], bool]) -> bool:
    """Carry out the run whose turn it is; say whether there was any.

    When the house ends meanwhile, the run stays as it is and begins again at the next start.
    """
    run = queries.next_waiting()
    if run is None or not commands.begin(run):
        return False
    spawning = get_context("spawn")  # a fork would copy the threads' locks
    hears, says = spawning.Pipe(duplex=False)
    child = spawning.Process(
        target=carry_out_apart, args=(queries.trial_of(run), says), daemon=True
    )
    child.start()
    says.close()
    try:
        _listen(run, hears, child, stopping)
    finally:
        child.kill()
        child.join()
        hears.close()
    return True


def _listen(
    run: "LabRun", hears: "Connection", child: "BaseProcess", stopping: Callable[[], bool]
) -> None:
    while not stopping():
        if not hears.poll(LOOK_S):
            continue
        try:
            what, *said = hears.recv()
        except EOFError:
            child.join()
            log.error("The run %s ended with code %s.", run.ref, child.exitcode)
            commands.fail(run, "")
            return
        if what == "progress":
            commands.note_progress(run, done=said[0], steps=said[1])
        elif what == "found":
            commands.finish(run, said[0])
            return
        else:
            commands.fail(run, said[0])
            return
