"""Cards on paper and on a screen: whoever holds a seat's code can hand out its cards."""

from collections.abc import Sequence

import segno
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from upturn.partners import commands, queries
from upturn.partners.engine.errors import NotCast
from upturn.partners.models import WaveSeat

COOKIE = "card"
DAYS_S = 24 * 3600


@login_required
@require_POST
def cards(request: HttpRequest, ref: str) -> HttpResponse:
    """Print the cards of one seat, from the code that was shown when the wave opened."""
    code = request.POST.get("code", "")
    tokens = commands.cards_behind(code) if code.startswith(f"{ref}-") else ()
    found = queries.promised(ref)
    if not tokens or found is None:
        raise Http404(_("There are no such cards, or their wave is over."))
    seat = _seat(tokens)
    links = [_link(request, _address(seat, token), seat) for token in tokens]
    context = {
        "wave": found,
        "seat": seat,
        "cards": [(link, picture(link)) for link in links],
    }
    return render(request, "partners/waves/cards.html", context)


@never_cache
@require_safe
def screen(request: HttpRequest, code: str) -> HttpResponse:
    """Show the code of a seat, large, for phones that come to it."""
    tokens = commands.cards_behind(code)
    if not tokens:
        raise Http404(_("There are no such cards, or their wave is over."))
    seat = _seat(tokens)
    link = _link(request, reverse("partners:draw", args=[code]), seat)
    context = {"seat": seat, "link": link, "picture": picture(link)}
    return render(request, "partners/waves/screen.html", context)


@csrf_exempt  # whoever holds the code may draw, and a card is tied to nobody
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def draw(request: HttpRequest, code: str) -> HttpResponse:
    """Give one phone one card; the same phone gets the same card again."""
    tokens = commands.cards_behind(code)
    if not tokens:
        raise Http404(_("There are no such cards, or their wave is over."))
    seat = _seat(tokens)
    if (drawn := request.COOKIES.get(COOKIE, "")) in tokens:
        return redirect(_address(seat, drawn))
    context = {"seat": seat, "none_left": False}
    if request.method != "POST":
        return render(request, "partners/waves/draw.html", context)
    try:
        token = commands.take_card(code)
    except NotCast:
        context["none_left"] = True
        return render(request, "partners/waves/draw.html", context, status=410)
    response = HttpResponseRedirect(_address(seat, token))
    path = reverse("partners:draw", args=[code])
    secure = request.is_secure()
    response.set_cookie(
        COOKIE, token, max_age=DAYS_S, path=path, httponly=True, secure=secure, samesite="Strict"
    )
    return response


def _seat(tokens: Sequence[str]) -> WaveSeat:
    seat = queries.seat_of_card(tokens[0])
    if seat is None:
        raise Http404(_("There are no such cards, or their wave is over."))
    return seat


def _address(seat: WaveSeat, token: str) -> str:
    return reverse("partners:sign" if seat.fingerprint else "partners:answer", args=[token])


def _link(request: HttpRequest, address: str, seat: WaveSeat) -> str:
    """Give what the code says: behind the # what the phone compares the signing key with.

    A browser sends nothing from behind the #, and takes it along when it is led on.
    """
    link = request.build_absolute_uri(address)
    return f"{link}#{seat.fingerprint}" if seat.fingerprint else link


def picture(link: str) -> SafeString:
    """Draw a QR code as SVG with attributes only."""
    made = segno.make(link, error="m", micro=False)
    drawn = made.svg_inline(scale=1, border=3, light="#fff", svgclass="code-picture", omitsize=True)
    return SafeString(drawn)
