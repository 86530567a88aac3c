"""The customer's day: looked at and written down, by several people at once."""

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from upturn.people.queries import may_read_words
from upturn.plan.commands import beginning, editing
from upturn.plan.engine import OutsideTheDay, Overtaken, PlanError
from upturn.plan.forms.day import AddForm
from upturn.plan.queries import day as queries
from upturn.plan.queries.first_days import days_to_begin_from
from upturn.plan.queries.live import topic
from upturn.plan.queries.plans import head
from upturn.plan.templatetags.plan_day import clock
from upturn.plan.views.door import Here, asks_for_part, given, key_of, note_read, of_plan
from upturn.plan.views.saying import done, refusal, status_of, too_late
from upturn.record.forms import number

if TYPE_CHECKING:
    from upturn.plan.models import Plan


@login_required
@require_safe
@of_plan
def day(request: HttpRequest, here: Here) -> HttpResponse:
    """The day with everything known of it, and what adds to it."""
    return day_page(request, here)


def day_page(request: HttpRequest, here: Here, *, status: int = 200, **more: Any) -> HttpResponse:
    """Show the day as it stands, with what a change has to say."""
    viewer, plan = here.viewer, here.plan
    top = head(viewer, plan)
    found = queries.day_of(viewer, plan)
    note_read(viewer, found.moments)
    context = {
        "head": top,
        "plan": plan,
        "day": found,
        "may_edit": top.may_edit,
        "reads_words": may_read_words(viewer),
        "form": AddForm(viewer=viewer, plan=plan) if top.may_edit else None,
        "first_days": days_to_begin_from(viewer, plan) if not found.moments else (),
        "live": topic(plan.ref),
        "since": here.plan.since,
        "did": done(request),
        "is_part": asks_for_part(request),
        **more,
    }
    template = "plan/day/_day.html" if asks_for_part(request) else "plan/day/day.html"
    return render(request, template, context, status=status)


def _after(request: HttpRequest, here: Here, *, did: str, key: str) -> HttpResponse:
    """Show the day as it is now, with the way back, to a page that is open or to a browser."""
    if not asks_for_part(request):
        response = redirect("plan:day", ref=here.plan.ref)
        response["Location"] += f"?did={did}&key={key}#add"
        return response
    here.plan.refresh_from_db()
    return day_page(request, here, did=done(request, did=did, key=key))


@login_required
@require_POST
@of_plan
def begin(request: HttpRequest, here: Here) -> HttpResponse:
    """Put the moments of a day to begin from on an empty day."""
    chosen = request.POST.get("first", "")
    days = {each.key: each for each in days_to_begin_from(here.viewer, here.plan)}
    if chosen not in days:
        return day_page(request, here, status=400, refused=_("Choose a day to begin from."))
    try:
        beginning.begin_day(here.viewer, here.plan, days[chosen], key=key_of(request))
    except PlanError as error:
        return _refused(request, here, error)
    return _after(request, here, did="begun", key=key_of(request))


@login_required
@require_POST
@of_plan
def add(request: HttpRequest, here: Here) -> HttpResponse:
    """Write a moment down."""
    form = AddForm(request.POST, viewer=here.viewer, plan=here.plan)
    if not form.is_valid():
        return day_page(request, here, status=400, form=form)
    point = form.point()
    words = editing.MomentWords(
        at=form.cleaned_data["at"],
        name=form.cleaned_data["name"],
        touchpoint_id=point.id if point else None,
    )
    try:
        edit = editing.Edit(key=key_of(request))
        editing.save_moment(here.viewer, here.plan, words, edit=edit)
    except PlanError as error:
        form.add_error(None, refusal(error))
        outside = outside_of(error, here.plan)
        late = too_late(request, error)
        return day_page(
            request, here, status=status_of(error), form=form, outside=outside, refused=late
        )
    return _after(request, here, did="added", key=edit.key)


@login_required
@require_POST
@of_plan
def move(request: HttpRequest, here: Here) -> HttpResponse:
    """Put a moment to another time, from the time line."""
    ref, at = given(request, "moment", most=16), number(request, "at")
    edit = editing.Edit(key=key_of(request), turn=number(request, "turn"))
    try:
        editing.move_moment(here.viewer, here.plan, ref, at=at, edit=edit)
    except Overtaken as error:
        both = {"ref": ref, "at": at, "stands": error.stands}
        return day_page(request, here, status=409, overtaken=both)
    except PlanError as error:
        return _refused(request, here, error)
    return _after(request, here, did="moved", key=edit.key)


@login_required
@require_POST
@of_plan
def lengthen(request: HttpRequest, here: Here) -> HttpResponse:
    """Let the day begin earlier or end later, and add the moment that lay outside."""
    moment = editing.MomentWords(at=number(request, "at"), name=given(request, "name"))
    turn, key = number(request, "turn"), key_of(request)
    try:
        beginning.lengthen_for(here.viewer, here.plan, moment, turn=turn, key=key)
    except PlanError as error:
        return _not_lengthened(request, here, moment, error)
    return _after(request, here, did="lengthened", key=key)


def _not_lengthened(
    request: HttpRequest, here: Here, moment: editing.MomentWords, error: PlanError
) -> HttpResponse:
    """Show the day as it is now; the moment stands in its fields, to be sent once more."""
    here.plan.refresh_from_db()
    sent = {"at": clock(moment.at), "name": moment.name}
    form = AddForm(initial=sent, viewer=here.viewer, plan=here.plan)
    outside = {"at": moment.at, "turn": here.plan.turn} if moment.name.strip() else None
    return day_page(
        request, here, status=status_of(error), refused=refusal(error), form=form, outside=outside
    )


def _refused(request: HttpRequest, here: Here, error: PlanError) -> HttpResponse:
    here.plan.refresh_from_db()
    return day_page(request, here, status=status_of(error), refused=refusal(error))


def outside_of(error: PlanError, plan: "Plan") -> dict[str, int] | None:
    """What would lengthen the day so that the moment lies within it."""
    if not isinstance(error, OutsideTheDay):
        return None
    return {"at": error.at, "turn": plan.turn}
