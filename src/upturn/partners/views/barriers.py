"""The six barriers, and words that servers do not use."""

from functools import partial
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from upturn.partners.commands import barriers as commands
from upturn.partners.engine import PartnersError
from upturn.partners.forms.rules import BarrierForm, PlainForm
from upturn.partners.queries import barriers as queries
from upturn.voice.views.door import readers_of_words

if TYPE_CHECKING:
    from upturn.people.models import Person

for_members = partial(
    readers_of_words,
    otherwise=gettext_lazy("There is no such barrier, or it is not for you to see."),
)


@login_required
@require_safe
@for_members
def barriers(request: HttpRequest, viewer: "Person") -> HttpResponse:
    """All six, each with what people named and what is under way."""
    found = queries.inventory(viewer, today=timezone.localdate())
    named = sum(len(each.named) + len(each.rules) for each in found)
    context = {"barriers": found, "named": named, "empty": sum(each.is_empty for each in found)}
    return render(request, "partners/rules/barriers.html", context)


@login_required
@require_http_methods(["GET", "POST"])
@for_members
def name(request: HttpRequest, viewer: "Person") -> HttpResponse:
    """Name what stands in the way."""
    start = {"barrier": request.GET.get("barrier", "")[:20]}
    form = BarrierForm(request.POST or None, viewer=viewer, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            commands.name_barrier(viewer, form.draft(), today=timezone.localdate())
        except PartnersError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Named. What can be done about it stands beside it."))
            return redirect("partners:barriers")
    status = 400 if form.errors else 200
    return render(request, "partners/rules/name.html", {"form": form}, status=status)


@login_required
@require_POST
@for_members
def take_back(request: HttpRequest, viewer: "Person", ref: str) -> HttpResponse:
    named = queries.named_barrier(viewer, ref)
    try:
        commands.take_back_barrier(viewer, named)
    except PartnersError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Taken back."))
    return redirect("partners:barriers")


@login_required
@require_http_methods(["GET", "POST"])
@for_members
def plain_words(request: HttpRequest, viewer: "Person") -> HttpResponse:
    """Mark what servers may not say in a pasted text; nothing of the text is stored."""
    start = {"language": (get_language() or "en")[:2]}
    form = PlainForm(request.POST or None, initial=start)
    found = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        found = queries.jargon(viewer, given["text"], language=given["language"])
    context = {"form": form, "jargon": found, "own": queries.own_words(viewer)}
    status = 400 if form.errors else 200
    return render(request, "partners/rules/plain_words.html", context, status=status)


@login_required
@require_POST
@for_members
def own_word(request: HttpRequest, viewer: "Person") -> HttpResponse:
    """Spare a word, or mark it again."""
    word = request.POST.get("word", "")[:200]
    try:
        if request.POST.get("again"):
            commands.mark_word(viewer, word)
        else:
            commands.spare_word(viewer, word)
    except PartnersError as error:
        messages.error(request, str(error))
    return redirect("partners:plain_words")
