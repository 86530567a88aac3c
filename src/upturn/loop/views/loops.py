"""The cooperation loop of a relationship: one of two states, and the next move."""

from typing import TYPE_CHECKING, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from upturn.graph import queries as graph
from upturn.loop.commands import loops as commands
from upturn.loop.engine.errors import LoopError
from upturn.loop.forms.loops import NoticeForm
from upturn.loop.models import LoopState
from upturn.loop.queries.loops import LoopSeen, loop_of
from upturn.loop.views.door import status_of

if TYPE_CHECKING:
    from upturn.graph.models import Serves
    from upturn.people.models import Person

NEXT_MOVES: dict[LoopState, tuple[Promise, ...]] = {
    LoopState.COOPERATION: (
        gettext_lazy("Say to them what you noticed, and what it made possible."),
        gettext_lazy("Ask how they managed to make that happen, and tell others."),
        gettext_lazy("Do a little more of what you did just before it went well."),
    ),
    LoopState.RESISTANCE: (
        gettext_lazy("Ask what they want, and listen until they say: that is it."),
        gettext_lazy("Say first what works well enough between you."),
        gettext_lazy("Say: “that sounds challenging”. Ask how you both will notice it is better."),
        gettext_lazy("Think of a time when it went a little better. Do your part of that again."),
    ),
}


def _found(request: HttpRequest, edge_id: int) -> "tuple[Person, Serves, LoopSeen]":
    viewer = cast("Person", request.user)
    said = _("There is no such relationship, or its loop is not for you to see.")
    try:
        edge = graph.edge(viewer, edge_id)
    except ObjectDoesNotExist as error:
        raise Http404(said) from error
    seen = loop_of(viewer, edge)
    if seen is None:
        raise Http404(said)
    return viewer, edge, seen


def _page(
    request: HttpRequest,
    edge: "Serves",
    seen: LoopSeen,
    *,
    form: NoticeForm | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "edge": edge,
        "loop": seen,
        "form": form or NoticeForm(sides=seen.sides, turn=seen.turn) if seen.sides else None,
        "next_moves": NEXT_MOVES[seen.state] if seen.state else (),
        "refused": refused,
    }
    return render(request, "loop/edge_loop.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edge_loop(request: HttpRequest, edge_id: int) -> HttpResponse:
    """Which loop it is, what was noticed, and what one could do next."""
    viewer, edge, seen = _found(request, edge_id)
    if request.method != "POST":
        return _page(request, edge, seen)
    form = NoticeForm(request.POST, sides=seen.sides)
    if not form.is_valid():
        return _page(request, edge, seen, form=form if seen.sides else None, status=400)
    try:
        turn, today = form.cleaned_data["turn"], timezone.localdate()
        commands.notice(viewer, edge, form.draft(), turn=turn, today=today)
    except LoopError as error:
        fresh = _found(request, edge_id)[2]
        return _page(request, edge, fresh, form=form, refused=str(error), status=status_of(error))
    return redirect("loop:edge_loop", edge_id=edge_id)


@login_required
@require_POST
def came_of(request: HttpRequest, edge_id: int, card: str) -> HttpResponse:
    """Say what happened after a next move."""
    viewer, edge, seen = _found(request, edge_id)
    try:
        commands.say_what_came(viewer, edge, card, came_of=request.POST.get("came_of", ""))
    except LoopError as error:
        return _page(request, edge, seen, refused=str(error), status=status_of(error))
    return redirect("loop:edge_loop", edge_id=edge_id)
