"""A stored trace read back: numbers of nodes become names, rows become weeks."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

from upturn.trace import engine
from upturn.trace.engine import Remark
from upturn.trace.models import StoredTrace
from upturn.trace.queries import naming
from upturn.trace.queries.asking import edge_between
from upturn.trace.queries.naming import Node

SHOWN_LEAST = 0.01
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
    """What speaks against the trace, with names.

    A runner-up below one per cent of the evidence is none; ``nobody_near`` if the other method does
    not name another one either.
    """

    spared: tuple[Node, ...]
    also_fell: tuple[Node, ...]
    runner_up: Node | None
    runner_up_share: float
    nobody_near: bool
    allowed_for: tuple[Node, ...]
    unmeasured: tuple[Node, ...]
    common_factor: float | None
    disagree: tuple[Node, Node] | None
    noticed: tuple[Noticed, ...]
    noticed_elsewhere: int


class Reader:
    """Reads a stored trace: numbers of nodes become names, rows become weeks."""

    def __init__(self, stored: StoredTrace) -> None:
        self.told = engine.from_json(stored.told)
        self.names: Mapping[str, Sequence[str]] = stored.shown["names"]
        self._keys = engine.keys_in(stored.told)
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

    def against(self, near: Collection[Node]) -> Against:
        """Name what speaks against the trace; of what is odd, only what is near the path."""
        told = self.told.against
        disagree = told.disagree and (self._named(told.disagree[0]), self._named(told.disagree[1]))
        noticed = [Noticed(n.remark, self._named(n.node)) for n in self.told.noticed]
        share = told.runner_up.score if told.runner_up else 0.0
        second = told.runner_up if share >= SHOWN_LEAST else None
        return Against(
            spared=tuple(map(self._named, told.spared)),
            also_fell=tuple(map(self._named, told.also_fell)),
            runner_up=self._named(second.node) if second else None,
            runner_up_share=share,
            nobody_near=second is None and disagree is None,
            allowed_for=tuple(map(self._named, told.allowed_for)),
            unmeasured=tuple(map(self._named, told.unmeasured)),
            common_factor=told.common_factor,
            disagree=disagree,
            noticed=tuple(sorted(each for each in noticed if each.node in near)),
            noticed_elsewhere=sum(each.node not in near for each in noticed),
        )
