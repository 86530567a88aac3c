"""Alone: practising without an account, and one's own small tasks. Nothing of it is kept here."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from upturn.loop.engine.script_reading import shipped_script
from upturn.loop.views.phone_words import phone_says
from upturn.loop.views.showing import steps_shown


@require_safe
def practise(request: HttpRequest) -> HttpResponse:
    """The shipped questions, one after the other; what is written stays on this device."""
    script = shipped_script("solution_focused")
    language = get_language() or script.language
    context = {
        "steps": steps_shown(script),
        "name": script.say(script.name, language=language),
        "farewell": script.say(script.farewell, language=language),
        "says": phone_says(),
    }
    return render(request, "loop/practise.html", context)


@require_safe
def pocket(request: HttpRequest) -> HttpResponse:
    """Small tasks of this phone; the page is empty, the phone fills it."""
    return render(request, "loop/pocket.html")
