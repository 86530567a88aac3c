"""Shifts, addresses and keys for tests of the pages of a shift."""

import re
from dataclasses import replace

from tests.floor.drawn import leader, small
from tests.floor.live import phone
from upturn.floor import queries
from upturn.floor.engine.grid import grid
from upturn.floor.engine.shapes import Floor
from upturn.floor.models import (
    Shift,
)


def three() -> Floor:
    """Three sections of six tables, so that totals may be shown."""
    like = small()
    made = grid(sections=3, tables=6, need_types=like.need_types, hands={"pot": 4})
    return replace(made, name="Mill")


def one() -> Floor:
    made = grid(sections=1, tables=6, need_types=small().need_types[1:])
    return replace(made, name="Mill")


def held(shift: Shift) -> list[queries.SeatHolder]:
    return [phone(shift, seat.name) for seat in queries.seats_of(shift)]


def address(shift: Shift, end: str = "") -> str:
    return f"/floor/shift/{shift.ref}/{end}"


def table_at(shift: Shift, number: int = 1) -> str:
    return f"/table/{queries.table_code(leader(), shift.floor, number)}/"


def keyed(page: str) -> str:
    found = re.search(r'name="key" value="(\w+)"', page)
    assert found
    return found[1]
