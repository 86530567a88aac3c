"""One moment of the day: what it is, who meets the customer, and be, do and have."""

from dataclasses import replace
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST

from upturn.graph import queries as graph
from upturn.people.queries import may_read_words
from upturn.plan.commands import editing
from upturn.plan.engine import Overtaken, PlanError, Protected
from upturn.plan.forms.day import KeepForm, MomentForm, PartiesForm
from upturn.plan.queries import at_moment as queries
from upturn.plan.queries.day import moment_here, moment_row, parties_for, ways_at
from upturn.plan.queries.live import topic
from upturn.plan.queries.plans import head
from upturn.plan.queries.protected import kept_of
from upturn.plan.templatetags.plan_day import clock
from upturn.plan.views.day import outside_of
from upturn.plan.views.door import Here, asks_for_part, given, key_of, note_read, of_plan
from upturn.plan.views.saying import done, refusal, status_of
from upturn.record.forms import number
from upturn.record.kept import keep

OWN = frozenset({"csrfmiddlewaretoken", "key", "turn"})


@login_required
@require_http_methods(["GET", "POST"])
@of_plan
def moment(request: HttpRequest, here: Here, moment: str) -> HttpResponse:
    """Look at a moment; or change its time, its words, its touchpoint, or whether it is to stay."""
    if request.method != "POST":
        return moment_page(request, here, moment)
    row = moment_row(here.plan, moment)
    stands = editing.MomentWords(
        at=row.at,
        name=row.name,
        wants=row.wants,
        touchpoint_id=row.touchpoint_id,
        well_enough=row.well_enough,
    )
    if "well_enough" in request.POST:
        keep = KeepForm(request.POST)
        if not keep.is_valid():
            return moment_page(request, here, moment, status=400, keep_form=keep)
        words = replace(stands, well_enough=keep.cleaned_data["well_enough"])
        did = "protected" if words.well_enough.strip() else "open"
        return _saved(request, here, moment, words, did=did)
    form = MomentForm(request.POST, viewer=here.viewer, plan=here.plan)
    if not form.is_valid():
        return moment_page(request, here, moment, status=400, moment_form=form)
    sent = form.cleaned_data
    words = replace(
        stands,
        at=sent["at"],
        name=sent["name"],
        wants=sent["wants"],
        touchpoint_id=sent["touchpoint"],
    )
    return _saved(request, here, moment, words, did="kept")


def _edit_of(request: HttpRequest) -> editing.Edit:
    """Key, turn, and why something is touched that is to stay."""
    turn, anyway = number(request, "turn"), given(request, "anyway")
    return editing.Edit(key=key_of(request), turn=turn, anyway=anyway)


def _saved(
    request: HttpRequest, here: Here, moment: str, words: editing.MomentWords, *, did: str
) -> HttpResponse:
    edit = editing.Edit(key=key_of(request), turn=number(request, "turn"))
    try:
        editing.save_moment(here.viewer, here.plan, words, edit=edit, ref=moment)
    except PlanError as error:
        return _refused(request, here, moment, error)
    return _after(request, here, moment, did=did, key=edit.key)


@login_required
@require_POST
@of_plan
def parties(request: HttpRequest, here: Here, moment: str) -> HttpResponse:
    """Say who meets the customer at a moment."""
    form = PartiesForm(request.POST, viewer=here.viewer, plan=here.plan)
    edit = editing.Edit(key=key_of(request), turn=number(request, "turn"))
    shown = {party.id for party in form.parties}
    there = ways_at(here.plan, moment)
    beyond = {party: direct for party, direct in there.items() if party not in shown}
    chosen = form.chosen() if form.is_valid() else there
    try:
        editing.set_parties(here.viewer, here.plan, moment, beyond | chosen, edit=edit)
    except PlanError as error:
        return _refused(request, here, moment, error)
    return _after(request, here, moment, did="parties", key=edit.key)


@login_required
@require_POST
@of_plan
def drop(request: HttpRequest, here: Here, moment: str) -> HttpResponse:
    """Take a moment off the day, with a way back."""
    edit = _edit_of(request)
    try:
        editing.drop_moment(here.viewer, here.plan, moment, edit=edit)
    except PlanError as error:
        return _refused(request, here, moment, error)
    response = redirect("plan:day", ref=here.plan.ref)
    response["Location"] += f"?did=dropped&key={edit.key}"
    return response


@login_required
@require_POST
@of_plan
def line_add(request: HttpRequest, here: Here, moment: str) -> HttpResponse:
    """Write a line down."""
    return _line(request, here, moment, line="")


@login_required
@require_POST
@of_plan
def line(request: HttpRequest, here: Here, moment: str, line: str) -> HttpResponse:
    """Change a line."""
    return _line(request, here, moment, line=line)


def _line(request: HttpRequest, here: Here, moment: str, *, line: str) -> HttpResponse:
    words = editing.LineWords(
        words=given(request, "words"),
        column=given(request, "column"),
        party_id=number(request, "party"),
        moment=moment,
        provider_id=number(request, "provider") or None,
        enables=given(request, "enables", most=16),
    )
    edit = _edit_of(request)
    try:
        saved = editing.save_line(here.viewer, here.plan, words, edit=edit, ref=line)
    except PlanError as error:
        wrote = {"line": line, "words": words, "turn": edit.turn}
        return _refused(request, here, moment, error, wrote=wrote)
    return _after(request, here, moment, did="line", key=edit.key, at=f"l-{saved.ref}")


@login_required
@require_POST
@of_plan
def line_drop(request: HttpRequest, here: Here, moment: str, line: str) -> HttpResponse:
    """Take a line out, with a way back."""
    edit = _edit_of(request)
    try:
        editing.drop_line(here.viewer, here.plan, line, edit=edit)
    except PlanError as error:
        return _refused(request, here, moment, error)
    return _after(request, here, moment, did="line_dropped", key=edit.key)


def _after(
    request: HttpRequest, here: Here, moment: str, *, did: str, key: str, at: str = "bdh"
) -> HttpResponse:
    if asks_for_part(request):
        here.plan.refresh_from_db()
        return moment_page(request, here, moment, did=done(request, did=did, key=key))
    address = reverse("plan:moment", args=[here.plan.ref, moment])
    return redirect(f"{address}?did={did}&key={key}#{at}")


def _refused(
    request: HttpRequest, here: Here, moment: str, error: PlanError, **more: Any
) -> HttpResponse:
    """Show the page as it stands with what was sent beside it; nothing that was typed is lost."""
    here.plan.refresh_from_db()
    both = {"stands": error.stands, "yours": error.yours} if isinstance(error, Overtaken) else None
    return moment_page(
        request,
        here,
        moment,
        status=status_of(error),
        refused=refusal(error),
        overtaken=both,
        sent=[pair for pair in request.POST.items() if pair[0] not in OWN],
        protected=error.why if isinstance(error, Protected) else "",
        outside=outside_of(error, here.plan),
        **more,
    )


def moment_page(
    request: HttpRequest, here: Here, ref: str, *, status: int = 200, **more: Any
) -> HttpResponse:
    """Show a moment as it stands, with what a change has to say."""
    viewer, plan = here.viewer, here.plan
    top, row = head(viewer, plan), moment_here(viewer, plan, ref)
    note_read(viewer, [row])
    found = queries.at_moment(viewer, plan, row, today=timezone.localdate())
    context = {
        "head": top,
        "plan": plan,
        "at": found,
        "moment": row,
        "may_edit": top.may_edit,
        "reads_words": may_read_words(viewer),
        "change": request.GET.get("change", ""),
        "kept": kept_of(viewer, {each.party.id for each in row.meets}),
        "live": topic(plan.ref),
        "since": here.plan.since,
        "did": done(request),
        "is_part": asks_for_part(request),
        **(_forms(here, found) if top.may_edit else {}),
        **more,
    }
    template = "plan/moment/_moment.html" if asks_for_part(request) else "plan/moment/moment.html"
    return render(request, template, context, status=status)


def _forms(here: Here, found: queries.AtMoment) -> dict[str, Any]:
    viewer, plan, row = here.viewer, here.plan, found.moment
    there = {each.party.id: "direct" if each.direct else "indirect" for each in row.meets}
    told = {
        "at": clock(row.at),
        "name": row.name,
        "wants": row.wants,
        "touchpoint": row.point.id if row.point else None,
    }
    parties = parties_for(viewer, plan)
    return {
        "moment_form": MomentForm(initial=told, viewer=viewer, plan=plan),
        "keep_form": KeepForm(initial={"well_enough": row.well_enough}),
        "party_ways": [(party, there.get(party.id, "")) for party in parties],
        "providers": _named(parties),
        "promises": tuple((line.ref, line.words) for line in found.promises),
        "add_at": reverse("plan:line_add", args=[plan.ref, row.ref]),
    }


def _named(parties: tuple[graph.PartyRow, ...]) -> tuple[tuple[int, str], ...]:
    """Parties to choose from, by their names in the reader's language."""
    return keep(
        ("names of parties", len(parties), get_language()),
        as_of=parties,
        read=lambda: tuple((party.id, graph.full_name(party)) for party in parties),
    )
