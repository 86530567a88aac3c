"""What the frame of every page needs: where one is, and where one may go from here."""

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from upturn.exchange.queries.sight import may_prepare
from upturn.floor.queries import may_lead
from upturn.loop.queries.sight import may_host
from upturn.people.queries import may_bring_in, may_invite, may_read_words
from upturn.voice.queries import may_write_themes

if TYPE_CHECKING:
    from upturn.people.models import Person


# What addresses begin with whose pages stand in the navigation.
WITH_A_ROOM = frozenset(
    (
        "",
        "customers",
        "pyramid",
        "asks",
        "me",
        "ticket",
        "themes",
        "people",
        "bring-in",
        "demo",
        "traces",
        "gaps",
        "waves",
        "rules",
        "barriers",
        "cycles",
        "line-of-sight",
        "plain-words",
        "lab",
        "floor",
        "practice",
        "plans",
        "flows",
        "understood",
        "leading",
        "exchanges",
    )
)
# What addresses begin with whose pages are translated whole; every other page is English.
IN_EVERY_LANGUAGE = frozenset(("board", "floor", "helped", "practice", "seat", "table"))
# Rooms under More that everybody but guests finds there.
OF_PARTNERS = (
    (_("Waves"), "partners:waves"),
    (_("Rules"), "partners:rules"),
    (_("Barriers"), "partners:barriers"),
    (_("Cycles"), "partners:cycles"),
    (_("Line of sight"), "partners:line_of_sight"),
    (_("Plain words"), "partners:plain_words"),
)


class Room(NamedTuple):
    """One word of the navigation; phones have room for four, and find some under More."""

    name: str | Promise
    url: str
    here: bool
    shown: str = ""


def _room(request: HttpRequest, name: str | Promise, view: str) -> Room:
    url = reverse(view)
    match = request.resolver_match
    exact = match is not None and match.view_name == view
    return Room(name, url, exact or (url != "/" and request.path.startswith(url)))


def frame(request: HttpRequest) -> dict[str, object]:
    viewer = getattr(request, "user", None)
    first = request.path.split("/")[1]
    spoken = (get_language() if first in IN_EVERY_LANGUAGE else None) or "en"
    if viewer is None or not viewer.is_authenticated:
        return {"demo": settings.DEMO, "spoken": spoken}
    here = first if first in WITH_A_ROOM else "elsewhere"
    return {
        "demo": settings.DEMO,
        "spoken": spoken,
        "rooms_at": f"{viewer.role}-{may_invite(viewer)}-{here}",
        "rooms": partial(_rooms, request, viewer),
        "more_rooms": partial(_more_rooms, request, viewer),
    }


def _rooms(request: HttpRequest, viewer: "Person") -> list[Room]:
    rooms = [_room(request, _("Home"), "house:home")]
    if may_read_words(viewer):
        rooms.append(_room(request, _("Customers"), "voice:customers"))
    rooms.append(_room(request, _("Pyramid"), "house:pyramid"))
    if may_read_words(viewer):
        gaps = _room(request, _("Gaps"), "partners:gaps")
        rooms.append(gaps._replace(shown="wide-only"))
        plans = _room(request, _("Plan"), "plan:plans")
        rooms.append(plans._replace(shown="wide-only"))
    rooms.append(_room(request, _("Asks"), "commitments:asks"))
    return rooms


def _rooms_of_hosts(request: HttpRequest, viewer: "Person") -> list[Room]:
    hosted = []
    if may_host(viewer):
        hosted.append(_room(request, _("Workshops"), "loop:workshops"))
    if may_prepare(viewer):
        hosted.append(_room(request, _("Exchanges"), "exchange:exchanges"))
    return hosted


def _more_rooms(request: HttpRequest, viewer: "Person") -> list[Room]:
    more = []
    if may_read_words(viewer):
        gaps = _room(request, _("Gaps"), "partners:gaps")
        plans = _room(request, _("Plan"), "plan:plans")
        more = [each._replace(shown="phone-only") for each in (gaps, plans)]
        more.append(_room(request, _("Traces"), "trace:alarms"))
        more += [_room(request, name, view) for name, view in OF_PARTNERS]
        more.append(_room(request, _("Lab"), "floor:floors"))
        if may_lead(viewer):
            more.append(_room(request, _("Floor"), "floor:shifts"))
        more.append(_room(request, _("Practice cards"), "floor:practice"))
    more += _rooms_of_hosts(request, viewer)
    more.append(_room(request, _("What I can see"), "people:me"))
    more.append(_room(request, _("Private ticket"), "commitments:ticket"))
    if may_write_themes(viewer):
        more.append(_room(request, _("Themes"), "voice:themes"))
    if may_invite(viewer):
        more.append(_room(request, _("People"), "people:people"))
    if may_bring_in(viewer):
        more.append(_room(request, _("Bring in data"), "house:bring_in"))
    if settings.DEMO:
        more.append(_room(request, _("Be somebody else"), "people:demo"))
    return more
