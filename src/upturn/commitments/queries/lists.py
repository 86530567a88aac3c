"""The asks of a page, each list in its order."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import connection

from upturn.commitments.engine import State
from upturn.commitments.queries import statements
from upturn.commitments.queries.sides import asking_edges, our_edges, visible
from upturn.commitments.queries.standing import Standing, rows_of, standings

if TYPE_CHECKING:
    from upturn.graph.models import Serves
    from upturn.people.models import Person


def _chosen(statement: str, viewer: "Person", *, today: date, most: int) -> list[int]:
    ours, asking = map(statements.listed, (our_edges(viewer), asking_edges(viewer)))
    day = connection.ops.adapt_datefield_value(today) or ""
    given: dict[str, int | str] = {"viewer": viewer.pk, "today": day, "most": most}
    return [pk for (pk,) in rows_of(statement.format(ours=ours, asking=asking), given)]


def asks_by_us(viewer: "Person", *, today: date, most: int) -> list[Standing]:
    """What the viewer or the viewer's teams asked, what waits for them first, then the newest."""
    chosen = _chosen(statements.BY_US, viewer, today=today, most=most)
    return standings(viewer, chosen, today=today)


def asks_of_ours(
    viewer: "Person", *, today: date, to_us: int = 20, by_us: int = 8
) -> tuple[list[Standing], list[Standing]]:
    """Open asks that the viewer's parties answer, and `asks_by_us`; three queries for both.

    Of those to answer stands first what waits for the viewer, answers before deeds, and of each
    the oldest.
    """
    first = _chosen(statements.TO_US, viewer, today=today, most=to_us)
    then = _chosen(statements.BY_US, viewer, today=today, most=by_us)
    found = standings(viewer, [*first, *then], today=today)
    return found[: len(first)], found[len(first) :]


def asks_on(viewer: "Person", edge: "Serves", *, today: date, most: int = 20) -> list[Standing]:
    """Asks on one edge that the viewer may see, open ones first."""
    asks = visible(viewer).filter(edge=edge).order_by("-acts_on", "-raised_on")
    found = standings(viewer, list(asks.values_list("pk", flat=True)[:most]), today=today)
    over = {State.SETTLED, State.WITHDRAWN}
    return sorted(found, key=lambda standing: standing.ask.state in over)


def promises_due(viewer: "Person", *, today: date, days: int = 14, most: int = 8) -> list[Standing]:
    """Promises whose date has passed or comes within ``days``, the earliest first."""
    until = today + timedelta(days=days)
    asks = visible(viewer).filter(state=State.PROMISED, acts_on__lte=until)
    due = asks.order_by("acts_on", "pk").values_list("pk", flat=True)
    return standings(viewer, list(due[:most]), today=today)
