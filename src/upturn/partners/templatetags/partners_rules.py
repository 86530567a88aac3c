"""Words for barriers, rules, cycles and the line of sight."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from django import template
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from upturn.graph import queries as graph
from upturn.partners.engine import (
    Barrier,
    CycleMove,
    CycleState,
    Difference,
    JargonKind,
    RuleMove,
    RuleState,
)
from upturn.partners.models.rules import BARRIERS
from upturn.partners.queries.watching import Watchable, watchable
from upturn.stats import Figure, Withheld
from upturn.voice.queries import Layer

if TYPE_CHECKING:
    from upturn.people.models import Person

register = template.Library()
BAR_STEP, BAR_WIDTH = 36, 360
Words = Mapping[str, Promise | str]

BARRIER_WORDS: Words = dict(BARRIERS)
MEANING: Words = {
    Barrier.STATUS_SYMBOLS: gettext_lazy(
        "Who parks, eats, sits or is greeted apart, although it serves no customer."
    ),
    Barrier.HIERARCHY: gettext_lazy(
        "A yes that has to climb, although those who see the customer could give it."
    ),
    Barrier.BUREAUCRACY: gettext_lazy("A form, a stamp or a report that nobody would miss."),
    Barrier.DEPARTMENTALISM: gettext_lazy("“That is not ours”, said to somebody who serves."),
    Barrier.TECHNICAL_ELITISM: gettext_lazy(
        "A system or an expert that those who serve have to work around."
    ),
    Barrier.LANGUAGE: gettext_lazy("Words from above that nobody says at the counter."),
}
BEGIN: Words = {
    Barrier.STATUS_SYMBOLS: gettext_lazy("What does a new colleague notice on the first day?"),
    Barrier.HIERARCHY: gettext_lazy("For what did somebody last have to ask upwards and wait?"),
    Barrier.BUREAUCRACY: gettext_lazy(
        "Which form would you stop filling in, if nobody asked for it for a month?"
    ),
    Barrier.DEPARTMENTALISM: gettext_lazy("Where was a customer, or you, last sent elsewhere?"),
    Barrier.TECHNICAL_ELITISM: gettext_lazy(
        "What do you write on paper because the system does not take it?"
    ),
    Barrier.LANGUAGE: gettext_lazy("Paste the last notice from above, and see which words stick."),
}
RULE_MOVES: Words = {
    RuleMove.QUESTION: gettext_lazy("Ask for it to go"),
    RuleMove.TAKE_BACK: gettext_lazy("Take the question back"),
    RuleMove.KEEP: gettext_lazy("Keep it, and say why"),
    RuleMove.RETIRE: gettext_lazy("Let it go"),
    RuleMove.BRING_BACK: gettext_lazy("Bring it back, and say why"),
}
RULE_DONE: Words = {
    RuleMove.QUESTION: gettext_lazy("Your question is with the team that keeps the rule."),
    RuleMove.TAKE_BACK: gettext_lazy("Taken back."),
    RuleMove.KEEP: gettext_lazy("Kept, with its new why and its new end."),
    RuleMove.RETIRE: gettext_lazy("Let go. It can be brought back from here."),
    RuleMove.BRING_BACK: gettext_lazy("It holds again, with its new why and its new end."),
}
RULE_STATES: Words = {
    RuleState.IN_FORCE: gettext_lazy("holds"),
    RuleState.QUESTIONED: gettext_lazy("holds, and is questioned"),
    RuleState.EXPIRED: gettext_lazy("has expired"),
    RuleState.RETIRED: gettext_lazy("was let go"),
}
CYCLE_MOVES: Words = {
    CycleMove.JOIN: gettext_lazy("Own it with them"),
    CycleMove.TRY: gettext_lazy("Say what you try"),
    CycleMove.MEASURE: gettext_lazy("Say what you look at"),
    CycleMove.TRY_AGAIN: gettext_lazy("Try once more"),
    CycleMove.KEEP: gettext_lazy("Keep it"),
    CycleMove.STOP: gettext_lazy("Stop, and say what was learned"),
    CycleMove.STEP_BACK: gettext_lazy("One step back"),
    CycleMove.OPEN_AGAIN: gettext_lazy("Open it again"),
}
CYCLE_DONE: Words = {
    CycleMove.JOIN: gettext_lazy("You own it with them. Next: what to try."),
    CycleMove.TRY: gettext_lazy("The trial runs."),
    CycleMove.MEASURE: gettext_lazy("Said. Only the team that raised it can keep it or stop it."),
    CycleMove.TRY_AGAIN: gettext_lazy("The next trial runs."),
    CycleMove.KEEP: gettext_lazy("Kept. It can be opened again from here."),
    CycleMove.STOP: gettext_lazy("Stopped, and what was learned stays readable."),
    CycleMove.STEP_BACK: gettext_lazy("One step back; nothing that was written is lost."),
    CycleMove.OPEN_AGAIN: gettext_lazy("Open again."),
}
CYCLE_STATES: Words = {
    CycleState.NOTICED: gettext_lazy("waits for a leader who owns it too"),
    CycleState.SHARED: gettext_lazy("waits for something to try"),
    CycleState.TRYING: gettext_lazy("is being tried"),
    CycleState.MEASURING: gettext_lazy("is being looked at"),
    CycleState.KEPT: gettext_lazy("is kept"),
    CycleState.STOPPED: gettext_lazy("was stopped"),
}
REACHED = {
    CycleState.NOTICED: 1,
    CycleState.SHARED: 1,
    CycleState.TRYING: 2,
    CycleState.MEASURING: 3,
    CycleState.KEPT: 4,
    CycleState.STOPPED: 1,
}
DIFFERENCES: Words = {
    Difference.NEARER: gettext_lazy("They see themselves nearer to a customer than the drawing."),
    Difference.FURTHER: gettext_lazy("They see themselves further away than the drawing."),
    Difference.NOT_KNOWN: gettext_lazy("Most of them cannot say whom their work reaches."),
    Difference.NO_PATH: gettext_lazy("They name a way to a customer; the drawing has none."),
    Difference.NONE_SEEN: gettext_lazy("No difference can be told."),
    Difference.CANNOT_TELL: gettext_lazy("Cannot tell: too few answers."),
}
JARGON: Words = {
    JargonKind.MANAGEMENT: gettext_lazy("a word of management"),
    JargonKind.ACRONYM: gettext_lazy("letters that a new colleague does not know"),
    JargonKind.LONG: gettext_lazy("a long word"),
}


@register.filter
def barrier_words(barrier: str) -> Promise | str:
    """A barrier as people say it."""
    return BARRIER_WORDS[barrier]


@register.filter
def barrier_meaning(barrier: str) -> Promise | str:
    """What a barrier looks like from the counter."""
    return MEANING[barrier]


@register.filter
def barrier_question(barrier: str) -> Promise | str:
    """A question that helps to find one where nobody has named any."""
    return BEGIN[barrier]


@register.filter
def rule_move(move: str) -> Promise | str:
    """A move of a rule as a button says it."""
    return RULE_MOVES[move]


@register.filter
def rule_state(state: str) -> Promise | str:
    """Where a rule stands, in words."""
    return RULE_STATES[state]


@register.filter
def cycle_move(move: str) -> Promise | str:
    """A move of a cycle as a button says it."""
    return CYCLE_MOVES[move]


@register.filter
def cycle_state(state: str) -> Promise | str:
    """Where a cycle stands, in words."""
    return CYCLE_STATES[state]


@register.filter
def difference_words(difference: str) -> Promise | str:
    """What may be said of two distances."""
    return DIFFERENCES[difference]


@register.filter
def jargon_why(kind: str) -> Promise | str:
    """Why a word is marked."""
    return JARGON[kind]


@register.filter
def cycle_steps(state: str) -> list[dict[str, object]]:
    """Notice, try, measure, keep: which are done, and which one comes."""
    reached, over = REACHED[CycleState(state)], state in {CycleState.KEPT, CycleState.STOPPED}
    names = (_("Notice"), _("Try"), _("Measure"), _("Keep"))
    return [
        {"name": name, "done": at < reached, "now": at == reached and not over}
        for at, name in enumerate(names)
    ]


@register.filter
def watch_name(of: Watchable) -> str:
    """What is watched, with whom it belongs to."""
    if of.point:
        return _("what customers say of %(point)s") % {"point": graph.full_name(of.point)}
    names = {"measure": of.measure, "party": graph.full_name(of.party) if of.party else ""}
    if of.other:
        names["other"] = graph.full_name(of.other)
        return _("%(measure)s, where %(party)s serves %(other)s") % names
    return _("%(measure)s of %(party)s") % names


def watch_choices(viewer: "Person", parties: Iterable[int | None]) -> list[tuple[str, str]]:
    """What somebody may choose to watch of these parties, with its name."""
    return [(each.key, watch_name(each)) for each in watchable(viewer, parties)]


@register.filter
def steps_words(steps: int | None) -> str:
    """A distance in words."""
    if steps is None:
        return _("no path to a customer")
    if steps == 1:
        return _("serves customers")
    return ngettext("%(n)d step", "%(n)d steps", steps) % {"n": steps}


@register.filter
def why_not(figure: Withheld) -> str:
    """Why a figure of this page is not shown."""
    names = {"got": figure.got, "needed": figure.needed}
    if figure.reason == "protected":
        return _("answered too much alike to be shown without telling who said what")
    if figure.reason == "too_few_cycles":
        sentence = ngettext(
            "%(got)d cycle, %(needed)d needed", "%(got)d cycles, %(needed)d needed", figure.got
        )
    else:
        sentence = ngettext(
            "%(got)d answer, %(needed)d needed", "%(got)d answers, %(needed)d needed", figure.got
        )
    return sentence % names


@register.filter
def in_percent(figure: Figure | Withheld) -> str:
    """A share with its range and n, or why it is not shown."""
    if isinstance(figure, Withheld):
        return why_not(figure)
    names = {"value": figure.value, "low": figure.low, "high": figure.high}
    shown = {name: number_format(round(100 * value)) for name, value in names.items()}
    return _("%(value)s %% (%(low)s–%(high)s %%, n %(n)s)") % {**shown, "n": figure.n}


@register.simple_tag
def heard_bars(layers: Iterable[Layer]) -> dict[str, object]:
    """Where the bars of a picture of readers stand; the widest layer fills it."""
    found = list(layers)
    most = max((layer.people for layer in found), default=1)
    rows = [_bar(at, layer, most) for at, layer in enumerate(found)]
    return {"rows": rows, "height": BAR_STEP * len(found)}


def _bar(at: int, layer: Layer, most: int) -> dict[str, object]:
    top = BAR_STEP * at
    place = {
        "name": steps_words(layer.steps),
        "text": top + 13,
        "top": top + 19,
        "middle": top + 24,
    }
    if isinstance(layer.readers, Withheld):
        return place | {"all": 0, "readers": 0}
    widths = (BAR_WIDTH * number / most for number in (layer.people, layer.readers))
    return place | dict(zip(("all", "readers"), (round(w, 1) for w in widths), strict=True))
