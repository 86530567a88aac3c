"""One day of a contact centre, event by event, with coaching in what is idle."""

from collections.abc import Callable
from heapq import heappop, heappush
from math import inf
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit

from upturn.floor.engine.laid import Floats, Ints

OFFERED, ANSWERED_IN_TIME, ABANDONED, COACHED_S = range(4)
PRESENT, BUSY, COACHED, COME, HEAD, CHANGE, FIRST = range(7)
"""Agents present, on a call, coached; calls come, left the queue; shifts begun; oldest session."""

Calls = tuple[Floats, Floats, Floats]
Function = TypeVar("Function", bound=Callable[..., object])


OPTIONS: dict[str, Any] = {"cache": True, "error_model": "numpy", "nogil": True}
"""A list grows in it, so references are counted, as they are not elsewhere."""
DOORS: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def _compiled(function: Function) -> Function:
    """Compile what Python calls, and keep it on disk."""
    return cast("Function", njit(**OPTIONS)(function))


def _inner(function: Function) -> Function:
    """Compile what compiled code alone calls."""
    return cast("Function", njit(**OPTIONS, **DOORS)(function))


@_compiled
def run(
    calls: Calls,
    shifts: tuple[Floats, Ints],
    rule: tuple[float, int, int],
    times: tuple[float, float],
) -> Floats:
    """Serve first come, first served; whoever becomes idle takes a waiting call before anything.

    Parameters
    ----------
    calls : (arrival, handling time, patience), each a float array (calls,), seconds
        By arrival.
    shifts : (moments, agents present from then on)
        Who leaves in the middle of a call ends it first.
    rule : (length_s, idle_least, most)
        A session begins when `idle_least` agents are idle and fewer than `most` are coached, and
        lasts its whole length.
    times : (within_s, warm_up_s)
        Nothing that begins during the warm-up is counted.

    Returns
    -------
    float array (4,)
        Offered, answered in time, abandoned, seconds of coaching.
    """
    counts, state = np.zeros(4), np.zeros(7, np.int64)
    ends, sessions = [inf], np.full(max(rule[2], 1), inf)
    while state[HEAD] < len(calls[0]):
        now = _step(calls, shifts, state, ends, sessions)
        if now == inf:
            break
        _take_calls(calls, state, now, ends, counts, times)
        if state[COME] < len(calls[0]):
            _begin_sessions(state, now, sessions, rule, counts, times)
    counts[OFFERED] = (calls[0] >= times[1]).sum()
    return counts


@_inner
def _step(
    calls: Calls, shifts: tuple[Floats, Ints], state: Ints, ends: list[float], sessions: Floats
) -> float:
    """Let the next thing happen, and say when."""
    moments, agents = shifts
    come, change = state[COME], state[CHANGE]
    arrival = calls[0][come] if come < len(calls[0]) else inf
    shift = moments[change] if change < len(moments) else inf
    session = sessions[state[FIRST]] if state[COACHED] else inf
    now = min(arrival, ends[0], session, shift)
    if now == inf:
        return inf
    if now == shift:
        state[PRESENT] = agents[change]
        state[CHANGE] += 1
    elif now == session:
        state[FIRST] = (state[FIRST] + 1) % len(sessions)
        state[COACHED] -= 1
    elif now == ends[0]:
        heappop(ends)
        state[BUSY] -= 1
    else:
        state[COME] += 1
    return now


@_inner
def _take_calls(
    calls: Calls,
    state: Ints,
    now: float,
    ends: list[float],
    counts: Floats,
    times: tuple[float, float],
) -> None:
    """Answer the oldest calls while somebody is idle, and let go of who gave up before them."""
    arrive, handle, patience = calls
    within_s, warm_up_s = times
    while state[HEAD] < state[COME]:
        head = state[HEAD]
        gone = arrive[head] + patience[head] <= now
        if not gone and state[PRESENT] - state[BUSY] - state[COACHED] <= 0:
            break
        if gone:
            counts[ABANDONED] += arrive[head] >= warm_up_s
        else:
            counts[ANSWERED_IN_TIME] += arrive[head] >= warm_up_s and now - arrive[head] <= within_s
            heappush(ends, now + handle[head])
            state[BUSY] += 1
        state[HEAD] += 1


@_inner
def _begin_sessions(
    state: Ints,
    now: float,
    sessions: Floats,
    rule: tuple[float, int, int],
    counts: Floats,
    times: tuple[float, float],
) -> None:
    length_s, idle_least, most = rule
    while state[COACHED] < most and state[PRESENT] - state[BUSY] - state[COACHED] >= idle_least:
        sessions[(state[FIRST] + state[COACHED]) % most] = now + length_s
        state[COACHED] += 1
        if now >= times[1]:
            counts[COACHED_S] += length_s
