"""Whether a floor can be walked and served as described; everything wrong is said at once."""

from collections import Counter
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from itertools import chain, islice
from math import inf, isfinite
from typing import NamedTuple

import numpy as np

from upturn.floor.engine.described.checked_numbers import Found, number_problems
from upturn.floor.engine.described.checked_sizes import NAME_MOST, name_problem, size_problems
from upturn.floor.engine.described.loads import least_load
from upturn.floor.engine.errors import BadFloor, BadFloors, BadSetting, CannotKeepUp
from upturn.floor.engine.laid import lay_out, places_of, walking_seconds
from upturn.floor.engine.policy import OwnTheWhole, Policy, ScanSection
from upturn.floor.engine.shapes import Floor, Kind, NeedType

FEWEST_TABLES, MOST_TABLES = 6, 8
PROBLEMS_SAID, KNOWN_SAID = 50, 12
SLOTS_MOST = 1_000_000


class UnusualSection(NamedTuple):
    """A section outside the six to eight tables one server looks after well."""

    section: str
    tables: int


def check_floor(floor: Floor, *, hours: float | None = None) -> Floor:
    """Give the floor back if it can be walked, served, and kept up with.

    Parameters
    ----------
    floor : Floor
    hours : float, optional
        How long it will run; without, as long as the profile of its day.

    Returns
    -------
    Floor
        The same.

    Raises
    ------
    BadFloors
        With every problem: place, value, remedy.
    CannotKeepUp
        When needs without patience come faster than they can be served even under the best of
        policies (`least_load`); a floor that passes may still be too slow under a given policy.
    BadSetting
        When `hours` is no time.

    Examples
    --------
    >>> from upturn.floor.engine.grid import grid
    >>> from upturn.floor.engine.shapes import Durations
    >>> check_floor(grid()) == grid()
    True
    >>> check_floor(grid(need_types=(NeedType("order", 40, Durations(30)),)))
    Traceback (most recent call last):
    upturn.floor.engine.errors.CannotKeepUp: This floor cannot keep up: needs arrive at 2.33 of \
what can be served; add 6 to the people who serve there, give the needs a patience, or expect the \
waiting needs to grow by 640 an hour.
    """
    if hours is not None and not (isfinite(hours) and hours > 0):
        raise BadSetting("hours", hours, "give a number above 0, such as 4")
    problems = problems_of(floor)
    if not problems and hours and hours * 3600 > SLOTS_MOST * floor.day.slot_s:
        most = SLOTS_MOST * floor.day.slot_s / 3600
        raise BadSetting("hours", hours, f"give at most {most:,.0f}, a million slots of the day")
    if problems := problems or shift_problems(floor, hours=hours):
        raise BadFloors(problems)
    load = least_load(floor, hours=hours)
    if load.load > 1 + 1e-9:
        raise CannotKeepUp(
            load.place, load.load, growth_per_hour=load.growth_per_hour, servers=load.servers
        )
    return floor


def problems_of(floor: Floor) -> tuple[BadFloor, ...]:
    """Everything about a floor that cannot be, whether or not it could keep up; the first fifty.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from upturn.floor.engine.grid import grid
    >>> floor = replace(grid(), servers=())
    >>> [str(problem) for problem in problems_of(floor)][0]
    'servers: nobody is on shift (found ()); add a server.'
    """
    if found := size_problems(floor):
        return found
    found = tuple(islice(chain(_name_problems(floor), number_problems(floor)), PROBLEMS_SAID))
    later = chain(_served_problems(floor), _reach_problems(floor))
    return found or tuple(islice(later, PROBLEMS_SAID))


def shift_problems(floor: Floor, *, hours: float | None = None) -> tuple[BadFloor, ...]:
    """Give the times at which needs come to a sound floor and nobody is on shift."""
    closes_s = hours * 3600 if hours else floor.day.slot_s * len(floor.day.profile)
    covered = sorted((s.starts_s, s.ends_s) for s in floor.servers)
    gaps = []
    at = 0.0
    for starts, ends in [*covered, (closes_s, inf)]:
        if starts > at and _comes_between(floor, at, min(starts, closes_s)):
            gaps.append((at, min(starts, closes_s)))
        at = max(at, ends)
    remedy = "move a shift, or set the profile of the day to 0 there"
    wrong = "needs come and nobody is on shift"
    return tuple(
        BadFloor(f"shifts, {a:g} s to {b:g} s after opening", 0, wrong, remedy) for a, b in gaps
    )


def _comes_between(floor: Floor, start: float, end: float) -> bool:
    """Whether any need comes between two moments."""
    profile, slot_s = floor.day.profile, floor.day.slot_s
    first, last = int(start // slot_s), int(-(-end // slot_s))
    slots = (profile[min(slot, len(profile) - 1)] for slot in range(first, last))
    return end > start and any(times > 0 for times in slots)


def unusual_sections(floor: Floor) -> tuple[UnusualSection, ...]:
    """Sections of fewer than six or more than eight tables: worth a word, not refused (S0.2).

    Examples
    --------
    >>> from upturn.floor.engine.grid import grid
    >>> unusual_sections(grid(sections=2, tables=9))
    (UnusualSection(section='section 1', tables=9), UnusualSection(section='section 2', tables=9))
    """
    tables = Counter(node.section for node in floor.nodes if node.kind is Kind.TABLE)
    return tuple(
        UnusualSection(section.id, tables[section.id])
        for section in floor.sections
        if not FEWEST_TABLES <= tables[section.id] <= MOST_TABLES
    )


def check_policy(policy: Policy, floor: Floor) -> Policy:
    """Give the policy back if it can run on this sound floor.

    Raises
    ------
    BadSetting
        A time below 0 or none, or rounds without a pause past tables that take no walking.

    Examples
    --------
    >>> from upturn.floor.engine.grid import grid
    >>> check_policy(ScanSection(cadence_s=-1), grid())
    Traceback (most recent call last):
    upturn.floor.engine.errors.BadSetting: cadence_s is -1; give seconds of at least 0.
    """
    for name in ("cadence_s", "detour_s", "own_first_s"):
        value = getattr(policy, name, 0.0)
        if not value >= 0:
            raise BadSetting(name, value, "give seconds of at least 0")
    if isinstance(policy, ScanSection | OwnTheWhole) or hasattr(policy, "cadence_s"):
        _check_rounds(getattr(policy, "cadence_s", inf), floor)
    return policy


def _check_rounds(cadence_s: float, floor: Floor) -> None:
    """A round that takes no time, begun again at once, never ends."""
    if cadence_s > 0:
        return
    laid = lay_out(floor)
    for at, section in enumerate(floor.sections):
        tour = laid.tours[laid.tour_at[at] : laid.tour_at[at + 1]]
        if len(tour) and not laid.walk_s[tour, np.roll(tour, 1)].sum() > 0:
            raise BadSetting(
                "cadence_s",
                cadence_s,
                f"give more than 0 seconds: the tables of {section.id} take no walking",
            )


def nearest(name: str, known: Iterable[str]) -> str:
    """What was probably meant, as the end of a sentence."""
    names = list(dict.fromkeys(known))
    close = get_close_matches(name[:NAME_MOST], names, n=1, cutoff=0.5)
    if close:
        return f"did you mean '{close[0]}'"
    more = len(names) - KNOWN_SAID
    shown = ", ".join(names[:KNOWN_SAID]) + (f" and {more} more" if more > 0 else "")
    return f"known are {shown}" if names else "none is known"


def _name_problems(floor: Floor) -> Found:
    for what, held in (
        ("places", floor.nodes),
        ("kinds of need", floor.need_types),
    ):
        if not held:
            yield BadFloor("floor", (), f"has no {what}", f"add {what}")
    if not floor.servers:
        yield BadFloor("servers", (), "nobody is on shift", "add a server")
    yield from _twice("place", (node.id for node in floor.nodes))
    yield from _twice("section", (section.id for section in floor.sections))
    yield from _twice("need", (kind.name for kind in floor.need_types))
    yield from _twice("server", (server.id for server in floor.servers))
    carried = {kind.item for kind in floor.need_types if kind.item}
    yield from _twice("item", carried.union(*(server.hands for server in floor.servers)))
    if floor.name and (problem := name_problem("floor", floor.name)):
        yield problem
    yield from _place_problems(floor)
    yield from _section_problems(floor)
    yield from _server_problems(floor)
    yield from _at_problems(floor)
    yield from _edge_problems(floor)
    queues = [node.id for node in floor.nodes if node.kind is Kind.QUEUE]
    if floor.table_lock and queues and len(floor.servers) > 1:
        wrong = f"lets one agent at a time serve queue '{queues[0]}'"
        yield BadFloor("floor: table_lock", floor.table_lock, wrong, "set table_lock to false")


def _twice(what: str, names: Iterable[str]) -> Found:
    for name, times in Counter(names).items():
        if times > 1:
            yield BadFloor(f"{what} '{name}'", times, "is there more than once", "name each once")
        if problem := name_problem(what, name):
            yield problem


def _place_problems(floor: Floor) -> Found:
    sections = [section.id for section in floor.sections]
    for node in floor.nodes:
        place = f"{node.kind} '{node.id}'"
        if node.section and node.section not in sections:
            yield BadFloor(
                place, node.section, "its section is unknown", nearest(node.section, sections)
            )
        elif node.section and node.kind is not Kind.TABLE:
            yield BadFloor(place, node.section, "has a section", "only tables belong to one")
        elif sections and node.kind is Kind.TABLE and not node.section:
            yield BadFloor(place, "", "has no section and so no owner", "put it into a section")


def _section_problems(floor: Floor) -> Found:
    own = {server.id: server.section for server in floor.servers}
    filled = {node.section for node in floor.nodes}
    sections = [section.id for section in floor.sections]
    for section in floor.sections:
        place = f"section '{section.id}'"
        if section.owner not in own:
            wrong = "its owner is no server" if section.owner else "has no owner"
            remedy = nearest(section.owner, own) if section.owner else "name the server who owns it"
            yield BadFloor(place, section.owner, wrong, remedy)
        elif own[section.owner] != section.id:
            wrong = f"its owner works in section '{own[section.owner]}'"
            yield BadFloor(place, section.owner, wrong, "give each section an owner of its own")
        if section.id not in filled:
            yield BadFloor(place, 0, "has no table", "give it tables, or take it out")
        for other in section.neighbours:
            if other not in sections or other == section.id:
                remedy = nearest(other, (name for name in sections if name != section.id))
                yield BadFloor(f"{place}: neighbours", other, "is no other section", remedy)


def _server_problems(floor: Floor) -> Found:
    sections = [section.id for section in floor.sections]
    places = [node.id for node in floor.nodes]
    kinds = [kind.name for kind in floor.need_types]
    for server in floor.servers:
        place = f"server '{server.id}'"
        if server.section and server.section not in sections:
            remedy = nearest(server.section, sections)
            yield BadFloor(place, server.section, "its section is unknown", remedy)
        if server.home and server.home not in places:
            remedy = nearest(server.home, places)
            yield BadFloor(f"{place}: home", server.home, "is no place of this floor", remedy)
        for skill in server.skills:
            if skill not in kinds:
                wrong = "is the name of no kind of need"
                yield BadFloor(f"{place}: skills", skill, wrong, nearest(skill, kinds))


def _at_problems(floor: Floor) -> Found:
    places = [node.id for node in floor.nodes]
    for kind in floor.need_types:
        for at in kind.at:
            if at not in places:
                remedy = nearest(at, places)
                yield BadFloor(f"need '{kind.name}': at", at, "is no place of this floor", remedy)
        if floor.nodes and not kind.at and not places_of(kind, floor):
            remedy = "add a table or a queue, or say where it comes with at"
            yield BadFloor(f"need '{kind.name}'", (), "comes nowhere", remedy)


def _edge_problems(floor: Floor) -> Found:
    places = [node.id for node in floor.nodes]
    for edge in floor.edges:
        for end in (edge.a, edge.b):
            if end not in places:
                place = f"walk '{edge.a}' to '{edge.b}'"
                yield BadFloor(place, end, "is no place of this floor", nearest(end, places))


def _served_problems(floor: Floor) -> Iterator[BadFloor]:
    """Kinds of need that nobody can serve, on a floor whose names all fit."""
    stations = [node for node in floor.nodes if node.kind in (Kind.STATION, Kind.QUEUE)]
    for kind in floor.need_types:
        place = f"need '{kind.name}'"
        skilled = [s for s in floor.servers if not s.skills or kind.name in s.skills]
        carrying = [s.id for s in skilled if not kind.item or s.hands.get(kind.item, 0) > 0]
        if not skilled:
            yield BadFloor(f"{place}: skills", 0, "nobody has the skill", "give it to a server")
        elif not carrying:
            remedy = f"give a server hands for '{kind.item}', such as {kind.item} = 4"
            yield BadFloor(f"{place}: item", kind.item, "nobody can carry it", remedy)
        elif kind.owner_only:
            yield from _owner_problems(floor, kind, carrying)
        if kind.item and not stations:
            yield BadFloor(f"{place}: item", kind.item, "is fetched nowhere", "add a station")


def _owner_problems(floor: Floor, kind: NeedType, able: list[str]) -> Found:
    """Places where nobody owns what the owner alone may serve."""
    owner = {section.id: section.owner for section in floor.sections}
    place = f"need '{kind.name}': owner_only"
    for section in dict.fromkeys(floor.nodes[at].section for at in places_of(kind, floor)):
        if section not in owner:
            where = [floor.nodes[at].id for at in places_of(kind, floor)]
            yield BadFloor(place, where[0], "comes where nobody owns a table", "add a section")
        elif owner[section] not in able:
            wrong = f"the owner of section '{section}' cannot serve it"
            yield BadFloor(place, owner[section], wrong, "give the owner the skill and the hands")


def _reach_problems(floor: Floor) -> Found:
    """Places with no walk to them from the station, or else from the first place."""
    if not floor.edges:
        return
    walk_s = walking_seconds(floor)
    stations = [at for at, node in enumerate(floor.nodes) if node.kind is Kind.STATION]
    start = stations[0] if stations else 0
    for at, node in enumerate(floor.nodes):
        if not isfinite(walk_s[start, at]) and node.kind is not Kind.QUEUE:
            wrong = f"no walk leads here from '{floor.nodes[start].id}'"
            remedy = f"add a walk from '{node.id}' to a place beside it"
            yield BadFloor(f"{node.kind} '{node.id}'", node.id, wrong, remedy)
