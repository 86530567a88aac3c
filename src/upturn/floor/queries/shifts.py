"""Shifts: which are open, and on which drawing."""

from typing import TYPE_CHECKING

from django.core.exceptions import ObjectDoesNotExist

from upturn.floor.engine.described.toml_floor import floor_from_toml
from upturn.floor.engine.laid import Laid, lay_out
from upturn.floor.engine.shapes import Floor, Kind, Node
from upturn.floor.models import FloorVersion, LabFloor, Shift, ShiftState
from upturn.floor.queries.floors import may_see_lab
from upturn.floor.queries.seats import may_lead
from upturn.record.kept import keep

if TYPE_CHECKING:
    from upturn.people.models import Person


def floor_of(version: int) -> Floor:
    """Give the floor as drawn in a version, by its key; versions never change."""

    def read() -> Floor:
        return floor_from_toml(FloorVersion.objects.get(pk=version).toml)

    return keep(("floor version", version), as_of=None, read=read)


def queues_of(version: int) -> frozenset[str]:
    """Name the queues of a version of a floor: there every caller is a need."""

    def read() -> frozenset[str]:
        return frozenset(node.id for node in floor_of(version).nodes if node.kind is Kind.QUEUE)

    return keep(("floor queues", version), as_of=None, read=read)


def is_centre(shift: Shift) -> bool:
    """Whether all that is served on a shift is queues."""
    return bool(queues_of(shift.version_id)) and not shift.tables


def laid_out(version: int) -> Laid:
    """Give a version of a floor as arrays."""
    return keep(("floor laid out", version), as_of=None, read=lambda: lay_out(floor_of(version)))


def leaving_nodes(shift: Shift) -> list[Node]:
    """Give the places that left the drawing and are still served, where they last stood."""
    if not shift.leaving:
        return []
    versions = FloorVersion.objects.filter(floor=shift.floor_id).order_by("number")
    known = {
        node.id: node
        for version in versions.values_list("pk", flat=True)
        for node in floor_of(version).nodes
    }
    return [known[place] for place in shift.leaving if place in known]


def newest_version(lab_floor: LabFloor) -> FloorVersion:
    """Give the newest version of a floor, without its text."""
    return lab_floor.versions.defer("toml").latest("number")


def shift(viewer: "Person", ref: str) -> Shift:
    """Give a shift for those who lead it.

    Raises
    ------
    ObjectDoesNotExist
        Also when the viewer may not see it.
    """
    if not may_lead(viewer):
        raise ObjectDoesNotExist
    return Shift.objects.select_related("floor").get(ref=ref)


def open_shifts(viewer: "Person") -> list[Shift]:
    """Every open shift, for those who lead."""
    if not may_lead(viewer):
        return []
    rows = Shift.objects.filter(state=ShiftState.OPEN).select_related("floor")
    return list(rows.order_by("floor__name", "pk"))


def closed_shifts(viewer: "Person", *, most: int = 20) -> list[Shift]:
    """Shifts that are closed, newest first, for those who lead."""
    if not may_lead(viewer):
        return []
    rows = Shift.objects.filter(state=ShiftState.CLOSED).select_related("floor")
    return list(rows.order_by("-pk")[:most])


def open_shift_on(lab_floor: LabFloor) -> Shift | None:
    """Give the open shift of a floor; for guests and programs, who have no sign-in."""
    return Shift.objects.filter(floor=lab_floor, state=ShiftState.OPEN).first()


def lab_floor(viewer: "Person", ref: str) -> LabFloor:
    """Raise ObjectDoesNotExist also when the viewer may not see it."""
    if not may_see_lab(viewer):
        raise ObjectDoesNotExist
    return LabFloor.objects.get(ref=ref)
