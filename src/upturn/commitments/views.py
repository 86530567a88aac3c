"""Pages of the spine."""

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from upturn.commitments import commands, queries
from upturn.commitments.engine import Move, RaisedAs, SpineError
from upturn.commitments.forms import FORMS, AskForm, ThanksForm, TicketForm
from upturn.commitments.models import Ask
from upturn.commitments.templatetags.commitments import DONE_SENTENCES
from upturn.graph import queries as graph
from upturn.people.queries import head_count
from upturn.record import reading_log

if TYPE_CHECKING:
    from upturn.people.models import Person


def _viewer(request: HttpRequest) -> "Person | None":
    return request.user if request.user.is_authenticated else None


def _ask_or_404(viewer: "Person | None", ref: str, code: str) -> Ask:
    """Only a matching ticket or sight of the ask opens it; both failures look alike."""
    try:
        found = queries.ask_by_ticket(code) if code else None
        if found is None and viewer is not None:
            found = queries.ask_by_ref(viewer, ref)
    except Ask.DoesNotExist:
        found = None
    if found is None or found.ref != ref:
        raise Http404(_("There is no such ask, or it is not for you to see."))
    return found


@login_required
@require_http_methods(["GET", "POST"])
def raise_(request: HttpRequest, edge_id: int) -> HttpResponse:
    viewer = cast("Person", request.user)
    try:
        edge = graph.edge(viewer, edge_id)
    except ObjectDoesNotExist as error:
        raise Http404(_("There is no such edge, or it is not for you to see.")) from error
    start = {"code": commands.draw_code(), "touchpoint": request.GET.get("touchpoint", "")[:80]}
    form = AskForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        draft = _draft(viewer, form)
        try:
            ask = commands.raise_ask(viewer, edge=edge, draft=draft, today=timezone.localdate())
        except SpineError as error:
            form.add_error(None, str(error))
        else:
            return _raised(request, ask, code=draft.code)
    few = head_count(edge.served_id) < 5
    context = {"form": form, "edge": edge, "may": queries.may_raise(viewer, edge), "few": few}
    status = 400 if form.errors else 200
    return render(request, "commitments/raise.html", context, status=status)


def _draft(viewer: "Person", form: AskForm) -> commands.Draft:
    given = form.cleaned_data
    try:
        touchpoint = graph.touchpoint(viewer, given["touchpoint"])
    except ObjectDoesNotExist:
        touchpoint = None
    return commands.Draft(
        words=given["words"],
        because=given["because"],
        raised_as=RaisedAs(given["raised_as"]),
        code=given["code"],
        touchpoint=touchpoint,
    )


def _raised(request: HttpRequest, ask: Ask, *, code: str) -> HttpResponse:
    if ask.raised_as == RaisedAs.TICKET:
        return render(request, "commitments/ticket_once.html", {"ask": ask, "code": code})
    messages.success(
        request, _("Sent to %(party)s. You are told at each step.") % {"party": ask.edge.server}
    )
    return redirect("commitments:ask", ref=ask.ref)


@login_required
@require_safe
def asks(request: HttpRequest) -> HttpResponse:
    viewer, today = cast("Person", request.user), timezone.localdate()
    found = queries.asks_in_lists(viewer, today=today, most={"to us": 50, "by us": 50})
    context = {"to_us": found["to us"], "by_us": found["by us"]}
    return render(request, "commitments/asks.html", context)


@login_required
@require_safe
def ask(request: HttpRequest, ref: str) -> HttpResponse:
    viewer = cast("Person", request.user)
    found, today = _ask_or_404(viewer, ref, ""), timezone.localdate()
    if found.raised_by_id != viewer.pk:
        reading_log.note_reading(viewer.pk, kind="ask", ref=ref, day=today)
    return _page(request, found)


def _page(request: HttpRequest, found: Ask, *, code: str = "") -> HttpResponse:
    here = queries.standing(_viewer(request), found, today=timezone.localdate(), code=code)
    context = {"here": here, "lines": queries.talk(found), "code": code}
    return render(request, "commitments/ask.html", context)


@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, ref: str, move: str) -> HttpResponse:
    """Ask for what the move needs, then make it. The holder of a ticket comes by POST alone."""
    code = request.POST.get("code", "")
    viewer, today = _viewer(request), timezone.localdate()
    found = _ask_or_404(viewer, ref, code)
    here = queries.standing(viewer, found, today=today, code=code)
    if move not in here.moves:
        return _told(request, found, _closed(move), code=code)
    chosen = Move(move)
    sent = request.method == "POST" and "turn" in request.POST
    start = {"turn": found.turn, "code": code}
    form = FORMS[chosen](request.POST if sent else None, initial=start)
    if sent and form.is_valid():
        try:
            commands.take(
                viewer, found, move=chosen, content=form.content(), today=today, code=code
            )
        except SpineError as error:
            return _told(request, found, str(error), code=code)
        messages.success(request, str(DONE_SENTENCES[chosen]))
        return _back(request, found, code=code)
    context = {"form": form, "here": here, "move": chosen, "code": code}
    return render(request, "commitments/move.html", context, status=400 if form.errors else 200)


def _closed(move: str) -> str:
    if move not in {known.value for known in Move}:
        raise Http404(_("There is no such step."))
    return _not_now()


def _not_now() -> str:
    return _("This step is not open to you now. The ask below shows what is.")


def _told(request: HttpRequest, found: Ask, sentence: str, *, code: str) -> HttpResponse:
    """Refuse with the sentence, on the ask as it stands now."""
    found = _ask_or_404(_viewer(request), found.ref, code)
    here = queries.standing(_viewer(request), found, today=timezone.localdate(), code=code)
    context = {"here": here, "lines": queries.talk(found), "code": code, "refused": sentence}
    return render(request, "commitments/ask.html", context, status=409)


def _back(request: HttpRequest, found: Ask, *, code: str) -> HttpResponse:
    if not code:
        return redirect("commitments:ask", ref=found.ref)
    return _page(request, queries.ask_by_ticket(code), code=code)


@require_http_methods(["GET", "POST"])
def thank(request: HttpRequest, ref: str) -> HttpResponse:
    code = request.POST.get("code", "")
    viewer, today = _viewer(request), timezone.localdate()
    found = _ask_or_404(viewer, ref, code)
    here = queries.standing(viewer, found, today=today, code=code)
    if not here.may_thank:
        return _told(request, found, _not_now(), code=code)
    sent = request.method == "POST" and "turn" in request.POST
    form = ThanksForm(request.POST if sent else None, initial={"turn": found.turn, "code": code})
    if sent and form.is_valid():
        try:
            words = form.cleaned_data["words"]
            commands.thank(viewer, found, words=words, today=today, code=code)
        except SpineError as error:
            return _told(request, found, str(error), code=code)
        messages.success(request, _("Your thanks are on their way."))
        return _back(request, found, code=code)
    context = {"form": form, "here": here, "move": "thank", "code": code}
    return render(request, "commitments/move.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def ticket(request: HttpRequest) -> HttpResponse:
    """Open an ask by its ticket; no sign-in, and the code is never part of an address."""
    form = TicketForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        try:
            return _page(request, queries.ask_by_ticket(code), code=code)
        except Ask.DoesNotExist:
            form.add_error("code", _("No ask has this code. Look at 0 and O, 1 and I again."))
    status = 400 if form.errors else 200
    return render(request, "commitments/ticket.html", {"form": form}, status=status)
