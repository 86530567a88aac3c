"""The customer's day as one viewer sees it: moments, who meets the customer, scores and words."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from upturn.graph import queries as graph
from upturn.people import queries as people
from upturn.plan.engine import DayDrawing, Moment, Rail, draw_day, draw_rail
from upturn.plan.models import DayMoment
from upturn.plan.queries.by_hand import rows
from upturn.record.kept import keep
from upturn.stats import Figure, Withheld
from upturn.voice import queries as voice
from upturn.voice.queries.kept import as_of_words

if TYPE_CHECKING:
    from upturn.people.models import Person
    from upturn.plan.models import Plan

_MOMENTS = """SELECT moment.ref, moment.at, moment.name, moment.wants, moment.well_enough,
moment.turn, moment.touchpoint_id, meets.party_id, meets.direct FROM plan_daymoment moment
LEFT JOIN plan_momentparty meets ON meets.moment_id = moment.id WHERE moment.plan_id = %s
ORDER BY moment.at, moment.id, meets.direct DESC, meets.id"""


class Meets(NamedTuple):
    """A party that meets the customer, in his or her sight or behind it."""

    party: graph.PartyRow
    direct: bool


@dataclass(frozen=True, slots=True)
class Known:
    """What customers said at a touchpoint lately; nothing for those who read no words."""

    figure: Figure | Withheld | None
    quote: voice.QuoteRow | None


@dataclass(frozen=True, slots=True)
class MomentHere:
    """One moment of the day, `number` in its order."""

    number: int
    ref: str
    at: int
    name: str
    wants: str
    well_enough: str
    turn: int
    point: graph.PointRow | None
    meets: tuple[Meets, ...]
    known: Known

    @property
    def nobody(self) -> bool:
        """Whether nobody meets the customer here (S2.13)."""
        return not self.meets


@dataclass(frozen=True)
class DayHere:
    """A day, drawn when it is looked at; `as_of` changes with its moments, and with nothing else.

    It `begins` and `ends` at minutes after midnight.
    """

    moments: tuple[MomentHere, ...]
    begins: int
    ends: int

    @cached_property
    def as_of(self) -> int:
        """What pictures of this day stand for."""
        return hash((self.moments, self.begins, self.ends))

    @cached_property
    def drawing(self) -> DayDrawing:
        """Its journey map."""
        return draw_day(self._drawn)

    @cached_property
    def rail(self) -> Rail:
        """Its time line."""
        return draw_rail(self._drawn, day_from=self.begins, day_until=self.ends)

    @property
    def _drawn(self) -> list[Moment]:
        return [Moment(each.ref, each.at, each.known.figure) for each in self.moments]

    @property
    def nobody(self) -> tuple[MomentHere, ...]:
        """Moments at which nobody meets the customer."""
        return tuple(each for each in self.moments if each.nobody)

    @property
    def sags(self) -> MomentHere | None:
        """The moment at which the day sags, if one does beyond its range."""
        return next((each for each in self.moments if each.ref == self.drawing.sags), None)

    @property
    def strips(self) -> tuple[tuple[MomentHere, ...], ...]:
        """Moments as they stand below the strips of the picture."""
        wide = self.drawing.columns
        return tuple(self.moments[n : n + wide] for n in range(0, len(self.moments), wide))


NOTHING_KNOWN = Known(None, None)


def day_of(viewer: "Person", plan: "Plan") -> DayHere:
    """The day of a plan that the viewer may see; two queries, one while nothing changes."""
    reads = people.may_read_words(viewer)
    stands_for = (plan.written, as_of_words())
    read = partial(_read_day, viewer, plan)
    return keep(("day of a plan", plan.pk, reads), as_of=stands_for, read=read)


def _read_day(viewer: "Person", plan: "Plan") -> DayHere:
    moments = ("moments of a plan", plan.pk)
    found = keep(moments, as_of=plan.written, read=partial(_rows, plan))
    known = _known(viewer, plan, frozenset(row.point for row in found if row.point))
    here = tuple(_moment(plan, number, row, known) for number, row in enumerate(found, 1))
    return DayHere(here, plan.day_from, plan.day_until)


class _Row(NamedTuple):
    ref: str
    at: int
    name: str
    wants: str
    well_enough: str
    turn: int
    point: int | None
    meets: tuple[tuple[int, bool], ...]


def _rows(plan: "Plan") -> list[_Row]:
    """Moments in their order with who meets the customer, those in sight first; one query."""
    found = []
    for moment, group in groupby(rows(_MOMENTS, plan.pk), key=lambda row: row[:7]):
        meets = tuple((row[7], row[8]) for row in group if row[7] is not None)
        found.append(_Row._make([*moment, meets]))
    return found


def _moment(plan: "Plan", number: int, row: _Row, known: Mapping[int, Known]) -> MomentHere:
    now = graph.snapshot()
    meets = (
        Meets(at_home(now.party[party], plan.place), direct)
        for party, direct in row.meets
        if party in now.party
    )
    return MomentHere(
        number,
        row.ref,
        row.at,
        row.name,
        row.wants,
        row.well_enough,
        row.turn,
        now.points.get(row.point or 0),
        tuple(meets),
        known.get(row.point or 0, NOTHING_KNOWN),
    )


def at_home(party: graph.PartyRow, place: str) -> graph.PartyRow:
    """A party as the plan of its own place calls it: without the place."""
    return replace(party, place="") if place and party.place == place else party


def _known(viewer: "Person", plan: "Plan", points: frozenset[int]) -> Mapping[int, Known]:
    """Scores of the last 13 weeks and some words for touchpoints; kept until these change."""
    if not points or not people.may_read_words(viewer):
        return {}
    read = partial(_read_known, viewer, plan.place, points)
    return keep(("known at", plan.place, points), as_of=as_of_words(), read=read)


def _read_known(viewer: "Person", place: str, points: frozenset[int]) -> dict[int, Known]:
    all_points = graph.snapshot().points
    here = all(all_points[each].place == place for each in points if each in all_points)
    spoken = voice.touchpoint_figures(viewer, place=place if here else "")
    figures = {each.touchpoint.id: each.figure for each in spoken if each.touchpoint}
    _graph, *words = as_of_words()  # quotes name nobody, so they stay when the graph changes
    read = partial(voice.one_quote_each, viewer, points)
    quotes = keep(("quotes at", points), as_of=tuple(words), read=read)
    return {each: Known(figures.get(each), quotes.get(each)) for each in points}


def moment_here(viewer: "Person", plan: "Plan", ref: str) -> MomentHere:
    """Find a moment of the day; raises ``DayMoment.DoesNotExist`` without one."""
    for moment in day_of(viewer, plan).moments:
        if moment.ref == ref:
            return moment
    raise DayMoment.DoesNotExist


def moment_row(plan: "Plan", ref: str) -> DayMoment:
    """Find a moment; raises ``DayMoment.DoesNotExist`` without one."""
    return plan.moments.get(ref=ref)


def points_for(viewer: "Person", plan: "Plan") -> list[graph.PointRow]:
    """Touchpoints of the plan's customers at its place, in the order of their day."""
    seen = graph.points_seen(viewer, place=plan.place)
    return [point for point in seen if point.customers_id == plan.customers_id] or seen


def parties_for(viewer: "Person", plan: "Plan") -> tuple[graph.PartyRow, ...]:
    """Parties that may meet these customers: of the plan's place first, customers left out."""
    seen = frozenset(graph.visible_parties(viewer))
    stands_for = graph.snapshot().number, seen
    read = partial(_parties_for, seen, plan.place)
    return keep(("parties for", plan.place, len(seen)), as_of=stands_for, read=read)


def _parties_for(seen: frozenset[int], place: str) -> tuple[graph.PartyRow, ...]:
    party = graph.snapshot().party
    servers = [party[each] for each in seen if party[each].kind != "customers"]
    if place:
        servers = [each for each in servers if each.place in {"", place}]
    ordered = sorted(servers, key=lambda each: (each.place != place, each.name, each.place))
    return tuple(at_home(each, place) for each in ordered)


def ways_at(plan: "Plan", ref: str) -> dict[int, bool]:
    """Per party at a moment whether it meets the customer in his or her sight."""
    return dict(moment_row(plan, ref).parties.values_list("party_id", "direct"))
