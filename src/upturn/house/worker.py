"""The thread beside the server: it reads new comments, traces falls and clears events away."""

import logging
import threading
from datetime import date

from django.core.management import call_command
from django.db import close_old_connections, connections
from django.utils import timezone

from upturn.house.closing import close_one
from upturn.house.laid_out import lay_out
from upturn.record import outbox
from upturn.trace import jobs as trace_jobs
from upturn.voice import commands, jobs

PAUSE_S = 3.0
AT_ONCE = 1_000

log = logging.getLogger(__name__)


class Worker:
    """Works until stopped; an error is logged and the work taken up again at the next turn."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._laid_out_on = date.min
        self._reader_is_known = False
        self._thread = threading.Thread(target=self._run, name="worker", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ask it to end, and wait for the turn it is at; harmless when it never began."""
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
            today = timezone.localdate()
            outbox.prune(today)
            call_command("clearsessions")
            if self._laid_out_on != today:
                lay_out()
                self._laid_out_on = today
            if not self._reader_is_known:
                commands.read_again_by_another()
                self._reader_is_known = True
            return (
                close_one(today)
                or jobs.read_unread(limit=AT_ONCE) > 0
                or trace_jobs.work(today)
                or jobs.search_for_themes()
            )
        except Exception:
            log.exception("The worker could not finish its turn; it tries again.")
            return False
