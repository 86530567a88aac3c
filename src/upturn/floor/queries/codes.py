"""Codes on paper: a seat's for the length of a shift, a table's for as long as it stands.

Nothing of them is stored. Each carries its own proof, made with the key of the installation.
"""

import hmac
import re
from typing import TYPE_CHECKING, NamedTuple

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied

from upturn.floor.engine.shapes import Floor, Kind
from upturn.floor.models import LabFloor, Shift, ShiftState
from upturn.floor.queries.seats import may_lead
from upturn.floor.queries.shifts import floor_of, newest_version
from upturn.record.proofs import proof_of

if TYPE_CHECKING:
    from upturn.people.models import Person

_FORM = re.compile(r"([0-9a-f]{4,16})-([0-9]{1,4})-([0-9a-f]{12})")


class SeatCode(NamedTuple):
    """What a seat code leads to; `section` is empty for the whole floor."""

    shift: Shift
    section: str
    is_open: bool


class TableCode(NamedTuple):
    """What a table code leads to; `shift` is None while none is open."""

    lab_floor: LabFloor
    table: str
    shift: Shift | None


def seat_code(viewer: "Person", shift: Shift, number: int) -> str:
    """Give the code of a section, counted from 1 in the drawing; 0 is the whole floor."""
    _refuse_unless_leading(viewer)
    names = ("", *section_names(floor_of(shift.version_id)))
    return _code("seat", shift.ref, number, names[number])


def table_code(viewer: "Person", lab_floor: LabFloor, number: int) -> str:
    """Give the code of a table, counted from 1 in the drawing.

    The proof is made from its name, so that the code stays the table's when the floor is redrawn.
    """
    _refuse_unless_leading(viewer)
    names = guest_places(floor_of(newest_version(lab_floor).pk))
    return _code("table", lab_floor.ref, number, names[number - 1])


def section_names(floor: Floor) -> tuple[str, ...]:
    """Name the sections in the order their codes count."""
    return tuple(section.id for section in floor.sections)


def guest_places(floor: Floor) -> tuple[str, ...]:
    """Name the tables in the order their codes count."""
    return tuple(node.id for node in floor.nodes if node.kind is Kind.TABLE)


def read_seat_code(code: str) -> SeatCode:
    """Read what somebody scanned; a shift of yesterday is given with `is_open` false.

    Raises
    ------
    ObjectDoesNotExist
        If this installation never gave out such a code, or the section is gone.
    """
    ref, number, proof = _read(code)
    shift = Shift.objects.select_related("floor").get(ref=ref)
    names = ("", *section_names(floor_of(shift.version_id)))
    section = _proven("seat", ref, names, number=number, proof=proof)
    return SeatCode(shift, section, shift.state == ShiftState.OPEN)


def read_table_code(code: str) -> TableCode:
    """Read what a guest scanned.

    Raises
    ------
    ObjectDoesNotExist
        If this installation never gave out such a code, or the table is gone.
    """
    ref, number, proof = _read(code)
    lab_floor = LabFloor.objects.get(ref=ref)
    shift = Shift.objects.filter(floor=lab_floor, state=ShiftState.OPEN).first()
    version = shift.version_id if shift else newest_version(lab_floor).pk
    names = guest_places(floor_of(version))
    table = _proven("table", ref, names, number=number - 1, proof=proof)
    return TableCode(lab_floor, table, shift)


def _code(what: str, ref: str, number: int, name: str) -> str:
    return f"{ref}-{number}-{_proof(what, ref, name)}"


def _proof(what: str, ref: str, name: str) -> str:
    return proof_of(f"floor {what} {ref} {name}")[:12]


def _read(code: str) -> tuple[str, int, str]:
    form = _FORM.fullmatch(code)
    if form is None:
        raise ObjectDoesNotExist
    return form[1], int(form[2]), form[3]


def _proven(what: str, ref: str, names: tuple[str, ...], *, number: int, proof: str) -> str:
    """Name what a proof was made for; `number` says where to look first."""
    likely = names[number : number + 1] if number >= 0 else ()
    for name in (*likely, *names):
        if hmac.compare_digest(_proof(what, ref, name), proof):
            return name
    raise ObjectDoesNotExist


def _refuse_unless_leading(viewer: "Person") -> None:
    if not may_lead(viewer):
        raise PermissionDenied
