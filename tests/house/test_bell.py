"""The bell of workshops: it looks closely while somebody writes by the clock, and rests else."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.loop.held import facilitator, held
from upturn.house.bell import IDLE_S, PAUSE_S, Bell
from upturn.loop.models import Workshop

pytestmark = pytest.mark.django_db


def test_a_bell_rests_while_nobody_writes_by_the_clock() -> None:
    bell, workshop = Bell(), held(facilitator())
    rows = Workshop.objects.filter(pk=workshop.pk)
    assert (bell.turn(), bell.pause_s) == (False, IDLE_S)
    rows.update(until=timezone.now() + timedelta(minutes=2), turn=1)
    assert (bell.turn(), bell.pause_s) == (False, PAUSE_S)
    rows.update(until=timezone.now() - timedelta(seconds=1))
    assert bell.turn()
    assert rows.get().phase == "read"
    assert (bell.turn(), bell.pause_s) == (False, IDLE_S)
