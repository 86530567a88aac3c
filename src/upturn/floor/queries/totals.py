"""What stays of a shift: totals of its floor."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied

from upturn.floor.engine.live import Spread, Totals
from upturn.floor.engine.live.totals import SEATS_LEAST
from upturn.floor.models import Shift
from upturn.floor.queries.seats import may_lead
from upturn.stats.figures import Figure, Withheld

if TYPE_CHECKING:
    from upturn.people.models import Person


def totals_of(viewer: "Person", shift: Shift) -> Totals | Withheld:
    """Give the totals of a closed shift, or say that too few seats were held."""
    if not may_lead(viewer):
        raise PermissionDenied
    kept: Mapping[str, Any] = shift.summary or {}
    if "totals" not in kept:
        return Withheld("too_few", needed=SEATS_LEAST, got=kept.get("seats", 0))
    told = {name: _read(value) for name, value in kept["totals"].items()}
    profile = {kind: tuple(counts) for kind, counts in told.pop("profile").items()}
    return Totals(profile=profile, **told)


def _read(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    for shape in (Figure, Withheld, Spread):
        if set(value) == set(shape.__slots__):
            return shape(**value)
    return value
