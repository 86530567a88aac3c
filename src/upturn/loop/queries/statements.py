"""What is better in 100 days: who carries it, whether it is an ask, and what became of it."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from upturn.commitments.queries import may_raise
from upturn.graph import queries as graph
from upturn.loop.models import Statement, Workshop, WorkshopState
from upturn.loop.queries.rooms import room_of
from upturn.loop.queries.sight import Viewer, check_see, is_open_to_read, may_run

if TYPE_CHECKING:
    from upturn.people.models import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementSeen:
    """A statement. `waits_for` names the party that can send it as an ask and has not yet.

    How sure its writer is, is for nobody else; it counts only among those of many.
    """

    ref: str
    step: int
    words: str
    owner: str
    owner_party: graph.PartyRow | None
    first_step: str
    sign: str
    edge_id: int | None
    ask_ref: str
    waits_for: graph.PartyRow | None
    hidden_because: str
    verdict: str
    evidence: str
    turn: int

    @property
    def is_whole(self) -> bool:
        """Whether it has an owner, a first small step and a sign."""
        return bool(self.owner and self.first_step and self.sign)


def statements(viewer: Viewer, workshop: Workshop) -> tuple[StatementSeen, ...]:
    """Give the statements of the steps that are open to read; hidden ones to who holds it.

    Raises
    ------
    Workshop.DoesNotExist
        If the workshop is out of sight.
    """
    check_see(viewer, workshop)
    rows = Statement.objects.filter(workshop=workshop).exclude(words="")
    if not may_run(viewer, workshop):
        rows = rows.filter(hidden_because="")
    found = rows.select_related("edge").order_by("step", "pk")
    return tuple(_seen(row) for row in found if is_open_to_read(workshop, row.step))


def _seen(row: Statement) -> StatementSeen:
    party = graph.snapshot().party
    unsent = row.edge is not None and not row.ask_ref
    return StatementSeen(
        ref=row.ref,
        step=row.step,
        words=row.words,
        owner=row.owner,
        owner_party=party.get(row.owner_party_id or 0),
        first_step=row.first_step,
        sign=row.sign,
        edge_id=row.edge_id,
        ask_ref=row.ask_ref,
        waits_for=party.get(row.edge.served_id) if unsent and row.edge else None,
        hidden_because=row.hidden_because,
        verdict=row.verdict,
        evidence=row.evidence,
        turn=row.turn,
    )


@dataclass(frozen=True, slots=True)
class Closing:
    """What is missing before people stand up: refs of statements, and phones without a task."""

    not_whole: tuple[str, ...]
    without_task: int
    of: int


def closing(viewer: "Person", workshop: Workshop) -> Closing:
    """Give what a workshop still needs before it closes.

    Raises
    ------
    Workshop.DoesNotExist
        If the viewer does not hold it.
    """
    if not may_run(viewer, workshop):
        raise Workshop.DoesNotExist
    return closing_of(workshop)


def closing_of(workshop: Workshop) -> Closing:
    """Give the same to the command that closes it."""
    rows = Statement.objects.filter(workshop=workshop, hidden_because="").exclude(words="")
    missing = (rows.filter(owner="") | rows.filter(first_step="") | rows.filter(sign="")).order_by(
        "step", "pk"
    )
    found = room_of(workshop)
    return Closing(tuple(missing.values_list("ref", flat=True)), found.without_task, found.of)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A statement that the viewer's party can send as an ask."""

    workshop: str
    day_100_on: date | None
    statement: StatementSeen


def waiting_asks(viewer: "Person") -> tuple[Waiting, ...]:
    """Give statements of closed workshops that wait to be sent by a party of the viewer's."""
    rows = Statement.objects.filter(ask_ref="", edge__isnull=False, hidden_because="", verdict="")
    rows = rows.filter(workshop__state=WorkshopState.CLOSED).exclude(words="")
    found = rows.select_related("workshop", "edge").defer("workshop__script")
    return tuple(
        Waiting(row.workshop.name, row.workshop.day_100_on, _seen(row))
        for row in found.order_by("workshop__day_100_on", "pk")
        if row.edge is not None and may_raise(viewer, row.edge)
    )
