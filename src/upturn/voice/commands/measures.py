"""Weekly measures of parties and edges on their way in."""

import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction

from upturn.graph import queries as graph
from upturn.graph.engine import UnknownParty, nearest
from upturn.record import journal
from upturn.voice.commands.sums import lock
from upturn.voice.engine import Better, guess_better, measure_name
from upturn.voice.models import Measure, MeasureWeek
from upturn.voice.queries import monday

if TYPE_CHECKING:
    from upturn.people.models import Person

BATCH = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureRecord:
    """One week of a figure of a party or of an edge (server, served), both named by keys.

    ``n`` answers are behind it, if they were counted; ``low`` and ``high`` end its scale.
    Without ``better`` a measure keeps its direction, and a new one takes it from its name.
    """

    name: str
    week: date
    value: float
    party: str | None = None
    edge: tuple[str, str] | None = None
    n: int | None = None
    low: float | None = None
    high: float | None = None
    better: Better | None = None


class UnknownEdge(ValueError):
    """A measure of an edge that nobody has drawn."""

    def __init__(self, server: str, served: str) -> None:
        super().__init__(
            f'No edge says that "{server}" serves "{served}". Draw it first, or mend the keys.'
        )


@dataclass(frozen=True, slots=True)
class _Of:
    """Whose measure it is, and what it is called."""

    party_id: int | None
    edge_id: int | None
    name: str


@transaction.atomic
def store_measures(actor: "Person | None", rows: Iterable[MeasureRecord]) -> int:
    """Store weekly values; a week that is there takes the new value. How many weeks came.

    Raises
    ------
    UnknownParty, UnknownEdge
        If a key names nobody; then nothing is stored.
    """
    tally = lock()
    finder = _Finder()
    weeks = {(finder.of(row), monday(row.week)): row for row in rows}
    measures = _measures({of: row for (of, _), row in weeks.items()})
    MeasureWeek.objects.bulk_create(
        [
            MeasureWeek(measure_id=measures[of], week=week, value=row.value, n=row.n)
            for (of, week), row in weeks.items()
        ],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["measure", "week"],
        update_fields=["value", "n"],
    )
    tally.measures = time.time_ns()
    tally.save(update_fields=["measures"])
    journal.write(
        "stored measures",
        subject_kind="measures",
        subject_ref="",
        actor_id=actor.pk if actor else None,
        detail=f"{len(weeks)} weeks",
    )
    return len(weeks)


class _Finder:
    """Ids by the keys of parties, of one look at the graph."""

    def __init__(self) -> None:
        now = graph.snapshot()
        self.parties = {row.key: row.id for row in now.party.values()}
        self.edges = {(edge.server_id, edge.served_id): edge.id for edge in now.edge.values()}

    def party(self, key: str) -> int:
        try:
            return self.parties[key]
        except KeyError:
            raise UnknownParty(key, nearest=nearest(key, list(self.parties))) from None

    def edge(self, server: str, served: str) -> int:
        try:
            return self.edges[self.party(server), self.party(served)]
        except KeyError:
            raise UnknownEdge(server, served) from None

    def of(self, row: MeasureRecord) -> _Of:
        name = measure_name(row.name)
        if row.edge is None:
            return _Of(self.party(row.party or ""), None, name)
        return _Of(None, self.edge(*row.edge), name)


def _measures(wanted: dict[_Of, MeasureRecord]) -> dict[_Of, int]:
    """Ids of measures; those that are not there yet are made, with the ends of their scale."""
    known = _known(wanted)
    new = [_new(of, row) for of, row in wanted.items() if of not in known]
    Measure.objects.bulk_create(new, batch_size=BATCH)
    for better in Better:
        said = [known[of] for of, row in wanted.items() if of in known and row.better is better]
        Measure.objects.filter(pk__in=said).exclude(better=better).update(better=better)
    return _known(wanted)


def _new(of: _Of, row: MeasureRecord) -> Measure:
    return Measure(
        party_id=of.party_id,
        edge_id=of.edge_id,
        name=of.name,
        low=row.low,
        high=row.high,
        better=row.better or guess_better(of.name),
    )


def _known(wanted: Collection[_Of]) -> dict[_Of, int]:
    rows = Measure.objects.filter(name__in={of.name for of in wanted})
    found = rows.values_list("party_id", "edge_id", "name", "pk")
    return {_Of(party, edge, name): pk for party, edge, name, pk in found}
