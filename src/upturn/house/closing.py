"""Closing waves from the worker, each turn at most one, in a process of its own."""

import logging
import subprocess
import sys
from datetime import date

from upturn.partners import jobs

TIMES = 3
log = logging.getLogger(__name__)
_failed: dict[tuple[str, date], int] = {}


def close_one(today: date) -> bool:
    """Close the next wave that is over; say whether there was one that could be closed.

    What cannot be closed is tried three times a day, and the log says so.
    """
    due = [ref for ref in jobs.due(today) if _failed.get((ref, today), 0) < TIMES]
    if not due:
        return False
    command = [sys.executable, "-m", "upturn.house.cli", "close", due[0]]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        _failed[due[0], today] = _failed.get((due[0], today), 0) + 1
        log.error("Wave %s could not be closed: %s", due[0], done.stderr.strip()[-300:])
    return done.returncode == 0
