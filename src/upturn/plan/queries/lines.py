"""Lines of be, do and have as one viewer sees them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When, Window

from upturn.commitments import queries as spine
from upturn.graph import queries as graph
from upturn.people.queries import parties_of
from upturn.plan.models import Column, LineOwner, LineState, Plan, PlanLine, PlanState
from upturn.plan.queries.sight import may_edit

if TYPE_CHECKING:
    from upturn.people.models import Person

A_PAGE = 50
HAVE_FIRST = Case(
    When(column=Column.HAVE, then=Value(0)),
    When(column=Column.DO, then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)
IN_ORDER = ("moment__at", "moment_id", "party_id", HAVE_FIRST, "position", "pk")


@dataclass(frozen=True, slots=True, kw_only=True)
class LineHere:
    """A line with its parties, and what the viewer may do with it.

    ``asked`` is the state of its ask where the viewer may see that. ``waits_for`` is the party
    whose people alone can ask, for those who are not of it.
    """

    ref: str
    turn: int
    moment_ref: str
    moment: str
    at: int
    well_enough: str
    party: graph.PartyRow
    column: str
    words: str
    provider: graph.PartyRow | None
    provider_was: str
    edge_id: int | None
    enables: str
    enables_ref: str
    state: str
    active_on: date | None
    due_on: date | None
    settled_on: date | None
    ask_ref: str
    asked: str
    override: str
    owners: tuple[tuple[graph.PartyRow, str], ...]
    may_act: bool
    may_settle: bool
    waits_for: graph.PartyRow | None

    @property
    def is_gap(self) -> bool:
        """A HAVE that no edge brings (S2.15)."""
        return self.column == Column.HAVE and self.edge_id is None

    @property
    def is_orphan(self) -> bool:
        """A HAVE that names no promise to customers (S2.5)."""
        return self.column == Column.HAVE and not self.enables_ref

    @property
    def provider_left(self) -> bool:
        """Whether somebody provided it who is no longer there."""
        return self.provider is None and bool(self.provider_was)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFilter:
    """What a list of lines is cut down to; empty means all."""

    column: str = ""
    state: str = ""
    party: int | None = None
    moment: str = ""
    gap: bool = False
    orphan: bool = False

    @property
    def any(self) -> bool:
        """Whether anything is left out."""
        return self != LineFilter()


@dataclass(frozen=True, slots=True)
class LinesPage:
    """A page of lines in the order of the day, and how many there are of each kind."""

    lines: tuple[LineHere, ...]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // A_PAGE))


def lines_page(viewer: "Person", plan: Plan, chosen: LineFilter, *, page: int = 1) -> LinesPage:
    """One page of a plan's lines; three queries at most, the viewer's seat beside them."""
    rows = PlanLine.objects.filter(_chosen(chosen), plan=plan)
    joined = rows.select_related("moment", "enables")
    ordered = joined.order_by("moment__at", "moment_id", "party_id", HAVE_FIRST, "position", "pk")
    total = Window(Count("pk"))
    start = (max(1, page) - 1) * A_PAGE
    found = list(ordered.annotate(total=total)[start : start + A_PAGE])
    count = found[0].total if found else 0
    return LinesPage(here(viewer, plan, found), count, max(1, page))


def parties_with_lines(plan: Plan) -> tuple[graph.PartyRow, ...]:
    """Parties that any line of the plan belongs to, by name."""
    party = graph.snapshot().party
    ids = PlanLine.objects.filter(plan=plan).order_by().values_list("party_id", flat=True)
    return tuple(sorted((party[i] for i in ids.distinct() if i in party), key=graph.full_name))


def _chosen(chosen: LineFilter) -> Q:
    found = Q()
    if chosen.column:
        found &= Q(column=chosen.column)
    if chosen.state:
        found &= Q(state=chosen.state)
    if chosen.party is not None:
        found &= Q(party=chosen.party)
    if chosen.moment:
        found &= Q(moment__ref=chosen.moment)
    if chosen.gap:
        found &= Q(column=Column.HAVE, edge=None)
    if chosen.orphan:
        found &= Q(column=Column.HAVE, enables=None)
    return found


def line_here(viewer: "Person", plan: Plan, ref: str) -> LineHere:
    """One line.

    Raises
    ------
    PlanLine.DoesNotExist
        If the plan has none of this ref.
    """
    row = PlanLine.objects.select_related("moment", "enables").get(plan=plan, ref=ref)
    return here(viewer, plan, [row])[0]


def here(
    viewer: "Person", plan: Plan, rows: "Iterable[PlanLine] | QuerySet[PlanLine]"
) -> tuple[LineHere, ...]:
    """Rows as the viewer sees them; at most three queries, however many they are."""
    if isinstance(rows, QuerySet):
        rows = rows.select_related("moment", "enables")
    found = list(rows)
    active = [row.pk for row in found if row.state != LineState.NOTED]
    owners = _owners(active)
    asks = _asks(viewer, [row.ask_ref for row in found if row.ask_ref])
    editing = may_edit(viewer, plan)
    return tuple(
        _acts(_here(row, owners.get(row.pk, ()), asks), viewer, plan, editing=editing)
        for row in found
        if row.party_id in graph.snapshot().party
    )


def _owners(lines: list[int]) -> dict[int, tuple[tuple[graph.PartyRow, str], ...]]:
    if not lines:
        return {}
    party, found = graph.snapshot().party, dict[int, tuple[tuple[graph.PartyRow, str], ...]]()
    rows = LineOwner.objects.filter(line__in=lines).order_by("pk")
    for line, owner, who in rows.values_list("line_id", "party_id", "who"):
        if owner in party:
            found[line] = (*found.get(line, ()), (party[owner], who))
    return found


def _asks(viewer: "Person", refs: list[str]) -> dict[str, str]:
    return (
        dict(spine.visible(viewer).filter(ref__in=refs).values_list("ref", "state")) if refs else {}
    )


def _here(
    row: PlanLine, owners: tuple[tuple[graph.PartyRow, str], ...], asks: Mapping[str, str]
) -> LineHere:
    party, enabled, moment = graph.snapshot().party, row.enables, row.moment
    return LineHere(
        ref=row.ref,
        turn=row.turn,
        moment_ref=moment.ref,
        moment=moment.name,
        at=moment.at,
        well_enough=moment.well_enough,
        party=party[row.party_id],
        column=row.column,
        words=row.words,
        provider=party.get(row.provider_id or 0),
        provider_was=row.provider_was,
        edge_id=row.edge_id,
        enables=enabled.words if enabled else "",
        enables_ref=enabled.ref if enabled else "",
        state=row.state,
        active_on=row.active_on,
        due_on=row.due_on,
        settled_on=row.settled_on,
        ask_ref=row.ask_ref,
        asked=asks.get(row.ask_ref, ""),
        override=row.override,
        owners=owners,
        may_act=False,
        may_settle=False,
        waits_for=None,
    )


def _acts(line: LineHere, viewer: "Person", plan: Plan, *, editing: bool) -> LineHere:
    """Say what the viewer may do: only somebody of a HAVE's party asks for it."""
    if plan.state != PlanState.STARTED:
        return line
    own = line.party.id in parties_of(viewer)
    is_have = line.column == Column.HAVE
    ready = line.state == LineState.NOTED and not line.is_gap
    return replace(
        line,
        may_act=ready and editing and (own or not is_have),
        may_settle=line.state == LineState.ACTIVE and own,
        waits_for=line.party if ready and is_have and not own else None,
    )
