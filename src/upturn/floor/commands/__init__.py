"""Every write of this room: floors and runs of the lab, and shifts while they last."""

from upturn.floor.commands.closing import close_shift
from upturn.floor.commands.guests import ask, take_back, think_again
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
from upturn.floor.commands.practice import move_elsewhere, put_back_up, put_up, take_down
from upturn.floor.commands.raising import Brought, bring_in
from upturn.floor.commands.recuts import call_back, call_off, redraw
from upturn.floor.commands.refusals import BadTap, SeatGone, SeatTaken, TapRefused
from upturn.floor.commands.rhythm import raise_opportunities
from upturn.floor.commands.seats import Claimed, Retold, claim, free_seat, hello, introduce, leave
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
    "ask",
    "begin",
    "begin_again",
    "bring_in",
    "call_back",
    "call_off",
    "carry_out",
    "check_drawn",
    "check_may_draw",
    "check_may_lead",
    "check_run",
    "claim",
    "close_shift",
    "draw_code",
    "draw_floor",
    "fail",
    "finish",
    "free_seat",
    "hello",
    "introduce",
    "leave",
    "move_elsewhere",
    "note_progress",
    "open_shift",
    "order_run",
    "put_back_up",
    "put_up",
    "raise_opportunities",
    "redraw",
    "redraw_floor",
    "take_back",
    "take_down",
    "think_again",
]
