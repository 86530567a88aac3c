"""A trial as somebody orders it on the page: a floor, three sliders, policies, how much of it."""

from dataclasses import dataclass, replace

from upturn.floor.engine.errors import BadSetting
from upturn.floor.engine.needs import needs_expected
from upturn.floor.engine.policy import (
    OneAtATime,
    OwnTheWhole,
    Policy,
    Pooled,
    ScanSection,
    SkillRouting,
)
from upturn.floor.engine.shapes import Floor, Kind

ON_A_FLOOR = ("one-at-a-time", "scan", "own-the-whole", "pooled")
IN_A_CENTRE = ("skills", "skills:by-preference=no")
ROWS_MOST = 600_000
"""Needs in all replications of one policy: what one run may hold in memory."""
HOURS_MOST, REPS_LEAST, REPS_MOST = 24.0, 5, 1_000
BUSY, LOAFING, DETOUR_S = (0.5, 1.3), (0.0, 0.11), (0.0, 20.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What is to be compared.

    Parameters
    ----------
    floor : Floor
    policies : tuple of str
        Codes of `ON_A_FLOOR` or `IN_A_CENTRE`; the first is what the others are compared with.
    busy_share : float
        Every need comes this many times as often as the floor says.
    loafing_share : float
        By how much services lengthen when a queue belongs to everybody.
    detour_s : float
        Extra walking that help may cost; 0: only what lies on the way, also for who is free.
    hours : float
    reps : int
    seed : int
    """

    floor: Floor
    policies: tuple[str, ...]
    busy_share: float = 1.0
    loafing_share: float = 0.069
    detour_s: float = 6.0
    hours: float = 4.0
    reps: int = 100
    seed: int = 1


def is_centre(floor: Floor) -> bool:
    """Whether this is a contact centre: queues and no table."""
    kinds = {node.kind for node in floor.nodes}
    return Kind.QUEUE in kinds and Kind.TABLE not in kinds


def codes_for(floor: Floor) -> tuple[str, ...]:
    """Which policies can be compared there."""
    return IN_A_CENTRE if is_centre(floor) else ON_A_FLOOR


def policy_of(code: str, *, detour_s: float = 6.0) -> Policy:
    """Give the policy of a code.

    Examples
    --------
    >>> policy_of("own-the-whole", detour_s=0).when_free
    False
    """
    policies: dict[str, Policy] = {
        "one-at-a-time": OneAtATime(),
        "scan": ScanSection(),
        "own-the-whole": OwnTheWhole(detour_s=detour_s, when_free=detour_s > 0),
        "pooled": Pooled(),
        "skills": SkillRouting(),
        "skills:by-preference=no": SkillRouting(by_preference=False),
    }
    return policies[code]


def with_sliders(trial: Trial) -> Floor:
    """Give the floor with the needs and the behaviour that the sliders say."""
    kinds = tuple(
        replace(kind, per_hour=kind.per_hour * trial.busy_share) for kind in trial.floor.need_types
    )
    behaviour = replace(trial.floor.behaviour, loafing_share=trial.loafing_share)
    return replace(trial.floor, need_types=kinds, behaviour=behaviour)


def expected_needs(trial: Trial) -> int:
    """How many needs all replications of one policy will have, on average.

    Examples
    --------
    >>> from upturn.floor.engine.grid import grid
    >>> expected_needs(Trial(floor=grid(), policies=("scan",), hours=4, reps=100))
    80640
    """
    return needs_expected(with_sliders(trial), hours=trial.hours, reps=trial.reps)


def check_trial(trial: Trial) -> None:
    """Raise BadSetting when this cannot be run, or not in good time.

    Raises
    ------
    BadSetting
        With the name of the field, its value and what helps.
    """
    _between("busy_share", trial.busy_share, BUSY)
    _between("loafing_share", trial.loafing_share, LOAFING)
    _between("detour_s", trial.detour_s, DETOUR_S)
    _between("hours", trial.hours, (0.5, HOURS_MOST))
    _between("reps", trial.reps, (REPS_LEAST, REPS_MOST))
    known = codes_for(trial.floor)
    if not trial.policies or set(trial.policies) - set(known):
        raise BadSetting("policies", trial.policies, f"choose of {', '.join(known)}")
    rows = expected_needs(trial)
    if rows > ROWS_MOST:
        fit = max(REPS_LEAST, trial.reps * ROWS_MOST // rows)
        raise BadSetting("reps", trial.reps, f"{rows} needs are too many; {fit} shifts would fit")


def _between(name: str, value: float, ends: tuple[float, float]) -> None:
    low, high = ends
    if not low <= value <= high:
        raise BadSetting(name, value, f"give {low:g} to {high:g}")
