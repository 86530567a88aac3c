"""A film of a simulated floor: who walks where, what arises, is noticed, asked for and met."""

from dataclasses import dataclass
from enum import StrEnum
from math import inf
from typing import NamedTuple

import numpy as np

from upturn.floor.engine.laid import lay_out
from upturn.floor.engine.needs import Needs
from upturn.floor.engine.plain import Told, run_plainly
from upturn.floor.engine.policy import Policy
from upturn.floor.engine.runs import Outcome
from upturn.floor.engine.shapes import Floor

FILM_S = 3600.0
"""How long a film is, where there is so much."""


class Place(NamedTuple):
    """Where something stands on the plan, in metres."""

    id: str
    kind: str
    section: str
    x_m: float
    y_m: float


class Leg(NamedTuple):
    """One stretch of a seat's time, from place to place by number; `serves` a need, or walks."""

    seat: int
    from_s: float
    until_s: float
    start: int
    end: int
    serves: bool
    need: int


class Shown(NamedTuple):
    """A need in the film; moments in seconds, inf for what never happened.

    `asked_s` is when the guest asked, inf when it was noticed or met before; `seat` -1 when
    nobody met it; `helped` when somebody else than the owner did.
    """

    number: int
    place: int
    kind: str
    arises_s: float
    known_s: float
    asked_s: float
    begins_s: float
    ends_s: float
    gives_up_s: float
    seat: int
    helped: bool


@dataclass(frozen=True, slots=True)
class Film:
    """Plain data to draw from; `legs` and `needs` are those that reach into its time."""

    policy: Policy
    begins_s: float
    ends_s: float
    places: tuple[Place, ...]
    seats: tuple[str, ...]
    homes: tuple[int, ...]
    legs: tuple[Leg, ...]
    needs: tuple[Shown, ...]


class Look(StrEnum):
    """How a need stands at a moment."""

    UNSEEN = "unseen"
    NOTICED = "noticed"
    ASKED = "asked"
    BEING_MET = "being_met"


class Standing(NamedTuple):
    """A seat at a moment: where on the plan, and whether it walks, serves or waits."""

    seat: int
    x_m: float
    y_m: float
    doing: str


class Frame(NamedTuple):
    """One moment of a film; `needs` as (number, place, look)."""

    at_s: float
    seats: tuple[Standing, ...]
    needs: tuple[tuple[int, int, Look], ...]


class Happening(StrEnum):
    """What happens in a film, in the order in which it can."""

    ARISES = "arises"
    NOTICED = "noticed"
    ASKED = "asked"
    BEGINS = "begins"
    ENDS = "ends"
    GIVES_UP = "gives_up"


class Event(NamedTuple):
    """One line of the film as a table."""

    at_s: float
    happening: Happening
    place: str
    kind: str
    seat: str
    helped: bool


def hour_of(hours: float) -> tuple[float, float]:
    """Say which hour of so many to film: the second, for the first begins with an empty floor.

    Returns
    -------
    from_s, seconds : float
        The first, or what there is of it, where there is no second.

    Examples
    --------
    >>> hour_of(4.0), hour_of(1.5), hour_of(0.5)
    ((3600.0, 3600.0), (0.0, 3600.0), (0.0, 1800.0))
    """
    from_s = FILM_S if hours >= 2 else 0.0
    return from_s, min(FILM_S, hours * 3600 - from_s)


def film(
    floor: Floor,
    policy: Policy,
    *,
    seed: int,
    replication: int = 0,
    from_s: float = 0.0,
    seconds: float = FILM_S,
) -> Film:
    """Film one replication, the same that the figures are made of.

    Parameters
    ----------
    floor : Floor
    policy : Policy
    seed, replication : int
    from_s, seconds : float
        Where the film begins and how long it is.

    Returns
    -------
    Film

    Examples
    --------
    >>> from upturn.floor.engine.grid import grid
    >>> from upturn.floor.engine.policy import ScanSection
    >>> found = film(grid(), ScanSection(), seed=1, from_s=600, seconds=600)
    >>> found.begins_s, found.ends_s, len(found.seats), len(at(found, 700.0).seats)
    (600, 1200, 4, 4)
    """
    from upturn.floor.engine.drawing import draw_needs  # noqa: PLC0415 - numba

    hours = (from_s + seconds) / 3600
    needs = draw_needs(floor, hours=hours, seed=seed, replication=replication)
    return film_of(floor, policy, needs, from_s=from_s, seconds=seconds)


def film_of(
    floor: Floor, policy: Policy, needs: Needs, *, from_s: float = 0.0, seconds: float = 3600.0
) -> Film:
    """Film what a policy does with these needs.

    Parameters
    ----------
    floor, policy, needs : Floor, Policy, Needs
    from_s, seconds : float

    Returns
    -------
    Film
    """
    until_s = from_s + seconds
    told = run_plainly(floor, needs=needs, policy=policy, closes_s=until_s)
    return Film(
        policy=policy,
        begins_s=from_s,
        ends_s=until_s,
        places=tuple(Place(n.id, n.kind.value, n.section, n.x_m, n.y_m) for n in floor.nodes),
        seats=tuple(server.id for server in floor.servers),
        homes=tuple(int(home) for home in lay_out(floor).home),
        legs=tuple(
            Leg(*move) for move in told.moves if move.until_s > from_s and move.from_s < until_s
        ),
        needs=tuple(shown for shown in _needs(floor, told, until_s) if _last(shown) > from_s),
    )


def _needs(floor: Floor, told: Told, until_s: float) -> list[Shown]:
    rows = told.records
    gave_up = rows.outcome == Outcome.GAVE_UP
    shown = []
    for at in range(len(rows.created_s)):
        known, begins = float(rows.known_s[at]), float(rows.started_s[at])
        asks = float(rows.asks_s[at])
        ended = float(rows.ended_s[at])
        waits_until = min(begins, ended if gave_up[at] else inf, until_s)
        seat, owner = int(rows.server[at]), int(rows.owner[at])
        shown.append(
            Shown(
                number=at,
                place=int(rows.node[at]),
                kind=floor.need_types[rows.kind[at]].name,
                arises_s=float(rows.created_s[at]),
                known_s=known,
                asked_s=asks if asks <= waits_until else inf,
                begins_s=begins,
                ends_s=inf if gave_up[at] else ended,
                gives_up_s=ended if gave_up[at] else inf,
                seat=seat,
                helped=seat >= 0 and owner not in (-1, seat),
            )
        )
    return shown


def _last(shown: Shown) -> float:
    return min(shown.ends_s, shown.gives_up_s)


def at(film: Film, at_s: float) -> Frame:
    """Look at one moment of a film.

    Parameters
    ----------
    film : Film
    at_s : float
        Seconds since opening, within the film.

    Returns
    -------
    Frame
        Walks are drawn as the straight line between their two places.
    """
    return Frame(at_s, tuple(_seats(film, at_s)), tuple(_looks(film, at_s)))


def _seats(film: Film, at_s: float) -> list[Standing]:
    spots = [(film.places[home].x_m, film.places[home].y_m, "waits") for home in film.homes]
    for leg in film.legs:
        if leg.from_s > at_s:
            break
        start, end = film.places[leg.start], film.places[leg.end]
        through = at_s < leg.until_s
        length = leg.until_s - leg.from_s
        part = (at_s - leg.from_s) / length if through and length > 0 else 1.0
        doing = ("serves" if leg.serves else "walks") if through else "waits"
        x_m = start.x_m + part * (end.x_m - start.x_m)
        y_m = start.y_m + part * (end.y_m - start.y_m)
        spots[leg.seat] = (x_m, y_m, doing)
    return [Standing(seat, *spot) for seat, spot in enumerate(spots)]


def _looks(film: Film, at_s: float) -> list[tuple[int, int, Look]]:
    found = []
    for need in film.needs:
        if not need.arises_s <= at_s < _last(need):
            continue
        look = Look.UNSEEN
        if at_s >= need.begins_s:
            look = Look.BEING_MET
        elif at_s >= need.asked_s:
            look = Look.ASKED
        elif at_s >= need.known_s:
            look = Look.NOTICED
        found.append((need.number, need.place, look))
    return found


def events(film: Film) -> tuple[Event, ...]:
    """Give the film as a table, for those who cannot look at it.

    Parameters
    ----------
    film : Film

    Returns
    -------
    tuple of Event
        In the order of time. A need that somebody noticed before the guest asked has a line
        "noticed" and, when it was also met before, none that says "asked".
    """
    found: list[tuple[float, int, int, Event]] = []
    order = list(Happening)
    for need in film.needs:
        for happening, moment in _moments(need):
            if film.begins_s <= moment <= film.ends_s:
                by_seat = happening in (Happening.BEGINS, Happening.ENDS)
                event = Event(
                    moment,
                    happening,
                    film.places[need.place].id,
                    need.kind,
                    film.seats[need.seat] if by_seat else "",
                    need.helped and by_seat,
                )
                found.append((moment, order.index(happening), need.number, event))
    return tuple(row[3] for row in sorted(found, key=lambda row: row[:3]))


def _moments(need: Shown) -> list[tuple[Happening, float]]:
    noticed = need.known_s if need.known_s < need.asked_s else inf
    return [
        (Happening.ARISES, need.arises_s),
        (Happening.NOTICED, noticed),
        (Happening.ASKED, need.asked_s),
        (Happening.BEGINS, need.begins_s),
        (Happening.ENDS, need.ends_s),
        (Happening.GIVES_UP, need.gives_up_s),
    ]


def film_json(film: Film) -> dict[str, object]:
    """Give a film as lists, strings and numbers; a moment that never comes is None.

    Parameters
    ----------
    film : Film

    Returns
    -------
    dict
        `places`, `seats`, `homes`, `legs`, `needs`, `begins_s`, `ends_s`, named as in the
        dataclasses; seconds rounded to a hundredth.
    """
    return {
        "begins_s": film.begins_s,
        "ends_s": film.ends_s,
        "seats": list(film.seats),
        "homes": list(film.homes),
        "places": [place._asdict() for place in film.places],
        "legs": [_rounded(leg._asdict()) for leg in film.legs],
        "needs": [_rounded(need._asdict()) for need in film.needs],
    }


def _rounded(row: dict[str, object]) -> dict[str, object]:
    return {
        name: (round(value, 2) if np.isfinite(value) else None)
        if isinstance(value, float)
        else value
        for name, value in row.items()
    }
