"""The thread beside the server: it reads new comments, traces falls and clears events away."""

import logging
from datetime import date

from django.core.management import call_command
from django.utils import timezone

from upturn.house.closing import close_one
from upturn.house.laid_out import lay_out
from upturn.house.turns import Turns
from upturn.loop import jobs as loop_jobs
from upturn.plan import jobs as plan_jobs
from upturn.record import outbox
from upturn.trace import jobs as trace_jobs
from upturn.voice import commands, jobs

AT_ONCE = 1_000

log = logging.getLogger(__name__)


class Worker(Turns):
    """An error is logged and the work taken up again at the next turn."""

    name = "worker"
    pause_s = 3.0

    def __init__(self) -> None:
        super().__init__()
        self._laid_out_on = date.min
        self._reader_is_known = False

    def turn(self) -> bool:
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
                or plan_jobs.work(today)
                or loop_jobs.meet_again(today, now=timezone.now())
                or jobs.search_for_themes()
            )
        except Exception:
            log.exception("The worker could not finish its turn; it tries again.")
            return False
