"""What is to be, to do and to have at one moment, and how each line stands."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from upturn.commitments import queries as commitments
from upturn.commitments.queries.standing import standings_seen
from upturn.graph import queries as graph
from upturn.plan.engine import MOST_ACTIVE, Health, health_of
from upturn.plan.models import Column, LineState
from upturn.plan.queries.by_hand import rows
from upturn.plan.queries.day import Meets, MomentHere, at_home
from upturn.plan.queries.roadmap import ACTIVE_LINES

if TYPE_CHECKING:
    from upturn.people.models import Person
    from upturn.plan.models import Plan

_LINES = f"""SELECT line.ref, line."column", line.words, line.party_id, line.provider_id,
line.provider_was, line.edge_id, promise.ref, promise.words, line.state, line.turn, line.ask_ref,
line.due_on, carried.active FROM plan_planline line
JOIN plan_daymoment moment ON moment.id = line.moment_id
LEFT JOIN plan_planline promise ON promise.id = line.enables_id
LEFT JOIN ({ACTIVE_LINES}) carried ON carried.party_id = line.party_id
WHERE line.plan_id = %s AND moment.ref = %s
ORDER BY line.position, line.id"""  # noqa: S608 - a constant


class _Row(NamedTuple):
    ref: str
    column: str
    words: str
    party_id: int
    provider_id: int | None
    provider_was: str
    edge_id: int | None
    enables: str | None
    enables_words: str | None
    state: str
    turn: int
    ask_ref: str
    due_on: date | None
    active: int | None


@dataclass(frozen=True, slots=True)
class LineHere:
    """A line as one viewer sees it; ``here`` is the ask it became, where the viewer sees that."""

    ref: str
    column: str
    words: str
    party_id: int
    provider: graph.PartyRow | None
    provider_was: str
    edge_id: int | None
    enables: str
    enables_words: str
    state: str
    turn: int
    ask_ref: str
    due_on: date | None
    health: Health
    here: commitments.Standing | None

    @property
    def is_gap(self) -> bool:
        """Whether nobody is there who could give it."""
        return self.column == Column.HAVE and self.health == Health.GAP

    @property
    def is_orphan(self) -> bool:
        """Whether it makes no promise to a customer possible (S2.5)."""
        return self.column == Column.HAVE and not self.enables


@dataclass(frozen=True, slots=True)
class PartyLines:
    """One party at a moment: whether in the customer's sight, and its three columns."""

    party: graph.PartyRow
    direct: bool | None
    be: tuple[LineHere, ...]
    do: tuple[LineHere, ...]
    have: tuple[LineHere, ...]

    @property
    def columns(self) -> tuple[tuple[str, tuple[LineHere, ...]], ...]:
        """The columns in the order of the page."""
        return (
            (Column.BE.value, self.be),
            (Column.DO.value, self.do),
            (Column.HAVE.value, self.have),
        )


@dataclass(frozen=True, slots=True)
class Carrying:
    """How many lines a party has in action, over all plans."""

    party: graph.PartyRow
    active: int

    @property
    def left(self) -> int:
        """How many more it can carry."""
        return max(0, MOST_ACTIVE - self.active)


@dataclass(frozen=True, slots=True)
class AtMoment:
    """Everything a moment's page shows."""

    moment: MomentHere
    parties: tuple[PartyLines, ...]
    carrying: tuple[Carrying, ...]

    @property
    def lines(self) -> tuple[LineHere, ...]:
        """All lines of the moment."""
        return tuple(line for each in self.parties for _name, rows in each.columns for line in rows)

    @property
    def promises(self) -> tuple[LineHere, ...]:
        """What a HAVE can make possible here: what somebody does or is."""
        return tuple(line for line in self.lines if line.column != Column.HAVE)


def at_moment(viewer: "Person", plan: "Plan", moment: MomentHere, *, today: date) -> AtMoment:
    """One moment with its lines; two queries, one where no line became an ask.

    Lines are read together with what their parties carry over all plans, so they are not kept.
    """
    found = tuple(_Row(*row) for row in rows(_LINES, plan.pk, moment.ref))
    asks = asks_of(viewer, [row.ask_ref for row in found if row.ask_ref], today=today)
    party = graph.snapshot().party
    lines = [_line(row, party, asks.get(row.ask_ref), plan=plan, today=today) for row in found]
    active = {row.party_id: row.active for row in found if row.active}
    carrying = tuple(
        Carrying(at_home(party[each], plan.place), count)
        for each, count in active.items()
        if each in party
    )
    return AtMoment(moment, tuple(_by_party(plan, moment.meets, lines)), carrying)


def asks_of(viewer: "Person", refs: list[str], *, today: date) -> dict[str, commitments.Standing]:
    """How asks stand that are the viewer's to see, by their ref; no query where there are none."""
    found = standings_seen(viewer, refs, today=today) if refs else ()
    return {here.ask.ref: here for here in found}


def line_health(row: Any, here: commitments.Standing | None, *, today: date) -> Health:
    """How a line stands; an ask that is not for the viewer to see counts as asked."""
    asked = "asked" if row.ask_ref else None
    promise = here.promise if here else None
    return health_of(
        has_edge=row.column != Column.HAVE or row.edge_id is not None,
        ask=here.ask.state if here else asked,
        kept=bool(here and here.kept) or row.state == LineState.SETTLED,
        due=promise.due_on if promise else None,
        today=today,
    )


def _line(
    row: _Row,
    party: Mapping[int, graph.PartyRow],
    here: commitments.Standing | None,
    *,
    plan: "Plan",
    today: date,
) -> LineHere:
    provider = party.get(row.provider_id or 0)
    return LineHere(
        row.ref,
        row.column,
        row.words,
        row.party_id,
        at_home(provider, plan.place) if provider else None,
        row.provider_was,
        row.edge_id,
        row.enables or "",
        row.enables_words or "",
        row.state,
        row.turn,
        row.ask_ref,
        row.due_on,
        line_health(row, here, today=today),
        here,
    )


def _by_party(
    plan: "Plan", meets: Sequence[Meets], lines: Sequence[LineHere]
) -> Iterable[PartyLines]:
    """Give those who meet the customer first, then whoever else has lines here."""
    party, way = graph.snapshot().party, {each.party.id: each.direct for each in meets}
    found = dict.fromkeys([*way, *(line.party_id for line in lines if line.party_id in party)])
    for one in found:
        own = [line for line in lines if line.party_id == one]
        columns = (tuple(line for line in own if line.column == name) for name in Column.values)
        yield PartyLines(at_home(party[one], plan.place), way.get(one), *columns)
