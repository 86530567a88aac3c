"""Lines of be, do and have as one viewer sees them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from upturn.commitments import queries as spine
from upturn.commitments.engine import State
from upturn.graph import queries as graph
from upturn.people.queries import parties_of
from upturn.plan.models import Column, LineState, Plan, PlanLine, PlanState
from upturn.plan.queries.by_hand import rows
from upturn.plan.queries.plans import as_written
from upturn.plan.queries.sight import may_edit
from upturn.record.kept import keep

if TYPE_CHECKING:
    from upturn.people.models import Person

A_PAGE = 50
JUDGED = frozenset({State.JUDGED, State.SETTLED})
GONE = frozenset({State.WITHDRAWN, State.SETTLED})
GAP = "line.\"column\" = 'have' AND line.edge_id IS NULL"
ORPHAN = "line.\"column\" = 'have' AND line.enables_id IS NULL"
ACTIVE = "line.state = 'active'"
_FROM = """FROM plan_planline line
JOIN plan_daymoment moment ON moment.id = line.moment_id
LEFT JOIN plan_planline promise ON promise.id = line.enables_id
WHERE line.plan_id = %s"""
_IN_ORDER = """ORDER BY moment.at, moment.id, line.party_id,
CASE line."column" WHEN 'have' THEN 0 WHEN 'do' THEN 1 ELSE 2 END, line.position, line.id"""
_LINES = f"""SELECT line.party_id, line.provider_id, promise.words,
line.ref, line.turn, line."column", line.words, line.provider_was, line.edge_id, line.state,
line.active_on, line.due_on, line.settled_on, line.ask_ref, line.override,
moment.ref, moment.name, moment.at, moment.well_enough, promise.ref
{_FROM} AND {{}}
{_IN_ORDER}"""
_LOOSE = f"""(line.id IN (SELECT line.id {_FROM} AND {GAP} {_IN_ORDER} LIMIT %s)
OR line.id IN (SELECT line.id {_FROM} AND {ORPHAN} {_IN_ORDER} LIMIT %s))"""
_BY_PARTY = """SELECT party_id, state, COUNT(*) FROM plan_planline WHERE plan_id = %s
GROUP BY party_id, state"""
_OWNERS = f"""SELECT line.ref, owner.party_id, owner.who FROM plan_lineowner owner
JOIN plan_planline line ON line.id = owner.line_id
WHERE line.plan_id = %s AND {ACTIVE} ORDER BY owner.id"""  # noqa: S608 - a constant


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
    owners: tuple[tuple[graph.PartyRow, str], ...] = ()
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

    @property
    def asks(self) -> tuple[str, list[Any]]:
        """What the database is asked for, and with which values."""
        given = {
            'line."column" = %s': self.column,
            "line.state = %s": self.state,
            "line.party_id = %s": self.party,
            "moment.ref = %s": self.moment,
        }
        exact = {told: value for told, value in given.items() if value}
        kinds = [kind for kind, wanted in ((GAP, self.gap), (ORPHAN, self.orphan)) if wanted]
        return " AND ".join([*exact, *kinds, "1 = 1"]), list(exact.values())

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


@dataclass(frozen=True, slots=True)
class LinesCounted:
    """How many lines a plan has by party and state."""

    of: Mapping[tuple[graph.PartyRow, str], int]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.of.values())

    @property
    def parties(self) -> tuple[graph.PartyRow, ...]:
        """Parties that any line belongs to, by name."""
        return tuple(sorted({party for party, _state in self.of}, key=graph.full_name))

    def in_state(self, state: str) -> Counter[graph.PartyRow]:
        """How many lines of each party stand like this."""
        return Counter({party: n for (party, its), n in self.of.items() if its == state})


def lines_counted(plan: Plan) -> LinesCounted:
    """Count the lines of a plan; one query, none where nothing changed."""
    what = ("lines of a plan counted", plan.pk)
    return keep(what, as_of=as_written(plan), read=partial(_count, plan))


def _count(plan: Plan) -> LinesCounted:
    party, counted = graph.snapshot().party, rows(_BY_PARTY, plan.pk)
    return LinesCounted({(party[whose], state): n for whose, state, n in counted if whose in party})


def first_loose(plan: Plan, *, most: int) -> tuple[tuple[LineHere, ...], tuple[LineHere, ...]]:
    """Give the first gaps and the first orphans in the order of the day; one query."""
    lines = _read_lines(plan, _LOOSE, plan.pk, most, plan.pk, most)
    kinds = ((line for line in lines if line.is_gap), (line for line in lines if line.is_orphan))
    gaps, orphans = (tuple(islice(kind, most)) for kind in kinds)
    return gaps, orphans


def lines_in_action(plan: Plan) -> tuple[LineHere, ...]:
    """Lines in action with who answers for them; two queries, none where nothing changed."""
    what = ("lines in action of a plan", plan.pk)
    return keep(what, as_of=as_written(plan), read=partial(_in_action, plan))


def _in_action(plan: Plan) -> tuple[LineHere, ...]:
    owners, lines = _owners(plan), _read_lines(plan, ACTIVE)
    return tuple(line._replace(owners=owners.get(line.ref, ())) for line in lines)


def lines_page(viewer: "Person", plan: Plan, chosen: LineFilter, *, page: int = 1) -> LinesPage:
    """One page of a plan's lines; the pages of all lines are kept until something changes."""
    page = max(1, page)
    if chosen.any:
        wanted, values = chosen.asks
        ((total,),) = rows(f"SELECT COUNT(*) {_FROM} AND {wanted}", plan.pk, *values)
        found = _one_page(plan, page, wanted, values)
    else:
        total, what = lines_counted(plan).total, ("lines of a plan", plan.pk, page)
        there = (page - 1) * A_PAGE < total
        read = partial(_one_page, plan, page)
        found = keep(what, as_of=as_written(plan), read=read) if there else ()
    return LinesPage(for_viewer(viewer, plan, found), total, page)


def _one_page(
    plan: Plan, page: int, wanted: str = "1 = 1", values: Sequence[Any] = ()
) -> tuple[LineHere, ...]:
    return _read_lines(plan, wanted, *values, after=(page - 1) * A_PAGE, most=A_PAGE)


def line_here(viewer: "Person", plan: Plan, ref: str) -> LineHere:
    """One line.

    Raises
    ------
    PlanLine.DoesNotExist
        If the plan has none of this ref.
    """
    found = _read_lines(plan, "line.ref = %s", ref)
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


def _read_lines(
    plan: Plan, wanted: str, *values: Any, after: int = 0, most: int | None = None
) -> tuple[LineHere, ...]:
    """Read lines in the order of the day, these many after so many; one query."""
    party, asked, given = graph.snapshot().party, _LINES.format(wanted), [plan.pk, *values]
    if most is not None:
        asked, given = f"{asked} LIMIT %s OFFSET %s", [*given, most, after]
    return tuple(
        LineHere(*(*told, party[whose], party.get(provider or 0), promise, words or ""))
        for whose, provider, words, *told, promise in rows(asked, *given)
        if whose in party
    )


def _owners(plan: Plan) -> dict[str, tuple[tuple[graph.PartyRow, str], ...]]:
    """Who answers for the lines in action, by their ref; one query."""
    party, found = graph.snapshot().party, dict[str, tuple[tuple[graph.PartyRow, str], ...]]()
    for line, owner, who in rows(_OWNERS, plan.pk):
        if owner in party:
            found[line] = (*found.get(line, ()), (party[owner], who))
    return found
