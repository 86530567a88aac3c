"""Writes of the lab: a floor saved, a run ordered, and how far it has come."""

import secrets
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from upturn.floor import queries
from upturn.floor.engine.described.checked import check_floor
from upturn.floor.engine.described.toml_writing import floor_to_toml
from upturn.floor.engine.errors import BadSetting
from upturn.floor.engine.lab.trial import Trial, check_trial, with_sliders
from upturn.floor.engine.shapes import Floor
from upturn.floor.models import FloorVersion, LabFloor, LabRun, RunState
from upturn.record import journal
from upturn.record.keys import ref_of

if TYPE_CHECKING:
    from upturn.people.models import Person

WAITING_MOST = 20
NAME_MOST = 80
SEEDS = 2**31


def draw_code() -> str:
    """Draw what marks one form, so that a second tap on its button is no second order."""
    return secrets.token_hex(8)


def check_may_draw(viewer: "Person") -> None:
    """Refuse, with the reason, whoever may look and not draw."""
    if not queries.may_draw(viewer):
        raise PermissionDenied(
            _("Floors are drawn and run by those who lead, facilitate or administer.")
        )


def check_drawn(viewer: "Person", floor: Floor) -> None:
    """Refuse a floor that cannot be served as drawn.

    Raises
    ------
    BadFloor
        With every problem: place, value, remedy.
    CannotKeepUp
        When needs come faster than anybody could serve them.
    """
    check_may_draw(viewer)
    if not 0 < len(floor.name) <= NAME_MOST:
        raise BadSetting("name", floor.name, f"give a name of 1 to {NAME_MOST} letters")
    check_floor(floor)


@transaction.atomic
def draw_floor(viewer: "Person", floor: Floor, *, code: str, today: date) -> LabFloor:
    """Save a new floor with its first version, or find it if this form was sent before."""
    check_drawn(viewer, floor)
    made, new = LabFloor.objects.get_or_create(
        ref=_ref("floor", code), defaults={"name": floor.name, "made_on": today}
    )
    if new:
        _save(made, floor, number=1, today=today)
        journal.write("draw floor", subject_kind="floor", subject_ref=made.ref, actor_id=viewer.pk)
    return made


@transaction.atomic
def redraw_floor(
    viewer: "Person", lab_floor: LabFloor, floor: Floor, *, read: int, today: date
) -> FloorVersion:
    """Save a floor as its next version; runs keep the version they were made on.

    Raises
    ------
    BadSetting
        If somebody else saved a version after number `read`.
    """
    check_drawn(viewer, floor)
    LabFloor.objects.select_for_update().get(pk=lab_floor.pk)
    newest = lab_floor.versions.aggregate(newest=Max("number"))["newest"]
    last = lab_floor.versions.get(number=newest)
    if floor_to_toml(floor) == last.toml:
        return last
    if newest != read:
        raise BadSetting("version", read, f"version {newest} was saved since; open it first")
    LabFloor.objects.filter(pk=lab_floor.pk).update(name=floor.name)
    made = _save(lab_floor, floor, number=newest + 1, today=today)
    detail = f"version {made.number}"
    journal.write(
        "redraw floor",
        subject_kind="floor",
        subject_ref=lab_floor.ref,
        actor_id=viewer.pk,
        detail=detail,
    )
    return made


def _save(lab_floor: LabFloor, floor: Floor, *, number: int, today: date) -> FloorVersion:
    written = floor_to_toml(floor)
    return FloorVersion.objects.create(floor=lab_floor, number=number, toml=written, made_on=today)


def _ref(kind: str, code: str) -> str:
    return ref_of(f"{kind} {code}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be run; the floor comes from the version."""

    policies: tuple[str, ...]
    busy_share: float = 1.0
    loafing_share: float = 0.069
    detour_s: float = 6.0
    hours: float = 4.0
    reps: int = 100
    code: str = field(default_factory=draw_code)


def check_run(viewer: "Person", floor: Floor, order: Order) -> Trial:
    """Refuse a run that cannot be made, or would take too long; give what will be run.

    Raises
    ------
    BadSetting, BadFloor, CannotKeepUp
        With the name, the value and what helps.
    """
    check_may_draw(viewer)
    given = {name: getattr(order, name) for name in Order.__slots__ if name != "code"}
    trial = Trial(floor=floor, seed=int(_ref("seed", order.code), 16) % SEEDS, **given)
    check_trial(trial)
    check_floor(with_sliders(trial), hours=trial.hours)
    return trial


@transaction.atomic
def order_run(
    viewer: "Person", version: FloorVersion, floor: Floor, order: Order, *, today: date
) -> LabRun:
    """Put a run in the queue, or find it if this form was sent before."""
    trial = check_run(viewer, floor, order)
    ref = _ref("run", order.code)
    if found := LabRun.objects.filter(ref=ref).first():
        return found
    if LabRun.objects.filter(state=RunState.WAITING).count() >= WAITING_MOST:
        remedy = "as many runs wait already; come back when some of them are done"
        raise BadSetting("queue", WAITING_MOST, remedy)
    made = LabRun.objects.create(
        ref=ref,
        version=version,
        policies=" ".join(trial.policies),
        busy_share=trial.busy_share,
        loafing_share=trial.loafing_share,
        detour_s=trial.detour_s,
        hours=trial.hours,
        reps=trial.reps,
        seed=trial.seed,
        made_on=today,
    )
    journal.write("run policies", subject_kind="run", subject_ref=ref, actor_id=viewer.pk)
    return made


def begin_again() -> int:
    """Let runs wait again that were cut off when the house stopped; return how many."""
    cut_off = LabRun.objects.filter(state=RunState.RUNNING)
    return cut_off.update(state=RunState.WAITING, done=0, steps=0)


def begin(run: LabRun) -> bool:
    """Take a run that waits; False if somebody else took it."""
    waits = LabRun.objects.filter(pk=run.pk, state=RunState.WAITING)
    return waits.update(state=RunState.RUNNING, done=0, steps=0) == 1


def note_progress(run: LabRun, *, done: int, steps: int) -> None:
    """Write down, for the page, how far a run has come."""
    LabRun.objects.filter(pk=run.pk, state=RunState.RUNNING).update(done=done, steps=steps)


def finish(run: LabRun, found: dict[str, Any]) -> None:
    """Keep what a run found."""
    running = LabRun.objects.filter(pk=run.pk, state=RunState.RUNNING)
    running.update(state=RunState.DONE, found=found)


def fail(run: LabRun, error: str) -> None:
    """Keep why a run found nothing."""
    running = LabRun.objects.filter(pk=run.pk, state=RunState.RUNNING)
    running.update(state=RunState.FAILED, error=error)
