"""What was brought in, for those who may bring in."""

from typing import TYPE_CHECKING

from upturn.graph.models import Import
from upturn.people.queries import may_bring_in

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from upturn.people.models import Person

SHOWN = 50
NoSuchImport = Import.DoesNotExist


def imports(viewer: "Person") -> "QuerySet[Import]":
    """The newest imports, first what was handed in last."""
    if not may_bring_in(viewer):
        return Import.objects.none()
    return Import.objects.order_by("-pk")[:SHOWN]


def import_by_ref(viewer: "Person", ref: str) -> Import:
    """The import with this reference; raises ``NoSuchImport`` out of sight."""
    if not may_bring_in(viewer):
        raise NoSuchImport
    return Import.objects.get(ref=ref)
