"""Which policy is asked, and what a server does when it names no need."""

from math import inf

from upturn.floor.engine.kernel import (
    one_at_a_time,
    own_the_whole,
    pooled,
    scan_section,
    skill_routing,
)
from upturn.floor.engine.kernel.clock import schedule
from upturn.floor.engine.kernel.compiling import compiled, written_out
from upturn.floor.engine.kernel.custom import ask
from upturn.floor.engine.kernel.moving import go_off, set_off, stroll, turn_to
from upturn.floor.engine.kernel.reaching import is_able, is_locked, may_go
from upturn.floor.engine.kernel.reading import need_at, server_at, tour_at
from upturn.floor.engine.kernel.records import (
    CUSTOM,
    IDLE,
    LOOK,
    NONE,
    ONE_AT_A_TIME,
    OWN_THE_WHOLE,
    SCAN_SECTION,
    SKILL_ROUTING,
)


@written_out
def _choose(state, server, custom):
    """Ask the policy which need a free server goes for; -1 for none.

    With a custom policy, how the others choose is not compiled, and the other way round.
    """
    if custom is not None:
        return _checked(state, server, ask(custom, state, server))
    policy = state.policy
    if policy == SKILL_ROUTING:
        return skill_routing.choose(state, server)
    if policy == ONE_AT_A_TIME:
        return one_at_a_time.choose(state, server)
    if policy == SCAN_SECTION:
        return scan_section.choose(state, server)
    if policy == OWN_THE_WHOLE:
        return own_the_whole.choose(state, server)
    return pooled.choose(state, server)


@compiled
def _checked(state, server, need):
    """Refuse a need that a custom policy may not name: not open, locked, beyond the server."""
    if need < 0:
        return NONE
    if need < state.needs and need_at(state, need).open > 0:
        able = is_able(state, server, need_at(state, need).kind)
        if able and not is_locked(state, need_at(state, need).node):
            return need
    state.wrong = need
    return NONE


@compiled
def _who_goes(state, need, custom):
    """Ask the policy which idle server goes to a need; -1 for none."""
    if custom is not None:
        return NONE
    policy = state.policy
    if policy == SKILL_ROUTING:
        return skill_routing.who_goes(state, need)
    if policy == ONE_AT_A_TIME:
        return one_at_a_time.who_goes(state, need)
    if policy == SCAN_SECTION:
        return scan_section.who_goes(state, need)
    if policy == OWN_THE_WHOLE:
        return own_the_whole.who_goes(state, need)
    return pooled.who_goes(state, need)


@written_out
def is_met_at_once(state, need, custom):
    """Send an idle server to a need that is not among the open ones yet, if one may go."""
    if state.idle == 0 or state.policy == CUSTOM or is_locked(state, need_at(state, need).node):
        return False
    server = _who_goes(state, need, custom)
    if server >= 0:
        set_off(state, server, need)
    return server >= 0


@compiled
def wake(state, need, custom):
    """Send an idle server to a need that became known, offered, or free to be met."""
    if state.idle == 0 or need_at(state, need).open == 0:
        return
    if is_locked(state, need_at(state, need).node):
        return
    server = NONE
    if custom is None:
        server = _who_goes(state, need, custom)
    else:
        for seat in range(state.servers):
            if server < 0 and may_go(state, seat):
                chosen = _checked(state, seat, ask(custom, state, seat))
                if chosen >= 0:
                    server, need = seat, chosen
    if server >= 0:
        set_off(state, server, need)


@written_out
def decide(state, server, custom):
    """What a free server does: a need, the next table of the round, home, or wait there."""
    seat = server_at(state, server)
    if state.now >= seat.ends_s:
        go_off(state, server)
        return
    need = _choose(state, server, custom)
    if need >= 0:
        set_off(state, server, need)
        return
    if seat.round == seat.tour_end and state.now >= seat.looked_s + state.cadence_s:
        seat.looked_s, seat.round = state.now, seat.tour
    if seat.round < seat.tour_end:
        seat.round += 1
        stroll(state, server, tour_at(state, seat.round - 1).value)
    elif seat.at != seat.home:
        stroll(state, server, seat.home)
    else:
        turn_to(state, server, IDLE)
        seat.idle_since = state.now
        due = inf if seat.tour == seat.tour_end else seat.looked_s + state.cadence_s
        schedule(state, server, due, LOOK)
