"""Practice cards: what helped, in the words of those who served."""

from typing import TYPE_CHECKING

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from upturn.floor import commands, queries

NOT_YOURS = gettext_lazy("There is no such card, or it is not for you to take down.")

if TYPE_CHECKING:
    from upturn.floor.queries import SeatHolder
    from upturn.people.models import Person


@require_http_methods(["GET", "HEAD", "POST"])
def practice(request: HttpRequest) -> HttpResponse:
    """Cards, the newest first, for members and for phones of a shift; a lead may take one down."""
    viewer = _viewer(request)
    if viewer is None:
        return redirect(f"{reverse('account_login')}?next={request.path}")
    if not queries.may_see_cards(viewer):
        raise Http404(_("There are no such cards, or they are not for you to see."))
    if request.method == "POST":
        return _moved(request, viewer)
    context = {
        "cards": queries.all_cards(viewer),
        "may_lead": queries.may_lead(viewer),
        "taken_down": request.GET.get("down", "")[:16],
    }
    return render(request, "floor/practice.html", context)


def _viewer(request: HttpRequest) -> "Person | SeatHolder | None":
    if request.user.is_authenticated:
        return request.user
    return queries.seat_holder(request.COOKIES.get(queries.COOKIE, ""))


def _moved(request: HttpRequest, viewer: "Person | SeatHolder") -> HttpResponse:
    """Take a card down, or put it back up."""
    down, back = (request.POST.get(name, "") for name in ("take_down", "put_back"))
    if isinstance(viewer, queries.SeatHolder):
        raise Http404(str(NOT_YOURS))
    try:
        _move(viewer, down or back, down=bool(down))
    except ObjectDoesNotExist as error:
        raise Http404(str(NOT_YOURS)) from error
    return redirect(f"{reverse('floor:practice')}?down={down}" if down else "floor:practice")


def _move(viewer: "Person", ref: str, *, down: bool) -> None:
    """Move a card of a shift, or one of another room; raise ObjectDoesNotExist if it is neither."""
    if queries.may_lead(viewer) and commands.move_elsewhere(viewer, ref, down=down):
        return
    card = queries.practice_card(viewer, ref)
    if down:
        commands.take_down(viewer, card, now=timezone.now())
    else:
        commands.put_back_up(viewer, card)
