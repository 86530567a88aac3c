"""Morale beside taking part in improving, team by team (S1.2)."""

from dataclasses import dataclass
from math import atanh, sqrt, tanh
from statistics import NormalDist

import numpy as np

from upturn.partners.engine.base_table import Shown, figures_by_group, items_of
from upturn.partners.engine.shapes import Published
from upturn.partners.engine.signs import Scope
from upturn.stats import Figure, Withheld

TEAMS_NEEDED = 6
CERTAIN = 0.999_999  # a correlation of 1 has no interval on the scale of Fisher's z


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamMorale:
    """Morale and part taken of one block of servers, on 0 to 10."""

    name: str
    place: str
    morale: Shown
    took_part: Shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Morale:
    """Whether teams with more morale take more part.

    Parameters
    ----------
    teams : tuple of TeamMorale
        By name; no order of merit.
    together : Figure or Withheld
        Correlation over the teams, -1..1; ``n`` counts teams.
    """

    teams: tuple[TeamMorale, ...]
    together: Shown


def morale_by_team(published: Published, *, within: Scope) -> Morale | None:
    """Say whether teams in better spirits take more part in improving.

    Parameters
    ----------
    published : Published
    within : Scope

    Returns
    -------
    Morale or None
        None where the wave asked for neither.

    Notes
    -----
    A correlation over teams says that two things move together, not which comes first. Means of
    small teams are noisy, which pulls it towards 0.

    References
    ----------
    Fisher (1921), Metron 1(4), 3-32; seed item S1.2.
    """
    spirits, parts = items_of(published, "morale"), items_of(published, "took-part")
    if not spirits or not parts:
        return None
    says = [figures_by_group(published, item) for item in (spirits[0], parts[0])]
    teams = sorted(
        (
            TeamMorale(
                name=published.groups[row].name,
                place=published.groups[row].parent,
                morale=says[0][row],
                took_part=says[1][row],
            )
            for row in within.servers
        ),
        key=lambda team: (team.place, team.name),
    )
    pairs = [
        (team.morale.value, team.took_part.value)
        for team in teams
        if isinstance(team.morale, Figure) and isinstance(team.took_part, Figure)
    ]
    return Morale(teams=tuple(teams), together=correlation(pairs))


def correlation(pairs: list[tuple[float, float]], *, coverage: float = 0.95) -> Shown:
    """How closely do two figures move together over teams? Fisher's interval.

    Parameters
    ----------
    pairs : list of pairs of float
        One pair a team.
    coverage : float

    Returns
    -------
    Figure or Withheld
        ``Withheld("too_few_teams", 6, got)``, or ``Withheld("all_equal", ...)`` where one of the
        figures never changes.

    Examples
    --------
    >>> figure = correlation([(1, 1), (2, 3), (3, 2), (4, 5), (5, 4), (6, 6)])
    >>> print(f"{figure.value:.2f}, {figure.low:.2f} to {figure.high:.2f}, n {figure.n}")
    0.89, 0.26 to 0.99, n 6
    >>> correlation([(1, 1)])
    Withheld(reason='too_few_teams', needed=6, got=1)
    """
    n = len(pairs)
    if n < TEAMS_NEEDED:
        return Withheld("too_few_teams", TEAMS_NEEDED, n)
    one, other = np.array(pairs, dtype=float).T
    if np.ptp(one) == 0 or np.ptp(other) == 0:
        return Withheld("all_equal", TEAMS_NEEDED, n)
    value = float(np.clip(np.corrcoef(one, other)[0, 1], -CERTAIN, CERTAIN))
    half = NormalDist().inv_cdf(0.5 + coverage / 2) / sqrt(n - 3)
    return Figure(value, tanh(atanh(value) - half), tanh(atanh(value) + half), n)
