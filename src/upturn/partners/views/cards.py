"""Cards on paper and on a screen: whoever holds a seat's code can hand out its cards."""

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
    links = [_link(request, "partners:answer", token) for token in tokens]
    context = {
        "wave": found,
        "seat": queries.seat_of_card(tokens[0]),
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
    link = _link(request, "partners:draw", code)
    context = {"seat": queries.seat_of_card(tokens[0]), "link": link, "picture": picture(link)}
    return render(request, "partners/waves/screen.html", context)


@csrf_exempt  # whoever holds the code may draw, and a card is tied to nobody
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def draw(request: HttpRequest, code: str) -> HttpResponse:
    """Give one phone one card; the same phone gets the same card again."""
    if drawn := _drawn(request, code):
        return redirect("partners:answer", token=drawn)
    tokens = commands.cards_behind(code)
    if not tokens:
        raise Http404(_("There are no such cards, or their wave is over."))
    context = {"seat": queries.seat_of_card(tokens[0]), "none_left": False}
    if request.method != "POST":
        return render(request, "partners/waves/draw.html", context)
    try:
        token = commands.take_card(code)
    except NotCast:
        context["none_left"] = True
        return render(request, "partners/waves/draw.html", context, status=410)
    response = HttpResponseRedirect(reverse("partners:answer", args=[token]))
    path = reverse("partners:draw", args=[code])
    secure = request.is_secure()
    response.set_cookie(
        COOKIE, token, max_age=DAYS_S, path=path, httponly=True, secure=secure, samesite="Strict"
    )
    return response


def _drawn(request: HttpRequest, code: str) -> str:
    """Give the card this phone drew before, if it is of this code."""
    token = request.COOKIES.get(COOKIE, "")
    return token if token in commands.cards_behind(code) else ""


def _link(request: HttpRequest, name: str, token: str) -> str:
    return request.build_absolute_uri(reverse(name, args=[token]))


def picture(link: str) -> SafeString:
    """Draw a QR code as SVG with attributes only."""
    made = segno.make(link, error="m", micro=False)
    drawn = made.svg_inline(scale=1, border=3, light="#fff", svgclass="code-picture", omitsize=True)
    return SafeString(drawn)
