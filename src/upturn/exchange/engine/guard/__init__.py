"""The guard: what rivals do not tell each other, found before it is stored or sent."""

from upturn.exchange.engine.guard.checking import check_text, guard_record, stop_for
from upturn.exchange.engine.guard.kinds import Action, Finding, GuardRecord, GuardRule, Stop, Topic
from upturn.exchange.engine.guard.rules import RuleBook, rules_from, shipped_rules

__all__ = [
    "Action",
    "Finding",
    "GuardRecord",
    "GuardRule",
    "RuleBook",
    "Stop",
    "Topic",
    "check_text",
    "guard_record",
    "rules_from",
    "shipped_rules",
    "stop_for",
]
