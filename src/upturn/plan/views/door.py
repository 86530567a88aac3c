"""Who comes in to the day: whoever has its plan in sight. Others get what does not exist."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial, wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, cast

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from upturn.plan.views.entering import for_plan
from upturn.record import reading_log
from upturn.record.kept import keep
from upturn.voice.views.door import asked_for_part as asks_for_part

if TYPE_CHECKING:
    from upturn.people.models import Person
    from upturn.plan.models import Plan
    from upturn.plan.queries.day import MomentHere

__all__ = ["KEY_MAX", "Here", "asks_for_part", "given", "key_of", "note_read", "of_plan"]
P = ParamSpec("P")
KEY_MAX = 36


@dataclass(frozen=True, slots=True)
class Here:
    """Who looks at which plan."""

    viewer: "Person"
    plan: "Plan"


def of_plan(
    view: Callable[Concatenate[HttpRequest, Here, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, str, P], HttpResponse]:
    """Find the plan for whoever has signed in; put `login_required` in front."""

    @wraps(view)
    def page(request: HttpRequest, ref: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        def seen(asked: HttpRequest, viewer: "Person", plan: "Plan") -> HttpResponse:
            return view(asked, Here(viewer, plan), *args, **kwargs)

        return for_plan(seen)(request, ref)

    return cast("Callable[Concatenate[HttpRequest, str, P], HttpResponse]", page)


def note_read(viewer: "Person", moments: Iterable["MomentHere"]) -> None:
    """Customers' words that stand on a page count as read, once a day and touchpoint.

    Asked for the same words again on that day, it costs nothing.
    """
    refs = frozenset(each.point.key for each in moments if each.point and each.known.quote)
    day, what = timezone.localdate(), ("words noted as read", viewer.pk, refs)
    note = partial(reading_log.note_readings, viewer.pk, kind="touchpoint", refs=refs, day=day)
    keep(what, as_of=day, read=note)


def key_of(request: HttpRequest) -> str:
    """Key that the page drew for its change."""
    return given(request, "key", most=KEY_MAX)


def given(request: HttpRequest, name: str, *, most: int | None = None) -> str:
    """Words that the page gave; a NUL, which no database holds, is a blank."""
    return request.POST.get(name, "").replace("\0", " ")[:most]
