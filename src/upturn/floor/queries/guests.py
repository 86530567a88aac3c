"""What a table waits for, as its guests see it."""

from dataclasses import dataclass
from datetime import datetime

from upturn.floor.models import NeedState
from upturn.floor.queries.board import asked_at, guest_kinds
from upturn.floor.queries.codes import TableCode
from upturn.floor.queries.kinds import in_words


@dataclass(frozen=True, slots=True)
class Heard:
    """A wish that waits; `minutes` since it was first asked for."""

    need: str
    kind: str
    label: str
    minutes: int
    on_the_way: bool


def heard_at(at: TableCode, *, now: datetime) -> list[Heard]:
    """Give what was asked for at a table and is not there yet, the longest waiting first."""
    if at.shift is None:
        return []
    now_s = at.shift.seconds(now)
    return [
        Heard(
            need.ref,
            need.kind,
            in_words(need.kind),
            int(max(0.0, now_s - (need.asked_s or need.raised_s)) // 60),
            need.state == NeedState.TAKEN,
        )
        for need in asked_at(at.shift, at.table)
    ]


def wishes_at(at: TableCode) -> list[str]:
    """Name what guests of a table may ask for, in the order of the drawing."""
    if at.shift is None:
        return []
    kinds = guest_kinds(at.shift.version_id)
    return [kind.name for kind in kinds if not kind.at or at.table in kind.at]
