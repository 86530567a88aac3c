"""Sentences for what the planner says to somebody in one seat."""

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upturn.floor.engine.lab.advising import Advice
from upturn.floor.engine.rounds import Why
from upturn.floor.templatetags.floor_words import in_words

register = template.Library()
STEP_S = 0.5
"""Less walking than this is none."""

REASONS: dict[Why, str | Promise] = {
    Why.OWN_URGENT: gettext_lazy("It is at your own table, and late or about to be."),
    Why.OWN: gettext_lazy(
        "It is at your own table, and beginning there keeps guests waiting least, as far as the "
        "planner can see."
    ),
    Why.ANYBODYS: gettext_lazy("It is nobody’s table alone, and you are well placed for it."),
    Why.ON_THE_WAY: gettext_lazy("It is a neighbour’s table, and on your way."),
    Why.DETOUR: gettext_lazy("It is a neighbour’s table, and worth a detour."),
}


@register.filter
def reason(advice: Advice) -> str:
    """Why the planner would go there, in a sentence."""
    return str(REASONS[advice.why]) if advice.why else ""


@register.filter
def extra(advice: Advice) -> str:
    """What the stop costs in walking."""
    if advice.extra_s < STEP_S:
        return _("It costs no extra walking.")
    seconds = {"extra": in_words(max(1.0, advice.extra_s))}
    if advice.fetch:
        return _("Going by the station costs %(extra)s of extra walking.") % seconds
    return _("It costs %(extra)s of extra walking.") % seconds


@register.filter
def taking(advice: Advice) -> str:
    """What to take along, and for how many needs."""
    if not advice.take:
        return ""
    each = _("%(item)s (for %(needs)d)")
    items = ", ".join(each % {"item": item, "needs": n} for item, n in advice.take.items())
    return _("Take along: %(items)s.") % {"items": items}
