"""What a guest opens with the code on the table: no account, no cookie, no script."""

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from upturn.floor import commands, queries
from upturn.floor.forms.guests import BODY_BYTES_MAX, WishForm, new_key, too_many
from upturn.people.queries import organisation_name
from upturn.record.errors import NotStored

RETRY_AFTER_S = {429: 60, 503: 5}


@csrf_exempt  # a form that changes nothing of anybody's account, and that must not set a cookie
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def table(request: HttpRequest, code: str) -> HttpResponse:
    """What one would like, as large buttons, and what was heard."""
    try:
        at = queries.read_table_code(code)
    except ObjectDoesNotExist:
        return render(request, "floor/no_such_table.html", status=404)
    if request.method != "POST":
        return _page(request, at)
    if int(request.META.get("CONTENT_LENGTH") or 0) > BODY_BYTES_MAX:
        return _page(request, at, said=_("That was more than fits. Tap a button."), status=413)
    if too_many(at.lab_floor.ref, at.table):
        said = _("That were very many taps. We heard the first; look again in a minute.")
        return _page(request, at, said=said, status=429)
    return _tapped(request, at, WishForm(request.POST), code=code)


def _tapped(
    request: HttpRequest, at: queries.TableCode, form: WishForm, *, code: str
) -> HttpResponse:
    """Do what was tapped; whatever goes wrong, the page says what and shows how things stand."""
    if not form.is_valid():
        return _page(request, at, said=_("That was not heard. Tap again."), status=400)
    try:
        undo = _carried_out(at, form)
    except commands.BadTap as bad:
        return _page(request, at, said=bad.said, status=400)
    except commands.TapRefused as refused:
        return _page(request, at, said=refused.said, status=409)
    except commands.SeatGone:
        return _page(request, queries.read_table_code(code), status=409)
    except NotStored:
        said = _("Very many ask just now, so this was not heard. Tap again in a few seconds.")
        return _page(request, at, said=said, status=503)
    return redirect(reverse("floor:table", args=[code]) + (f"?undo={undo}" if undo else ""))


def _carried_out(at: queries.TableCode, form: WishForm) -> str:
    """Carry a tap out, once however often it comes; give what would undo it, where that helps."""
    given, now = form.cleaned_data, timezone.now()
    key: str = given["key"]
    if given["undoes"]:
        commands.think_again(at, given["undoes"], key=key, now=now)
    elif given["take_back"]:
        commands.take_back(at, given["take_back"], key=key, now=now)
        return key
    else:
        commands.ask(at, given["kind"], key=key, now=now)
    return ""


def _page(
    request: HttpRequest, at: queries.TableCode, *, said: str = "", status: int = 200
) -> HttpResponse:
    heard = queries.heard_at(at, now=timezone.now())
    asked = {each.kind for each in heard}
    context = {
        "floor": at.lab_floor,
        "table": at.table,
        "shift": at.shift,
        "heard": heard,
        "wishes": [
            (kind, queries.in_words(kind)) for kind in queries.wishes_at(at) if kind not in asked
        ],
        "key": new_key(),
        "undo": request.GET.get("undo", "")[:64] if request.method == "GET" else "",
        "said": said,
        "by": organisation_name(),
    }
    answer = render(request, "floor/table.html", context, status=status)
    if status in RETRY_AFTER_S:
        answer["Retry-After"] = str(RETRY_AFTER_S[status])
    return answer
