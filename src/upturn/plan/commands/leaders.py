"""Answering the two questions of a month, and what the team makes of the answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from upturn.plan.commands.allowed import checked
from upturn.plan.engine import InAction, Incomplete, NotYours, Overtaken
from upturn.plan.models import LeaderWord, Question, WordState
from upturn.plan.queries.leaders import led, month_of, team_of
from upturn.record import journal, outbox
from upturn.record.keys import ref_of

if TYPE_CHECKING:
    from upturn.people.models import Person

ANSWER_MAX = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What those who lead a party answer this month.

    ``turn`` is that of the answer which was read, -1 where none stood there yet.
    """

    party_id: int
    question: str
    words: str
    turn: int = -1


@transaction.atomic
def say(viewer: "Person", answer: Answer, *, today: date) -> LeaderWord:
    """Answer a question of this month for the party one leads, or put the answer better.

    Raises
    ------
    NotYours
        If the viewer does not lead the party.
    Incomplete
        If there are no words, or no such question.
    InAction
        If the team has answered: then both stand as they are.
    Overtaken
        If another who leads the party answered meanwhile.
    """
    if answer.party_id not in led(viewer):
        raise NotYours(_("Those who lead a team answer. Here you may say what the team thinks."))
    if answer.question not in Question.values:
        raise Incomplete(_("There is no such question. Open the page again."))
    words = checked(answer.words, what=_("your answer"), most=ANSWER_MAX)
    month = month_of(today)
    at = {"party_id": answer.party_id, "question": answer.question, "month": month}
    ref = ref_of(f"leading {answer.party_id} {answer.question} {month}")
    fresh = {"ref": ref, "words": words, "said_on": today}
    word, new = LeaderWord.objects.select_for_update().get_or_create(**at, defaults=fresh)
    if not new and word.words != words:
        if word.state != WordState.SAID:
            raise InAction(_("The team has answered, so your words stand. Next month is new."))
        _take_turn(word, turn=answer.turn, changes={"words": words, "said_on": today}, yours=words)
    elif not new:
        return word
    _told(word, "answer question", actor_id=viewer.pk)
    return word


@transaction.atomic
def confirm(viewer: "Person", ref: str, *, turn: int, today: date) -> LeaderWord:
    """Say for the team that it is so.

    Raises
    ------
    NotYours, Overtaken
        If it is not for the viewer's team to say, or somebody was faster.
    """
    word = _of_team(viewer, ref)
    if word.state == WordState.CONFIRMED:
        return word
    changes = {"state": WordState.CONFIRMED, "team_words": "", "answered_on": today}
    _take_turn(word, turn=turn, changes=changes, yours=word.words)
    _told(word, "confirm answer")
    return word


@transaction.atomic
def put_otherwise(viewer: "Person", ref: str, *, words: str, turn: int, today: date) -> LeaderWord:
    """Say for the team how it is; the leaders' own words stay beside it.

    Raises
    ------
    NotYours, Incomplete, Overtaken
        If it is not for the viewer's team to say, nothing is said, or somebody was faster.
    """
    word = _of_team(viewer, ref)
    team_words = checked(words, what=_("how the team puts it"), most=ANSWER_MAX)
    if team_words == word.team_words:
        return word
    changes = {"state": WordState.EDITED, "team_words": team_words, "answered_on": today}
    _take_turn(word, turn=turn, changes=changes, yours=team_words)
    _told(word, "edit answer")
    return word


def _of_team(viewer: "Person", ref: str) -> LeaderWord:
    word = LeaderWord.objects.select_for_update().filter(ref=ref).first()
    if word is None or word.party_id not in team_of(viewer):
        raise NotYours(_("There is no such answer, or it is not for your team to say."))
    return word


def _take_turn(word: LeaderWord, *, turn: int, changes: Mapping[str, object], yours: str) -> None:
    rows = LeaderWord.objects.filter(pk=word.pk, turn=turn)
    if not rows.update(**changes, turn=turn + 1):
        raise Overtaken(
            _("Somebody changed it since you read it. Both stand here, and nothing is lost."),
            stands={"words": word.words, "team_words": word.team_words, "turn": word.turn},
            yours={"words": yours},
        )
    word.refresh_from_db()


def _told(word: LeaderWord, verb: str, *, actor_id: int | None = None) -> None:
    """Of a team's answer the journal names nobody: it speaks for all of them."""
    journal.write(verb, subject_kind="leading", subject_ref=word.ref, actor_id=actor_id)
    outbox.publish(f"party:{word.party_id}", kind="leading", ref=word.ref)
