"""A floor of the example organisation: in the lab with a run, and with a shift that is open."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from upturn.floor import commands, queries
from upturn.people import queries as people

if TYPE_CHECKING:
    from upturn.floor.models import LabFloor
    from upturn.people.models import Person

WHO = "nadia"
POLICIES = ("one-at-a-time", "scan", "own-the-whole", "pooled")
OPEN_FOR_S = 600
ASKED = (
    ("middle 4", "bill", 340),
    ("bar 2", "drinks", 410),
    ("window 3", "order", 470),
    ("bar 6", "coffee refill", 525),
    ("terrace 5", "request", 580),
)
"""What guests asked for, and how many seconds after the shift opened."""


def store_floor(*, today: date) -> None:
    """Draw the example restaurant, order one run on it, and open a shift."""
    viewer = people.by_username()[WHO]
    floor = queries.example()
    drawn = commands.draw_floor(viewer, floor, code="example", today=today)
    version = drawn.versions.get(number=1)
    order = commands.Order(policies=POLICIES, reps=60, code="example")
    commands.order_run(viewer, version, floor, order, today=today)
    _open_shift(viewer, drawn)


def _open_shift(viewer: "Person", drawn: "LabFloor") -> None:
    """Let a shift have been open for some minutes, with guests at the tables and no phone yet."""
    opened_at = timezone.now() - timedelta(seconds=OPEN_FOR_S)
    shift = commands.open_shift(viewer, drawn, now=opened_at)
    for number, table in enumerate(shift.tables):
        key = f"example seated {number}"
        seated = commands.Tap(key=key, act="seated", place=table)
        commands.carry_out(viewer, seated, now=opened_at, shift=shift)
    for number, (table, kind, after_s) in enumerate(ASKED):
        at = queries.TableCode(drawn, table, shift)
        asked_at = opened_at + timedelta(seconds=after_s)
        commands.ask(at, kind, key=f"example asked {number}", now=asked_at)
