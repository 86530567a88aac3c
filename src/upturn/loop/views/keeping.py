"""The keep-list: what workshops named as well enough, and letting it go."""

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from upturn.loop.commands import keeping as commands
from upturn.loop.engine.errors import LoopError
from upturn.loop.queries.keeping import kept
from upturn.loop.views.door import for_hosts, status_of
from upturn.record.forms import number

if TYPE_CHECKING:
    from upturn.people.models import Person


def _page(
    request: HttpRequest, viewer: "Person", *, refused: str = "", status: int = 200
) -> HttpResponse:
    found = kept(viewer)
    context = {
        "kept": [one for one in found if one.let_go_on is None],
        "gone": [one for one in found if one.let_go_on is not None],
        "most": commands.BECAUSE_MAX,
        "refused": refused,
    }
    return render(request, "loop/keep_list.html", context, status=status)


@for_hosts
@require_safe
def keep_list(request: HttpRequest, viewer: "Person") -> HttpResponse:
    """What is to stay, and what was let go, with its reason."""
    return _page(request, viewer)


@for_hosts
@require_POST
def let_go(request: HttpRequest, viewer: "Person", card: str) -> HttpResponse:
    """Let a thing be changed again, with a reason, or put it back on the list."""
    turn, today = number(request, "turn"), timezone.localdate()
    try:
        if request.POST.get("again"):
            commands.keep_again(viewer, card, turn=turn)
        else:
            because = request.POST.get("because", "")
            commands.let_go(viewer, card, because=because, turn=turn, today=today)
    except LoopError as error:
        return _page(request, viewer, refused=str(error), status=status_of(error))
    return redirect("loop:keep_list")
