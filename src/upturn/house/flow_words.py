"""Sentences of the guided ways: where a step stands, and what to press."""

from collections.abc import Callable, Mapping

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from upturn.house.flow_steps import GapFacts, PlanningFacts

NAMES: Mapping[str, Promise] = {
    "asks": gettext_lazy("Into action"),
    "results": gettext_lazy("Results"),
    "day_100": gettext_lazy("Day 100"),
}
BUTTONS: Mapping[str, Promise] = {
    "question": gettext_lazy("Answer the question"),
    "group": gettext_lazy("Call the group together"),
    "day": gettext_lazy("Write the day down"),
    "lines": gettext_lazy("Go through the lines"),
    "targets": gettext_lazy("Set the targets"),
    "roll_out": gettext_lazy("Plan the roll-out"),
    "start": gettext_lazy("Start the plan"),
    "asks": gettext_lazy("Put a line into action"),
    "results": gettext_lazy("Read the results"),
    "day_100": gettext_lazy("Look at the whole plan"),
}
GAP_NAMES: Mapping[str, Promise] = {
    "instrument": gettext_lazy("What is asked"),
    "wave": gettext_lazy("The wave"),
    "answers": gettext_lazy("Answers in"),
    "gap": gettext_lazy("The gap"),
    "causes": gettext_lazy("What lies behind it"),
    "asks": gettext_lazy("Asks"),
    "promises": gettext_lazy("Promises"),
}
GAP_BUTTONS: Mapping[str, Promise] = {
    "instrument": gettext_lazy("Choose the questions"),
    "wave": gettext_lazy("Open a wave"),
    "answers": gettext_lazy("See how the wave runs"),
    "gap": gettext_lazy("See both sides"),
    "causes": gettext_lazy("Name a barrier"),
    "asks": gettext_lazy("Ask on an edge"),
    "promises": gettext_lazy("See the asks"),
}


def _acting(facts: PlanningFacts) -> str:
    n = facts.acting
    if not n:
        return _("Put the first lines to those who own them: they become asks and promises.")
    said = ngettext("%(n)d line went into action.", "%(n)d lines went into action.", n)
    return said % {"n": n}


def _results(facts: PlanningFacts) -> str:
    n = facts.readings
    if not n:
        return _("No result has been read yet. Each names the design that its data allow.")
    return ngettext("%(n)d reading stands.", "%(n)d readings stand.", n) % {"n": n}


def _day_100(facts: PlanningFacts) -> str:
    if facts.plan.state == "ended":
        return _("The plan has ended. What came of it stays to be read.")
    if facts.day_100 is None:
        return _("A hundred days after its start the whole plan is looked at again.")
    day = date_format(facts.day_100, "j F Y")
    return _("Day 100 is %(day)s: read the results again then, or end the plan before.") % {
        "day": day
    }


PLANNING_SENTENCES: Mapping[str, Callable[[PlanningFacts], str]] = {
    "asks": _acting,
    "results": _results,
    "day_100": _day_100,
}


def _asked(facts: GapFacts) -> str:
    if facts.wave:
        return _("Chosen; it stays as it was on the day the wave opened.")
    return _("Choose what both sides are asked: a pulse on edges, nine signs or six keys.")


def _wave(facts: GapFacts) -> str:
    if facts.wave:
        return _("Opened. Everybody was told what is kept and what is not.")
    return _("Open a wave: you see who answers with whom before anybody is asked.")


def _answers(facts: GapFacts) -> str:
    if facts.closed:
        return _("In and counted; the ballots are erased.")
    return _("Nothing is shown before the wave is closed and counted.")


def _side_by_side(n: int) -> str:
    said = ngettext(
        "%(n)d pair of answers stands side by side.",
        "%(n)d pairs of answers stand side by side.",
        n,
    )
    return said % {"n": n}


def _clearly(n: int) -> str:
    if not n:
        return _("None differs by more than chance.")
    said = ngettext("%(n)d clearly differs.", "%(n)d clearly differ.", n)
    return said % {"n": n}


def _gap(facts: GapFacts) -> str:
    if facts.compared:
        return f"{_side_by_side(facts.compared)} {_clearly(facts.apart)}"
    if facts.closed:
        return _("No gap can be shown: one side had too few answers. Ask more teams next time.")
    return _("Both sides beside each other, with their ranges, the widest gap first.")


def _causes(facts: GapFacts) -> str:
    n = facts.causes
    if n:
        said = ngettext(
            "%(n)d thing was named, tried, ruled or traced since the wave closed.",
            "%(n)d things were named, tried, ruled or traced since the wave closed.",
            n,
        )
        return said % {"n": n}
    return _("Look for what is in the way: a rule, a barrier, or a trace back from customers.")


def _asks(facts: GapFacts) -> str:
    n = facts.asked
    if n:
        return ngettext("%(n)d ask since then.", "%(n)d asks since then.", n) % {"n": n}
    return _("Say what would help, on the edge where the gap is.")


def _promises(facts: GapFacts) -> str:
    n = facts.promised
    if n:
        said = ngettext("%(n)d of them has a promise.", "%(n)d of them have a promise.", n)
        return said % {"n": n}
    return _("The serving side promises: what, who, by when, and the sign.")


GAP_SENTENCES: Mapping[str, Callable[[GapFacts], str]] = {
    "instrument": _asked,
    "wave": _wave,
    "answers": _answers,
    "gap": _gap,
    "causes": _causes,
    "asks": _asks,
    "promises": _promises,
}
