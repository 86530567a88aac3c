"""Ten minutes in one seat, to practise. The whole try stands in the address; nothing is stored."""

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from upturn.floor import jobs, queries
from upturn.floor.engine.errors import FloorError
from upturn.floor.engine.lab.practice import LONGEST, Score
from upturn.floor.views.door import for_members
from upturn.voice.views.door import asked_for_part

if TYPE_CHECKING:
    from upturn.people.models import Person

LONGEST_ADDRESS = LONGEST * 6


@login_required
@require_safe
@for_members
def practise(request: HttpRequest, viewer: "Person", floor: str) -> HttpResponse:
    """The next choice, or how the ten minutes went."""
    drawn = queries.drawn(viewer, floor)
    if asked_for_part(request) or not jobs.is_made_ready():
        return _making_ready(request, drawn)
    seat, evening = _whole(request, "seat", 0), _whole(request, "evening", 1)
    choices, before = (_choices(request.GET.get(name, "")) for name in ("choices", "before"))
    first = None
    try:
        page = queries.practised(drawn, seat=seat, evening=evening, choices=choices)
        if page.score and before:
            first = queries.practised(drawn, seat=seat, evening=evening, choices=before).score
    except FloorError:
        return redirect("floor:practise", floor=floor)
    again = f"?seat={page.seat}&evening={page.evening}"
    context: dict[str, object] = {"drawn": drawn, "page": page, "before": before, "again": again}
    if page.score:
        context |= {"first": first, "tries": _tries(page, first)}
    return render(request, "floor/practise.html", context)


def _making_ready(request: HttpRequest, drawn: queries.Drawn) -> HttpResponse:
    """The page while the planner is compiled; it asks for its part until it may come again."""
    context = {"drawn": drawn, "is_open": not jobs.is_made_ready()}
    if not asked_for_part(request):
        return render(request, "floor/making_ready.html", context)
    answer = render(request, "floor/_making_ready.html", context)
    if not context["is_open"]:
        answer["HX-Refresh"] = "true"
    return answer


def _tries(page: queries.Practice, first: Score | None) -> list[dict[str, object]]:
    """Columns of the table at the end, the second try beside the first."""
    mine = _("this try") if first else _("you")
    columns = [(_("first try"), first), (mine, page.score), (_("the planner"), page.experienced)]
    return [{"name": name, "score": score} for name, score in columns if score]


def _choices(given: str) -> list[int]:
    """Numbers with dots between; a bare 0 is the way home, needs count from 1."""
    if len(given) > LONGEST_ADDRESS:
        raise Http404(_("This address is too long for a try."))
    parts = [part for part in given.split(".") if part]
    if any(not part.isdecimal() for part in parts):
        raise Http404(_("This is no try. Begin anew from the page of the floor."))
    return [int(part) - 1 for part in parts]


def _whole(request: HttpRequest, name: str, otherwise: int) -> int:
    given = request.GET.get(name, "")
    return int(given) if given.isdecimal() and len(given) < 9 else otherwise
