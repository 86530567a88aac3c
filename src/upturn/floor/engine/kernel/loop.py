"""The event loop: what happens next, until everybody is served or the doors close."""

from math import inf

from upturn.floor.engine.kernel.clock import drop_timer, schedule, set_timer
from upturn.floor.engine.kernel.compiling import compiled, written_out
from upturn.floor.engine.kernel.deciding import decide, is_met_at_once, wake
from upturn.floor.engine.kernel.moving import begin
from upturn.floor.engine.kernel.reaching import EPSILON_S, is_own
from upturn.floor.engine.kernel.reading import (
    cell_at,
    hand_at,
    need_at,
    node_at,
    order_at,
    server_at,
    timer_at,
    walk_s,
)
from upturn.floor.engine.kernel.records import (
    ARISES,
    ARRIVED,
    ASKED,
    CUSTOM,
    DONE,
    ENDED,
    GAVE_UP,
    GIVES_UP,
    LOOK,
    NONE,
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
from upturn.floor.engine.kernel.waiting import close, hide, open_up, unhide

PATIENCE = 1_000_000
"""So many events at one moment, and ten a need, mean that time stands still."""


@written_out
def run(state, custom):
    """Run one replication whose needs lie in the state; say how it ended."""
    at_once, last = 0, -inf
    while state.left > 0:
        when, what = _next(state)
        if when > state.closes_s or when == inf:
            break
        at_once = at_once + 1 if when == last else 0
        if at_once > PATIENCE + 10 * state.needs:
            return STOOD_STILL
        state.now = last = when
        _happen(state, what, custom)
        if state.wrong >= 0:
            return WRONG_NEED
    return ENDED


@compiled
def _next(state):
    """When something happens next, and what; at the same moment in the order of the events."""
    seat = server_at(state, order_at(state, 0).value)
    when, what = seat.when, seat.what
    if state.next_need < state.needs:
        created = need_at(state, state.next_need).created_s
        if created < when or (created == when and what > ARISES):
            when, what = created, ARISES
    if state.timers > 0:
        timer = timer_at(state, 0)
        event = timer.what >> NUMBER_BITS
        if timer.when < when or (timer.when == when and event < what):
            when, what = timer.when, event
    return when, what


@written_out
def _happen(state, what, custom):
    """One event. What is decided after it is decided here: compiled once, not in each branch."""
    server, is_free, leaves = order_at(state, 0).value, False, False
    if what == ARISES:
        need = state.next_need
        state.next_need += 1
        _arise(state, need, custom)
    elif what == ARRIVED:
        is_free, leaves = _arrive(state, server, custom)
    elif what == DONE:
        _done(state, server)
        is_free = leaves = True
    elif what in (LOOK, ON_SHIFT):
        is_free = True
    else:
        need = timer_at(state, 0).what & ((1 << NUMBER_BITS) - 1)
        drop_timer(state)
        _ring(state, what, need, custom)
    if is_free:
        _go_on(state, server, leaves, custom)


@written_out
def _go_on(state, server, leaves, custom):
    """The server goes first; then whoever is idle may come to what is left at the table."""
    node = server_at(state, server).at
    if leaves:
        node_at(state, node).locks -= 1
    decide(state, server, custom)
    if leaves and state.table_lock > 0:
        _invite(state, node, custom)


@written_out
def _arise(state, need, custom):
    record = need_at(state, need)
    if record.patience_s < inf:
        set_timer(state, record.created_s + record.patience_s, GIVES_UP, need)
    if record.asks_s <= state.now:
        _become_known(state, need, custom)
    else:
        if record.asks_s < inf:
            set_timer(state, record.asks_s, ASKED, need)
        if state.looks > 0:
            hide(state, need)


@compiled
def _become_known(state, need, custom):
    need_at(state, need).known_s = state.now
    state.waiting += 1
    if state.policy == OWN_THE_WHOLE and state.own_first_s > 0:
        set_timer(state, state.now + state.own_first_s, OFFERED, need)
    if not is_met_at_once(state, need, custom):
        open_up(state, need)
        if state.policy == CUSTOM:
            wake(state, need, custom)


@compiled
def _ring(state, what, need, custom):
    """The guest asks, the owner has had the first seconds, or the guest gives up."""
    record = need_at(state, need)
    if what == OFFERED:
        wake(state, need, custom)
        return
    is_unseen = record.known_s == inf and record.outcome == OPEN
    if is_unseen and state.looks > 0:
        unhide(state, need)
    if what == ASKED:
        if is_unseen:
            _become_known(state, need, custom)
    elif record.started_s == inf:
        record.outcome, record.ended_s = GAVE_UP, state.now
        close(state, need)
        state.waiting -= record.known_s < inf
        state.left -= 1


@written_out
def _arrive(state, server, custom):
    """Begin what the server came for; or give whether the server is free, and leaves a table."""
    seat = server_at(state, server)
    seat.arrived_s = state.now
    if state.first_unseen >= 0:
        _notice(state, server, custom)
    need, seat.going_for = seat.going_for, NONE
    if need < 0:
        return True, False
    if need_at(state, need).outcome == GAVE_UP:
        seat.in_vain += 1
        return True, True
    begin(state, server, need)
    return False, False


@compiled
def _notice(state, server, custom):
    """Tables in sight of the walk just ended, the oldest need first."""
    seat, own_alone = server_at(state, server), state.policy == SCAN_SECTION
    need = state.first_unseen
    while need >= 0:
        after, node = need_at(state, need).next, need_at(state, need).node
        if not own_alone or is_own(state, server, node):
            first = seat.at if seat.via == seat.start else seat.via
            seen = _in_sight(state, seat.start, first, node)
            if not seen and first != seat.at:
                seen = _in_sight(state, first, seat.at, node)
            if seen and need_at(state, need).created_s < state.now:
                unhide(state, need)
                _become_known(state, need, custom)
        need = after


@compiled
def _in_sight(state, start, end, node):
    """Whether passing the table on this walk would cost at most the seconds of a look."""
    extra = walk_s(state, start, node) + walk_s(state, node, end) - walk_s(state, start, end)
    return extra <= state.look_s + EPSILON_S


@written_out
def _done(state, server):
    need = server_at(state, server).met
    while need >= 0:
        need_at(state, need).ended_s, need_at(state, need).outcome = state.now, SERVED
        state.left -= 1
        need = need_at(state, need).met


@compiled
def _invite(state, node, custom):
    """Whoever is idle may come to what is open at a table that nobody is at any more."""
    last, kinds = NONE, state.kinds
    while state.idle > 0 and node_at(state, node).locks == 0:
        oldest = NONE
        for kind in range(kinds):
            need = cell_at(state, node * kinds + kind).first
            while 0 <= need <= last:
                need = need_at(state, need).next
            if need >= 0 and (oldest < 0 or need < oldest):
                oldest = need
        if oldest < 0:
            return
        wake(state, oldest, custom)
        last = oldest


@compiled
def reset(state, rows):
    """Clear a floor for the next replication, with so many needs already laid in."""
    state.now, state.needs, state.next_need, state.left = 0.0, rows, 0, rows
    state.waiting = state.idle = state.cells = state.timers = 0
    state.first_unseen = state.last_unseen = state.wrong = NONE
    for at in range(state.nodes * state.kinds):
        cell_at(state, at).first = cell_at(state, at).last = NONE
    for at in range(state.nodes):
        node_at(state, at).locks = 0
    for server in range(state.servers):
        _reset_seat(state, server)
    for server in range(state.servers):
        schedule(state, server, server_at(state, server).starts_s, ON_SHIFT)


@compiled
def _reset_seat(state, server):
    seat = server_at(state, server)
    order_at(state, server).value = server
    seat.place = server
    seat.when, seat.what, seat.doing = -inf, 0, 0
    seat.at = seat.start = seat.via = seat.home
    seat.going_for = seat.met = NONE
    seat.round, seat.looked_s = seat.tour_end, seat.starts_s
    seat.arrived_s = seat.idle_since = seat.walk_s = seat.busy_s = 0.0
    seat.trips = seat.in_vain = 0
    for item in range(state.items):
        hand_at(state, server, item).carries = 0
