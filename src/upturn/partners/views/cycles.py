"""Improvement cycles."""

from functools import partial
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from upturn.commitments import queries as commitments
from upturn.graph.engine.tabular_export import csv_lines
from upturn.partners.commands import cycles as commands
from upturn.partners.engine import CycleMove, PartnersError
from upturn.partners.forms.cycles import CYCLE_FORMS, CycleForm
from upturn.partners.queries import cycles as queries
from upturn.partners.queries.watching import watched
from upturn.partners.templatetags.partners_rules import CYCLE_DONE, watch_choices
from upturn.people.queries import parties_of
from upturn.record.downloads import CSV, named
from upturn.voice.views.door import readers_of_words

if TYPE_CHECKING:
    from upturn.commitments.models import Ask
    from upturn.partners.models import Cycle
    from upturn.people.models import Person

for_members = partial(
    readers_of_words,
    otherwise=gettext_lazy("There is no such cycle, or it is not for you to see."),
)


@login_required
@require_safe
@for_members
def cycles(request: HttpRequest, viewer: "Person") -> HttpResponse:
    """Every cycle, and how many of them the front line opened."""
    context = {"cycles": queries.cycles(viewer), "share": queries.front_share(viewer)}
    return render(request, "partners/cycles/cycles.html", context)


@login_required
@require_safe
@for_members
def cycles_csv(_request: HttpRequest, viewer: "Person") -> HttpResponse:
    """All cycles as a file."""
    table = csv_lines(queries.cycle_cells(viewer), columns=queries.COLUMNS)
    return named(HttpResponse(table, content_type=CSV), "cycles.csv")


@login_required
@require_http_methods(["GET", "POST"])
@for_members
def begin(request: HttpRequest, viewer: "Person") -> HttpResponse:
    """Open a cycle, on an ask or a named barrier if one is given."""
    sent = request.POST or request.GET
    ask, barrier = sent.get("ask", "")[:16], sent.get("barrier", "")[:16]
    form = CycleForm(request.POST or None, viewer=viewer, ask=ask, barrier=barrier)
    if request.method == "POST" and form.is_valid():
        try:
            cycle = commands.open_cycle(viewer, form.draft(), today=timezone.localdate())
        except PartnersError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Open. It waits for a leader who owns it with you."))
            return redirect("partners:cycle", ref=cycle.ref)
    hangs_on = _ask(viewer, ask)
    context = {"form": form, "ask": hangs_on, "may": bool(parties_of(viewer))}
    status = 400 if form.errors else 200
    return render(request, "partners/cycles/begin.html", context, status=status)


def _ask(viewer: "Person", ref: str) -> "Ask | None":
    try:
        return commitments.ask_by_ref(viewer, ref) if ref else None
    except ObjectDoesNotExist:
        return None


@login_required
@require_safe
@for_members
def cycle(request: HttpRequest, viewer: "Person", ref: str) -> HttpResponse:
    """One cycle: who owns it, what is tried, and what was seen."""
    return _page(request, viewer, queries.cycle_row(viewer, ref))


def _page(
    request: HttpRequest, viewer: "Person", found: "Cycle", *, refused: str = ""
) -> HttpResponse:
    here = queries.cycle_here(viewer, found)
    watch = None
    if here.watch and here.tried_on:
        watch = watched(
            viewer,
            here.watch,
            since=here.tried_on,
            weeks=here.watch_weeks,
            today=timezone.localdate(),
        )
    context = {
        "cycle": here,
        "lines": queries.cycle_story(found),
        "watch": watch,
        "ask": _ask(viewer, here.ask_ref),
        "refused": refused,
    }
    return render(request, "partners/cycles/cycle.html", context, status=409 if refused else 200)


@login_required
@require_http_methods(["GET", "POST"])
@for_members
def move(request: HttpRequest, viewer: "Person", ref: str, move: str) -> HttpResponse:
    """Ask for what the move needs, then make it."""
    if move not in {known.value for known in CycleMove}:
        raise Http404(_("There is no such step."))
    found, chosen = queries.cycle_row(viewer, ref), CycleMove(move)
    here = queries.cycle_here(viewer, found)
    if chosen not in here.moves:
        return _page(request, viewer, found, refused=_("This step is not open to you now."))
    parties = (found.raised_by_id, found.co_party_id)
    form = CYCLE_FORMS[chosen](
        request.POST or None,
        leads=queries.leading(viewer),
        watches=watch_choices(viewer, parties) if chosen == CycleMove.MEASURE else [],
        initial={"turn": found.turn, "trying": found.trying, "front": found.front},
    )
    if request.method == "POST" and form.is_valid():
        try:
            today = timezone.localdate()
            commands.move_cycle(viewer, found, move=chosen, content=form.content(), today=today)
        except PartnersError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, str(CYCLE_DONE[chosen]))
            return redirect("partners:cycle", ref=ref)
    context = {"form": form, "cycle": here, "move": chosen}
    status = 400 if form.errors else 200
    return render(request, "partners/cycles/move.html", context, status=status)
