"""After the shift: thanks, what this phone knows of its own evening, and one question."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from upturn.floor import queries
from upturn.floor.queries.holding import closed_lately


@never_cache
@require_http_methods(["GET", "HEAD"])
def helped(request: HttpRequest, shift: str) -> HttpResponse:
    """Thank, and ask what helped."""
    cookie = request.COOKIES.get(queries.COOKIE, "")
    closed = closed_lately(cookie, shift, today=timezone.localdate())
    if closed is None:
        raise Http404(_("The day after a shift, its question is gone too."))
    return render(request, "floor/helped.html", {"shift": closed})
