"""Workshops, what is written in them, the cooperation loop of a relationship, and day 100."""

from upturn.loop.models.cards import Card, CardGroup, CardKind, Nomination, NominationState
from upturn.loop.models.keeping import Kept
from upturn.loop.models.loops import LoopMove, LoopState
from upturn.loop.models.practices import Practice
from upturn.loop.models.statements import PocketTask, Statement, StatementVerdict
from upturn.loop.models.workshops import (
    DayOff,
    Participant,
    Phase,
    StoredScript,
    Workshop,
    WorkshopHost,
    WorkshopState,
)

__all__ = [
    "Card",
    "CardGroup",
    "CardKind",
    "DayOff",
    "Kept",
    "LoopMove",
    "LoopState",
    "Nomination",
    "NominationState",
    "Participant",
    "Phase",
    "PocketTask",
    "Practice",
    "Statement",
    "StatementVerdict",
    "StoredScript",
    "Workshop",
    "WorkshopHost",
    "WorkshopState",
]
