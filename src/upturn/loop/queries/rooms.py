"""Where a workshop is and how many have handed in: what a console, a projector and phones show."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count

from upturn.loop.models import Participant, Phase, Workshop, WorkshopState
from upturn.loop.queries.sight import Viewer, check_see, workshops_seen

if TYPE_CHECKING:
    from upturn.people.models import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A workshop at a moment. `of` counts the phones that are here, `handed` those that are done.

    `until_s` is the second of the epoch at which cards open; `begun` is false until the
    facilitator's first move.
    """

    ref: str
    state: str
    step: int
    phase: str
    until_s: float | None
    objection: int | None
    turn: int
    begun: bool
    handed: int
    of: int
    experts: int
    without_task: int

    def told(self) -> dict[str, Any]:
        """What every phone of the room may hear of it."""
        return {
            "state": self.state,
            "step": self.step,
            "phase": self.phase,
            "until": self.until_s,
            "objection": self.objection,
            "turn": self.turn,
            "begun": self.begun,
            "handed": self.handed,
            "of": self.of,
        }


def room(viewer: Viewer, workshop: Workshop) -> Room:
    """Give the state of a workshop, two queries.

    Raises
    ------
    Workshop.DoesNotExist
        If it is out of the viewer's sight.
    """
    check_see(viewer, workshop)
    return room_of(workshop)


def room_of(workshop: Workshop) -> Room:
    """Give the state of a workshop to who tells the room; one query."""
    rows = Participant.objects.filter(workshop=workshop, left=False)
    # Counted by the database, which gives a few rows for a room of any size.
    alike = rows.order_by().values_list("handed", "expert", "took_task").annotate(n=Count("pk"))
    here = list(alike)
    return Room(
        ref=workshop.ref,
        state=workshop.state,
        step=workshop.step,
        phase=workshop.phase,
        until_s=workshop.until.timestamp() if workshop.until else None,
        objection=workshop.objection,
        turn=workshop.turn,
        begun=workshop.turn > 0,
        handed=sum(n for handed, _expert, _task, n in here if handed >= workshop.step),
        of=sum(n for _handed, _expert, _task, n in here),
        experts=sum(n for _handed, expert, _task, n in here if expert),
        without_task=sum(n for _handed, _expert, task, n in here if not task),
    )


@dataclass(frozen=True, slots=True)
class Door:
    """What somebody reads before joining."""

    ref: str
    name: str
    language: str
    of: int


def door(code: str) -> Door | None:
    """Give the open workshop behind a code, to whoever types it, or None."""
    found = Workshop.objects.filter(code=tidy_code(code), state=WorkshopState.OPEN).first()
    if found is None:
        return None
    here = Participant.objects.filter(workshop=found, left=False).count()
    return Door(found.ref, found.name, found.language, here)


def tidy_code(typed: str) -> str:
    """Read a code as it was meant: spaces, hyphens and capitals do not matter.

    >>> tidy_code(" kx7-m2q ")
    'KX7M2Q'
    """
    return "".join(each for each in typed.upper() if each.isalnum())[:6]


@dataclass(frozen=True, slots=True)
class Listed:
    """The workshops of a viewer: those that are open, those to come back, and those met again."""

    open: tuple[Workshop, ...]
    to_meet: tuple[Workshop, ...]
    met: tuple[Workshop, ...]


def workshops(viewer: "Person") -> Listed:
    """List the workshops in sight, the next day 100 first; one query."""
    rows = workshops_seen(viewer).select_related("party").defer("script").order_by("-opened_on")
    found = tuple(rows)
    by_state = {state: [w for w in found if w.state == state] for state in WorkshopState}
    to_meet = sorted(by_state[WorkshopState.CLOSED], key=lambda w: w.day_100_on or date.max)
    return Listed(
        tuple(by_state[WorkshopState.OPEN]), tuple(to_meet), tuple(by_state[WorkshopState.MET])
    )


def timed_out(now: datetime) -> list[int]:
    """Name the open workshops whose writing has ended by the clock, for the bell."""
    rows = Workshop.objects.filter(state=WorkshopState.OPEN, until__lte=now)
    return list(rows.filter(phase=Phase.WRITE, objection=None).values_list("pk", flat=True))


def some_clock_runs() -> bool:
    """Whether any open workshop writes by the clock."""
    return Workshop.objects.filter(state=WorkshopState.OPEN, until__isnull=False).exists()


def due_to_meet(today: date) -> list[int]:
    """Name the closed workshops whose day 100 has come."""
    rows = Workshop.objects.filter(state=WorkshopState.CLOSED, day_100_on__lte=today)
    return list(rows.values_list("pk", flat=True))
