"""Whom everybody serves, and how those who lead serve: the newest wave, or one that is named."""

from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from upturn.partners import queries
from upturn.partners.engine import LED, UNDERSTOOD, Published
from upturn.partners.queries.figures import understood_page
from upturn.partners.queries.figures_waves import newest_wave
from upturn.partners.queries.led import leaders_there, led_page
from upturn.partners.views.gaps import for_viewers, shown, wave_of

if TYPE_CHECKING:
    from upturn.people.models import Person


def _found(viewer: "Person", ref: str, page: str) -> Published | None:
    if not ref:
        return newest_wave(viewer, page)
    found = wave_of(viewer, ref)
    if page not in queries.pages_of(found):
        raise Http404(_("This wave did not ask for what stands on this page."))
    return found


@for_viewers
def understood(request: HttpRequest, viewer: "Person", ref: str = "") -> HttpResponse:
    """Who can say whom they serve, and finds it drawn rightly, by layer (S2.4)."""
    found = _found(viewer, ref, UNDERSTOOD)
    if found is None:
        context = {"may_open": queries.may_open_waves(viewer)}
        return render(request, "partners/gaps/no_understood.html", context)
    return shown(request, found, UNDERSTOOD, {"page": understood_page(found)})


@for_viewers
def led(request: HttpRequest, viewer: "Person", ref: str = "") -> HttpResponse:
    """How those who lead serve, of five of them together at least (S2.20)."""
    found = _found(viewer, ref, LED)
    if found is None:
        context = {"may_open": queries.may_open_waves(viewer), "leaders": leaders_there()}
        return render(request, "partners/gaps/no_led.html", context)
    return shown(request, found, LED, {"about": led_page(found)})
