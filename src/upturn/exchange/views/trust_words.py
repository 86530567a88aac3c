"""Words of the ladder's rungs, of the grades of a report, and of what the guard stopped."""

from collections import Counter
from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from upturn.exchange.engine import Breach, Rung
from upturn.exchange.engine.guard import shipped_rules

Said = str | Promise
RUNGS: Mapping[Rung, tuple[Said, Said]] = {
    Rung.JOINT_PLAN: (_("Plan together"), _("A part in a plan, which is your own promise alone.")),
    Rung.SHARE_BAND: (
        _("Share in a benchmark"),
        _("Figures in sealed ballots; bands come out, your place stays with you."),
    ),
    Rung.SHARE_PRACTICE: (
        _("Share practice"),
        _("Answer questions, write practice cards, try those of others, talk in pairs."),
    ),
    Rung.LISTEN: (
        _("Listen"),
        _("Read, tap “us too”, dissent, press the brakes, leave. Always open."),
    ),
}
"""The highest first, as a ladder stands."""
GRADES: Mapping[Breach, tuple[Said, Said]] = {
    Breach.REPORTED: (_("waits for an answer"), _("Report it")),
    Breach.REMINDED: (_("a word was said"), _("Have a word")),
    Breach.TALKED: (_("it was talked over"), _("Talk it over")),
    Breach.PAUSED: (_("the company pauses"), _("Let it pause")),
    Breach.PARTED: (_("parted"), _("Part with it")),
    Breach.NONE: (_("settled"), _("It was none, or is settled")),
}
"""How a report stands, and the button that brings it there."""


def stopped_in_words(counts: Mapping[str, int]) -> tuple[tuple[Said, int], ...]:
    """Give the guard's lines with how often each stopped; rules of one line count as one."""
    known = shipped_rules().by_id
    said: Counter[str] = Counter()
    for rule, times in counts.items():
        said[known[rule].line if rule in known else rule] += times
    return tuple((_(line), times) for line, times in sorted(said.items()))
