"""What works flows out: a story of a closed workshop becomes a practice card of the house."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from upturn.loop.commands import practices
from upturn.loop.engine.errors import LoopError
from upturn.loop.models import WorkshopState
from upturn.loop.views.closing import day_page
from upturn.loop.views.door import for_workshop, status_of
from upturn.loop.views.rooms import console_page

if TYPE_CHECKING:
    from upturn.loop.models import Workshop
    from upturn.people.models import Person


@for_workshop
@require_POST
def story(request: HttpRequest, viewer: "Person", workshop: "Workshop", card: str) -> HttpResponse:
    """Put a story up as a practice card, or take that card down."""
    today = timezone.localdate()
    try:
        if request.POST.get("take_down"):
            practices.take_down_story(viewer, workshop, card, today=today)
            messages.success(request, _("The card is taken down."))
        else:
            practices.put_up(viewer, workshop, card, today=today)
            messages.success(request, _("It stands among the practice cards now."))
    except LoopError as error:
        page = console_page if workshop.state == WorkshopState.OPEN else day_page
        return page(request, viewer, workshop, refused=str(error), status=status_of(error))
    return redirect(f"{reverse('loop:day_100', args=[workshop.ref])}#story-{card}")
