"""The sum of us: one page of what came of an exchange, to read together and to print."""

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from upturn.exchange.queries import sum_of_us as queries
from upturn.exchange.views.door import for_viewer
from upturn.exchange.views.showing import shown
from upturn.exchange.views.sum_pictures import lines_of, pictures_of

if TYPE_CHECKING:
    from upturn.exchange.models import Exchange
    from upturn.exchange.queries.sight import Viewer


@require_safe
@for_viewer
def sum_of_us(request: HttpRequest, viewer: "Viewer", exchange: "Exchange") -> HttpResponse:
    """Show what came of it, of all together and of no company."""
    found = queries.sum_of_us(viewer, exchange)
    context = {
        "sum": found,
        "lines": lines_of(found.held) if found.held.meetings else (),
        "pictures": pictures_of(found.moved),
    }
    return shown(request, "sum_of_us.html", viewer, exchange, context)
