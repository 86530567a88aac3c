"""The asks of a page, each list in its order."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import connection

from upturn.commitments.engine import State
from upturn.commitments.queries import statements
from upturn.commitments.queries.moves import once_a_move
from upturn.commitments.queries.sides import asking_edges, our_edges, visible
from upturn.commitments.queries.standing import Standing, rows_of, standings

if TYPE_CHECKING:
    from upturn.graph.models import Serves
    from upturn.people.models import Person


SOON = timedelta(weeks=2)


def _chosen(statement: str, viewer: "Person", *, today: date, most: int) -> list[int]:
    ours, asking = map(statements.listed, (our_edges(viewer), asking_edges(viewer)))
    day = connection.ops.adapt_datefield_value(today) or ""
    given: dict[str, int | str] = {"viewer": viewer.pk, "today": day, "most": most}
    return [pk for (pk,) in rows_of(statement.format(ours=ours, asking=asking), given)]


def _to_us(viewer: "Person", *, today: date, most: int) -> list[int]:
    """Open asks that the viewer's parties answer.

    What waits for the viewer stands first, answers before deeds, and of each the oldest.
    """
    return _chosen(statements.TO_US, viewer, today=today, most=most)


def _by_us(viewer: "Person", *, today: date, most: int) -> list[int]:
    """What the viewer or the viewer's teams asked.

    What waits for them stands first, then what is open, and of each the newest. Numbers of asks are
    drawn, so within a day the order tells nothing.
    """
    return _chosen(statements.BY_US, viewer, today=today, most=most)


def _due(viewer: "Person", *, today: date, most: int) -> list[int]:
    """Promises whose date has passed or comes within two weeks, the earliest first."""
    asks = visible(viewer).filter(state=State.PROMISED, acts_on__lte=today + SOON)
    return list(asks.order_by("acts_on", "pk").values_list("pk", flat=True)[:most])


CHOOSE = {"to us": _to_us, "by us": _by_us, "due": _due}


def asks_in_lists(
    viewer: "Person", *, today: date, most: Mapping[str, int]
) -> dict[str, list[Standing]]:
    """The lists that are named, each as long as it says; one query a list, and one for all.

    "to us" are open asks that the viewer's parties answer, "by us" those that the viewer or the
    viewer's teams raised, "due" the promises of the next two weeks that the viewer may see.
    """
    return _in_lists(viewer, today=today, most=tuple(most.items()))


@once_a_move
def _in_lists(
    viewer: "Person", *, today: date, most: tuple[tuple[str, int], ...]
) -> dict[str, list[Standing]]:
    lists = {name: CHOOSE[name](viewer, today=today, most=n) for name, n in most}
    together = list(dict.fromkeys(pk for pks in lists.values() for pk in pks))
    found = {here.ask.pk: here for here in standings(viewer, together, today=today)}
    return {name: [found[pk] for pk in pks if pk in found] for name, pks in lists.items()}


def asks_on(viewer: "Person", edge: "Serves", *, today: date, most: int = 20) -> list[Standing]:
    """Asks on one edge that the viewer may see, open ones first."""
    asks = visible(viewer).filter(edge=edge).order_by("-acts_on", "-raised_on")
    found = standings(viewer, list(asks.values_list("pk", flat=True)[:most]), today=today)
    over = {State.SETTLED, State.WITHDRAWN}
    return sorted(found, key=lambda standing: standing.ask.state in over)
