"""The thread beside the server in which the lab's runs have their turn.

Each runs in a process of its own, so that pages stay fast; this thread listens to it.
"""

import logging
import threading

from django.db import close_old_connections, connections

from upturn.floor import jobs

PAUSE_S = 1.0

log = logging.getLogger(__name__)


class Laboratory:
    """Works until stopped; a run that is cut off begins again at the next start."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._is_known = self._is_ready = False
        self._thread = threading.Thread(target=self._run, name="laboratory", daemon=True)

    def start(self) -> None:
        jobs.announce()
        self._thread.start()

    def stop(self) -> None:
        """Ask it to end, which takes half a second at most; harmless when it never began."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            close_old_connections()
            busy = self._turn()
            self._stop.wait(0 if busy else PAUSE_S)
        connections.close_all()

    def _turn(self) -> bool:
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
