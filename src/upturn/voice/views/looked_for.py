"""What the reader looks for: themes that are written, and those found in the words."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms.models import model_to_dict
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from upturn.voice import commands, queries
from upturn.voice.forms import FoundThemeForm, ThemeForm, UnsaidForm
from upturn.voice.views.door import asked_for_part, for_writers, note_reading


@login_required
@require_http_methods(["GET", "POST"])
def themes(request: HttpRequest) -> HttpResponse:
    """List what the reader looks for, with a form for one thing more."""
    viewer = for_writers(request)
    form = ThemeForm(request.POST or None)
    if "preview" in request.POST:
        return _tried(request, form, "voice/themes.html", _listed(request))
    if request.method == "POST" and form.is_valid():
        commands.add_theme(viewer, **form.cleaned_data)
        messages.success(request, _("Added. Every comment is read again, the newest first."))
        return redirect("voice:themes")
    context = {"form": form, **_listed(request)}
    return render(request, "voice/themes.html", context, status=400 if form.errors else 200)


def _listed(request: HttpRequest) -> dict[str, Any]:
    viewer = for_writers(request)
    found = queries.found_themes(viewer)
    if found.themes:
        note_reading(viewer, "_themes")
    return {
        "themes": queries.all_themes(viewer),
        "found": found,
        "unsaid": UnsaidForm(initial={"words": found.unsaid}),
    }


def _tried(
    request: HttpRequest, form: ThemeForm, template: str, around: dict[str, Any]
) -> HttpResponse:
    """Show which of the newest comments would be read so, with no label at all."""
    viewer = for_writers(request)
    if form.is_valid():
        given, own = form.cleaned_data, around.get("theme")
        preview = queries.preview_theme(
            viewer,
            name=given["name"],
            descriptions=given["descriptions"],
            instead_of=own.key if own else "",
        )
        note_reading(viewer, "_themes")
    else:
        preview = None
    context = {**around, "form": form, "preview": preview}
    return render(request, "voice/_preview.html" if asked_for_part(request) else template, context)


@login_required
@require_http_methods(["GET", "POST"])
def edit_theme(request: HttpRequest, key: str) -> HttpResponse:
    """Change what a theme is called and compared with."""
    viewer = for_writers(request)
    theme = queries.all_themes(viewer).filter(key=key).first()
    if theme is None:
        raise Http404(_("There is no such theme."))
    form = ThemeForm(request.POST or None, initial=model_to_dict(theme))
    if "preview" in request.POST:
        return _tried(request, form, "voice/edit_theme.html", {"theme": theme})
    if request.method == "POST" and form.is_valid():
        commands.edit_theme(viewer, theme, **form.cleaned_data)
        messages.success(request, _("Changed. Every comment is read again, the newest first."))
        return redirect("voice:themes")
    context = {"form": form, "theme": theme}
    return render(request, "voice/edit_theme.html", context, status=400 if form.errors else 200)


@login_required
@require_POST
def name_found(request: HttpRequest, found_id: int) -> HttpResponse:
    """Make a theme of what was found in the words."""
    viewer = for_writers(request)
    found = queries.found_theme(viewer, found_id)
    if found is None:
        raise Http404(_("This is not found in the words any more."))
    form = FoundThemeForm(request.POST)
    if form.is_valid():
        commands.name_found_theme(viewer, found, **form.cleaned_data)
        messages.success(request, _("Added. Every comment is read again, the newest first."))
    else:
        messages.error(request, _("A theme needs a name and a sentence."))
    return redirect("voice:themes")


@login_required
@require_POST
def unsaid(request: HttpRequest) -> HttpResponse:
    """Keep the words that tell nothing here."""
    viewer = for_writers(request)
    form = UnsaidForm(request.POST)
    if form.is_valid():
        commands.leave_unsaid(viewer, form.cleaned_data["words"])
        messages.success(request, _("Kept. The next search goes without these words."))
    return redirect("voice:themes")
