"""Words for the steps of a plan, for what is missing, and for why something was refused."""

from collections.abc import Callable
from datetime import date

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from upturn.plan.engine import (
    FUNCTIONS_NEEDED,
    MOMENTS_NEEDED,
    NotReady,
    OutsideTheDay,
    PlanFacts,
    Standing,
    Step,
    StepKey,
)
from upturn.plan.models import PlanState
from upturn.plan.queries.lines import LineHere
from upturn.plan.queries.plans import Head
from upturn.plan.queries.roadmap import PartyLoad

register = template.Library()
MONTH_WIDTH = 60

NAMES: dict[StepKey, Promise] = {
    StepKey.QUESTION: gettext_lazy("The question"),
    StepKey.GROUP: gettext_lazy("The group"),
    StepKey.DAY: gettext_lazy("The day"),
    StepKey.LINES: gettext_lazy("Be, do, have"),
    StepKey.TARGETS: gettext_lazy("Targets"),
    StepKey.ROLL_OUT: gettext_lazy("Roll-out"),
    StepKey.START: gettext_lazy("Start"),
}
MISSING: dict[str, Promise] = {
    "question": gettext_lazy("the answer to the question at its head"),
    "moments": gettext_lazy("a moment of the customer’s day"),
    "served_first": gettext_lazy("one HAVE of those who serve, with a provider"),
}
FORESEEN: dict[str, Promise] = {
    "functions": gettext_lazy(
        "Fewer than three functions made it: what the others see is not in it."
    ),
    "pairs": gettext_lazy(
        "No pair of outcomes is named: the result can only be “before and after: cannot tell”."
    ),
    "baselines": gettext_lazy(
        "A pair has no baseline yet: no target can stand on it, and no result can be read."
    ),
    "units": gettext_lazy(
        "No unit takes part: without some that begin later, a result shows before and after, "
        "and cannot tell why."
    ),
    "dates": gettext_lazy("Some units have no day on which they begin."),
}
WAITS: dict[str, Callable[[int], str]] = {
    "ask": lambda n: ngettext("to ask for %(n)d HAVE", "to ask for %(n)d HAVEs", n) % {"n": n},
    "answer": lambda n: ngettext("to answer %(n)d ask", "to answer %(n)d asks", n) % {"n": n},
    "promise": lambda n: ngettext("to keep %(n)d promise", "to keep %(n)d promises", n) % {"n": n},
    "reply": lambda n: ngettext("to reply on %(n)d ask", "to reply on %(n)d asks", n) % {"n": n},
    "verdict": lambda n: (
        ngettext("to say what became of %(n)d ask", "to say what became of %(n)d asks", n)
        % {"n": n}
    ),
}
ASKS: dict[str, Promise] = {
    "asked": gettext_lazy("asked, no promise yet"),
    "asked_back": gettext_lazy("they asked something back"),
    "declined": gettext_lazy("they said no, and why"),
    "promised": gettext_lazy("promised"),
    "done": gettext_lazy("done, they say; only you can say whether it is better"),
    "judged": gettext_lazy("judged; asked once more on day 100"),
    "settled": gettext_lazy("settled"),
    "withdrawn": gettext_lazy("withdrawn"),
}


@register.filter
def step_name(step: Step) -> Promise:
    """What a step is called."""
    return NAMES[step.key]


@register.simple_tag
def step_address(step: Step, ref: str) -> str:
    """Where a step is made; the plan's own page for one that has none."""
    for view in (f"plan:{step.key}", "plan:plan"):
        try:
            return reverse(view, args=[ref])
        except NoReverseMatch:
            continue
    return ""


@register.filter
def step_mark(step: Step, head: Head) -> str:
    """Class under which a step is drawn.

    What is for now waits for those who may edit; once a plan is in action, no step waits any more.
    """
    if step.standing is Standing.NOW and head.facts.state == PlanState.DRAFT:
        return "now" if head.may_edit else "now theirs"
    return "done" if step.standing is Standing.DONE else ""


@register.simple_tag
def step_sentence(step: Step, facts: PlanFacts) -> str:
    """Where a step stands, in one sentence."""
    return SENTENCES[step.key](facts, step.open)


def _question(_facts: PlanFacts, missing: tuple[str, ...]) -> str:
    if missing:
        return _("Say whom you serve first, and how, so that they can serve.")
    return _("Answered.")


def _group(facts: PlanFacts, missing: tuple[str, ...]) -> str:
    n = facts.functions
    if missing:
        few = ngettext("%(n)d function is here", "%(n)d functions are here", n) % {"n": n}
        return _("%(few)s; a plan needs %(needed)d to see all sides.") % {
            "few": few,
            "needed": FUNCTIONS_NEEDED,
        }
    return ngettext("%(n)d function makes it.", "%(n)d functions make it.", n) % {"n": n}


def _day(facts: PlanFacts, missing: tuple[str, ...]) -> str:
    n = facts.moments
    if "moments" in missing:
        few = ngettext("%(n)d moment stands", "%(n)d moments stand", n) % {"n": n}
        return _("%(few)s; a day has %(needed)d at least.") % {
            "few": few,
            "needed": MOMENTS_NEEDED,
        }
    if "unmet" in missing:
        return ngettext(
            "At %(n)d moment nobody meets the customer.",
            "At %(n)d moments nobody meets the customer.",
            facts.unmet,
        ) % {"n": facts.unmet}
    return ngettext("%(n)d moment, and who is there.", "%(n)d moments, and who is there.", n) % {
        "n": n
    }


def _lines(facts: PlanFacts, missing: tuple[str, ...]) -> str:
    if "haves" in missing:
        return _("Begin with what those have who serve: one HAVE, and who gives it.")
    if "served_first" in missing:
        return _("No HAVE has a provider yet: name who gives one of them.")
    if missing:
        return _("What those who serve have is said; now what they do and are.")
    lines = facts.haves + facts.promises
    return ngettext("%(n)d line.", "%(n)d lines.", lines) % {"n": lines}


def _targets(facts: PlanFacts, missing: tuple[str, ...]) -> str:
    if "pairs" in missing:
        return _("Name a pair: what customers say, and what those say who serve.")
    if missing:
        return _("A pair waits for its baseline.")
    n = facts.pairs
    return ngettext("%(n)d pair with its baseline.", "%(n)d pairs with their baselines.", n) % {
        "n": n
    }


def _roll_out(facts: PlanFacts, missing: tuple[str, ...]) -> str:
    if "units" in missing:
        return _("Say which houses or teams take part, and in how many steps.")
    if missing:
        return _("Some units have no day on which they begin.")
    return ngettext("%(n)d unit has its day.", "%(n)d units have their day.", facts.units) % {
        "n": facts.units
    }


def _start(facts: PlanFacts, missing: tuple[str, ...]) -> str:
    if missing:
        return _("Put it into action when the rest stands.")
    return str(_("It has ended.") if facts.state == "ended" else _("In action."))


SENTENCES: dict[StepKey, Callable[[PlanFacts, tuple[str, ...]], str]] = {
    StepKey.QUESTION: _question,
    StepKey.GROUP: _group,
    StepKey.DAY: _day,
    StepKey.LINES: _lines,
    StepKey.TARGETS: _targets,
    StepKey.ROLL_OUT: _roll_out,
    StepKey.START: _start,
}


@register.filter
def missing_words(code: str) -> Promise:
    """What keeps a plan from starting."""
    return MISSING[code]


@register.filter
def foreseen_words(code: str) -> Promise:
    """What the result of a plan will lack."""
    return FORESEEN[code]


@register.filter
def waits_words(what: str, count: int) -> str:
    """For what lines wait."""
    return WAITS[what](count)


@register.filter
def state_words(state: str) -> str | Promise:
    """How a plan stands."""
    return PlanState(state).label


@register.filter
def ask_words(state: str) -> Promise:
    """How the ask of a line stands."""
    return ASKS[state]


@register.filter
def load_words(load: PartyLoad) -> str:
    """How many lines a party carries, and how many more fit (S2.21)."""
    carries = ngettext("%(n)d line in action.", "%(n)d lines in action.", load.active) % {
        "n": load.active
    }
    if not load.fits:
        return carries + " " + _("One more needs a reason that they can read.")
    fits = ngettext("%(n)d more fits.", "%(n)d more fit.", load.fits) % {"n": load.fits}
    return f"{carries} {fits}"


@register.simple_tag
def month_bar(line: LineHere, months: tuple[date, ...]) -> dict[str, int]:
    """From where to where a line reaches on the scale of months, in units of the picture."""
    begins, ends = (_along(day or months[0], months[0]) for day in (line.active_on, line.due_on))
    return {"x": begins, "width": max(4, ends - begins), "whole": len(months) * MONTH_WIDTH}


@register.filter
def month_at(number: int) -> int:
    """Where a month begins on the scale."""
    return number * MONTH_WIDTH


def _along(day: date, first: date) -> int:
    months = (day.year - first.year) * 12 + day.month - first.month
    return round((months + (day.day - 1) / 31) * MONTH_WIDTH)


def in_words(error: Exception) -> str:
    """Why something was refused, and what helps, in the reader's language."""
    if isinstance(error, OutsideTheDay):
        at = f"{error.at // 60 % 24:02}:{error.at % 60:02}"
        return _(
            "A moment at %(at)s would lie outside the day. Move it first, or keep the day longer."
        ) % {"at": at}
    if isinstance(error, NotReady):
        missing = ", ".join(str(MISSING[code]) for code in error.missing)
        return _("The plan cannot start yet. Missing: %(missing)s.") % {"missing": missing}
    if isinstance(error, ValueError) and type(error) is ValueError:
        return _("The form is incomplete. Open it again; your words are kept.")
    return str(error)
