"""Plans: the list, a new one, its overview, its question, its group, its start and its end."""

from typing import TYPE_CHECKING, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from upturn.plan.commands import editing, opening
from upturn.plan.engine import Overtaken, PlanError
from upturn.plan.forms.plans import OpenForm, QuestionForm
from upturn.plan.queries import overview as overviews
from upturn.plan.queries import plans as queries
from upturn.plan.queries.live import topic
from upturn.plan.queries.results import results_page
from upturn.plan.queries.sight import may_open
from upturn.plan.templatetags.plan_words import in_words
from upturn.plan.views.door import KEY_MAX, given
from upturn.plan.views.entering import for_plan
from upturn.plan.views.saying import too_late
from upturn.voice.views.door import asked_for_part

if TYPE_CHECKING:
    from upturn.people.models import Person
    from upturn.plan.models import Plan


@login_required
@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    """Plans in sight, and how one begins where there is none."""
    page = queries.plans_page(cast("Person", request.user))
    return render(request, "plan/plans.html", {"plans": page})


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Open a plan."""
    viewer = cast("Person", request.user)
    if not may_open(viewer):
        raise Http404(_("Plans are opened by leaders, executives and facilitators. Ask one."))
    form = OpenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            plan = opening.open_plan(viewer, form.draft(), today=timezone.localdate())
        except PlanError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Open. First the question, then the group, then the day."))
            return redirect("plan:question", ref=plan.ref)
    return render(request, "plan/new.html", {"form": form}, status=400 if form.errors else 200)


@login_required
@require_safe
@for_plan
def overview(request: HttpRequest, viewer: "Person", plan: "Plan") -> HttpResponse:
    """Where a plan stands: its steps, the day in small, gaps, orphans, what waits for whom."""
    context = {
        "since": plan.since,
        "live": topic(plan.ref),
        "head": queries.head(viewer, plan),
        "seen": overviews.overview(viewer, plan),
        "came": None if plan.state == "draft" else results_page(viewer, plan),
        "kept": request.GET.get("key", "")[:KEY_MAX],
    }
    part = "plan/_overview.html" if asked_for_part(request) else "plan/overview.html"
    return render(request, part, context)


@login_required
@require_http_methods(["GET", "POST"])
@for_plan
def question(request: HttpRequest, viewer: "Person", plan: "Plan") -> HttpResponse:
    """The question at the head of a plan (S2.1), its name, and from when until when its day is."""
    head = queries.head(viewer, plan)
    form = QuestionForm(request.POST or None, plan=plan)
    stands: Overtaken | None = None
    late = ""
    if request.method == "POST" and form.is_valid():
        try:
            edit = form.edit()
            editing.save_plan(viewer, plan, form.words(), edit=edit)
        except Overtaken as error:
            stands = error
            form.add_error(None, str(error))
        except PlanError as error:
            form.add_error(None, in_words(error))
            late = too_late(request, error)
        else:
            kept = urlencode({"key": edit.key})
            return redirect(f"{reverse('plan:plan', args=(plan.ref,))}?{kept}")
    context = {"head": head, "form": form, "stands": stands, "too_late": late}
    status = 409 if stands else 400 if form.errors else 200
    return render(request, "plan/question.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
@for_plan
def start(request: HttpRequest, viewer: "Person", plan: "Plan") -> HttpResponse:
    """Put a plan into action, or say all that is missing."""
    refused = ""
    if request.method == "POST":
        try:
            turn = int(request.POST.get("turn", "0")[:9] or 0)
            opening.start_plan(viewer, plan, turn=turn, today=timezone.localdate())
        except (PlanError, ValueError) as error:
            refused = in_words(error)
        else:
            messages.success(request, _("In action. Put the first lines to those who own them."))
            return redirect("plan:roadmap", ref=plan.ref)
    context = {
        "head": queries.head(viewer, plan),
        "refused": refused,
    }
    return render(request, "plan/start.html", context, status=409 if refused else 200)


@login_required
@require_POST
@for_plan
def end(request: HttpRequest, viewer: "Person", plan: "Plan") -> HttpResponse:
    """End a plan that is in action."""
    try:
        turn = int(request.POST.get("turn", "0")[:9] or 0)
        opening.end_plan(viewer, plan, turn=turn, today=timezone.localdate())
    except (PlanError, ValueError) as error:
        messages.error(request, in_words(error))
    else:
        messages.success(request, _("Ended. It stays here to be read, and changes no more."))
    return redirect("plan:plan", ref=plan.ref)


@login_required
@require_POST
@for_plan
def undo(request: HttpRequest, viewer: "Person", plan: "Plan") -> HttpResponse:
    """Take the last change of a page back, by the key it came with."""
    try:
        editing.undo(viewer, plan, given(request, "key", most=KEY_MAX))
    except PlanError as error:
        messages.error(request, in_words(error))
    else:
        messages.success(request, _("Taken back."))
    return redirect("plan:plan", ref=plan.ref)
