"""What followed on a wave, as the guided way through a gap analysis looks at it."""

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Count, Q

from upturn.commitments import queries as commitments
from upturn.commitments.engine import State
from upturn.partners.engine import Published
from upturn.partners.models import Cycle, NamedBarrier, Rule
from upturn.partners.queries.figures import keys_page, map_page, seen_edges, signs_page
from upturn.stats import Figure

if TYPE_CHECKING:
    from upturn.people.models import Person

PROMISED = (State.PROMISED, State.DONE, State.JUDGED, State.SETTLED)


class Compared(NamedTuple):
    """Pairs of figures that can be put beside each other, and those that clearly differ."""

    pairs: int
    apart: int


class Followed(NamedTuple):
    """Barriers named, rules written or ended and cycles begun since a day; asks and promises."""

    causes: int
    asked: int
    promised: int


def compared(found: Published) -> Compared:
    """Count what a closed wave put beside each other."""
    if found.instrument.per_relation:
        page = map_page(found).found
        pairs = sum(isinstance(row.gap, Figure) for row in page.rows)
        return Compared(pairs, sum(row.clear for row in page.rows))
    rows = (*signs_page(found).rows, *keys_page(found).rows)
    pairs = sum(isinstance(row.gap, Figure) for row in rows)
    return Compared(pairs, sum(row.clear for row in rows))


def followed(viewer: "Person", found: Published, *, since: date) -> Followed:
    """Count what was done since a wave closed, as far as the viewer sees it; four queries."""
    causes = (
        NamedBarrier.objects.filter(named_on__gte=since).count()
        + Rule.objects.filter(Q(made_on__gte=since) | Q(retired_on__gte=since)).count()
        + Cycle.objects.filter(opened_on__gte=since).count()
    )
    asks = commitments.visible(viewer).filter(raised_on__gte=since)
    if found.instrument.per_relation:
        edges = {edge.id for edge in seen_edges(viewer, found).values()}
        asks = asks.filter(edge_id__in=edges)
    counted = asks.aggregate(asked=Count("pk"), promised=Count("pk", filter=Q(state__in=PROMISED)))
    return Followed(causes, counted["asked"], counted["promised"])
