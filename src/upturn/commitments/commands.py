"""Writes on the spine. Each is one transaction with its journal entry and its outbox rows."""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from upturn.commitments.engine import (
    MissingPart,
    Moment,
    Move,
    MoveRefused,
    Outcome,
    Overtaken,
    RaisedAs,
    Side,
    State,
    after,
    day_100,
)
from upturn.commitments.models import Ask, Line, Promise, Thanks, Verdict
from upturn.commitments.queries import (
    Promised,
    dates_of,
    may_raise,
    promise_of,
    sides_of,
    standing,
    ticket_hash,
)
from upturn.record import journal, outbox
from upturn.record.keys import ref_of

if TYPE_CHECKING:
    from upturn.graph.models import Serves, Touchpoint
    from upturn.people.models import Person

WORDS_MAX = 2_000
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE = re.compile(rf"[{LETTERS}]{{5}}(-[{LETTERS}]{{5}}){{3}}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What comes with a move; which parts are needed, ``NEEDED`` says.

    ``turn`` is the ask's turn when it was read, so that of two people who move it one wins.
    """

    turn: int
    words: str = ""
    what: str = ""
    who: str = ""
    sign: str = ""
    due_on: date | None = None
    outcome: Outcome | None = None


NEEDED: dict[Move, tuple[str, ...]] = {
    Move.PROMISE: ("what", "who", "due_on", "sign"),
    Move.ASK_BACK: ("words",),
    Move.REPLY: ("words",),
    Move.DECLINE: ("words",),
    Move.INSIST: ("words",),
    Move.MOVE_DATE: ("due_on", "words"),
    Move.JUDGE: ("outcome",),
    Move.JUDGE_DAY_100: ("outcome",),
    Move.ASK_AGAIN: ("words",),
}


def check_raise(viewer: "Person", *, edge: "Serves", words: str) -> None:
    """Raise MoveRefused or MissingPart when ``viewer`` cannot ask this."""
    if not may_raise(viewer, edge):
        raise MoveRefused(_("Only %(party)s can ask here.") % {"party": edge.served})
    if not words.strip():
        raise MissingPart(_("An ask needs words: what would help you serve?"))
    if len(words) > WORDS_MAX:
        raise MissingPart(_("An ask ends at %(most)d characters.") % {"most": WORDS_MAX})


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An ask before it is raised.

    ``code`` is drawn when the form opens: a second tap finds the first ask by it, and with a
    ticket it is the ticket.
    """

    words: str
    raised_as: RaisedAs
    code: str
    touchpoint: "Touchpoint | None" = None
    because: str = ""


def draw_code() -> str:
    """A code of 100 random bits in four groups, without letters that are easily misread."""
    groups = ("".join(secrets.choice(LETTERS) for _i in range(5)) for _g in range(4))
    return "-".join(groups)


@transaction.atomic
def raise_ask(viewer: "Person", *, edge: "Serves", draft: Draft, today: date) -> Ask:
    """Store an ask, or find it if this draft was sent before."""
    check_raise(viewer, edge=edge, words=draft.words)
    if not CODE.fullmatch(draft.code):
        raise MissingPart(_("The form is incomplete. Open it again; your words are kept."))
    ticket = draft.raised_as == RaisedAs.TICKET
    ref = ref_of(f"ask {draft.code}")
    ask, new = Ask.objects.get_or_create(
        ref=ref,
        defaults={
            "edge": edge,
            "touchpoint": None if ticket else draft.touchpoint,
            "words": draft.words.strip(),
            "because": draft.because,
            "raised_as": draft.raised_as,
            "raised_by": None if ticket else viewer,
            "ticket_hash": ticket_hash(draft.code) if ticket else "",
            "raised_on": today,
            "acts_on": today,
        },
    )
    if new:
        _record(ask, "raise", by=None if ticket else viewer, edge=edge)
    return ask


def check_content(move: Move, content: Content) -> None:
    """Raise MissingPart naming the first part that ``move`` cannot do without."""
    missing = [part for part in NEEDED.get(move, ()) if not getattr(content, part)]
    if missing:
        names = {
            "what": _("what you will do"),
            "who": _("who does it"),
            "due_on": _("by when"),
            "sign": _("the sign by which they will notice"),
            "words": _("your words"),
            "outcome": _("what you noticed"),
        }
        raise MissingPart(_("Missing: %(part)s.") % {"part": names[missing[0]]})


@transaction.atomic
def take(
    viewer: "Person | None",
    ask: Ask,
    *,
    move: Move,
    content: Content,
    today: date,
    code: str = "",
) -> Ask:
    """Make one move, or refuse it and store nothing.

    Raises
    ------
    Overtaken
        If somebody moved the ask since it was read.
    MoveRefused, MissingPart
        If the move is closed or incomplete.
    """
    promise, sides = promise_of(ask), sides_of(viewer, ask, code=code)
    if ask.turn != content.turn:
        raise _overtaken(ask)
    new = after(State(ask.state), move=move, sides=sides, dates=dates_of(promise), today=today)
    check_content(move, content)
    if move in {Move.PROMISE, Move.MOVE_DATE} and content.due_on and content.due_on < today:
        raise MissingPart(_("The date lies in the past. Choose today or later."))
    moved = Ask.objects.filter(pk=ask.pk, turn=content.turn).update(
        state=new, turn=content.turn + 1
    )
    if not moved:
        raise _overtaken(Ask.objects.get(pk=ask.pk))
    acts_on = WRITES.get(move, _keep_talk)(ask, promise, content, today)
    Ask.objects.filter(pk=ask.pk).update(acts_on=acts_on)
    if content.words:
        Line.objects.create(
            ask=ask, turn=content.turn, move=move, words=content.words, said_on=today
        )
    by_ticket = ask.raised_as == RaisedAs.TICKET and Side.ASKING in sides
    _record(ask, move, by=None if by_ticket else viewer, edge=ask.edge)
    ask.refresh_from_db()
    return ask


def _overtaken(ask: Ask) -> Overtaken:
    return Overtaken(
        _("Somebody was faster: this ask is now “%(state)s”. Nothing of yours was stored.")
        % {"state": _(ask.state)}
    )


T = TypeVar("T")


def _there(part: T | None) -> T:
    """Narrow what the table of steps and ``check_content`` have made sure of."""
    if part is None:
        raise MissingPart(_("Something is missing. Nothing of yours was stored."))
    return part


def _promise(ask: Ask, _old: Promised | None, content: Content, today: date) -> date | None:
    Promise.objects.create(
        ask=ask,
        turn=content.turn,
        what=content.what.strip(),
        who=content.who.strip(),
        sign=content.sign.strip(),
        made_on=today,
        due_on=_there(content.due_on),
        day_100_on=day_100(today),
    )
    return content.due_on


def _move_date(_ask: Ask, promise: Promised | None, content: Content, _today: date) -> date | None:
    Promise.objects.filter(pk=_there(promise).pk).update(due_on=content.due_on)
    return content.due_on


def _say_done(_ask: Ask, promise: Promised | None, _content: Content, today: date) -> date | None:
    Promise.objects.filter(pk=_there(promise).pk).update(done_on=today)
    return today


def _judge(_ask: Ask, promise: Promised | None, content: Content, today: date) -> date | None:
    _verdict(promise, Moment.DUE, content, today)
    return _there(promise).day_100_on


def _judge_day_100(_ask: Ask, promise: Promised | None, content: Content, today: date) -> None:
    _verdict(promise, Moment.DAY_100, content, today)


def _verdict(promise: Promised | None, moment: Moment, content: Content, today: date) -> None:
    Verdict.objects.create(
        promise_id=_there(promise).pk,
        moment=moment,
        outcome=_there(content.outcome),
        words=content.words,
        given_on=today,
    )


def _keep_talk(_ask: Ask, _promise: Promised | None, _content: Content, today: date) -> date | None:
    return today


def _end(_ask: Ask, _promise: Promised | None, _content: Content, _today: date) -> None:
    return None


Write = Callable[[Ask, Promised | None, Content, date], date | None]
WRITES: dict[Move, Write] = {
    Move.PROMISE: _promise,
    Move.MOVE_DATE: _move_date,
    Move.SAY_DONE: _say_done,
    Move.JUDGE: _judge,
    Move.JUDGE_DAY_100: _judge_day_100,
    Move.ACCEPT: _end,
    Move.WITHDRAW: _end,
}


@transaction.atomic
def thank(viewer: "Person | None", ask: Ask, *, words: str, today: date, code: str = "") -> Thanks:
    """Thank the serving side for a promise that the asking side found kept."""
    here = standing(viewer, ask, today=today, code=code)
    if here.promise is None or not here.kept or Side.ASKING not in here.sides:
        raise MoveRefused(_("Thanks belong to a promise that the asking side found kept."))
    if not words.strip():
        raise MissingPart(_("Thanks need words."))
    thanks, _new = Thanks.objects.get_or_create(
        promise_id=here.promise.pk, defaults={"words": words.strip(), "given_on": today}
    )
    ticket = ask.raised_as == RaisedAs.TICKET
    _record(ask, "thank", by=None if ticket else viewer, edge=ask.edge)
    return thanks


def _record(ask: Ask, verb: str, *, by: "Person | None", edge: "Serves") -> None:
    actor_id = by.pk if by else None
    journal.write(verb, subject_kind="ask", subject_ref=ask.ref, actor_id=actor_id)
    if by is None:
        return  # the place of an event between signed ones would tell when a ticket was used
    for party_id in (edge.server_id, edge.served_id):
        outbox.publish(f"party:{party_id}", kind="ask", ref=ask.ref)
