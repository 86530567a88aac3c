"""A thread beside the server that takes one turn of work after the other."""

import threading
from abc import ABC, abstractmethod

from django.db import close_old_connections, connections


class Turns(ABC):
    """Works until stopped; what is done in a turn is said by whoever inherits."""

    name: str
    first_s = 0.0
    """When its first turn comes: whoever comes back to a house that starts goes first."""
    pause_s: float
    """How long to wait when a turn found nothing to do."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ask it to end, and wait for the turn it is at; harmless when it never began."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    @abstractmethod
    def turn(self) -> bool:
        """Do what is to be done next; say whether there was anything. It raises nothing."""

    def _run(self) -> None:
        self._stop.wait(self.first_s)
        while not self._stop.is_set():
            close_old_connections()
            busy = self.turn()
            self._stop.wait(0 if busy else self.pause_s)
        connections.close_all()
