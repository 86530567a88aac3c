"""Scripts: read, changed, translated, shared as a file, brought in."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from upturn.commitments.commands import draw_code
from upturn.loop.commands import scripts as commands
from upturn.loop.engine.errors import LoopError, ScriptProblem, ScriptRefused
from upturn.loop.engine.script import Script
from upturn.loop.engine.script_reading import read_script
from upturn.loop.engine.script_writing import write_script
from upturn.loop.forms.scripts import LANGUAGES, FileForm, WordsForm
from upturn.loop.queries.scripts import ScriptHere, script_by_ref
from upturn.loop.queries.scripts import scripts as scripts_seen
from upturn.loop.views.door import for_hosts
from upturn.loop.views.showing import steps_shown
from upturn.record.downloads import named

if TYPE_CHECKING:
    from upturn.people.models import Person

MOST_BYTES = 400_000


def found_script(viewer: "Person", ref: str) -> ScriptHere:
    """Give a script; raises Http404 without one."""
    try:
        return script_by_ref(viewer, ref)
    except ObjectDoesNotExist as error:
        raise Http404(_("There is no such script.")) from error


@for_hosts
@require_http_methods(["GET", "HEAD", "POST"])
def scripts(request: HttpRequest, viewer: "Person") -> HttpResponse:
    """All scripts; a file brings in another."""
    if request.method != "POST":
        return render(request, "loop/scripts.html", {"scripts": scripts_seen(viewer)})
    file = request.FILES.get("file")
    content = file.read(MOST_BYTES) if file else b""
    try:
        made = commands.bring_in_script(viewer, content, today=timezone.localdate())
    except ScriptRefused as refused:
        problems = refused.problems
        context = {"scripts": scripts_seen(viewer), "problems": problems}
        return render(request, "loop/scripts.html", context, status=400)
    return redirect("loop:script", ref=made.ref)


@for_hosts
@require_safe
def script(request: HttpRequest, viewer: "Person", ref: str) -> HttpResponse:
    """A script step by step, in one of its languages."""
    here = found_script(viewer, ref)
    language = request.GET.get("in", "")
    language = language if language in LANGUAGES else here.script.language
    context = {
        "here": here,
        "name": here.script.say(here.script.name, language=language),
        "purpose": here.script.say(here.script.purpose, language=language),
        "steps": steps_shown(here.script, language=language),
        "chosen": language,
        "key": draw_code(),
        "at": request.GET.get("at", ""),
        "moved": request.GET.get("moved", ""),
        "languages": [(code, name, code in here.script.languages) for code, name in _all()],
    }
    return render(request, "loop/script.html", context)


def _all() -> list[tuple[str, str]]:
    return [(code, str(name)) for code, name in settings.LANGUAGES]


@for_hosts
@require_http_methods(["GET", "HEAD", "POST"])
def words(request: HttpRequest, viewer: "Person", ref: str, language: str) -> HttpResponse:
    """Change the words of a script in one language, or write them in a new one."""
    here = found_script(viewer, ref)
    if language not in LANGUAGES:
        raise Http404(_("There is no such language."))
    given = request.POST if request.method == "POST" else None
    form = WordsForm(given, script=here.script, language=language, initial={"turn": here.turn})
    if given is not None and form.is_valid():
        try:
            made = kept_script(viewer, here, form.changed_script(), form.cleaned_data)
        except LoopError as error:
            form.add_error(None, str(error))
        else:
            return redirect("loop:script", ref=made)
    context = {
        "form": form,
        "here": here,
        "language_name": dict(_all())[language],
        "name": here.script.say(here.script.name, language=language),
    }
    return render(request, "loop/script_words.html", context, status=409 if form.errors else 200)


@for_hosts
@require_http_methods(["GET", "HEAD", "POST"])
def as_file(request: HttpRequest, viewer: "Person", ref: str) -> HttpResponse:
    """Change a script as a whole: its steps, their order, minutes, everything."""
    here = found_script(viewer, ref)
    written = write_script(here.script).decode()
    given = request.POST if request.method == "POST" else None
    form = FileForm(given, initial={"content": written, "turn": here.turn})
    problems: tuple[ScriptProblem, ...] = ()
    if given is not None and form.is_valid():
        try:
            changed = read_script(form.cleaned_data["content"].encode())
            made = kept_script(viewer, here, changed, form.cleaned_data)
        except ScriptRefused as refused:
            problems = refused.problems
        except LoopError as error:
            form.add_error(None, str(error))
        else:
            return redirect("loop:script", ref=made)
    name = here.script.say(here.script.name, language=here.script.language)
    context = {"form": form, "here": here, "problems": problems, "name": name}
    status = 400 if problems or form.errors else 200
    return render(request, "loop/script_file.html", context, status=status)


def kept_script(
    viewer: "Person", here: ScriptHere, changed: Script, given: Mapping[str, Any]
) -> str:
    """Change a script that was made here; of a shipped one keep a copy. Give its ref."""
    if here.turn is None:
        today = timezone.localdate()
        return commands.keep_script(viewer, changed, key=given["key"], today=today).ref
    turn = given["turn"]
    return commands.change_script(viewer, here.ref, changed, turn=-1 if turn is None else turn).ref


@for_hosts
@require_safe
def download(_request: HttpRequest, viewer: "Person", ref: str) -> HttpResponse:
    """The file that is shared."""
    here = found_script(viewer, ref)
    return named(
        HttpResponse(write_script(here.script), content_type="application/toml"), f"{ref}.toml"
    )


@for_hosts
@require_POST
def drop(_request: HttpRequest, viewer: "Person", ref: str) -> HttpResponse:
    """Drop a script that was made here; workshops that were opened with it keep theirs."""
    if found_script(viewer, ref).turn is not None:
        commands.drop_script(viewer, ref)
    return redirect("loop:scripts")
