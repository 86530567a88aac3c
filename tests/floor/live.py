"""An open shift, its phones, and what they tap."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from tests.floor.drawn import leader, small, stored
from upturn.floor import commands, queries
from upturn.floor.commands import Answer, Tap
from upturn.floor.engine.shapes import Floor
from upturn.floor.models import Shift, memory
from upturn.floor.queries import SeatHolder

OPENED = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
_keys = count(1)


def key() -> str:
    return f"tap-key-{next(_keys):08d}"


def moment(seconds: float) -> datetime:
    return OPENED + timedelta(seconds=seconds)


def opened(floor: Floor | None = None) -> Shift:
    """An open shift of two sections; the seats are called server 1 and server 2."""
    viewer = leader()
    shift = commands.open_shift(viewer, stored(viewer, floor or small()), now=OPENED)
    memory.forget(shift.ref)
    return shift


def phone(shift: Shift, seat: str = "server 1", **how: Any) -> SeatHolder:
    return commands.claim(shift, seat, now=OPENED, **how).holder


def tap(
    actor: Any, act: str, *, at_s: float = 60.0, shift: Shift | None = None, **how: Any
) -> Answer:
    how.setdefault("key", key())
    return commands.carry_out(actor, Tap(act=act, **how), now=moment(at_s), shift=shift)


def raised(holder: SeatHolder, place: str, kind: str, **how: Any) -> str:
    """The ref of a need that a colleague brought in."""
    ref = f"need-{next(_keys)}"
    tap(holder, "raise", need=ref, place=place, kind=kind, **how)
    return ref


def board(holder: SeatHolder, at_s: float = 60.0) -> dict[str, Any]:
    return queries.board_state(holder, now=moment(at_s))


def needs(holder: SeatHolder) -> dict[str, dict[str, Any]]:
    found: Sequence[dict[str, Any]] = board(holder)["needs"]
    return {need["ref"]: need for need in found}
