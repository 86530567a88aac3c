"""How well the organisation knew, over all its workshops that met again."""

from typing import TYPE_CHECKING

from upturn.loop.engine.hundred import Known, calibration
from upturn.loop.models import Statement
from upturn.loop.queries.sight import may_host

if TYPE_CHECKING:
    from upturn.people.models import Person


def how_well_we_knew(viewer: "Person") -> tuple[Known, ...]:
    """Give how often statements came true, by how sure people were; empty for who may not look.

    It is of the whole organisation, whoever wrote and whoever carried what: no part of it is
    shown, so that it says nothing of one workshop.
    """
    if not may_host(viewer):
        return ()
    rows = Statement.objects.filter(sure__isnull=False, hidden_because="").exclude(verdict="")
    found = rows.values_list("sure", "verdict")
    return calibration([(sure, verdict) for sure, verdict in found if sure is not None])
