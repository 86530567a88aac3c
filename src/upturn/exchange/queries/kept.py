"""Which promise of a joint plan a company can say of whether it was kept: its own, once."""

from datetime import date

from django.db.models import Q

from upturn.exchange.engine import Outcome
from upturn.exchange.models import PlanPart
from upturn.exchange.queries.decisions import decision_by_ref
from upturn.exchange.queries.sight import Viewer
from upturn.exchange.queries.sittings import Sitting

AGREED = (Outcome.CONSENT.value, Outcome.CONCERN.value)
"""A decision that was closed as one of these holds; an objection keeps it from doing so."""


def promise_to_tell(viewer: Viewer, ref: str, *, today: date) -> PlanPart | None:
    """Give the own part of an agreed plan that began and of which nothing was said; None for none.

    Raises
    ------
    Decision.DoesNotExist
    """
    row = decision_by_ref(viewer, ref)
    if not isinstance(viewer, Sitting) or row.outcome not in AGREED:
        return None
    begun = Q(starts_on__isnull=True) | Q(starts_on__lte=today)
    own = row.parts.filter(begun, party=viewer.party, abstains=False, told=False)
    return own.first()
