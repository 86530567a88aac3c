"""Lines of be, do and have as one viewer sees them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from django.db.models import Case, IntegerField, Value, When

from upturn.commitments import queries as spine
from upturn.commitments.engine import State
from upturn.graph import queries as graph
from upturn.people.queries import parties_of
from upturn.plan.models import Column, LineOwner, LineState, Plan, PlanLine, PlanState
from upturn.plan.queries.plans import as_of
from upturn.plan.queries.sight import may_edit
from upturn.record.kept import keep

if TYPE_CHECKING:
    from upturn.people.models import Person

A_PAGE = 50
JUDGED = frozenset({State.JUDGED, State.SETTLED})
GONE = frozenset({State.WITHDRAWN, State.SETTLED})
HAVE_FIRST = Case(
    When(column=Column.HAVE, then=Value(0)),
    When(column=Column.DO, then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)
PLAIN = (
    "ref", "turn", "moment_ref", "moment", "at", "well_enough", "column", "words",
    "provider_was", "edge_id", "enables_ref", "state", "active_on", "due_on", "settled_on",
    "ask_ref", "override",
)  # fmt: skip
READ = (
    "ref", "party_id", "provider_id", "enables__words",
    "ref", "turn", "moment__ref", "moment__name", "moment__at", "moment__well_enough", "column",
    "words", "provider_was", "edge_id", "enables__ref", "state", "active_on", "due_on",
    "settled_on", "ask_ref", "override",
)  # fmt: skip
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
    enables_ref: str | None
    state: str
    active_on: date | None
    due_on: date | None
    settled_on: date | None
    ask_ref: str
    override: str
    owners: tuple[tuple[graph.PartyRow, str], ...]
    asked: str = ""
    may_act: bool = False
    may_settle: bool = False
    may_take_back: bool = False
    waits_for: graph.PartyRow | None = None

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

    def lets(self, line: LineHere) -> bool:
        """Whether a line is shown."""
        wanted = (
            (self.column, line.column),
            (self.state, line.state),
            (self.moment, line.moment_ref),
        )
        return (
            all(one in {"", other} for one, other in wanted)
            and self.party in {None, line.party.id}
            and (line.is_gap or not self.gap)
            and (line.is_orphan or not self.orphan)
        )

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


def all_lines(plan: Plan) -> tuple[LineHere, ...]:
    """Every line in the order of the day, as anybody sees it; no query where nothing changed."""
    what = ("lines of a plan", plan.pk)
    return keep(what, as_of=as_of(plan), read=partial(_read_lines, plan))


def lines_page(viewer: "Person", plan: Plan, chosen: LineFilter, *, page: int = 1) -> LinesPage:
    """One page of a plan's lines; one query for asks, where nothing changed."""
    found = [line for line in all_lines(plan) if chosen.lets(line)]
    start = (max(1, page) - 1) * A_PAGE
    shown = for_viewer(viewer, plan, found[start : start + A_PAGE])
    return LinesPage(shown, len(found), max(1, page))


def parties_with_lines(plan: Plan) -> tuple[graph.PartyRow, ...]:
    """Parties that any line of the plan belongs to, by name."""
    return tuple(sorted({line.party for line in all_lines(plan)}, key=graph.full_name))


def line_here(viewer: "Person", plan: Plan, ref: str) -> LineHere:
    """One line.

    Raises
    ------
    PlanLine.DoesNotExist
        If the plan has none of this ref.
    """
    found = [line for line in all_lines(plan) if line.ref == ref]
    if not found:
        raise PlanLine.DoesNotExist
    return for_viewer(viewer, plan, found)[0]


def for_viewer(viewer: "Person", plan: Plan, lines: Iterable[LineHere]) -> tuple[LineHere, ...]:
    """Lines with the state of their asks, as far as the viewer may see it, and what one may do."""
    found = tuple(lines)
    if plan.state != PlanState.STARTED:
        return found
    asks = _asks(viewer, [line.ask_ref for line in found if line.ask_ref])
    own, editing = parties_of(viewer), may_edit(viewer, plan)
    return tuple(_acts(line, asks, own, editing=editing) for line in found)


def _asks(viewer: "Person", refs: list[str]) -> dict[str, str]:
    if not refs:
        return {}
    return dict(spine.visible(viewer).filter(ref__in=refs).values_list("ref", "state"))


def _acts(
    line: LineHere, asks: Mapping[str, str], own: frozenset[int], *, editing: bool
) -> LineHere:
    """Say what the viewer may do: only somebody of a HAVE's party asks for it."""
    mine, is_have = line.party.id in own, line.column == Column.HAVE
    ready = line.state == LineState.NOTED and not line.is_gap
    active, asked = line.state == LineState.ACTIVE, asks.get(line.ask_ref, "")
    return replace(
        line,
        asked=asked,
        may_act=ready and editing and (mine or not is_have),
        may_settle=active and mine and (not line.ask_ref or asked in JUDGED),
        may_take_back=active and editing and (not line.ask_ref or asked in GONE),
        waits_for=line.party if ready and is_have and not mine else None,
    )


def _read_lines(plan: Plan) -> tuple[LineHere, ...]:
    party = graph.snapshot().party
    owners = _owners(plan)
    rows = PlanLine.objects.filter(plan=plan).order_by(*IN_ORDER).values_list(*READ)
    return tuple(
        LineHere(
            **dict(zip(PLAIN, row[4:], strict=True)),
            party=party[row[1]],
            provider=party.get(row[2]),
            enables=row[3] or "",
            owners=owners.get(row[0], ()),
        )
        for row in rows
        if row[1] in party
    )


def _owners(plan: Plan) -> dict[str, tuple[tuple[graph.PartyRow, str], ...]]:
    party, found = graph.snapshot().party, dict[str, tuple[tuple[graph.PartyRow, str], ...]]()
    rows = LineOwner.objects.filter(line__plan=plan).order_by("pk")
    for line, owner, who in rows.values_list("line__ref", "party_id", "who"):
        if owner in party:
            found[line] = (*found.get(line, ()), (party[owner], who))
    return found
