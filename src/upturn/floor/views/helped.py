"""After the shift: thanks, what this phone knows of its own evening, and one question."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from upturn.floor import commands, queries
from upturn.floor.queries.holding import closed_lately
from upturn.record.errors import NotStored


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def helped(request: HttpRequest, shift: str) -> HttpResponse:
    """Thank, and ask what helped; the words become a card as they are, without a name."""
    cookie = request.COOKIES.get(queries.COOKIE, "")
    closed = closed_lately(cookie, shift, today=timezone.localdate())
    if closed is None:
        raise Http404(_("The day after a shift, its question is gone too."))
    context: dict[str, object] = {"shift": closed, "words": request.POST.get("words", "")}
    if request.method != "POST":
        return render(request, "floor/helped.html", context)
    status, said = _put_up(shift, request.POST.get("words", ""))
    context |= {"put_up": status == 200, "said": said}
    return render(request, "floor/helped.html", context, status=status)


def _put_up(shift: str, words: str) -> tuple[int, str]:
    try:
        commands.put_up(shift, words, now=timezone.now())
    except commands.BadTap as bad:
        return 400, bad.said
    except commands.TapRefused as refused:
        return 409, refused.said
    except NotStored:
        return 503, _("Too much at once. Nothing was stored; send it again.")
    return 200, ""
