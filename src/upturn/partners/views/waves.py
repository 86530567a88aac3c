"""Pages of waves: drafting, opening, what is promised, and ending them."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from upturn.partners import commands, queries
from upturn.partners.engine.errors import WaveRefused
from upturn.partners.forms.waves import WaveForm
from upturn.privacy.blind_tokens import BROWSER_SHA256

if TYPE_CHECKING:
    from upturn.people.models import Person

P = ParamSpec("P")


def _found(
    view: "Callable[Concatenate[HttpRequest, Person, P], HttpResponse]",
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A wave out of sight gets the same answer as one that does not exist."""

    @wraps(view)
    def page(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, cast("Person", request.user), *args, **kwargs)
        except ObjectDoesNotExist:
            raise Http404(_("There is no such wave, or it is not for you to see.")) from None

    return cast("Callable[Concatenate[HttpRequest, P], HttpResponse]", page)


@login_required
@require_safe
@_found
def waves(request: HttpRequest, viewer: "Person") -> HttpResponse:
    """Waves that run, and those that are over."""
    found = list(queries.waves(viewer))
    context = {
        "running": [wave for wave in found if wave.is_running],
        "over": [wave for wave in found if not wave.is_running],
        "asked": queries.open_waves_for(viewer),
        "may_open": queries.may_open_waves(viewer),
    }
    return render(request, "partners/waves/list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Draft a wave, see who would answer with whom, open it; its cards are in the answer."""
    viewer, today = _opener(request), timezone.localdate()
    form = WaveForm(viewer, request.POST or None, today=today, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        try:
            opened = commands.open_wave(viewer, draft=form.draft(), today=today)
        except WaveRefused as refused:
            form.add_error(None, str(refused))
        else:
            return _opened(request, viewer, opened)
    context = {"form": form, **_seats(viewer, form)}
    return render(request, "partners/waves/new.html", context, status=400 if form.errors else 200)


@login_required
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """Give the seats of a draft as it stands."""
    viewer = _opener(request)
    form = WaveForm(viewer, request.POST, today=timezone.localdate())
    return render(request, "partners/waves/_seats.html", _seats(viewer, form))


def _opener(request: HttpRequest) -> "Person":
    viewer = cast("Person", request.user)
    if not queries.may_open_waves(viewer):
        raise Http404(_("Waves are opened by leaders, executives and facilitators."))
    return viewer


def _seats(viewer: "Person", form: WaveForm) -> dict[str, Any]:
    if not form.is_bound:
        form = WaveForm(viewer, form.initial, today=timezone.localdate())
    form.is_valid()
    try:
        return {"plan": queries.plan(viewer, form.draft(), today=timezone.localdate())}
    except WaveRefused as refused:
        return {"refusal": str(refused)}


def _opened(request: HttpRequest, viewer: "Person", opened: commands.Opened) -> HttpResponse:
    """Answer the POST itself: a redirect would have to keep the codes somewhere."""
    wave = queries.wave(viewer, opened.ref)
    rows = [(seat, opened.codes[seat.key]) for seat in queries.seats_of(opened.ref)]
    return render(request, "partners/waves/opened.html", {"wave": wave, "rows": rows})


@login_required
@require_safe
@_found
def wave(request: HttpRequest, viewer: "Person", ref: str) -> HttpResponse:
    """Show a wave that runs, or lead on to what it published."""
    found = queries.wave(viewer, ref)
    if not found.is_running:
        return redirect("partners:gap_map", ref=ref)
    context = {
        "wave": found,
        "seats": queries.seats_of(ref),
        "own_seat": queries.own_seat(viewer, found),
        "may_end": queries.may_end(viewer, found),
        "turnout": queries.turnout(found),
        "promise_url": request.build_absolute_uri(reverse("partners:promise", args=[ref])),
    }
    return render(request, "partners/waves/wave.html", context)


@require_safe
def promise(request: HttpRequest, ref: str) -> HttpResponse:
    """Say what is kept and what is not, to everybody who has the address: nothing is secret."""
    found = queries.promised(ref)
    if found is None:
        raise Http404(_("There is no such wave."))
    context = {"wave": found, "seats": queries.seats_of(ref), "browser": BROWSER_SHA256}
    return render(request, "partners/waves/promise.html", context)


@login_required
@require_http_methods(["GET", "POST"])
@_found
def end(request: HttpRequest, viewer: "Person", ref: str) -> HttpResponse:
    """End a wave now: what came is counted."""
    return _stopped(request, viewer, ref, stop=commands.end_wave)


@login_required
@require_http_methods(["GET", "POST"])
@_found
def cancel(request: HttpRequest, viewer: "Person", ref: str) -> HttpResponse:
    """Cancel a wave: what came is erased."""
    return _stopped(request, viewer, ref, stop=commands.cancel_wave)


def _stopped(
    request: HttpRequest, viewer: "Person", ref: str, *, stop: "Callable[[Person, str], None]"
) -> HttpResponse:
    found = queries.wave(viewer, ref)
    try:
        commands.check_end(viewer, found)
        if request.method != "POST":
            counts = stop is commands.end_wave
            context = {"wave": found, "counts": counts}
            return render(request, "partners/waves/stop.html", context)
        stop(viewer, ref)
    except WaveRefused as refused:
        messages.error(request, str(refused))
        return redirect("partners:wave", ref=ref)
    messages.success(request, _("The wave takes no more answers."))
    return redirect("partners:waves")
