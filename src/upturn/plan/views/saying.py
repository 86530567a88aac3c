"""What a page says after a change: what was done with the way back, or why it was refused."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upturn.plan.engine import NotYours, OutsideTheDay, Overtaken, PlanError
from upturn.plan.templatetags.plan_day import clock
from upturn.plan.views.door import KEY_MAX

TYPED = (
    "at",
    "name",
    "wants",
    "serve_first",
    "words",
    "where",
    "source",
    "first_who",
    "second_who",
)
DONE: dict[str, Promise] = {
    "begun": gettext_lazy("The day has begun. Change what is not so with you."),
    "added": gettext_lazy("It is on the day."),
    "moved": gettext_lazy("Moved."),
    "lengthened": gettext_lazy("The day is longer, and the moment is on it."),
    "kept": gettext_lazy("Kept."),
    "dropped": gettext_lazy("Taken out."),
    "line": gettext_lazy("The line stands."),
    "line_dropped": gettext_lazy("The line is out."),
    "parties": gettext_lazy("Kept, who meets the customer here."),
    "protected": gettext_lazy("Protected. Whoever touches it is asked why."),
    "open": gettext_lazy("It may be changed again."),
    "undone": gettext_lazy("Undone."),
}


@dataclass(frozen=True, slots=True)
class Done:
    """What was done; ``key`` undoes it, empty where nothing can be undone."""

    words: Promise
    key: str


def done(request: HttpRequest, *, did: str = "", key: str = "") -> Done | None:
    """What the page says was done, from the address it was sent to."""
    did = did or request.GET.get("did", "")
    key = key or request.GET.get("key", "")[:KEY_MAX]
    return Done(DONE[did], "" if did == "undone" else key) if did in DONE else None


def refusal(error: PlanError) -> str:
    """Why something was refused, and what helps."""
    if isinstance(error, OutsideTheDay):
        return _(
            "%(at)s lies outside the day, which goes from %(begins)s to %(ends)s. "
            "Lengthen the day, or choose a time within it."
        ) % {
            "at": clock(error.at),
            "begins": clock(error.day_from),
            "ends": clock(error.day_until),
        }
    return str(error)


def too_late(request: HttpRequest, error: PlanError) -> str:
    """Say to somebody who may no longer change the plan why, and give back what was typed.

    Empty for every other refusal: there the form stands again with its words.
    """
    if not isinstance(error, NotYours):
        return ""
    typed = (request.POST.get(name, "").strip() for name in TYPED)
    words = " · ".join(each for each in typed if each)
    if not words:
        return str(error)
    return _("%(why)s You wrote: “%(words)s”") % {"why": error, "words": words}


def status_of(error: PlanError) -> int:
    """How the answer is marked."""
    if isinstance(error, NotYours):
        return 403
    return 409 if isinstance(error, Overtaken) else 400
