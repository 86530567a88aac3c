"""Addresses at which other programs bring needs in: made, ended, and taken up again."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction

from upturn.floor.commands.lab import NAME_MOST, check_may_draw
from upturn.floor.engine.errors import BadSetting
from upturn.floor.models import FloorHook, LabFloor
from upturn.record import journal
from upturn.record.keys import ref_of

if TYPE_CHECKING:
    from upturn.people.models import Person

HOOKS_MOST = 20


@transaction.atomic
def make_hook(
    viewer: "Person", lab_floor: LabFloor, *, name: str, code: str, today: date
) -> FloorHook:
    """Make an address of its own for one program, or find it if this form was sent before.

    Raises
    ------
    BadSetting
        If the floor has as many as it may have.
    """
    check_may_draw(viewer)
    if not 0 < len(name) <= NAME_MOST:
        raise BadSetting("name", name, f"give a name of 1 to {NAME_MOST} letters")
    ref = ref_of(f"hook {lab_floor.ref} {code}")
    if found := FloorHook.objects.filter(ref=ref).first():
        return found
    if FloorHook.objects.filter(floor=lab_floor, ended_on=None).count() >= HOOKS_MOST:
        raise BadSetting("webhooks", HOOKS_MOST, "end one that is no longer used, then make it")
    made = FloorHook.objects.create(ref=ref, floor=lab_floor, name=name, made_on=today)
    _note(viewer, "make webhook", made)
    return made


@transaction.atomic
def end_hook(viewer: "Person", hook: FloorHook, *, today: date) -> None:
    """Let an address take nothing any more; needs that came in stay."""
    check_may_draw(viewer)
    lives = FloorHook.objects.filter(pk=hook.pk, ended_on=None)
    if lives.update(ended_on=max(today, hook.made_on)):
        _note(viewer, "end webhook", hook)


@transaction.atomic
def take_up_hook(viewer: "Person", hook: FloorHook) -> None:
    """Undo the end of an address: the same secret opens it again."""
    check_may_draw(viewer)
    ended = FloorHook.objects.filter(pk=hook.pk, ended_on__isnull=False)
    if ended.update(ended_on=None):
        _note(viewer, "take up webhook", hook)


def _note(viewer: "Person", verb: str, hook: FloorHook) -> None:
    journal.write(
        verb,
        subject_kind="floor",
        subject_ref=hook.floor.ref,
        actor_id=viewer.pk,
        detail=f"{hook.ref} {hook.name}",
    )
