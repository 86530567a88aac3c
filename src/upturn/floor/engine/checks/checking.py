"""Whether the engine gives what theory says: every published figure, and what always holds."""

from collections.abc import Callable, Collection, Iterator

from upturn.floor.engine.checks import floors, identities, queues
from upturn.floor.engine.checks.judging import Check, Ground
from upturn.floor.engine.errors import BadSetting

CHECKS: dict[str, Callable[[Ground], Iterator[Check]]] = {
    "1": queues.many_servers,
    "2": queues.patient_callers,
    "2b": queues.small_centre,
    "3": floors.one_at_a_time,
    "4": floors.strict_sections,
    "5": floors.helped_sections,
    "6": floors.light_traffic,
    "7": floors.rounds,
    "8": queues.batches,
    "9": floors.unit_square,
    "10": queues.unlike_services,
    "11": queues.priorities,
    "12": queues.lost_calls,
    "13": identities.little,
    "14": identities.conservation,
    "15": identities.invariance,
    "16": identities.monotone,
}


def check_engine(
    *,
    seed: int = 1,
    reps: int = 24,
    only: Collection[str] | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> tuple[Check, ...]:
    """Hold the engine against exact theory.

    Parameters
    ----------
    seed : int
    reps : int
        Independent replications of every simulated figure.
    only : collection of str, optional
        Numbers of checks, such as "2b"; without, all.
    progress : callable, optional
        Called with the number of the next check, how many are done, how many there are.

    Returns
    -------
    tuple of Check
        A simulated figure passes within four standard errors of what is expected; by chance alone
        one in two thousand does not.

    Raises
    ------
    BadSetting
        On a check nobody knows, or fewer than two replications.

    Examples
    --------
    >>> [check.name for check in check_engine(only=["11"], reps=2)][0]
    'two priorities, urgent: time in system, s'
    """
    from upturn.floor.engine.simulating import simulate  # noqa: PLC0415 - compiled code

    if reps < 2:
        raise BadSetting("reps", reps, "give at least 2, better 24")
    unknown = next((number for number in only or () if number not in CHECKS), None)
    if unknown is not None:
        raise BadSetting("only", unknown, f"known are {', '.join(CHECKS)}")
    ground = Ground(simulate, seed, reps)
    chosen = [number for number in CHECKS if not only or number in only]
    found: list[Check] = []
    for done, number in enumerate(chosen):
        if progress:
            progress(number, done, len(chosen))
        found += CHECKS[number](ground)
    return tuple(found)
