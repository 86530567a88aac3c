"""What somebody opens with the code of a section: what is stored, then a seat. No account."""

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from upturn.floor import commands, queries
from upturn.floor.commands.seats import NICKNAME_MOST
from upturn.record.errors import NotStored
from upturn.record.seats import with_seat

COOKIE_AGE_S = 40 * 3600
"""As long as a long shift, and the day after it in which one may say what helped."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def seat(request: HttpRequest, code: str) -> HttpResponse:
    """The promise, and the free seats."""
    try:
        scanned = queries.read_seat_code(code)
    except ObjectDoesNotExist:
        return render(request, "floor/seat_unknown.html", status=404)
    if not scanned.is_open:
        return _closed(request, scanned)
    if request.method != "POST":
        return _seats(request, scanned)
    return _chosen(request, scanned)


def _chosen(request: HttpRequest, scanned: queries.SeatCode) -> HttpResponse:
    try:
        return _claimed(request, scanned)
    except commands.SeatGone:
        return _closed(request, scanned)
    except commands.SeatTaken as taken:
        return _seats(request, scanned, said=taken.said, status=409)
    except NotStored:
        said = _("Too many phones at once. Nothing was stored; choose again.")
        return _seats(request, scanned, said=said, status=503)


def _claimed(request: HttpRequest, scanned: queries.SeatCode) -> HttpResponse:
    claimed = commands.claim(
        scanned.shift,
        request.POST.get("seat", ""),
        now=timezone.now(),
        nickname=request.POST.get("nickname", ""),
        language=get_language() or "",
        cookie=request.COOKIES.get(queries.COOKIE, ""),
    )
    return with_seat(redirect("floor:board"), queries.COOKIE, claimed.cookie, for_s=COOKIE_AGE_S)


def _seats(
    request: HttpRequest, scanned: queries.SeatCode, *, said: str = "", status: int = 200
) -> HttpResponse:
    """List the seats of the section on the code first, then all others."""
    there = [each for each in queries.seats_of(scanned.shift) if not each.called_off]
    here = [each for each in there if not scanned.section or scanned.section in each.sections]
    holder = queries.seat_holder(request.COOKIES.get(queries.COOKIE, ""))
    is_on_it = holder is not None and holder.shift == scanned.shift.pk
    context = {
        "shift": scanned.shift,
        "is_centre": queries.is_centre(scanned.shift),
        "section": scanned.section,
        "here": here,
        "elsewhere": [each for each in there if each not in here],
        "is_full": all(each.held for each in there),
        "is_full_here": all(each.held for each in here),
        "holds": holder.seat if holder and is_on_it else "",
        "said": said,
        "nickname": request.POST.get("nickname", "")[:NICKNAME_MOST],
    }
    answer = render(request, "floor/seat.html", context, status=status)
    if status == 503:
        answer["Retry-After"] = "2"
    return answer


def _closed(request: HttpRequest, scanned: queries.SeatCode) -> HttpResponse:
    return render(request, "floor/seat_closed.html", {"shift": scanned.shift}, status=410)
