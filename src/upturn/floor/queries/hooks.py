"""Where other programs bring needs in, and what the floor behind it knows."""

import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings

from upturn.floor.engine.hooks.signing import shown
from upturn.floor.engine.shapes import Floor, Kind
from upturn.floor.models import FloorHook, LabFloor, Shift, ShiftState
from upturn.floor.queries.floors import may_draw
from upturn.floor.queries.shifts import floor_of

if TYPE_CHECKING:
    from upturn.people.models import Person


def hooks(viewer: "Person", lab_floor: LabFloor) -> list[FloorHook]:
    """The hooks of a floor that still take needs, the newest first."""
    if not may_draw(viewer):
        return []
    return list(FloorHook.objects.filter(floor=lab_floor, ended_on=None).order_by("-pk"))


def hook(viewer: "Person", lab_floor: LabFloor, ref: str) -> FloorHook:
    """Raise ObjectDoesNotExist also when the viewer may not see it; an ended one is found."""
    seen = FloorHook.objects.all() if may_draw(viewer) else FloorHook.objects.none()
    return seen.get(floor=lab_floor, ref=ref)


def hook_key(ref: str) -> bytes:
    """The secret behind an address: worked out from the key of the installation, never stored."""
    return hmac.digest(settings.SECRET_KEY.encode(), f"floor hook {ref}".encode(), hashlib.sha256)


def hook_secret(ref: str) -> str:
    """The same as programs keep it."""
    return shown(hook_key(ref))


@dataclass(frozen=True, slots=True)
class KnownOnFloor:
    """Which places and kinds a program may name; at a queue every call waits by itself."""

    places: frozenset[str]
    queues: frozenset[str]
    kinds: frozenset[str]


def shifts_to_write(floors: Iterable[int]) -> dict[int, Shift]:
    """The open shift of each of these floors, kept from being closed until the transaction ends."""
    found = Shift.objects.filter(floor_id__in=set(floors), state=ShiftState.OPEN)
    return {shift.floor_id: shift for shift in found.select_for_update()}


def known_on(shift: Shift) -> KnownOnFloor:
    """What the floor of a shift knows; tables that are leaving it take nothing new."""
    floor = floor_of(shift.version_id)
    queues = frozenset(node.id for node in floor.nodes if node.kind is Kind.QUEUE)
    tables = frozenset(shift.tables) - frozenset(shift.leaving)
    return KnownOnFloor(queues | tables, queues, frozenset(kind.name for kind in floor.need_types))


def example_message(floor: Floor) -> str:
    """Give a message that this floor understands; empty where nothing can be needed."""
    queues = [node.id for node in floor.nodes if node.kind is Kind.QUEUE]
    tables = [node.id for node in floor.nodes if node.kind is Kind.TABLE]
    place = next(iter(tables or queues), "")
    fitting = (kind.name for kind in floor.need_types if not kind.at or place in kind.at)
    kind = next(fitting, "")
    said = {"place": place, "kind": kind} | ({} if tables else {"waiting": 3})
    return json.dumps(said, ensure_ascii=False) if place and kind else ""
