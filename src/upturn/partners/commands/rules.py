"""Writes of the register of rules, each one transaction with its journal entry."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from upturn.graph import queries as graph
from upturn.partners.commands.watches import watched
from upturn.partners.engine import (
    RULE_MOVES,
    Incomplete,
    Overtaken,
    RuleMove,
    RuleState,
    is_fresh,
    state_on,
)
from upturn.partners.engine.rules import LONGEST, UNEXPLAINED
from upturn.partners.models import Rule, RuleLine
from upturn.partners.queries.rules import may_see_rules, rule_sides
from upturn.people import queries as people
from upturn.record import journal, outbox
from upturn.record.keys import ref_of

if TYPE_CHECKING:
    from upturn.people.models import Person

WORDS_MAX = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleDraft:
    """A rule before it is written down; a second tap finds the first one by ``code``."""

    words: str
    keeper_id: int
    code: str
    why: str = ""
    barrier: str = ""
    for_whom_id: int | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleContent:
    """What comes with a move; ``turn`` is the rule's when it was read."""

    turn: int
    words: str = ""
    ends_on: date | None = None
    watch: str = ""
    watch_weeks: int = 0
    unnamed: bool = False


def check_rule(viewer: "Person", draft: RuleDraft, *, today: date) -> None:
    """Raise Incomplete when this cannot be written down."""
    if not may_see_rules(viewer) or draft.keeper_id not in graph.visible_parties(viewer):
        raise Incomplete(_("Rules are written down by those who work with them here."))
    _check_words(draft.words, _("A rule needs words: what must people do, or not do?"))
    if not people.head_count(draft.keeper_id):
        raise Incomplete(
            _("Nobody belongs to this party who could answer. Name the team that keeps the rule.")
        )
    ours = draft.keeper_id in people.parties_of(viewer)
    if ours and not draft.why.strip():
        raise Incomplete(_("A rule of your own team needs a why: whom does it serve, and how?"))
    if ours or draft.ends_on:
        _check_end(draft.ends_on, today=today)


def _check_words(words: str, missing: str) -> None:
    if not words.strip():
        raise Incomplete(missing)
    if len(words) > WORDS_MAX:
        raise Incomplete(_("This ends at %(most)d characters.") % {"most": WORDS_MAX})


def _check_end(ends_on: date | None, *, today: date) -> None:
    if ends_on is None or not today < ends_on <= today + LONGEST:
        last = today + LONGEST
        raise Incomplete(
            _("A rule ends on a day after today and by %(last)s; it can be kept anew then.")
            % {"last": f"{last:%Y-%m-%d}"}
        )


@transaction.atomic
def write_rule(viewer: "Person", draft: RuleDraft, *, today: date) -> Rule:
    """Write a rule down, or find it if this draft was sent before.

    A rule of others may lack its why; they have three months to give one, or it expires.
    """
    check_rule(viewer, draft, today=today)
    ref = ref_of(f"rule {draft.code}")
    rule, new = Rule.objects.get_or_create(
        ref=ref,
        defaults={
            "words": draft.words.strip(),
            "why": draft.why.strip(),
            "barrier": draft.barrier,
            "keeper_id": draft.keeper_id,
            "for_whom_id": draft.for_whom_id,
            "made_on": today,
            "ends_on": draft.ends_on or today + UNEXPLAINED,
        },
    )
    if new:
        _record(rule, "write rule", by=viewer)
    return rule


@transaction.atomic
def move_rule(
    viewer: "Person", rule: Rule, *, move: RuleMove, content: RuleContent, today: date
) -> Rule:
    """Make one move, or refuse it and store nothing.

    Raises
    ------
    Overtaken
        If somebody moved the rule since it was read.
    MoveClosed, Incomplete
        If the move is not open to the viewer, or lacks a part.
    """
    before = state_on(RuleState(rule.state), ends_on=rule.ends_on, today=today)
    sides = rule_sides(viewer, rule)
    if rule.turn != content.turn:
        raise _overtaken()
    after = RULE_MOVES.after(before, move=move, sides=sides)
    changes = {"state": after, "turn": content.turn + 1}
    changes |= CHANGES[move](viewer, rule, content, today)
    if not Rule.objects.filter(pk=rule.pk, turn=content.turn).update(**changes):
        raise _overtaken()
    if content.words.strip():
        words = content.words.strip()
        RuleLine.objects.create(rule=rule, turn=content.turn, move=move, words=words, said_on=today)
    unnamed = move == RuleMove.QUESTION and content.unnamed
    _record(rule, f"{move.replace('_', ' ')} rule", by=None if unnamed else viewer)
    rule.refresh_from_db()
    return rule


def _overtaken() -> Overtaken:
    return Overtaken(_("Somebody was faster: look at the rule again. Nothing of yours was stored."))


Changes = dict[str, object]


def _question(viewer: "Person", _rule: Rule, content: RuleContent, _today: date) -> Changes:
    _check_words(content.words, _("Say why it should go: whom does it keep from serving?"))
    return {"questioned_by": None if content.unnamed else viewer}


def _take_back(_viewer: "Person", _rule: Rule, _content: RuleContent, _today: date) -> Changes:
    return {"questioned_by": None}


def _keep(_viewer: "Person", rule: Rule, content: RuleContent, today: date) -> Changes:
    _check_words(content.words, _("To keep a rule, say why it is needed now."))
    if not is_fresh(content.words, rule.why):
        raise Incomplete(
            _("This is the why of before. To keep a rule, say why it is needed now, in new words.")
        )
    _check_end(content.ends_on, today=today)
    return {
        "why": content.words.strip(),
        "ends_on": content.ends_on,
        "questioned_by": None,
        "retired_on": None,
        "watch": "",
        "watch_weeks": 0,
    }


def _retire(_viewer: "Person", _rule: Rule, content: RuleContent, today: date) -> Changes:
    return {
        "questioned_by": None,
        "retired_on": today,
        **watched(content.watch, weeks=content.watch_weeks),
    }


CHANGES: dict[RuleMove, Callable[["Person", Rule, RuleContent, date], Changes]] = {
    RuleMove.QUESTION: _question,
    RuleMove.TAKE_BACK: _take_back,
    RuleMove.KEEP: _keep,
    RuleMove.BRING_BACK: _keep,
    RuleMove.RETIRE: _retire,
}


def usual_end(today: date) -> date:
    """When a rule ends if nobody says otherwise: half a year on."""
    return today + timedelta(weeks=26)


def _record(rule: Rule, verb: str, *, by: "Person | None") -> None:
    journal.write(verb, subject_kind="rule", subject_ref=rule.ref, actor_id=by.pk if by else None)
    if by is not None:  # an event between signed ones would tell when a nameless question came
        outbox.publish(f"party:{rule.keeper_id}", kind="rule", ref=rule.ref)
