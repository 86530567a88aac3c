"""The register of rules."""

from functools import partial
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from upturn.graph.engine.tabular_export import csv_lines
from upturn.partners.commands import rules as commands
from upturn.partners.engine import PartnersError, RuleMove
from upturn.partners.forms.rules import RULE_FORMS, RuleForm
from upturn.partners.queries import barriers as words
from upturn.partners.queries import rules as queries
from upturn.partners.queries.watching import watched
from upturn.partners.templatetags.partners_rules import RULE_DONE, watch_choices
from upturn.record.downloads import CSV, named
from upturn.voice.views.door import readers_of_words

if TYPE_CHECKING:
    from upturn.partners.models import Rule
    from upturn.people.models import Person

for_members = partial(
    readers_of_words,
    otherwise=gettext_lazy("There is no such rule, or it is not for you to see."),
)


@login_required
@require_safe
@for_members
def rules(request: HttpRequest, viewer: "Person") -> HttpResponse:
    """All rules; what waits for an answer first."""
    register = queries.register(viewer, today=timezone.localdate())
    return render(request, "partners/rules/rules.html", {"register": register})


@login_required
@require_safe
@for_members
def rules_csv(_request: HttpRequest, viewer: "Person") -> HttpResponse:
    """The register as a file."""
    cells = queries.rule_cells(viewer, today=timezone.localdate())
    table = csv_lines(cells, columns=queries.COLUMNS)
    return named(HttpResponse(table, content_type=CSV), "rules.csv")


@login_required
@require_http_methods(["GET", "POST"])
@for_members
def write(request: HttpRequest, viewer: "Person") -> HttpResponse:
    """Write a rule down; words that servers may not use are shown once before it is stored."""
    today = timezone.localdate()
    start = {"barrier": request.GET.get("barrier", "")[:20]}
    form = RuleForm(request.POST or None, viewer=viewer, today=today, initial=start)
    found = None
    if request.method == "POST" and form.is_valid():
        found = words.jargon(viewer, form.cleaned_data["words"], language=get_language() or "en")
        if form.cleaned_data["looked_at"] or not found.marked:
            try:
                rule = commands.write_rule(viewer, form.draft(), today=today)
            except PartnersError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("Written down. The team that keeps it answers for it."))
                return redirect("partners:rule", ref=rule.ref)
        else:
            form.data = {**form.data.dict(), "looked_at": "on"}  # type: ignore[attr-defined]
    context = {"form": form, "jargon": found}
    status = 400 if form.errors else 200
    return render(request, "partners/rules/write.html", context, status=status)


@login_required
@require_safe
@for_members
def rule(request: HttpRequest, viewer: "Person", ref: str) -> HttpResponse:
    """One rule with what was said of it, and what happened after it was let go."""
    return _page(request, viewer, queries.rule_row(viewer, ref))


def _page(
    request: HttpRequest, viewer: "Person", found: "Rule", *, refused: str = ""
) -> HttpResponse:
    today = timezone.localdate()
    here = queries.rule_here(viewer, found, today=today)
    watch = None
    if here.watch and here.retired_on:
        watch = watched(
            viewer, here.watch, since=here.retired_on, weeks=here.watch_weeks, today=today
        )
    context = {
        "rule": here,
        "lines": queries.story(found),
        "watch": watch,
        "jargon": words.jargon(viewer, here.words, language=get_language() or "en"),
        "refused": refused,
    }
    return render(request, "partners/rules/rule.html", context, status=409 if refused else 200)


@login_required
@require_http_methods(["GET", "POST"])
@for_members
def move(request: HttpRequest, viewer: "Person", ref: str, move: str) -> HttpResponse:
    """Ask for what the move needs, then make it."""
    if move not in {known.value for known in RuleMove}:
        raise Http404(_("There is no such step."))
    found, today, chosen = queries.rule_row(viewer, ref), timezone.localdate(), RuleMove(move)
    here = queries.rule_here(viewer, found, today=today)
    if chosen not in here.moves:
        return _page(request, viewer, found, refused=_("This step is not open to you now."))
    start = {"turn": found.turn, "ends_on": commands.usual_end(today)}
    parties = (found.keeper_id, found.for_whom_id)
    watches = watch_choices(viewer, parties) if chosen == RuleMove.RETIRE else []
    form = RULE_FORMS[chosen](request.POST or None, watches=watches, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            commands.move_rule(viewer, found, move=chosen, content=form.content(), today=today)
        except PartnersError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, str(RULE_DONE[chosen]))
            return redirect("partners:rule", ref=ref)
    context = {"form": form, "rule": here, "move": chosen}
    status = 400 if form.errors else 200
    return render(request, "partners/rules/move.html", context, status=status)
