"""Needs that are already there, run under a policy by compiled code."""

import numpy as np

from upturn.floor.engine.errors import PolicyNamedWrongNeed, StoodStill
from upturn.floor.engine.kernel.batch import Left, room_for, run_all, run_custom
from upturn.floor.engine.kernel.records import STOOD_STILL, WRONG_NEED
from upturn.floor.engine.kernel.recursion import recursion_applies, run_recursion
from upturn.floor.engine.kernel.state import stand
from upturn.floor.engine.laid import Ints, Laid
from upturn.floor.engine.needs import Needs
from upturn.floor.engine.policy import CustomPolicy, Policy
from upturn.floor.engine.runs import Done, Records, Work


def run_needs(
    laid: Laid, policy: Policy, needs: Needs, *, bounds: Ints, closes_s: float, first: int = 0
) -> Done:
    """Run needs that are already there.

    Parameters
    ----------
    laid : Laid
    policy : Policy
    needs : Needs
        Of all replications, one after the other.
    bounds : int array (replications + 1,)
        Where each replication begins and ends among them.
    closes_s : float
    first : int
        The number of the first replication.

    Returns
    -------
    Done

    Raises
    ------
    StoodStill
        If events follow each other without end and no time passes.
    PolicyNamedWrongNeed
        If a custom policy names a need that its server may not go for.
    """
    reps = len(bounds) - 1
    left = room_for(len(needs.created_s), reps, len(laid.home))
    if recursion_applies(laid, policy, needs):
        free_s, order = np.empty(len(laid.home)), np.empty(len(laid.home), np.int64)
        desk = free_s, order, laid.work_rate, float(laid.load_y[0])
        run_recursion(needs, bounds, left, desk, (closes_s, int(laid.home[0] in laid.stations)))
    else:
        run_events(laid, policy, needs, bounds=bounds, closes_s=closes_s, left=left)
    replication = np.repeat(np.arange(first, first + reps), np.diff(bounds))
    return _done(laid, needs, left, replication)


def run_events(
    laid: Laid, policy: Policy, needs: Needs, *, bounds: Ints, closes_s: float, left: Left
) -> None:
    """Fill what is left by the event loop, which runs everything; errors as for `run_needs`."""
    most = int(np.diff(bounds).max(initial=0))
    standing = stand(laid, policy, closes_s=closes_s, needs=most)
    runs = run_custom(policy.choose) if isinstance(policy, CustomPolicy) else run_all
    ended = runs(standing.state, needs, bounds, left)
    if ended == STOOD_STILL:
        raise StoodStill(repr(policy), float(standing.state["now"][0]))
    if ended == WRONG_NEED:
        raise PolicyNamedWrongNeed(repr(policy), int(standing.state["wrong"][0]))


def _done(laid: Laid, needs: Needs, left: Left, replication: Ints) -> Done:
    records = Records(
        replication, needs.created_s, needs.node, needs.kind, needs.asks_s, left.known_s,
        left.started_s, left.ended_s, left.server, laid.owner[needs.node], left.trip,
        left.outcome,
    )  # fmt: skip
    return Done(records, Work(left.walk_s, left.busy_s, left.trips, left.in_vain))
