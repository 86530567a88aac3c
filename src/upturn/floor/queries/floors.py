"""Floors and runs. Who may look, draw, run and practise is decided here.

Everybody but guests sees floors and what was found on them, and practises: the seats of the lab are
nobody. Drawing and running is for those who lead, carry the whole, prepare a workshop or keep the
installation.
"""

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Count, Max, QuerySet

from upturn.floor.engine.described.toml_floor import floor_from_toml
from upturn.floor.engine.shapes import Floor
from upturn.floor.models import FloorVersion, LabFloor, LabRun, RunState
from upturn.people.queries import is_administrator, may_read_words, sees_every_ask

if TYPE_CHECKING:
    from upturn.people.models import Person

NEWEST = 10
"""Runs that stand on the page of a floor."""


def may_see_lab(viewer: "Person") -> bool:
    """Whether the viewer may look at floors and runs, and practise."""
    return may_read_words(viewer)


def may_draw(viewer: "Person") -> bool:
    """Whether the viewer may draw floors and run policies on them."""
    return sees_every_ask(viewer) or is_administrator(viewer)


def _floors(viewer: "Person") -> QuerySet[LabFloor]:
    return LabFloor.objects.all() if may_see_lab(viewer) else LabFloor.objects.none()


def floors(viewer: "Person") -> list[LabFloor]:
    """All floors, by name, with how many versions and runs each has."""
    counted = _floors(viewer).annotate(
        saved=Count("versions", distinct=True), runs=Count("versions__runs", distinct=True)
    )
    return list(counted.order_by("name", "pk"))


class Drawn(NamedTuple):
    """A version of a floor with what stands in its file."""

    lab_floor: LabFloor
    version: FloorVersion
    floor: Floor
    newest: int


def drawn(viewer: "Person", ref: str, *, number: int | None = None) -> Drawn:
    """Give the newest version of a floor, or the one of this number.

    Raises
    ------
    ObjectDoesNotExist
        Also when the viewer may not see it.
    """
    found = _floors(viewer).annotate(newest=Max("versions__number")).get(ref=ref)
    newest: int = found.newest
    version = found.versions.get(number=number or newest)
    return Drawn(found, version, floor_from_toml(version.toml), newest)


def runs_on(viewer: "Person", lab_floor: LabFloor) -> list[LabRun]:
    """The newest runs on any version of a floor, without what they found."""
    if not may_see_lab(viewer):
        return []
    rows = LabRun.objects.filter(version__floor=lab_floor).select_related("version")
    return list(rows.defer("found", "version__toml").order_by("-pk")[:NEWEST])


def newest_runs(viewer: "Person") -> list[LabRun]:
    """The newest runs on any floor, without what they found."""
    if not may_see_lab(viewer):
        return []
    rows = LabRun.objects.select_related("version__floor").defer("found", "version__toml")
    return list(rows.order_by("-pk")[:NEWEST])


def run(viewer: "Person", ref: str) -> LabRun:
    """Raise ObjectDoesNotExist also when the viewer may not see it."""
    if not may_see_lab(viewer):
        raise ObjectDoesNotExist
    return LabRun.objects.select_related("version__floor").get(ref=ref)


def ahead_of(run: LabRun) -> int:
    """How many runs come before one that waits."""
    before = LabRun.objects.filter(state__in=(RunState.WAITING, RunState.RUNNING), pk__lt=run.pk)
    return before.count()


def next_waiting() -> LabRun | None:
    """The run whose turn it is; for the laboratory beside the pages, which has no viewer."""
    rows = LabRun.objects.filter(state=RunState.WAITING).select_related("version")
    return rows.order_by("pk").first()


@cache
def example() -> Floor:
    """Give the example restaurant, from a checkout or from the wheel."""
    checkout = Path(__file__).parents[4] / "examples"
    folder = checkout if checkout.is_dir() else files("upturn_examples")
    written = (folder / "floors" / "restaurant.toml").read_text(encoding="utf-8")
    return floor_from_toml(written)
