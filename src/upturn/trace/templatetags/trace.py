"""Sentences for what the engine found; it returns codes and numbers."""

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from upturn.trace.engine import Confidence

register = template.Library()

CONFIDENCES: dict[str, Promise | str] = {
    Confidence.TWO_AGREE: gettext_lazy("Two methods agree."),
    Confidence.ONE_ONLY: gettext_lazy("One method only, or both with a doubt."),
    Confidence.CANNOT_TELL: gettext_lazy("Cannot tell."),
}
REASONS: dict[str, Promise | str] = {
    "touchpoint_unmeasured": gettext_lazy(
        "Too few customers gave a score at this moment, week by week."
    ),
    "too_few_weeks": gettext_lazy("Too few weeks are known: a trace needs twelve."),
    "constant": gettext_lazy("The score never changed, so nothing can be followed."),
    "unit_changed": gettext_lazy(
        "The figures of this moment seem to be counted in another unit since some week."
    ),
    "no_fall": gettext_lazy("No fall stands out from what chance does."),
    "nobody_serves": gettext_lazy("Nobody is said to serve at this moment."),
    "nothing_measured": gettext_lazy(
        "Nobody who serves here, or serves them, has a weekly measure."
    ),
    "elsewhere": gettext_lazy("The likeliest change is at a party that does not serve here."),
    "disagree": gettext_lazy("The two methods name different parties."),
    "others_fit": gettext_lazy("Other parties hold a part of the evidence too."),
    "near_chance": gettext_lazy("The change found is not far enough beyond what chance does."),
    "also_fell": gettext_lazy(
        "More moments nearby fell in the same weeks, out of this path’s reach, than chance makes."
    ),
    "weak": gettext_lazy("What was found does not stand out clearly enough."),
    "suspect_unmeasured": gettext_lazy("The party that fits best has no weekly measure."),
    "common_factor": gettext_lazy(
        "It cannot be ruled out that most parties moved together in these weeks."
    ),
}
REMARKS: dict[str, Promise | str] = {
    "unit_changed": gettext_lazy("Counted in another unit since some week, it seems:"),
    "constant": gettext_lazy("Never changed, so it tells nothing:"),
    "gaps": gettext_lazy("Too many weeks without a figure:"),
    "ring": gettext_lazy("Serve each other in a ring, so that which came first is hard to say:"),
}
WANTED: dict[str, Promise | str] = {
    "first": gettext_lazy(
        "One figure it can count itself is enough, such as minutes, returns, or how well it says "
        "it is served."
    ),
    "fuller": gettext_lazy(
        "What it has misses too many weeks or cannot be read: the same figure every week, in one "
        "unit, is enough."
    ),
    "another": gettext_lazy(
        "It has one already, as have all who serve here; a second one, of something else it does, "
        "would tell a change from chance."
    ),
    "scores": gettext_lazy("More scores of customers, every week."),
}
FINDINGS: dict[str, Promise | str] = {
    "confirmed": gettext_lazy("confirmed"),
    "not_confirmed": gettext_lazy("not confirmed"),
    "cannot_tell": gettext_lazy("cannot tell: another good thing came of it"),
}


@register.filter
def confidence_words(confidence: str) -> Promise | str:
    """The class of a trace as a sentence."""
    return CONFIDENCES[confidence]


@register.filter
def reason_words(reason: str) -> Promise | str:
    """Why a trace says less than it would, as a sentence."""
    return REASONS[reason]


@register.filter
def remark_words(remark: str) -> Promise | str:
    """What is odd about a party's figures or place."""
    return REMARKS[remark]


@register.filter
def wanted_words(wanted: str | None) -> Promise | str:
    """Which measure of a party would help; traces of the first version did not say."""
    return WANTED[wanted or "first"]


@register.filter
def finding_words(finding: str) -> Promise | str:
    """What a verdict said of a trace."""
    return FINDINGS[finding]


@register.filter
def lag_words(weeks: int) -> str:
    """By how much a step comes before the one above."""
    if not weeks:
        return _("in the same week")
    return ngettext("%(n)d week earlier", "%(n)d weeks earlier", weeks) % {"n": weeks}


@register.filter
def per_cent(share: float) -> str:
    """A share in whole per cent."""
    if 0 <= share < 0.005:
        return _("less than 1 per cent")
    return _("%(n)d %%") % {"n": round(100 * share)}
