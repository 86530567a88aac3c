"""What the worker does in a turn: comments, falls, day 100, and what is to be cleared away."""

from datetime import date

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from upturn.exchange import jobs as exchange_jobs
from upturn.house.closing import close_one
from upturn.house.laid_out import lay_out
from upturn.loop import jobs as loop_jobs
from upturn.plan import jobs as plan_jobs
from upturn.record import outbox
from upturn.trace import jobs as trace_jobs
from upturn.voice import commands, jobs

AT_ONCE = 1_000


class Work:
    """Knows what it did today already."""

    def __init__(self) -> None:
        self._laid_out_on = date.min
        self._reader_is_known = False
        self._example_is_due = settings.DEMO

    def turn(self, today: date) -> bool:
        """Do what is due; say whether there may be more at once."""
        outbox.prune(today)
        call_command("clearsessions")
        if self._laid_out_on != today:
            lay_out()
            self._laid_out_on = today
        if not self._reader_is_known:
            commands.read_again_by_another()
            self._reader_is_known = True
        now = timezone.now()
        return (
            exchange_jobs.work(now)
            or loop_jobs.meet_again(today, now=now)
            or close_one(today)
            or jobs.read_unread(limit=AT_ONCE) > 0
            or self._bring_example(today)
            or trace_jobs.work(today)
            or plan_jobs.work(today)
            or jobs.search_for_themes()
            or exchange_jobs.prepare()
        )

    def _bring_example(self, today: date) -> bool:
        if not self._example_is_due:
            return False
        from upturn.house.demo import bring_exchange  # noqa: PLC0415 - the demo's alone

        self._example_is_due = False
        bring_exchange(today)
        return True
