"""The line of sight to customers."""

from functools import partial
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from upturn.partners.queries.structure import latest_stated, sight
from upturn.voice.views.door import readers_of_words

if TYPE_CHECKING:
    from upturn.people.models import Person

for_members = partial(
    readers_of_words, otherwise=gettext_lazy("The line of sight is for those who work here.")
)


@login_required
@require_safe
@for_members
def line_of_sight(request: HttpRequest, viewer: "Person") -> HttpResponse:
    """How far everybody is from a customer: as drawn, as said, and as read."""
    stated = latest_stated(viewer)
    context = {
        "sight": sight(viewer, stated=stated, today=timezone.localdate()),
        "wave": stated,
    }
    return render(request, "partners/structure/line_of_sight.html", context)
