"""A host that dies at any moment of closing and opening goes on when it is back, by its clock."""

import os
import signal
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from tests.exchange import bench
from tests.exchange import factories as make
from upturn.exchange import jobs
from upturn.exchange.commands import closing_benchmarks, sealed
from upturn.exchange.engine.ballot import verify
from upturn.exchange.models import SealedBox, SealedMessage
from upturn.exchange.queries.benchmarks import bundle_of
from upturn.house.work import Work

pytestmark = pytest.mark.django_db(transaction=True)


def kill(*_args: Any, **_given: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def dies(work: Callable[[], object]) -> None:
    """Let a process of its own do something and die by SIGKILL on the way."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(7)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "it came to its end"


@pytest.mark.parametrize(
    ("room", "moment"),
    [
        (sealed, "publish"),
        (closing_benchmarks, "_added_up"),
        (closing_benchmarks, "_erase_boxes"),
        (closing_benchmarks, "log_nobody"),
    ],
)
def test_killed_in_mid_opening_it_opens_when_it_is_back(
    room: Any, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make.opened()
    asked = bench.submitted(made)
    asked.close()
    asked.confirm()
    asked.open(make.NAMES[:4])
    last = asked.devices["Elder"].open()
    with monkeypatch.context() as dying:
        dying.setattr(room, moment, kill)
        dies(lambda: asked.send("Elder", "sums", last))
    assert asked.row.state == "opening"
    assert SealedMessage.objects.filter(kind="sums").count() == 5
    assert SealedBox.objects.count() == 36
    assert jobs.work(timezone.now())
    assert asked.row.state == "opened"
    proof = bundle_of(made.convener, asked.ref)
    assert proof
    assert all(step.holds for step in verify(proof))
    assert not jobs.work(timezone.now())


@pytest.mark.parametrize("moment", ["_drop_who_went", "put", "log_nobody"])
def test_killed_while_closing_it_closes_when_it_is_back(
    moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = bench.submitted(make.opened())
    with monkeypatch.context() as dying:
        dying.setattr(closing_benchmarks, moment, kill)
        dies(asked.close)
    assert asked.row.state == "submitting"
    assert SealedMessage.objects.filter(kind="ballot").count() == 6
    assert jobs.work(timezone.now() + bench.LATER)
    assert asked.row.state == "confirming"


def test_the_houses_work_closes_what_is_over() -> None:
    asked = bench.submitted(make.opened())
    worker = Work()
    worker.turn(timezone.localdate())
    assert asked.row.state == "submitting"
    asked.row.__class__.objects.update(closes_at=timezone.now() - timedelta(seconds=1))
    assert worker.turn(timezone.localdate())
    assert asked.row.state == "confirming"
