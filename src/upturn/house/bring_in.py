"""Bringing in files on pages: hand in, look at the dry run, mend, then one click."""

from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from upturn.graph import queries as graph
from upturn.graph.engine.tabular_dates import DateOrder
from upturn.graph.engine.tabular_errors import TabularError
from upturn.house import imports
from upturn.house.bring_in_forms import (
    HandInForm,
    asked_columns,
    directions_given,
    repairs_given,
)
from upturn.people.queries import may_bring_in
from upturn.voice.engine.errors import IntakeError
from upturn.voice.engine.intake_fields import Field

if TYPE_CHECKING:
    from upturn.graph.models import Import
    from upturn.people.models import Person

REFUSALS = (TabularError, IntakeError)
ORDERS = [
    (DateOrder.DAY_FIRST, gettext_lazy("day first")),
    (DateOrder.MONTH_FIRST, gettext_lazy("month first")),
]


def _viewer(request: HttpRequest) -> "Person":
    viewer = cast("Person", request.user)
    if not may_bring_in(viewer):
        raise Http404(_("Bringing in data is for those who lead or keep this installation."))
    return viewer


def _import(request: HttpRequest, ref: str) -> "Import":
    try:
        return graph.import_by_ref(_viewer(request), ref)
    except graph.NoSuchImport as error:
        raise Http404(_("There is no such import.")) from error


@login_required
@require_http_methods(["GET", "POST"])
def bring_in(request: HttpRequest) -> HttpResponse:
    viewer = _viewer(request)
    form = HandInForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        made = imports.hand_in(viewer, form.cleaned_data["subject"], form.cleaned_data["files"])
        return redirect("house:dry_run", ref=made.ref)
    context = {"form": form, "earlier": graph.imports(viewer)}
    return render(request, "house/bring_in.html", context, status=400 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def dry_run(request: HttpRequest, ref: str) -> HttpResponse:
    """Show what would happen; a post keeps the decisions and shows it again."""
    made = _import(request, ref)
    if made.state != made.State.TRIED:
        return render(request, "house/import_done.html", {"import": made})
    if request.method == "POST":
        columns = asked_columns(request.POST)
        imports.decide(
            made,
            columns=columns,
            repairs=repairs_given(request.POST),
            better=directions_given(request.POST),
        )
        if "store" in request.POST:
            return _store(request, made)
        return redirect("house:dry_run", ref=ref)
    try:
        tried = imports.try_out(_viewer(request), made)
    except REFUSALS as error:
        return _refused(request, made, error)
    return render(request, "house/dry_run.html", _context(made, tried))


def _context(made: "Import", tried: list[Any]) -> dict[str, Any]:
    return {
        "import": made,
        "tried": tried,
        "ready": sum(one.counts.ready for one in tried),
        "same": sum(one.counts.same for one in tried),
        "needing": sum(one.counts.need_you for one in tried),
        "left_out": sum(one.counts.left_out for one in tried),
        "rows": sum(one.counts.in_file for one in tried),
        "fields": list(Field) if made.subject == made.Subject.FEEDBACK else [],
        "orders": ORDERS,
    }


def _refused(request: HttpRequest, made: "Import", error: Exception) -> HttpResponse:
    context = {"import": made, "error": str(error)}
    return render(request, "house/import_refused.html", context, status=400)


def _store(request: HttpRequest, made: "Import") -> HttpResponse:
    try:
        stored = imports.store(_viewer(request), made)
    except REFUSALS as error:
        return _refused(request, made, error)
    messages.success(request, imports.sentence(stored))
    return redirect("house:bring_in")


@login_required
@require_POST
def take_back(request: HttpRequest, ref: str) -> HttpResponse:
    made = _import(request, ref)
    count = imports.take_back(_viewer(request), made)
    messages.success(request, _("Taken back: %(count)d rows are gone.") % {"count": count})
    return redirect("house:bring_in")
