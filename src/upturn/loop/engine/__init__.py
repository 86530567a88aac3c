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
from upturn.loop.engine.grouping import Group, group_cards
from upturn.loop.engine.hundred import Known, calibration, day_100, read_days_off, working_day
from upturn.loop.engine.ical import Meeting, calendar
from upturn.loop.engine.pairs import draw_pairs
from upturn.loop.engine.script import CARDS, Gives, Script, Step, StepKind, Texts
from upturn.loop.engine.script_editing import (
    with_step,
    with_step_changed,
    with_step_moved,
    without_step,
)
from upturn.loop.engine.script_reading import SHIPPED, read_script, script_of, shipped_script
from upturn.loop.engine.script_writing import script_as_table, write_script
from upturn.loop.engine.specific import Specific, Tense, how_specific, tense
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
from upturn.loop.engine.talk import Talk, talk_of

__all__ = [
    "CARDS",
    "SHIPPED",
    "Gives",
    "Group",
    "Incomplete",
    "Known",
    "LoopError",
    "Meeting",
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
    "Specific",
    "Stage",
    "StageMove",
    "Standing",
    "Step",
    "StepKind",
    "Talk",
    "Tense",
    "Texts",
    "TooLong",
    "begun",
    "calendar",
    "calibration",
    "day_100",
    "draw_pairs",
    "group_cards",
    "how_specific",
    "moved",
    "opens_by_itself",
    "read_days_off",
    "read_script",
    "script_as_table",
    "script_of",
    "seconds_left",
    "shipped_script",
    "talk_of",
    "tense",
    "why_not",
    "with_step",
    "with_step_changed",
    "with_step_moved",
    "without_step",
    "working_day",
    "write_script",
]
