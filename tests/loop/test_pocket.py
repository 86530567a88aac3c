"""A small task can be marked until 30 days after day 100; then a sentence says that it stays."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.loop.held import draft, facilitator, held
from tests.loop.pages.rooms import joined, sent
from upturn.loop.commands import own
from upturn.loop.commands.hundred import open_day_100
from upturn.loop.commands.own import POCKET_DAYS
from upturn.loop.commands.refusals import PocketOver
from upturn.loop.models import PocketTask, Workshop
from upturn.record.writer import writer

pytestmark = pytest.mark.django_db

TASK = draft(0, "Count plates", kind="task")


@pytest.fixture(autouse=True)
def ended() -> Iterator[None]:
    yield
    writer.stop()


def met_again(*, days_ago: int) -> None:
    """A workshop whose day 100 was so many days ago, and a phone's task of it."""
    workshop = held(facilitator())
    given = {"ref": TASK.ref, "key": TASK.key, "step": 0, "words": TASK.words, "kind": "task"}
    assert sent(joined(workshop), "card", given).status_code == 200
    today = timezone.localdate()
    day = today - timedelta(days=days_ago)
    rows = Workshop.objects.filter(pk=workshop.pk)
    rows.update(state="closed", closed_on=day - timedelta(days=100), day_100_on=day)
    open_day_100(today, now=timezone.now())


def test_after_day_100_a_task_is_still_marked_though_the_phones_are_forgotten() -> None:
    met_again(days_ago=POCKET_DAYS)
    own.say_done(TASK.ref, TASK.key, today=timezone.localdate())
    assert PocketTask.objects.get().done_on == timezone.localdate()


def test_then_it_stays_as_it_is_and_a_sentence_says_so() -> None:
    met_again(days_ago=POCKET_DAYS + 1)
    today = timezone.localdate()
    with pytest.raises(PocketOver, match="more than 30 days ago"):
        own.say_done(TASK.ref, TASK.key, today=today)
    with pytest.raises(PocketOver):
        own.correct(TASK.ref, TASK.key, words="Count cups")
    assert PocketTask.objects.get().done_on is None


def test_what_was_marked_in_time_and_comes_again_is_no_refusal() -> None:
    met_again(days_ago=POCKET_DAYS + 1)
    early = timezone.localdate() - timedelta(days=40)
    PocketTask.objects.update(done_on=early)
    own.say_done(TASK.ref, TASK.key, today=timezone.localdate())
    assert PocketTask.objects.get().done_on == early
