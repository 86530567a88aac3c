"""The board of a shift as it happens: next rounds, what nobody asked for yet, totals."""

from upturn.floor.engine.live.passing import walked_by
from upturn.floor.engine.live.planning import rounds_of
from upturn.floor.engine.live.quiet import quiet_seats
from upturn.floor.engine.live.recutting import Cut, recut
from upturn.floor.engine.live.redrawing import Redrawn, redrawn_tables, with_leaving
from upturn.floor.engine.live.rhythm import CADENCE_S, Opportunity, opportunities
from upturn.floor.engine.live.shapes import (
    LOOK,
    Board,
    BoardNeed,
    BoardSeat,
    LiveRound,
    LiveStop,
)
from upturn.floor.engine.live.totals import Met, Spread, Totals, totals
from upturn.floor.engine.live.wording import in_one_line, storable

__all__ = [
    "CADENCE_S",
    "LOOK",
    "Board",
    "BoardNeed",
    "BoardSeat",
    "Cut",
    "LiveRound",
    "LiveStop",
    "Met",
    "Opportunity",
    "Redrawn",
    "Spread",
    "Totals",
    "in_one_line",
    "opportunities",
    "quiet_seats",
    "recut",
    "redrawn_tables",
    "rounds_of",
    "storable",
    "totals",
    "walked_by",
    "with_leaving",
]
