"""The steps of a script, one by one: written, changed, moved, taken out."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from upturn.loop.engine import script_editing
from upturn.loop.engine.errors import Incomplete, LoopError, ScriptRefused
from upturn.loop.engine.script import Script
from upturn.loop.forms.script_steps import StepForm
from upturn.loop.queries.scripts import ScriptHere
from upturn.loop.views.door import for_hosts, status_of
from upturn.loop.views.scripts import found_script, kept_script
from upturn.record.forms import number

if TYPE_CHECKING:
    from upturn.people.models import Person

MOVES = {"up": -1, "down": 1}


@for_hosts
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, viewer: "Person", ref: str, at: int) -> HttpResponse:
    """Change the step at a place, from 1."""
    here = found_script(viewer, ref)
    if not 1 <= at <= len(here.script.steps):
        raise Http404(_("There is no such step."))
    return _step(request, viewer, here, at=at, new=False)


@for_hosts
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, viewer: "Person", ref: str, at: int) -> HttpResponse:
    """Write a new step that stands at a place, from 1."""
    here = found_script(viewer, ref)
    if not 1 <= at <= len(here.script.steps) + 1:
        raise Http404(_("There is no such step."))
    return _step(request, viewer, here, at=at, new=True)


def _step(
    request: HttpRequest, viewer: "Person", here: ScriptHere, *, at: int, new: bool
) -> HttpResponse:
    standing = None if new else here.script.steps[at - 1]
    given = request.POST if request.method == "POST" else None
    form = StepForm(given, script=here.script, step=standing, initial={"turn": here.turn})
    status = 200
    if given is not None and form.is_valid():
        change = script_editing.with_step if new else script_editing.with_step_changed
        try:
            changed = change(here.script, form.made(), at=at - 1)
            made = kept_script(viewer, here, changed, form.cleaned_data)
        except ScriptRefused as refused:
            status = 400
            for problem in refused.problems:
                form.add_error(None, str(problem))
        except LoopError as error:
            form.add_error(None, str(error))
            status = status_of(error)
        else:
            return redirect(f"{reverse('loop:script', args=[made])}#step-{at}")
    elif given is not None:
        status = 400
    name = here.script.say(here.script.name, language=here.script.language)
    context = {"form": form, "here": here, "name": name, "at": at, "new": new}
    return render(request, "loop/script_step.html", context, status=status)


@for_hosts
@require_POST
def arrange(request: HttpRequest, viewer: "Person", ref: str, at: int) -> HttpResponse:
    """Move the step at a place up or down, or take it out; the focus goes along."""
    here, act = found_script(viewer, ref), request.POST.get("act", "")
    turn = number(request, "turn", missing=-1)
    given = {"key": request.POST.get("key", "")[:40], "turn": turn}
    try:
        made = kept_script(viewer, here, _arranged(here.script, act, at=at - 1), given)
    except LoopError as error:
        said = [each.remedy for each in error.problems] if isinstance(error, ScriptRefused) else []
        messages.error(request, " ".join(said) or str(error))
        return redirect("loop:script", ref=ref)
    there = at + MOVES.get(act, 0)
    address = reverse("loop:script", args=[made])
    # No fragment: with one, browsers leave the focus where it is.
    return redirect(f"{address}?at={there}&moved={act}")


def _arranged(script: Script, act: str, *, at: int) -> Script:
    if act == "remove":
        return script_editing.without_step(script, at=at)
    if act not in MOVES:
        raise Incomplete(_("There is no such key. Load the page again."))
    return script_editing.with_step_moved(script, at=at, by=MOVES[act])
