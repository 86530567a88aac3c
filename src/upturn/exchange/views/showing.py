"""What every page of an exchange needs, and how a form that was refused comes back."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date

from upturn.exchange.commands.guarding import Checked
from upturn.exchange.engine.errors import ExchangeError
from upturn.exchange.queries.guarding import guard_version
from upturn.exchange.queries.sittings import Sitting
from upturn.exchange.views.door import sentences, status_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from upturn.exchange.models import Exchange
    from upturn.exchange.queries.sight import Viewer


def shown(
    request: HttpRequest,
    template: str,
    viewer: "Viewer",
    exchange: "Exchange",
    context: dict[str, Any],
    *,
    refused: ExchangeError | None = None,
) -> HttpResponse:
    """Render a page of an exchange; `refused` says above it why something was not done.

    What was typed is in the context as `typed`, so that nothing of it is lost.
    """
    whole = {
        "exchange": exchange,
        "sitting": viewer if isinstance(viewer, Sitting) else None,
        "keeps": not isinstance(viewer, Sitting),
        "guard_version": guard_version(),
        "refused": sentences(refused) if refused else (),
        "typed": request.POST if refused else {},
    }
    status = status_of(refused) if refused else 200
    return render(request, f"exchange/{template}", whole | context, status=status)


def checked_of(request: HttpRequest) -> Checked:
    """Read what the check on the author's side found, as its script wrote it into the form."""
    return checked_from(request.POST)


def checked_from(sent: "Mapping[str, str]") -> Checked:
    """Read the same from whatever was sent by names."""
    return Checked(
        version=sent.get("guard_version", "")[:16],
        stop=sent.get("guard_stop", "")[:4] or "none",
        reason=bool(sent.get("guard_reason")),
    )


def day_of(written: str) -> date | None:
    """Read a day as a form sends it; None for whatever is none."""
    try:
        return parse_date(written)
    except ValueError:
        return None
