"""The event loop: what happens next, until everybody is served or the doors close."""

from math import inf

from numba import njit

from upturn.floor.engine.kernel.clock import drop_timer, schedule, set_timer
from upturn.floor.engine.kernel.deciding import decide, wake
from upturn.floor.engine.kernel.moving import begin
from upturn.floor.engine.kernel.state import (
    ARRIVED,
    ASKED,
    DONE,
    ENDED,
    GAVE_UP,
    GIVES_UP,
    IDLE,
    LOOK,
    NEED,
    NUMBER_BITS,
    OFFERED,
    ON_SHIFT,
    OPEN,
    OWN_THE_WHOLE,
    SCAN_SECTION,
    SERVED,
    STOOD_STILL,
    WRONG_NEED,
)
from upturn.floor.engine.kernel.reaching import EPSILON_S, is_own
from upturn.floor.engine.kernel.waiting import close, hide, open_up, unhide

PATIENCE = 1_000_000
"""So many events at one moment, and ten a need, mean that time stands still."""


@njit
def run(state, custom):
    """Run one replication whose needs lie in the state; say how it ended."""
    floor, servers = state.floor[0], state.servers
    at_once, last = 0, -inf
    while floor.left > 0:
        seat = servers[state.order[0]]
        when, what = seat.when, seat.what
        if floor.next_need < floor.needs:
            created = state.needs[floor.next_need].created_s
            if created < when or (created == when and what > NEED):
                when, what = created, NEED
        if floor.timers > 0:
            timer = state.timers[0]
            kind = timer.what >> NUMBER_BITS
            if timer.when < when or (timer.when == when and kind < what):
                when, what = timer.when, kind
        if when > floor.closes_s or when == inf:
            break
        at_once = at_once + 1 if when == last else 0
        if at_once > PATIENCE + 10 * floor.needs:
            return STOOD_STILL
        floor.now = last = when
        _happen(state, what, custom)
        if floor.wrong >= 0:
            return WRONG_NEED
    return ENDED


@njit
def _happen(state, what, custom):
    server = state.order[0]
    if what == NEED:
        need = state.floor[0].next_need
        state.floor[0].next_need += 1
        _arise(state, need, custom)
    elif what == ARRIVED:
        _arrive(state, server, custom)
    elif what == DONE:
        _done(state, server, custom)
    elif what == LOOK or what == ON_SHIFT:
        decide(state, server, custom)
    else:
        need = state.timers[0].what & ((1 << NUMBER_BITS) - 1)
        drop_timer(state.floor, state.timers)
        _ring(state, what, need, custom)


@njit
def _arise(state, need, custom):
    record, floor = state.needs[need], state.floor
    if record.patience_s < inf:
        set_timer(floor, state.timers, record.created_s + record.patience_s, GIVES_UP, need)
    if record.asks_s <= floor[0].now:
        _become_known(state, need, custom)
    else:
        if record.asks_s < inf:
            set_timer(floor, state.timers, record.asks_s, ASKED, need)
        if floor[0].looks > 0:
            hide(state, need)


@njit
def _become_known(state, need, custom):
    floor = state.floor[0]
    state.needs[need].known_s = floor.now
    open_up(state, need)
    floor.waiting += 1
    if floor.policy == OWN_THE_WHOLE and floor.own_first_s > 0:
        set_timer(state.floor, state.timers, floor.now + floor.own_first_s, OFFERED, need)
    wake(state, need, custom)


@njit
def _ring(state, what, need, custom):
    """The guest asks, the owner has had the first seconds, or the guest gives up."""
    record, floor = state.needs[need], state.floor[0]
    if what == OFFERED:
        wake(state, need, custom)
        return
    is_unseen = record.known_s == inf and record.outcome == OPEN
    if is_unseen and floor.looks > 0:
        unhide(state, need)
    if what == ASKED:
        if is_unseen:
            _become_known(state, need, custom)
    elif record.started_s == inf:
        record.outcome, record.ended_s = GAVE_UP, floor.now
        close(state, need)
        floor.waiting -= record.known_s < inf
        floor.left -= 1


@njit
def _arrive(state, server, custom):
    seat = state.servers[server]
    seat.arrived_s = state.floor[0].now
    if state.floor[0].first_unseen >= 0:
        _notice(state, server, custom)
    need, seat.going_for = seat.going_for, -1
    if need < 0:
        decide(state, server, custom)
    elif state.needs[need].outcome == GAVE_UP:
        seat.in_vain += 1
        _leave(state, server, custom)
    else:
        begin(state, server, need)


@njit
def _notice(state, server, custom):
    """Tables in sight of the walk just ended, the oldest need first."""
    seat, own_alone = state.servers[server], state.floor[0].policy == SCAN_SECTION
    need = state.floor[0].first_unseen
    while need >= 0:
        after, node = state.needs[need].next, state.needs[need].node
        if not own_alone or is_own(state, server, node):
            first = seat.at if seat.via == seat.start else seat.via
            seen = _in_sight(state, seat.start, first, node)
            if not seen and first != seat.at:
                seen = _in_sight(state, first, seat.at, node)
            if seen and state.needs[need].created_s < state.floor[0].now:
                unhide(state, need)
                _become_known(state, need, custom)
        need = after


@njit
def _in_sight(state, start, end, node):
    """Whether passing the table on this walk would cost at most the seconds of a look."""
    extra = state.walk_s[start, node] + state.walk_s[node, end] - state.walk_s[start, end]
    return extra <= state.floor[0].look_s + EPSILON_S


@njit
def _done(state, server, custom):
    floor, need = state.floor[0], state.servers[server].met
    while need >= 0:
        state.needs[need].ended_s, state.needs[need].outcome = floor.now, SERVED
        floor.left -= 1
        need = state.needs[need].met
    _leave(state, server, custom)


@njit
def _leave(state, server, custom):
    """The server goes first; then whoever is idle may come to what is left at the table."""
    node, kinds = state.servers[server].at, state.floor[0].kinds
    state.nodes[node].locks -= 1
    decide(state, server, custom)
    if state.floor[0].table_lock == 0:
        return
    last = -1
    while state.floor[0].idle > 0 and state.nodes[node].locks == 0:
        oldest = -1
        for kind in range(kinds):
            need = state.cells[node * kinds + kind].first
            while 0 <= need <= last:
                need = state.needs[need].next
            if need >= 0 and (oldest < 0 or need < oldest):
                oldest = need
        if oldest < 0:
            return
        wake(state, oldest, custom)
        last = oldest


@njit
def reset(state, rows):
    """Clear a floor for the next replication, with so many needs already laid in."""
    floor = state.floor[0]
    floor.now, floor.needs, floor.next_need, floor.left = 0.0, rows, 0, rows
    floor.waiting = floor.idle = floor.cells = floor.timers = 0
    floor.first_unseen = floor.last_unseen = floor.wrong = -1
    for at in range(len(state.cells)):
        state.cells[at].first = state.cells[at].last = -1
    for at in range(len(state.nodes)):
        state.nodes[at].locks = 0
    for server in range(len(state.servers)):
        _reset_seat(state, server)
    for server in range(len(state.servers)):
        schedule(state.servers, state.order, server, state.servers[server].starts_s, ON_SHIFT)


@njit
def _reset_seat(state, server):
    seat = state.servers[server]
    state.order[server] = seat.place = server
    seat.when, seat.what, seat.doing = -inf, 0, 0
    seat.at = seat.start = seat.via = seat.home
    seat.going_for = seat.met = -1
    seat.round, seat.looked_s = seat.tour_end, seat.starts_s
    seat.arrived_s = seat.idle_since = seat.walk_s = seat.busy_s = 0.0
    seat.trips = seat.in_vain = 0
    for item in range(state.hands.shape[1]):
        state.hands[server, item].carries = 0
