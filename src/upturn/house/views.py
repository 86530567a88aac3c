"""Pages that belong to no room: health, finding, what is kept, and what went wrong."""

from typing import TYPE_CHECKING, cast

from django.contrib.auth.decorators import login_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from upturn.graph import queries as graph

if TYPE_CHECKING:
    from upturn.people.models import Person


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"ok": True})


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers too."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"ok": False, "why": "the database does not answer"}, status=503)
    return JsonResponse({"ok": True})


@login_required
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Parties and touchpoints whose name holds what was typed."""
    words = request.GET.get("q", "").strip()[:80]
    found = graph.find(cast("Person", request.user), words) if words else None
    return render(request, "house/find.html", {"words": words, "found": found})


@require_safe
def keeps(request: HttpRequest) -> HttpResponse:
    """What this installation keeps, and what cannot be found out from it."""
    return render(request, "house/keeps.html")


def refused_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "house/refused_form.html", status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "house/bad_request.html", status=400)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    sentence = exception.args[0] if exception.args and isinstance(exception.args[0], str) else ""
    return render(request, "house/not_found.html", {"sentence": sentence}, status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """Stand alone: whatever broke may be what the other pages need."""
    return render(request, "house/failed.html", status=500)
