"""A kit for other clients: shown in full to all, given out by who keeps the exchange, taken in."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from upturn.exchange.commands import kits as commands
from upturn.exchange.commands.refusals import NotYours, told
from upturn.exchange.engine import Template, template
from upturn.exchange.engine.errors import BadKit, ExchangeError, Incomplete
from upturn.exchange.engine.kit import BYTES_MOST, kit_from
from upturn.exchange.engine.kit_form import Kit
from upturn.exchange.engine.kit_gathering import Stays
from upturn.exchange.queries.kits import begun_from, kit_seen, laid_kit
from upturn.exchange.queries.sittings import Sitting
from upturn.exchange.views.door import for_viewer, sentences
from upturn.exchange.views.showing import shown
from upturn.record.downloads import named

if TYPE_CHECKING:
    from upturn.exchange.models import Exchange
    from upturn.exchange.queries.sight import Viewer
    from upturn.people.models import Person

PARTS = {
    "vision": _("Vision"),
    "mission": _("What it is for"),
    "not_mission": _("What it is not for"),
    "scope": _("Whose work, which places"),
    "topics": _("What is talked about"),
    "never": _("What is never talked about"),
    "questions": _("Questions of your own"),
    "agenda": _("Lines of agendas"),
    "expectations": _("What the client expected of a programme"),
}
WHY = {
    "name": _("It names somebody here."),
    "figure": _("It has a figure, a date or a number."),
    "guard": _("The guard stops it."),
    "letters": _("It is too long for a kit."),
    "lines": _("A kit has no more lines here."),
    "hidden": _("It has a letter that nobody sees."),
}


@require_http_methods(["GET", "HEAD", "POST"])
@for_viewer
def kit(request: HttpRequest, viewer: "Viewer", exchange: "Exchange") -> HttpResponse:
    """Show what would go to another client and what stays; on POST give the file out."""
    refused = None
    if request.method == "POST":
        try:
            return _file(viewer, exchange, mark=request.POST.get("mark", ""))
        except ExchangeError as error:
            refused = error
    seen = kit_seen(viewer, exchange)
    began = begun_from(viewer, exchange)
    context = {
        "seen": seen,
        "words": _words(seen.kit) if seen else (),
        "stays": _why(seen.stays) if seen else (),
        "kind": _kind(seen.kit) if seen else None,
        "began": began,
        "brought": _words(began) if began else (),
    }
    return shown(request, "kit.html", viewer, exchange, context, refused=refused)


def _file(viewer: "Viewer", exchange: "Exchange", *, mark: str) -> HttpResponse:
    if isinstance(viewer, Sitting):
        raise NotYours(told(_("The host gives a kit out. You read here all that is in it.")))
    file = commands.give_out(viewer, exchange, mark=mark)
    answer = HttpResponse(file, content_type="application/json; charset=utf-8")
    return named(answer, "exchange-kit.json")


def _kind(kit: Kit) -> Template:
    return template(kit.kind)


def _words(kit: Kit) -> list[tuple[object, tuple[str, ...]]]:
    found = [(name, said, getattr(kit, name)) for name, said in PARTS.items()]
    return [(said, (value,) if isinstance(value, str) else value) for _name, said, value in found]


def _why(stays: Iterable[Stays]) -> list[tuple[object, str, object]]:
    return [(PARTS[each.part], each.words, WHY[each.code]) for each in stays]


def kit_sent(request: HttpRequest) -> Kit:
    """Read a kit as a form sends it: a file, or the one that lies on this host.

    Raises
    ------
    BadKit, Incomplete
    """
    if request.POST.get("laid") and (laid := laid_kit()):
        return laid
    file = request.FILES.get("kit")
    if not isinstance(file, UploadedFile):
        raise Incomplete(told(_("Choose the file of a kit first. Nothing was begun.")))
    return kit_from(file.read(BYTES_MOST + 1))


def begin(request: HttpRequest, viewer: "Person") -> "Exchange":
    """Begin an exchange from the kit that a form sends; nothing of a kit with a fault is kept."""
    sent = request.POST
    return commands.begin_from_kit(
        viewer, kit_sent(request), key=sent.get("key", "")[:32], name=sent.get("name", "")
    )


def said_of(error: ExchangeError) -> tuple[str, ...]:
    """Say why a kit was not taken, in the reader's language."""
    if isinstance(error, BadKit):
        return error.said(get_language() or "en")
    return sentences(error)
