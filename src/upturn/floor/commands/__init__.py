"""Every write of this room: floors and runs of the lab, and shifts while they last."""

from upturn.floor.commands.lab import (
    NAME_MOST,
    SEEDS,
    WAITING_MOST,
    Order,
    begin,
    begin_again,
    check_drawn,
    check_may_draw,
    check_run,
    draw_code,
    draw_floor,
    fail,
    finish,
    note_progress,
    order_run,
    redraw_floor,
)
from upturn.floor.commands.raising import Brought, bring_in
from upturn.floor.commands.refusals import BadTap, SeatGone, SeatTaken, TapRefused
from upturn.floor.commands.seats import Claimed, Retold, claim, hello, introduce, leave
from upturn.floor.commands.shifts import check_may_lead, open_shift
from upturn.floor.commands.tapped import Tap
from upturn.floor.commands.taps import Answer, carry_out

__all__ = [
    "NAME_MOST",
    "SEEDS",
    "WAITING_MOST",
    "Answer",
    "BadTap",
    "Brought",
    "Claimed",
    "Order",
    "Retold",
    "SeatGone",
    "SeatTaken",
    "Tap",
    "TapRefused",
    "begin",
    "begin_again",
    "bring_in",
    "carry_out",
    "check_drawn",
    "check_may_draw",
    "check_may_lead",
    "check_run",
    "claim",
    "draw_code",
    "draw_floor",
    "fail",
    "finish",
    "hello",
    "introduce",
    "leave",
    "note_progress",
    "open_shift",
    "order_run",
    "redraw_floor",
]
