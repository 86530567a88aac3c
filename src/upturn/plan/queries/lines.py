"""Lines of be, do and have as one viewer sees them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from upturn.commitments import queries as spine
from upturn.commitments.engine import State
from upturn.graph import queries as graph
from upturn.people.queries import parties_of
from upturn.plan.models import Column, LineOwner, LineState, Plan, PlanLine, PlanState
from upturn.plan.queries.plans import as_written
from upturn.plan.queries.sight import may_edit
from upturn.record.kept import keep

if TYPE_CHECKING:
    from upturn.people.models import Person

Row = tuple[Any, ...]  # of OF_LINE
A_PAGE = 50
JUDGED = frozenset({State.JUDGED, State.SETTLED})
GONE = frozenset({State.WITHDRAWN, State.SETTLED})
HAVE_FIRST = Case(
    When(column=Column.HAVE, then=Value(0)),
    When(column=Column.DO, then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)
OF_MOMENT = ("ref", "name", "at", "well_enough")
OF_LINE = (
    "pk", "moment_id", "party_id", "provider_id", "enables_id",
    "ref", "turn", "column", "words", "provider_was", "edge_id", "state", "active_on", "due_on",
    "settled_on", "ask_ref", "override",
)  # fmt: skip
IN_ORDER = ("moment__at", "moment_id", "party_id", HAVE_FIRST, "position", "pk")


class LineHere(NamedTuple):
    """A line with its parties, and what the viewer may do with it.

    ``asked`` is the state of its ask where the viewer may see that. ``waits_for`` is the party
    whose people alone can ask, for those who are not of it.
    """

    ref: str
    turn: int
    column: str
    words: str
    provider_was: str
    edge_id: int | None
    state: str
    active_on: date | None
    due_on: date | None
    settled_on: date | None
    ask_ref: str
    override: str
    moment_ref: str
    moment: str
    at: int
    well_enough: str
    party: graph.PartyRow
    provider: graph.PartyRow | None
    enables_ref: str | None
    enables: str
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
    return keep(what, as_of=as_written(plan), read=partial(_read_lines, plan))


def loose_lines(plan: Plan) -> tuple[LineHere, ...]:
    """Gaps and orphans in the order of the day; no query where nothing changed."""
    loose = plan.lines.filter(Q(edge=None) | Q(enables=None), column=Column.HAVE)
    what = ("loose lines of a plan", plan.pk)
    return keep(what, as_of=as_written(plan), read=partial(_read_lines, plan, loose))


def lines_page(viewer: "Person", plan: Plan, chosen: LineFilter, *, page: int = 1) -> LinesPage:
    """One page of a plan's lines; one query for asks, where nothing changed."""
    lines = all_lines(plan)
    found = [line for line in lines if chosen.lets(line)] if chosen.any else lines
    start = (max(1, page) - 1) * A_PAGE
    shown = for_viewer(viewer, plan, found[start : start + A_PAGE])
    return LinesPage(shown, len(found), max(1, page))


def parties_with_lines(plan: Plan) -> tuple[graph.PartyRow, ...]:
    """Parties that any line of the plan belongs to, by name."""
    parties = {line.party.id: line.party for line in all_lines(plan)}
    return tuple(sorted(parties.values(), key=graph.full_name))


def line_here(viewer: "Person", plan: Plan, ref: str) -> LineHere:
    """One line.

    Raises
    ------
    PlanLine.DoesNotExist
        If the plan has none of this ref.
    """
    found = _read_lines(plan, plan.lines.filter(ref=ref))
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
    return line._replace(
        asked=asked,
        may_act=ready and editing and (mine or not is_have),
        may_settle=active and mine and (not line.ask_ref or asked in JUDGED),
        may_take_back=active and editing and (not line.ask_ref or asked in GONE),
        waits_for=line.party if ready and is_have and not mine else None,
    )


def _read_lines(plan: Plan, some: QuerySet[PlanLine] | None = None) -> tuple[LineHere, ...]:
    """Read lines, put together here: joined, the database would send the same words many times."""
    party = graph.snapshot().party
    lines = plan.lines.all() if some is None else some
    read = list(lines.order_by(*IN_ORDER).values_list(*OF_LINE))
    moments = {pk: told for pk, *told in plan.moments.values_list("pk", *OF_MOMENT)}
    rows = [row for row in read if row[1] in moments and row[2] in party]
    promises = _promises({row[4] for row in rows if row[4]}, read)
    owners = _owners(plan, rows)
    put_together = (
        (
            *rest,
            *moments[moment],
            party[whose],
            party.get(provider or 0),
            *promises.get(enables, (None, "")),
            owners.get(pk, ()),
        )
        for pk, moment, whose, provider, enables, *rest in rows
    )
    return tuple(LineHere(*line) for line in put_together)


def _promises(wanted: set[int], read: Iterable[Row]) -> dict[int | None, tuple[str, str]]:
    """Ref and words of the lines that others make possible; no query if they were read too."""
    found: dict[int | None, tuple[str, str]] = {
        row[0]: (row[5], row[8]) for row in read if row[0] in wanted
    }
    if beyond := wanted - found.keys():
        rows = PlanLine.objects.filter(pk__in=beyond).values_list("pk", "ref", "words")
        found |= {pk: (ref, words) for pk, ref, words in rows}
    return found


def _owners(plan: Plan, rows: Sequence[Row]) -> dict[int, tuple[tuple[graph.PartyRow, str], ...]]:
    party, found = graph.snapshot().party, dict[int, tuple[tuple[graph.PartyRow, str], ...]]()
    owners = LineOwner.objects.filter(line__plan=plan)
    if len(rows) == 1:
        owners = LineOwner.objects.filter(line=rows[0][0])
    for line, owner, who in owners.order_by("pk").values_list("line_id", "party_id", "who"):
        if owner in party:
            found[line] = (*found.get(line, ()), (party[owner], who))
    return found
