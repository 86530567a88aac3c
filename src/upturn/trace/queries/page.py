"""A trace as its page shows it: the same for everybody who may read customers' words."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from upturn.graph import queries as graph
from upturn.people import queries as people
from upturn.record.kept import keep
from upturn.stats import Figure, Withheld
from upturn.trace import engine
from upturn.trace.engine import Confidence, Reason, Remark
from upturn.trace.models import Closed, StoredTrace, TracedAsk
from upturn.trace.queries import naming
from upturn.trace.queries.assembling import TOUCHPOINT
from upturn.trace.queries.naming import Node
from upturn.trace.queries.record import Record, track_record
from upturn.trace.queries.showing import moved, parted, sums_of
from upturn.trace.queries.stored import trace_by_ref
from upturn.voice import queries as voice
from upturn.voice.engine import Change
from upturn.voice.queries import WeekSums
from upturn.voice.queries.kept import as_of_words

if TYPE_CHECKING:
    from upturn.people.models import Person

WEEKS_TO_SEE = 8
QUOTES = 5
SPEAKING = 4
WEEK = timedelta(weeks=1)


class MeasureMoved(NamedTuple):
    """A weekly measure before and after; the range is that of the difference.

    With ``to`` it is how well that party says it is served.
    """

    name: str
    to: str
    better: str
    before: float
    after: float
    low: float
    high: float
    weeks_before: int
    weeks_after: int

    @property
    def clear(self) -> bool:
        """Whether the range of the difference leaves out zero."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class PageStep:
    """One edge of the path, from the touchpoint down; ``edge_id`` is 0 for one to a touchpoint."""

    server: Node
    served: Node
    edge_id: int
    lag_weeks: int
    strength: float
    measures: tuple[MeasureMoved, ...]
    others: int
    others_worse: int
    unmeasured: bool


class Noticed(NamedTuple):
    """Something odd about a party's figures or place."""

    remark: Remark
    node: Node


@dataclass(frozen=True, slots=True)
class Against:
    """What speaks against the trace, with names."""

    spared: tuple[Node, ...]
    runner_up: Node | None
    runner_up_share: float
    unmeasured: tuple[Node, ...]
    common_factor: float | None
    disagree: tuple[Node, Node] | None
    noticed: tuple[Noticed, ...]
    noticed_elsewhere: int


class AskEdge(NamedTuple):
    """An edge on which an ask can carry the trace."""

    id: int
    server: Node
    served: Node


class Asked(NamedTuple):
    """An ask that carries the trace, and what came back of it; ``finding`` is empty till then."""

    ref: str
    server: Node | None
    served: Node | None
    predicted: float
    by_week: date
    comparison: Node | None
    made_on: date
    finding: str
    closed_on: date | None


class Said(NamedTuple):
    """Words of one party of the path, or why they are not shown."""

    party: Node
    quotes: tuple[voice.QuoteRow, ...]
    withheld: Withheld | None


@dataclass(frozen=True, slots=True)
class TracePage:
    """Everything on the page but what the viewer may do with it."""

    ref: str
    point: Node
    week: date
    made_on: date
    version: str
    inputs_hash: str
    onset: date
    window: tuple[date, date]
    scores: tuple[WeekSums, ...]
    before: Figure | Withheld
    after: Figure | Withheld
    change: Change
    comparison: Node | None
    comparison_scores: tuple[WeekSums, ...]
    comparison_change: Change
    confidence: Confidence
    reasons: tuple[Reason, ...]
    suspect: Node | None
    steps: tuple[PageStep, ...]
    share_on_path: float | None
    against: Against
    ask_next: Node | None
    ask_next_edge: int
    ask_edges: tuple[AskEdge, ...]
    predicted: float
    by_week: date

    @property
    def drawn_at(self) -> int:
        """A number that changes with anything that is drawn or named."""
        return hash((self.ref, graph.snapshot().number))


def page_by_ref(viewer: "Person", ref: str) -> TracePage:
    """Give the page of a trace, kept until the graph changes, for a trace never does.

    Raises
    ------
    StoredTrace.DoesNotExist
        If there is none, or none for this viewer.
    """
    if not people.may_read_words(viewer):
        raise StoredTrace.DoesNotExist
    return keep(
        ("trace page", ref),
        as_of=graph.snapshot().number,
        read=lambda: trace_page(trace_by_ref(viewer, ref)),
    )


def trace_page(stored: StoredTrace) -> TracePage:
    """Give names and dates to a stored trace; `trace_by_ref` has decided who may see it."""
    reading = Reader(stored)
    told, shown = reading.told, stored.shown
    scores, others = sums_of(shown["scores"]), sums_of(shown["comparison_scores"])
    before, after = parted(scores, stored.onset)
    change, steps = moved(scores, stored.onset), reading.steps()
    point, ask_next = naming.node(TOUCHPOINT + stored.touchpoint, names=reading.names), None
    if told.suspect is None:
        ask_next = reading.ask_next()
    lag = sum(step.lag_weeks for step in steps)
    return TracePage(
        ref=stored.ref,
        point=naming.point(
            stored.touchpoint, told=reading.names.get(TOUCHPOINT + stored.touchpoint, ())
        ),
        week=stored.week,
        made_on=stored.made_on,
        version=stored.version,
        inputs_hash=told.inputs_hash,
        onset=stored.onset,
        window=reading.window(),
        scores=scores,
        before=before,
        after=after,
        change=change,
        comparison=naming.point(shown["comparison"]) if shown["comparison"] else None,
        comparison_scores=others,
        comparison_change=moved(others, stored.onset),
        confidence=told.confidence,
        reasons=told.reasons,
        suspect=reading.node(told.suspect),
        steps=steps,
        share_on_path=told.share_on_path,
        against=reading.against(_near(point, steps)),
        ask_next=ask_next,
        ask_next_edge=_first_edge(ask_next),
        ask_edges=_ask_edges(point, steps),
        predicted=_predicted(change, told.share_on_path),
        by_week=stored.week + WEEK * (WEEKS_TO_SEE + lag),
    )


class Reader:
    """Reads a stored trace: numbers of nodes become names, rows become weeks."""

    def __init__(self, stored: StoredTrace) -> None:
        self.told = engine.from_json(stored.told)
        self.names: Mapping[str, Sequence[str]] = stored.shown["names"]
        self._keys = engine.keys_in(stored.told)
        self._unmeasured: str = stored.shown["unmeasured"]
        self._measures: Mapping[str, Mapping[str, Any]] = stored.shown["measures"]

    def node(self, number: int | None) -> Node | None:
        """Name a node; None for none."""
        return None if number is None else self._named(number)

    def _named(self, number: int) -> Node:
        return naming.node(self._keys[number], names=self.names)

    def window(self) -> tuple[date, date]:
        """First and last week in which the fall may have begun."""
        first, last = self.told.onset_window
        return self.told.first_week + WEEK * first, self.told.first_week + WEEK * last

    def steps(self) -> tuple[PageStep, ...]:
        """Give the edges of the path, the one to the touchpoint first."""
        return tuple(self._step(above, step) for above, step in pairwise(self.told.path))

    def _step(self, above: engine.Step, step: engine.Step) -> PageStep:
        server, served = self._named(step.node), self._named(above.node)
        measures = self._measures[self._keys[step.node]]
        return PageStep(
            server=server,
            served=served,
            edge_id=edge_between(server, served),
            lag_weeks=step.lag_weeks,
            strength=step.strength,
            measures=tuple(MeasureMoved(**row) for row in measures["own"]),
            others=measures["others"],
            others_worse=measures["others_worse"],
            unmeasured=step.node in self.told.against.unmeasured,
        )

    def ask_next(self) -> Node | None:
        """Whose measure would help most, else the nearest party that has none."""
        if self.told.against.ask_next is not None:
            return self._named(self.told.against.ask_next)
        nearest = self._unmeasured
        return naming.node(nearest, names=self.names) if nearest else None

    def against(self, near: Collection[Node]) -> Against:
        """Name what speaks against the trace; of what is odd, only what is near the path."""
        told = self.told.against
        disagree = told.disagree and (self._named(told.disagree[0]), self._named(told.disagree[1]))
        noticed = [Noticed(n.remark, self._named(n.node)) for n in self.told.noticed]
        return Against(
            spared=tuple(map(self._named, told.spared)),
            runner_up=self._named(told.runner_up.node) if told.runner_up else None,
            runner_up_share=told.runner_up.score if told.runner_up else 0.0,
            unmeasured=tuple(map(self._named, told.unmeasured)),
            common_factor=told.common_factor,
            disagree=disagree,
            noticed=tuple(sorted(each for each in noticed if each.node in near)),
            noticed_elsewhere=sum(each.node not in near for each in noticed),
        )


def _near(point: Node, steps: Sequence[PageStep]) -> frozenset[Node]:
    """The touchpoint, those on the path, and who else serves at the touchpoint."""
    there = (_row(party) for party, _direct in graph.snapshot().serving.get(point.id, ()))
    return frozenset([point, *(step.server for step in steps), *there])


def edge_between(server: Node, served: Node) -> int:
    """Id of an edge between two parties; 0 where there is none, or where one is a touchpoint."""
    if served.is_point:
        return 0
    up = graph.snapshot().up.get(server.id, ())
    return next((edge.id for edge in up if edge.served_id == served.id), 0)


def _ask_edges(point: Node, steps: Sequence[PageStep]) -> tuple[AskEdge, ...]:
    """Where the suspect serves along the path, so that somebody can ask it.

    One that serves at the touchpoint is asked by those it serves who serve there too. Customers do
    not ask, so a team that serves nobody else is asked through what would help it.
    """
    if not steps:
        return ()
    last, now = steps[-1], graph.snapshot()
    if not last.served.is_point:
        return (AskEdge(last.edge_id, last.server, last.served),) if last.edge_id else ()
    there = {party for party, _direct in now.serving.get(point.id, ())}
    up = [edge for edge in now.up.get(last.server.id, ()) if edge.served_id in there]
    if up:
        return tuple(AskEdge(edge.id, last.server, _row(edge.served_id)) for edge in up)
    down = now.down.get(last.server.id, ())
    return tuple(AskEdge(edge.id, _row(edge.server_id), last.server) for edge in down)


def _row(party_id: int) -> Node:
    return naming.party(graph.snapshot().party[party_id].key)


def _first_edge(party: Node | None) -> int:
    """An edge on which a party can be asked; 0 without one."""
    now = graph.snapshot()
    up = now.up.get(party.id, ()) if party else ()
    return next((edge.id for edge in up if edge.served_id not in now.customers), 0)


def _predicted(change: Change, share: float | None) -> float:
    """Points by which the touchpoint would rise if all that is on the path were mended."""
    fall = -change.figure.value if change.figure else 0.0
    return round(max(fall * (1.0 if share is None else share), 0.0), 1)


def asks_of(ref: str) -> tuple[Asked, ...]:
    """Asks that carry a trace, the first one first, each with its last finding; two queries."""
    rows = list(TracedAsk.objects.filter(trace__ref=ref).order_by("pk"))
    closed = Closed.objects.filter(trace__ref=ref).order_by("pk") if rows else ()
    last = {each.ask_ref: each for each in closed}
    return tuple(_asked(row, last.get(row.ask_ref)) for row in rows)


def _asked(row: TracedAsk, closed: Closed | None) -> Asked:
    now = graph.snapshot()
    edge = now.edge.get(row.edge_id)
    return Asked(
        row.ask_ref,
        _row(edge.server_id) if edge else None,
        _row(edge.served_id) if edge else None,
        row.predicted,
        row.by_week,
        naming.point(row.comparison) if row.comparison else None,
        row.made_on,
        closed.finding if closed else "",
        closed.closed_on if closed else None,
    )


def words_beside(
    viewer: "Person", page: TracePage
) -> tuple[tuple[voice.QuoteRow, ...], tuple[Said, ...]]:
    """Words of customers since the fall began, and of those on the path; kept till words change."""
    if not people.may_read_words(viewer):
        return (), ()
    return keep(("trace words", page.ref), as_of=as_of_words(), read=lambda: _words(viewer, page))


def _words(
    viewer: "Person", page: TracePage
) -> tuple[tuple[voice.QuoteRow, ...], tuple[Said, ...]]:
    since, until = page.window[0], page.week
    customers: tuple[voice.QuoteRow, ...] = ()
    if page.point.id:
        customers = voice.customer_quotes(
            viewer, page.point.id, since=since, until=until, most=QUOTES
        )
    parties = {party.id: party for party in _speaking(page)[:SPEAKING] if party.id}
    each = max(1, round(QUOTES / max(1, len(parties))))
    said = voice.servers_words(viewer, list(parties), since=since, until=until, most=each)
    return customers, tuple(_said(party, said.get(number)) for number, party in parties.items())


def _speaking(page: TracePage) -> list[Node]:
    """Those on the path; without one, those who serve at the touchpoint."""
    if page.steps:
        return [step.server for step in page.steps]
    return [_row(party) for party, _direct in graph.snapshot().serving.get(page.point.id, ())]


def _said(party: Node, found: "tuple[voice.QuoteRow, ...] | Withheld | None") -> Said:
    if isinstance(found, Withheld):
        return Said(party, (), found)
    return Said(party, found or (), None)


def record_of(confidence: Confidence) -> Record | None:
    """How often traces of a class were right here; None for "cannot tell", which names nobody."""
    return None if confidence == Confidence.CANNOT_TELL else track_record().get(confidence)
