"""What the home page and the page of an edge say of this room, in few words and few queries."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from django.db import connection

from upturn.graph import queries as graph
from upturn.partners.engine import GapRow, Published, Side
from upturn.partners.queries.cycles import CycleHere, cycles
from upturn.partners.queries.figures import SeenEdge, map_page, seen_edges
from upturn.partners.queries.figures_waves import closed_waves, may_see_gaps
from upturn.partners.queries.published import published
from upturn.partners.queries.rules import RuleHere, may_see_rules, register
from upturn.partners.queries.waves import OpenWave, open_waves_for
from upturn.people.queries import led_by, parties_of
from upturn.record.kept import keep

if TYPE_CHECKING:
    from upturn.people.models import Person

SHOWN = 3
T = TypeVar("T")
# Every move of a rule or a cycle adds one to its turn, and no row is ever deleted.
_VERSIONS = """SELECT
    (SELECT COALESCE(MAX(id), 0) FROM partners_publishedwave),
    (SELECT COUNT(*) FROM partners_wave WHERE state = 'open'),
    (SELECT COUNT(*) + COALESCE(SUM(turn), 0) FROM partners_rule),
    (SELECT COUNT(*) + COALESCE(SUM(turn), 0) FROM partners_cycle)"""


class Versions(NamedTuple):
    """Numbers that change with what was published, opened, ruled and tried."""

    published: int
    open_waves: int
    rules: int
    cycles: int


class WidestGap(NamedTuple):
    """The widest gap of the newest map that concerns a viewer."""

    wave: Published
    row: GapRow
    edge: SeenEdge


@dataclass(frozen=True, slots=True)
class AtHome:
    """What this room has for a viewer today.

    Rules wait for their keeper or end soon; of them and of the cycles a few are shown, the one that
    waited longest first. ``waiting`` counts what waits, shown or not.
    """

    asked: tuple[OpenWave, ...]
    gap: WidestGap | None
    rules: tuple[RuleHere, ...]
    more_rules: int
    cycles: tuple[CycleHere, ...]
    more_cycles: int
    waiting: int


def at_home(viewer: "Person", *, today: date) -> AtHome:
    """Look for what asks, waits or stands out; one query while nothing of it changed."""
    now = _versions()
    asked = tuple(open_waves_for(viewer)) if now.open_waves else ()
    rules = _kept("rules", viewer, (now.rules, today), lambda: _rules(viewer, today=today))
    tried = _kept("cycles", viewer, (now.cycles,), lambda: _cycles(viewer))
    return AtHome(
        asked,
        _widest(viewer, now),
        rules[:SHOWN],
        len(rules[SHOWN:]),
        tried[:SHOWN],
        len(tried[SHOWN:]),
        len(tried) + sum(rule.waits_for_you for rule in rules),
    )


def _versions() -> Versions:
    with connection.cursor() as cursor:
        cursor.execute(_VERSIONS)
        return Versions(*map(int, cursor.fetchone()))


def _kept(what: str, viewer: "Person", now: tuple[object, ...], read: Callable[[], T]) -> T:
    stands = (*now, graph.snapshot().number, viewer.role, parties_of(viewer), led_by(viewer))
    return keep(("at home", what, viewer.pk), as_of=stands, read=read)


def _rules(viewer: "Person", *, today: date) -> tuple[RuleHere, ...]:
    if not may_see_rules(viewer):
        return ()
    found, ours = register(viewer, today=today), parties_of(viewer)
    waiting = (*found.expired, *found.questioned, *found.ending, *found.in_force)
    return tuple(
        rule
        for rule in waiting
        if rule.waits_for_you or (rule in found.ending and rule.keeper and rule.keeper.id in ours)
    )


def _cycles(viewer: "Person") -> tuple[CycleHere, ...]:
    return tuple(each for each in cycles(viewer).open if each.waits_for_you)


def _newest_map(viewer: "Person", now: Versions) -> Published | None:
    """Give the newest closed wave that asked of edges; those who see gaps all see the same."""
    if not now.published or not may_see_gaps(viewer):
        return None

    def read() -> Published | None:
        newest = next((wave for wave in closed_waves(viewer) if wave.per_relation), None)
        return published(viewer, newest.ref) if newest else None

    return keep("the newest map", as_of=now.published, read=read)


def _widest(viewer: "Person", now: Versions) -> WidestGap | None:
    """Leaders find it on an edge of theirs, executives anywhere, others on no home page."""
    if viewer.role not in {"leader", "executive"}:
        return None
    wave = _newest_map(viewer, now)
    if wave is None:
        return None
    edges = seen_edges(viewer, wave)
    rows = map_page(wave).found.rows
    ours = (r for r in rows if viewer.role == "executive" or edges[r.relation.id].own)
    row = next(ours, None)
    return WidestGap(wave, row, edges[row.relation.id]) if row else None


class SeenTwice(NamedTuple):
    """Both sides of an edge in the newest wave that asked of edges; no row if not of this one."""

    wave: Published
    row: GapRow | None


def both_sides(viewer: "Person", pair: tuple[str, str]) -> SeenTwice | None:
    """Find what both sides of an edge last said; one query while nothing was published.

    ``pair`` are the keys of the party that serves and of the one that is served.
    """
    wave = _newest_map(viewer, _versions())
    if wave is None:
        return None
    number = _number_of(wave, pair)
    rows = map_page(wave).found.shown
    return SeenTwice(wave, next((row for row in rows if row.relation.id == number), None))


def _number_of(wave: Published, pair: tuple[str, str]) -> int | None:
    """Find a relation by its parties, also where their teams answered together with others."""
    for one in wave.relations:
        if (one.server, one.served) == pair:
            return one.id
    for one in wave.relations:
        units = {g.side: g.units for g in wave.groups if g.relation == one.id}
        if pair[0] in units.get(Side.SERVING, ()) and pair[1] in units.get(Side.SERVED, ()):
            return one.id
    return None
