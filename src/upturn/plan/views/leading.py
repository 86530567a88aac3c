"""The two questions of a month, and what teams say to the answers."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, NamedTuple, ParamSpec, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from upturn.plan.commands import leaders as commands
from upturn.plan.engine import Overtaken, PlanError
from upturn.plan.forms.leaders import AnswerForm, TeamForm
from upturn.plan.queries import leaders as queries
from upturn.plan.queries.sight import GUEST

if TYPE_CHECKING:
    from upturn.people.models import Person

P = ParamSpec("P")
LATER = "leading_later"


class Kept(NamedTuple):
    """Words that were not stored, why, and what stands instead: nothing of them is lost."""

    at: str
    words: str
    why: str
    stands: str = ""


def _for_staff(
    view: "Callable[Concatenate[HttpRequest, Person, P], HttpResponse]",
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Guests get the same answer as what does not exist."""

    @wraps(view)
    def page(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        viewer = cast("Person", request.user)
        if viewer.role == GUEST:
            raise Http404(_("These questions are for those who work here."))
        return view(request, viewer, *args, **kwargs)

    return cast("Callable[Concatenate[HttpRequest, P], HttpResponse]", login_required(page))


@_for_staff
@require_safe
def leading(request: HttpRequest, viewer: "Person") -> HttpResponse:
    """Show this month’s questions to those who lead, and every answer of one's own parties."""
    return _page(request, viewer)


def _page(request: HttpRequest, viewer: "Person", kept: Kept | None = None) -> HttpResponse:
    found = queries.leading(viewer, today=timezone.localdate())
    return render(
        request, "plan/leading.html", {"leading": found, "kept": kept}, status=409 if kept else 200
    )


@_for_staff
@require_POST
def say(request: HttpRequest, viewer: "Person") -> HttpResponse:
    """Answer a question; what is refused stands in its field again."""
    form = AnswerForm(request.POST)
    at = f"{request.POST.get('party_id', '')} {request.POST.get('question', '')}"
    if not form.is_valid():
        return _page(request, viewer, _kept(at, request, _("An answer needs up to 600 letters.")))
    try:
        commands.say(viewer, form.answer(), today=timezone.localdate())
    except PlanError as error:
        return _page(request, viewer, _kept(at, request, error))
    messages.success(request, _("Your team reads it now, and can say whether it is so."))
    return redirect("plan:leading")


@_for_staff
@require_POST
def team(request: HttpRequest, viewer: "Person", word: str) -> HttpResponse:
    """Say for the team that it is so, or put it otherwise."""
    form, today = TeamForm(request.POST), timezone.localdate()
    if not form.is_valid():
        why = _("Say it in up to 600 letters.")
        return _page(request, viewer, _kept(word, request, why))
    given = form.cleaned_data
    try:
        if given["otherwise"]:
            commands.put_otherwise(
                viewer, word, words=given["words"], turn=given["turn"], today=today
            )
        else:
            commands.confirm(viewer, word, turn=given["turn"], today=today)
    except PlanError as error:
        return _page(request, viewer, _kept(word, request, error))
    messages.success(request, _("Kept for your team. The leaders’ own words stay beside it."))
    return redirect("plan:leading")


def _kept(at: str, request: HttpRequest, why: PlanError | str) -> Kept:
    stands = (why.stands or {}) if isinstance(why, Overtaken) else {}
    told = str(stands.get("team_words") or stands.get("words") or "")
    return Kept(at, request.POST.get("words", "")[: 2 * commands.ANSWER_MAX], str(why), told)


@_for_staff
@require_POST
def later(request: HttpRequest, _viewer: "Person") -> HttpResponse:
    """Leave the questions out of the home page until next month, where one has signed in."""
    request.session[LATER] = queries.month_of(timezone.localdate()).isoformat()
    messages.success(request, _("Until next month, then. They stay under “Leading”."))
    return redirect("house:home")
