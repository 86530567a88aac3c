"""Drawing the organisation: parties, who serves whom, the moments of the customer's day."""

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from upturn.graph import commands, queries
from upturn.graph.engine import StillUsed
from upturn.graph.forms import PartyForm, ServesForm, TouchpointForm
from upturn.graph.models import Party, Serves

if TYPE_CHECKING:
    from upturn.people.models import Person

SUGGESTIONS = 300
STILL_USED = {
    "serves": gettext_lazy("It serves somebody. Let go of that edge first."),
    "people": gettext_lazy("People belong to it. Let them belong elsewhere first."),
    "touchpoints": gettext_lazy("Touchpoints tell of these customers. They stay."),
    "asks": gettext_lazy("Asks were raised here. What was asked and promised is kept."),
}


def _editor(request: HttpRequest) -> "Person":
    viewer = cast("Person", request.user)
    commands.check_may_edit(viewer)
    return viewer


def _page(request: HttpRequest, form: forms.Form, template: str, **more: Any) -> HttpResponse:
    now = queries.snapshot()
    names = [queries.full_name(row) for row in list(now.party.values())[:SUGGESTIONS]]
    context = {"form": form, "names": names, "places": now.places, **more}
    return render(request, f"graph/{template}", context, status=400 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def add_party(request: HttpRequest) -> HttpResponse:
    viewer = _editor(request)
    form = PartyForm(request.POST or None, initial={"place": request.GET.get("place", "")[:80]})
    if request.method != "POST" or not form.is_valid():
        return _page(request, form, "add_party.html")
    added = commands.add_party(viewer, **form.cleaned_data)
    messages.success(request, _("%(party)s is drawn.") % {"party": queries.full_name(added)})
    if added.kind == "customers":
        return redirect("house:party", key=added.key)
    return redirect(reverse("graph:add_serves") + f"?server={added.key}")


@login_required
@require_http_methods(["GET", "POST"])
def add_serves(request: HttpRequest) -> HttpResponse:
    viewer = _editor(request)
    form = ServesForm(viewer, request.POST or None, initial=_named(request, "server", "served"))
    if request.method != "POST" or not form.is_valid():
        return _page(request, form, "add_serves.html")
    edge = commands.add_serves(viewer, **form.cleaned_data)
    messages.success(request, _("Drawn. Both sides find it on their pages."))
    return redirect("house:edge", edge_id=edge.pk)


def _named(request: HttpRequest, *fields: str) -> dict[str, str]:
    """Names of the parties whose keys the address gives."""
    by_key = queries.snapshot().by_key
    given = {field: by_key.get(request.GET.get(field, "")) for field in fields}
    return {field: queries.full_name(row) for field, row in given.items() if row}


@login_required
@require_http_methods(["GET", "POST"])
def add_touchpoint(request: HttpRequest) -> HttpResponse:
    viewer = _editor(request)
    start = {**_named(request, "customers"), "place": request.GET.get("place", "")[:80]}
    form = TouchpointForm(viewer, request.POST or None, initial=start)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form, "add_touchpoint.html")
    given = {name: form.cleaned_data[name] for name in ("name", "moment", "place", "customers")}
    with transaction.atomic():
        added = commands.add_touchpoint(viewer, **given, servers=form.servers())
        if sentence := form.cleaned_data["description"]:
            commands.describe_touchpoint(viewer, added, sentence)
    messages.success(request, _("%(name)s stands in the customer’s day.") % {"name": added.name})
    return redirect("voice:touchpoint", key=added.key)


@login_required
@require_POST
def let_go(request: HttpRequest, key: str) -> HttpResponse:
    viewer = _editor(request)
    try:
        gone = queries.party(viewer, key)
        commands.let_go(viewer, gone)
    except Party.DoesNotExist as error:
        raise Http404(_("There is no such party, or it is not for you to see.")) from error
    except StillUsed as error:
        messages.error(request, STILL_USED[error.by])
        return redirect("house:party", key=key)
    messages.success(request, _("%(party)s is let go.") % {"party": queries.full_name(gone)})
    return redirect("house:pyramid")


@login_required
@require_POST
def let_go_edge(request: HttpRequest, edge_id: int) -> HttpResponse:
    viewer = _editor(request)
    try:
        gone = queries.edge(viewer, edge_id)
        commands.let_go_edge(viewer, gone)
    except Serves.DoesNotExist as error:
        raise Http404(_("There is no such edge, or it is not for you to see.")) from error
    except StillUsed as error:
        messages.error(request, STILL_USED[error.by])
        return redirect("house:edge", edge_id=edge_id)
    messages.success(request, _("The edge is let go. Its journal entry stays."))
    return redirect("house:party", key=gone.server.key)
