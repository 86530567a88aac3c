"""The pyramid of one plan, with how each edge stands."""

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from upturn.graph import queries as graph
from upturn.graph.engine import PHONE, WIDE, Drawing
from upturn.plan.engine import Have, Health, PlanEdge, PlanPyramid, draw_plan, plan_pyramid
from upturn.plan.models import Column, MomentParty
from upturn.plan.queries.at_moment import asks_of, line_health
from upturn.plan.queries.day import at_home
from upturn.record.kept import keep

if TYPE_CHECKING:
    from upturn.people.models import Person
    from upturn.plan.models import Plan


@dataclass(frozen=True, slots=True)
class EdgeHere:
    """One line of the table; without a server nobody is named yet."""

    number: int
    server: graph.PartyRow | None
    served: graph.PartyRow
    health: Health
    haves: int


@dataclass(frozen=True, slots=True)
class PyramidHere:
    """The picture in two sizes, and its table; parties without a way up stand in the table only."""

    edges: tuple[EdgeHere, ...]
    wide: Drawing
    phone: Drawing
    as_of: int

    @property
    def drawings(self) -> tuple[tuple[str, Drawing], ...]:
        """The picture for a wide page and for a phone."""
        return ("wide", self.wide), ("phone", self.phone)

    def of(self, *health: Health) -> int:
        """How many edges stand like this."""
        return sum(edge.health in health for edge in self.edges)


def pyramid_of(viewer: "Person", plan: "Plan", *, today: date) -> PyramidHere:
    """Draw the pyramid of a plan; three queries beside the graph."""
    now = graph.snapshot()
    meeting = MomentParty.objects.filter(moment__plan=plan).values_list("party_id", flat=True)
    haves = _haves(viewer, plan, today=today)
    met = [each for each in meeting if each in now.party]
    served = {plan.customers_id, *met} | {have.served for have in haves}
    served |= {have.server for have in haves if have.server is not None}
    edges = {
        edge.id: (edge.server_id, edge.served_id)
        for party in served
        for edge in now.down.get(party, ())
    }
    found = plan_pyramid(
        met,
        customers=plan.customers_id,
        haves=haves,
        edges=edges,
    )
    read = partial(_drawn, plan, found)
    stands_for = (now.number, found, get_language())
    return keep(("pyramid of a plan", plan.pk), as_of=stands_for, read=read)


class _Row(NamedTuple):
    party_id: int
    provider_id: int | None
    edge_id: int | None
    ask_ref: str
    column: str
    state: str


def _haves(viewer: "Person", plan: "Plan", *, today: date) -> list[Have]:
    lines = plan.lines.filter(column=Column.HAVE).order_by("pk")
    rows = [_Row._make(row) for row in lines.values_list(*_Row._fields)]
    asks = asks_of(viewer, [row.ask_ref for row in rows if row.ask_ref], today=today)
    party = graph.snapshot().party
    return [
        Have(
            row.party_id,
            row.provider_id if row.provider_id in party else None,
            row.edge_id,
            line_health(row, asks.get(row.ask_ref), today=today),
        )
        for row in rows
        if row.party_id in party
    ]


def _drawn(plan: "Plan", found: PlanPyramid) -> PyramidHere:
    now = graph.snapshot()
    rows = {each: at_home(now.party[each], plan.place) for each in found.parties}
    names = {each: graph.full_name(row) for each, row in rows.items()}
    kinds = {each: row.kind for each, row in rows.items()}
    draw = partial(draw_plan, found, kinds=kinds, names=names, nobody=_("nobody yet"))
    return PyramidHere(
        tuple(_edge(edge, rows) for edge in found.edges),
        draw(sheet=WIDE),
        draw(sheet=PHONE),
        hash((now.number, found)),
    )


def _edge(edge: PlanEdge, rows: dict[int, graph.PartyRow]) -> EdgeHere:
    server = rows[edge.server] if edge.server is not None else None
    return EdgeHere(edge.number, server, rows[edge.served], edge.health, edge.haves)
