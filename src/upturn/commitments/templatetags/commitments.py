"""Words for states, moves and verdicts."""

from datetime import date

from django import template
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from upturn.commitments.engine import Move, Side, State
from upturn.commitments.queries import Standing

register = template.Library()

MOVES: dict[str, Lazy | str] = {
    Move.PROMISE: gettext_lazy("Promise something"),
    Move.ASK_BACK: gettext_lazy("Ask back"),
    Move.REPLY: gettext_lazy("Answer their question"),
    Move.DECLINE: gettext_lazy("Say why not"),
    Move.INSIST: gettext_lazy("Ask once more"),
    Move.ACCEPT: gettext_lazy("That answers it"),
    Move.MOVE_DATE: gettext_lazy("Move the date"),
    Move.SAY_DONE: gettext_lazy("Say it is done"),
    Move.JUDGE: gettext_lazy("Is it better?"),
    Move.JUDGE_DAY_100: gettext_lazy("Is it better, on day 100?"),
    Move.ASK_AGAIN: gettext_lazy("Ask again"),
    Move.WITHDRAW: gettext_lazy("Take the ask back"),
    "thank": gettext_lazy("Thank them"),
}
DONE_SENTENCES: dict[Move, Lazy | str] = {
    Move.PROMISE: gettext_lazy("Promised. They see it now, with the sign they will notice."),
    Move.ASK_BACK: gettext_lazy("Your question is with them."),
    Move.REPLY: gettext_lazy("Answered. The ask is with them again."),
    Move.DECLINE: gettext_lazy("Your answer is with them. They can ask once more."),
    Move.INSIST: gettext_lazy("Asked once more."),
    Move.ACCEPT: gettext_lazy("Settled, with their answer."),
    Move.MOVE_DATE: gettext_lazy("The date is moved, and they know why."),
    Move.SAY_DONE: gettext_lazy("Said. Whether it is better, only they can say."),
    Move.JUDGE: gettext_lazy("Your verdict is with them. You are asked once more on day 100."),
    Move.JUDGE_DAY_100: gettext_lazy("Your verdict of day 100 is with them."),
    Move.ASK_AGAIN: gettext_lazy("Asked again. The old promise stays readable."),
    Move.WITHDRAW: gettext_lazy("Taken back."),
}
OUTCOME_WORDS = {
    "better": gettext_lazy("better"),
    "same": gettext_lazy("the same"),
    "worse": gettext_lazy("worse"),
    "other": gettext_lazy("another good thing"),
}
SPINE = ("ask", "promise", "done", "verdict")
REACHED = {
    State.ASKED: 1,
    State.ASKED_BACK: 0,
    State.DECLINED: 0,
    State.PROMISED: 2,
    State.DONE: 3,
    State.JUDGED: 3,
    State.SETTLED: 4,
    State.WITHDRAWN: 0,
}


@register.filter
def bare(sentence: str) -> str:
    """A sentence without its full stop, for use inside another."""
    return sentence.strip().removesuffix(".")


@register.filter
def move_words(move: str) -> Lazy | str:
    """A move as a button says it."""
    return MOVES[move]


@register.filter
def outcome_words(outcome: str) -> Lazy | str:
    """An outcome as people say it."""
    return OUTCOME_WORDS[outcome]


@register.simple_tag
def waiting(here: Standing) -> str:
    """What the ask waits for, in words; empty when nothing does."""
    if here.waits_for_you and here.days == 0:
        return _("waits for you since today")
    if here.waits_for_you:
        return ngettext("waits for you, %(n)d day", "waits for you, %(n)d days", here.days) % {
            "n": here.days
        }
    if Side.ASKING in here.waits_for:
        return _("waits for %(party)s") % {"party": here.served.name}
    if Side.SERVING in here.waits_for:
        return _("waits for %(party)s") % {"party": here.server.name}
    return ""


@register.simple_tag
def spine_steps(here: Standing) -> list[dict[str, object]]:
    """The four steps with their dates; the step that comes next is marked."""
    reached = REACHED[State(here.ask.state)]
    names = (_("Ask"), _("Promise"), _("Done"), _("Verdict"))
    return [
        {
            "name": name,
            "note": _note(here, SPINE[i], done=i < reached),
            "done": i < reached,
            "now": i == reached and bool(here.waits_for or here.ask.state == State.JUDGED),
            "due": i == reached and SPINE[i] in {"done", "verdict"},
            "theirs": not here.waits_for_you,
        }
        for i, name in enumerate(names)
    ]


def _note(here: Standing, step: str, *, done: bool) -> date | str | None:
    promise = here.promise
    if step == "ask":
        return here.ask.raised_on
    if promise is None or here.ask.state in {State.ASKED, State.ASKED_BACK, State.DECLINED}:
        return None
    if step == "promise":
        return promise.made_on
    if step == "done":
        return promise.done_on if done else promise.due_on
    if here.ask.state == State.JUDGED:
        return promise.day_100_on
    return here.verdicts[-1].given_on if here.verdicts else None
