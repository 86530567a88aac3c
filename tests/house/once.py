"""What takes long to set up, made by the first process that needs it and copied by all."""

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder that a run of tests shares, to be copied and never to be changed.

    Whoever needs it first fills it; others wait until it is whole.
    """
    here = factory.getbasetemp()
    folder = (here.parent if "PYTEST_XDIST_WORKER" in os.environ else here) / name
    with folder.with_suffix(".lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not folder.exists():
            begun = folder.with_suffix(".begun")
            shutil.rmtree(begun, ignore_errors=True)  # of one that failed
            begun.mkdir(mode=0o700)
            make(begun)
            begun.rename(folder)
    return folder
