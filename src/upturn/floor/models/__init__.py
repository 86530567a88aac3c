"""Tables of the floor: what the lab keeps, and what a shift keeps until it closes."""

from upturn.floor.models.lab import FloorVersion, LabFloor, LabRun, RunState
from upturn.floor.models.shift import (
    FloorHook,
    NeedState,
    PracticeCard,
    Seated,
    Shift,
    ShiftNeed,
    ShiftSeat,
    ShiftState,
    ShiftTap,
    Source,
)

__all__ = [
    "FloorHook",
    "FloorVersion",
    "LabFloor",
    "LabRun",
    "NeedState",
    "PracticeCard",
    "RunState",
    "Seated",
    "Shift",
    "ShiftNeed",
    "ShiftSeat",
    "ShiftState",
    "ShiftTap",
    "Source",
]
