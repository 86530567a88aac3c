"""The thread beside the server in which the lab's runs have their turn.

Each runs in a process of its own, so that pages stay fast; this thread listens to it.
"""

import logging

from upturn.floor import jobs
from upturn.house.turns import Turns

log = logging.getLogger(__name__)


class Laboratory(Turns):
    """A run that is cut off begins again at the next start; to stop takes half a second at most."""

    name = "laboratory"
    pause_s = 1.0

    def __init__(self) -> None:
        super().__init__()
        self._is_known = self._is_ready = False

    def start(self) -> None:
        jobs.announce()
        super().start()

    def turn(self) -> bool:
        try:
            if not self._is_ready:
                self._is_ready = True
                jobs.make_practice_ready(self._stop.is_set)
            if not self._is_known:
                jobs.begin_again()
                self._is_known = True
            return jobs.work(self._stop.is_set)
        except Exception:
            log.exception("A run of the lab could not be carried out; the next turn looks again.")
            self._is_known = False
            return False
