"""Plans, the customer's day, be/do/have, targets, results, and what leaders are asked."""

from upturn.plan.models.day import DayMoment, MomentParty
from upturn.plan.models.leaders import LeaderWord, Question, WordState
from upturn.plan.models.lines import Column, LineOwner, LineState, PlanLine
from upturn.plan.models.plans import Plan, PlanEdit, PlanSeat, PlanState
from upturn.plan.models.results import Claim, OtherChange, PlanResult
from upturn.plan.models.targets import Outcome, PlanUnit, Side, Source

__all__ = [
    "Claim",
    "Column",
    "DayMoment",
    "LeaderWord",
    "LineOwner",
    "LineState",
    "MomentParty",
    "OtherChange",
    "Outcome",
    "Plan",
    "PlanEdit",
    "PlanLine",
    "PlanResult",
    "PlanSeat",
    "PlanState",
    "PlanUnit",
    "Question",
    "Side",
    "Source",
    "WordState",
]
