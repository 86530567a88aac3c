"""What happened after a plan started, as the guided way through a plan looks at it."""

from datetime import date
from typing import NamedTuple

from django.db.models import Count, Max, Q

from upturn.plan.models import LineState, Plan


class AfterStart(NamedTuple):
    """Lines that were put into action, and readings with the day of the last."""

    acting: int
    readings: int
    read_on: date | None


def after_start(plan: Plan) -> AfterStart:
    """Count it in one query."""
    rows = Plan.objects.filter(pk=plan.pk).annotate(
        acting=Count("lines", filter=~Q(lines__state=LineState.NOTED), distinct=True),
        readings=Count("results", distinct=True),
        read_on=Max("results__read_on"),
    )
    return AfterStart(*rows.values_list("acting", "readings", "read_on").get())
