"""One sentence about a moment, by which customers' words about it are found."""

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from upturn.graph import commands as graph_commands
from upturn.graph import queries as graph
from upturn.voice import commands, queries
from upturn.voice.forms import SentenceForm
from upturn.voice.views.door import asked_for_part, note_reading

if TYPE_CHECKING:
    from upturn.people.models import Person


@login_required
@require_http_methods(["GET", "POST"])
def sentence(request: HttpRequest, key: str) -> HttpResponse:
    """Write the sentence, and see at once which of the newest comments would be read so."""
    viewer = cast("Person", request.user)
    graph_commands.check_may_edit(viewer)
    try:
        point = graph.touchpoint(viewer, key)
    except ObjectDoesNotExist:
        raise Http404(_("There is no such moment, or it is not for you to see.")) from None
    form = SentenceForm(request.POST or None, initial={"description": point.description})
    preview = None
    if "preview" in request.POST and form.is_valid():
        given = form.cleaned_data["description"]
        preview = queries.preview_touchpoint(viewer, point, description=given)
        note_reading(viewer, key)
    elif request.method == "POST" and form.is_valid():
        graph_commands.describe_touchpoint(viewer, point, form.cleaned_data["description"])
        commands.read_once_more()
        messages.success(request, _("Kept. Every comment is read again, the newest first."))
        return redirect("voice:touchpoint", key=key)
    context = {"form": form, "point": point, "preview": preview}
    part = "voice/_preview.html" if asked_for_part(request) else "voice/sentence.html"
    return render(request, part, context, status=400 if form.errors else 200)
