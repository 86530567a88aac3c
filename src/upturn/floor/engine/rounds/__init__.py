"""What each seat does next on a floor, planned anew whenever something happens."""

from upturn.floor.engine.rounds.of_floor import Standing, Waiting, snapshot_of
from upturn.floor.engine.rounds.planning import plan_round
from upturn.floor.engine.rounds.shapes import (
    InHand,
    Open,
    Plan,
    Round,
    Seat,
    Snapshot,
    Station,
    Stop,
    Why,
)

__all__ = [
    "InHand",
    "Open",
    "Plan",
    "Round",
    "Seat",
    "Snapshot",
    "Standing",
    "Station",
    "Stop",
    "Waiting",
    "Why",
    "plan_round",
    "snapshot_of",
]
