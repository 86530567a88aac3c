"""Morale beside taking part in improving, team by team (S1.2)."""

from dataclasses import dataclass

from upturn.partners.engine.base_table import Shown, figures_by_group, items_of
from upturn.partners.engine.shapes import Published
from upturn.partners.engine.signs import Scope
from upturn.stats import Figure, Withheld
from upturn.stats.correlation import correlation_interval

TEAMS_NEEDED = 6


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
    return Morale(teams=tuple(teams), together=_together(pairs))


def _together(pairs: list[tuple[float, float]]) -> Shown:
    if len(pairs) < TEAMS_NEEDED:
        return Withheld("too_few_teams", TEAMS_NEEDED, len(pairs))
    spirits, parts = zip(*pairs, strict=True)
    return correlation_interval(spirits, parts)
