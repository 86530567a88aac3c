"""Rules that somebody has to live with: they say why, for whom, and until when (S1.16)."""

import re
from datetime import date, timedelta
from enum import StrEnum

from upturn.partners.engine.moves import Moves, Step

LONGEST = timedelta(days=366)
USUAL = timedelta(days=182)
UNEXPLAINED = timedelta(days=92)
SOON = timedelta(days=28)


class RuleState(StrEnum):
    """Where a rule stands; it expires by the calendar and not by anybody's move."""

    IN_FORCE = "in_force"
    QUESTIONED = "questioned"
    EXPIRED = "expired"
    RETIRED = "retired"


class RuleMove(StrEnum):
    """What somebody can do with a rule. There is no move that dismisses a question."""

    QUESTION = "question"
    TAKE_BACK = "take_back"
    KEEP = "keep"
    RETIRE = "retire"
    BRING_BACK = "bring_back"


class RuleSide(StrEnum):
    """Who stands where: the party that keeps the rule, who questioned it, and everybody."""

    KEEPER = "keeper"
    QUESTIONER = "questioner"
    ANYBODY = "anybody"


_K, _Q, _A = RuleSide.KEEPER, RuleSide.QUESTIONER, RuleSide.ANYBODY
RULE_MOVES: Moves[RuleState, RuleMove, RuleSide] = Moves(
    RuleState.IN_FORCE,
    (
        Step(RuleState.IN_FORCE, RuleMove.QUESTION, _A, RuleState.QUESTIONED),
        Step(RuleState.IN_FORCE, RuleMove.KEEP, _K, RuleState.IN_FORCE),
        Step(RuleState.IN_FORCE, RuleMove.RETIRE, _K, RuleState.RETIRED),
        Step(RuleState.QUESTIONED, RuleMove.KEEP, _K, RuleState.IN_FORCE),
        Step(RuleState.QUESTIONED, RuleMove.RETIRE, _K, RuleState.RETIRED),
        Step(RuleState.QUESTIONED, RuleMove.TAKE_BACK, _Q, RuleState.IN_FORCE),
        Step(RuleState.EXPIRED, RuleMove.KEEP, _K, RuleState.IN_FORCE),
        Step(RuleState.EXPIRED, RuleMove.RETIRE, _K, RuleState.RETIRED),
        Step(RuleState.RETIRED, RuleMove.BRING_BACK, _K, RuleState.IN_FORCE),
    ),
)


def state_on(stored: RuleState, *, ends_on: date, today: date) -> RuleState:
    """State of a rule today: after its last day it holds no longer, whatever was stored.

    >>> state_on(RuleState.IN_FORCE, ends_on=date(2026, 3, 1), today=date(2026, 3, 2)).value
    'expired'
    """
    if stored != RuleState.RETIRED and ends_on < today:
        return RuleState.EXPIRED
    return stored


def is_fresh(why: str, before: str) -> bool:
    """Whether a reason says anything that the one before did not; to copy it is no answer.

    >>> is_fresh("So that nobody waits twice.", "so that nobody  waits twice")
    False
    """
    return bool(_bare(why)) and _bare(why) != _bare(before)


def _bare(words: str) -> str:
    return " ".join(re.findall(r"\w+", words.casefold()))
