"""Who keeps an exchange: let somebody else keep it too, or stop."""

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from upturn.exchange.commands import keeping
from upturn.exchange.engine.errors import ExchangeError
from upturn.exchange.queries.keepers import keepers as who_keeps
from upturn.exchange.views.door import for_convener
from upturn.exchange.views.showing import shown

if TYPE_CHECKING:
    from upturn.exchange.models import Exchange
    from upturn.people.models import Person


@require_http_methods(["GET", "HEAD", "POST"])
@for_convener
def keepers(request: HttpRequest, viewer: "Person", exchange: "Exchange") -> HttpResponse:
    """Show who keeps it, and change that."""
    refused = None
    if request.method == "POST":
        try:
            if request.POST.get("act") == "stop":
                keeping.stop_keeping(viewer, exchange)
                return redirect("exchange:exchanges")
            keeping.let_keep(viewer, exchange, request.POST.get("username", ""))
            return redirect("exchange:keepers", exchange.ref)
        except ExchangeError as error:
            refused = error
    context = {"keepers": who_keeps(viewer, exchange)}
    return shown(request, "keepers.html", viewer, exchange, context, refused=refused)
