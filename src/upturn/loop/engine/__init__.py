"""Workshops as data: scripts, where a workshop stands, cards, pairs, and day 100."""

from upturn.loop.engine.errors import (
    Incomplete,
    LoopError,
    MoveRefused,
    NoDay,
    NoSuchScript,
    NotYours,
    Overtaken,
    ScriptProblem,
    ScriptRefused,
    TooLong,
)
from upturn.loop.engine.script import CARDS, Gives, Script, Step, StepKind, Texts
from upturn.loop.engine.script_reading import SHIPPED, read_script, script_of, shipped_script
from upturn.loop.engine.script_writing import script_as_table, write_script
from upturn.loop.engine.stage import (
    Phase,
    Refusal,
    Stage,
    StageMove,
    Standing,
    begun,
    moved,
    opens_by_itself,
    seconds_left,
    why_not,
)

__all__ = [
    "CARDS",
    "SHIPPED",
    "Gives",
    "Incomplete",
    "LoopError",
    "MoveRefused",
    "NoDay",
    "NoSuchScript",
    "NotYours",
    "Overtaken",
    "Phase",
    "Refusal",
    "Script",
    "ScriptProblem",
    "ScriptRefused",
    "Stage",
    "StageMove",
    "Standing",
    "Step",
    "StepKind",
    "Texts",
    "TooLong",
    "begun",
    "moved",
    "opens_by_itself",
    "read_script",
    "script_as_table",
    "script_of",
    "seconds_left",
    "shipped_script",
    "why_not",
    "write_script",
]
