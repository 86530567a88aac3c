"""A small contact centre with an open shift: two queues, three agents, and a phone system."""

from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

from django.test import TestCase

from tests.floor.drawn import leader, stored
from tests.floor.hooked import hooked
from tests.floor.live import OPENED
from upturn.floor import commands
from upturn.floor.commands.bringing_in import BroughtIn, Message
from upturn.floor.commands.programs import bring_in
from upturn.floor.engine.described.toml_floor import floor_from_toml
from upturn.floor.engine.hooks.reading import Comes, Ends, Row, Waits
from upturn.floor.engine.shapes import Floor
from upturn.floor.models import FloorHook, Shift, ShiftNeed, memory

QUEUE, KIND = "billing", "billing call"
AGENTS = ("agent 1", "agent 2", "agent 3")
TOML = """
[floor]
name = "Two queues"
table_lock = false

[[queue]]
id = "billing"

[[queue]]
id = "sales"

[[need]]
name = "billing call"
at = ["billing"]
per_hour = 20
service = 180
due_s = 20

[[need]]
name = "sales call"
at = ["sales"]
per_hour = 10
service = 240

[[agents]]
name = "agent"
count = 3
"""
_ids = count(1)


def two_queues() -> Floor:
    return floor_from_toml(TOML)


@dataclass
class PhoneSystem:
    """A program at an address of the floor, at whatever moment it is told."""

    hook: FloorHook

    def says(self, row: Row, now: datetime = OPENED) -> BroughtIn:
        message = Message(self.hook.ref, f"message {next(_ids)}", (row,), several=False, now=now)
        with TestCase.captureOnCommitCallbacks(execute=True):
            return bring_in(message)

    def comes(self, now: datetime = OPENED) -> str:
        """A caller comes in; the ref by which he or she hangs up."""
        (ref,) = self.says(Comes(QUEUE, KIND), now).refs
        return ref

    def waits(self, calls: int, now: datetime = OPENED) -> None:
        self.says(Waits(QUEUE, KIND, calls), now)

    def ends(self, ref: str, *, met: bool, now: datetime = OPENED) -> None:
        self.says(Ends(ref, met), now)


def opened() -> tuple[Shift, PhoneSystem]:
    viewer = leader()
    lab_floor = stored(viewer, two_queues())
    shift = commands.open_shift(viewer, lab_floor, now=OPENED)
    memory.forget(shift.ref)
    return shift, PhoneSystem(hooked(lab_floor))


def states(shift: Shift) -> dict[str, int]:
    """How many calls are in each state."""
    found: dict[str, Any] = {"open": 0, "taken": 0, "done": 0, "gone": 0}
    for need in ShiftNeed.objects.filter(shift=shift):
        assert need.is_call
        assert need.count == 1
        found[need.state] += 1
    return found
