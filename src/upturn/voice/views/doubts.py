"""What the reader is least sure of, and a person who knows."""

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from upturn.voice import commands, queries
from upturn.voice.forms import ConfirmForm, State, state_of
from upturn.voice.views.door import asked_for_part, for_writers, note_reading

if TYPE_CHECKING:
    from upturn.people.models import Person


@login_required
@require_http_methods(["GET", "POST"])
def confirming(request: HttpRequest) -> HttpResponse:
    """Comments with what was understood of them, the most doubtful first."""
    viewer = for_writers(request)
    if request.method != "POST":
        return _shown(request, viewer, state_of(request.GET))
    after = _done(viewer, request)
    if asked_for_part(request):
        return _shown(request, viewer, after)
    return redirect(f"{reverse('voice:confirm')}?{urlencode(after.as_query())}")


def _done(viewer: "Person", request: HttpRequest) -> State:
    """Do what was pressed; what the list looks like afterwards."""
    state, form = state_of(request.POST), ConfirmForm(request.POST)
    if not form.is_valid():
        return state
    said, number = form.understood(), form.cleaned_data["feedback"]
    try:
        if "later" in request.POST:
            return state.without(number)
        if "back" in request.POST:
            commands.take_back_confirmation(viewer, number)
            return state.at(number)
        commands.confirm(viewer, number, said=said)
    except ObjectDoesNotExist:
        raise Http404(_("This comment is gone; somebody took it back.")) from None
    return state.after(number)


def _shown(request: HttpRequest, viewer: "Person", state: State) -> HttpResponse:
    doubts = queries.to_confirm(viewer, skipped=state.skipped, first=state.first)
    note_reading(viewer, "_confirm")
    context = {
        "rows": doubts.rows,
        "state": state,
        "themes": doubts.themes,
        "lessons": queries.lessons(viewer),
        "rates": queries.hit_rates(viewer),
    }
    part = "voice/_confirming.html" if asked_for_part(request) else "voice/confirming.html"
    return render(request, part, context)
