"""Who is doing it already: the page of a nominee, who agrees, tells and approves, or refuses."""

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from upturn.loop.commands import nominating
from upturn.loop.commands.nominating import HOW_MAX
from upturn.loop.engine.errors import Incomplete, LoopError, Overtaken
from upturn.loop.queries.nominations import NominationSeen, nomination
from upturn.record.forms import number


def _unknown(request: HttpRequest) -> HttpResponse:
    return render(request, "loop/nominated_unknown.html", status=404)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def nominated(request: HttpRequest, code: str) -> HttpResponse:
    """Ask the nominee; nothing is shown to the room before a yes to what is written."""
    try:
        found = nomination(code)
    except ObjectDoesNotExist:
        return _unknown(request)
    if request.method != "POST":
        return _page(request, found)
    try:
        _answered(request, code, number(request, "turn", missing=-1))
    except Overtaken as error:
        return _page(request, nomination(code), said=str(error), status=409)
    except LoopError as error:
        status = 400 if isinstance(error, Incomplete) else 409
        return _page(request, found, said=str(error), status=status)
    return redirect("loop:nominated", code=code)


def _answered(request: HttpRequest, code: str, turn: int) -> None:
    act = request.POST.get("act", "")
    if act == "agree":
        nominating.agree(code, turn=turn)
    elif act == "tell":
        nominating.tell(code, how=request.POST.get("how", ""), turn=turn)
    elif act == "approve":
        nominating.approve(code, turn=turn, further="further" in request.POST)
    elif act == "refuse":
        nominating.refuse(code, turn=turn)


def _page(
    request: HttpRequest, found: NominationSeen, *, said: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "found": found,
        "said": said,
        "how": request.POST.get("how", found.how),
        "most": HOW_MAX,
        "telling": request.GET.get("again") == "1",
    }
    return render(request, "loop/nominated.html", context, status=status)


@never_cache
@require_safe
def asked(request: HttpRequest, code: str) -> HttpResponse:
    """Show the code of a nomination, so that the nominee can open it on another phone."""
    try:
        found = nomination(code)
    except ObjectDoesNotExist:
        return _unknown(request)
    address = request.build_absolute_uri(reverse("loop:nominated", args=[code]))
    return render(request, "loop/asked.html", {"found": found, "address": address})
