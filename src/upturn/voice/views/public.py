"""What a customer opens with the printed code: no account, no cookie."""

from typing import TYPE_CHECKING

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from upturn.graph import queries as graph
from upturn.people.queries import organisation_name
from upturn.record.errors import NotStored
from upturn.voice import commands
from upturn.voice.forms import BODY_BYTES_MAX, SayForm, new_visit, too_many

if TYPE_CHECKING:
    from upturn.graph.models import Touchpoint

RETRY_AFTER_S = {429: 60, 503: 5}


@csrf_exempt  # a form that changes nothing of anybody's account, and that must not set a cookie
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def say(request: HttpRequest, code: str) -> HttpResponse:
    """What a customer opens with the printed code: one field, no account, no cookie."""
    try:
        point = graph.touchpoint_by_code(code)
    except ObjectDoesNotExist:
        return render(request, "voice/no_such_code.html", status=404)
    if request.method != "POST":
        return _ask(request, point, SayForm(code=code, initial={"visit": new_visit(code)}))
    if int(request.META.get("CONTENT_LENGTH") or 0) > BODY_BYTES_MAX:
        empty = SayForm(code=code, initial={"visit": new_visit(code)})
        return _ask(request, point, empty, status=413)
    return _said(request, point, SayForm(request.POST.dict(), code=code))


def _ask(
    request: HttpRequest, point: "Touchpoint", form: SayForm, *, status: int = 200
) -> HttpResponse:
    context = {"point": point, "form": form, "status": status, "by": organisation_name()}
    response = render(request, "voice/say.html", context, status=status)
    if status in RETRY_AFTER_S:
        response["Retry-After"] = str(RETRY_AFTER_S[status])
    return response


def _said(request: HttpRequest, point: "Touchpoint", form: SayForm) -> HttpResponse:
    """Store and thank; whatever goes wrong, the words stay in the field."""
    if too_many(point.code):
        return _ask(request, point, form, status=429)
    if not form.is_valid():
        return _ask(request, point, form.renewed(), status=400)
    if not form.is_trapped:
        try:
            commands.hand_in(form.comment(now=timezone.now()), touchpoint_id=point.pk)
        except NotStored:
            return _ask(request, point, form, status=503)
    return render(request, "voice/thanks.html", {"point": point, "by": organisation_name()})
