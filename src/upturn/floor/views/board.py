"""The board on the phone of a seat: the page, its state, its taps, and what works offline."""

import hashlib
import uuid
from functools import cache, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from upturn.floor import commands, queries
from upturn.floor.forms.taps import read_hello, read_tap
from upturn.floor.queries.holding import claims_of
from upturn.floor.queries.rounds import round_of
from upturn.floor.queries.topics import topic_of_seat
from upturn.floor.templatetags.floor_board import Row
from upturn.floor.views.showing import shown
from upturn.record.errors import NotStored

if TYPE_CHECKING:
    from upturn.floor.queries import SeatHolder

RETRY_AFTER_S = 2
SCRIPTS = ("board.js", "board_draw.js", "board_state.js", "sha256.js", "queue.js")
STYLES = ("house/tokens.css", "house/upturn.css", "floor/board.css", "house/mark.svg")


class SeatView(Protocol):
    """A page for whoever holds a seat."""

    def __call__(self, request: HttpRequest, holder: "SeatHolder") -> HttpResponse:
        """Answer."""


def for_seats(view: SeatView) -> Any:
    """Let phones in that hold a seat; the others are told what became of it."""

    @wraps(view)
    @never_cache
    def page(request: HttpRequest) -> HttpResponse:
        cookie = request.COOKIES.get(queries.COOKIE, "")
        holder = queries.seat_holder(cookie)
        if holder is None:
            return _gone(request, closed=queries.is_closed(queries.shift_named(cookie)))
        try:
            return view(request, holder)
        except commands.SeatGone as gone:
            return _gone(request, closed=gone.closed, said=gone.said)

    return page


def is_script(request: HttpRequest) -> bool:
    """Whether the page's script asks, and not somebody who reads the answer."""
    if request.content_type == "application/json":
        return True
    return request.accepts("application/json") and not request.accepts("text/html")


def _gone(request: HttpRequest, *, closed: bool, said: str = "") -> HttpResponse:
    said = said or _("This phone holds no seat of an open shift.")
    if is_script(request):
        return JsonResponse({"ok": False, "closed": closed, "said": said}, status=410)
    ref = queries.shift_named(request.COOKIES.get(queries.COOKIE, ""))
    context = {"said": said, "closed": closed and bool(ref), "ref": ref}
    return render(request, "floor/seat_gone.html", context, status=410)


def board_context(state: dict[str, Any], *, board: str, where: dict[str, str]) -> dict[str, Any]:
    """What the parts of a board need; `where` says where taps go and states come from."""
    return {"state": state, "board": board, "where": where, "no_row": Row()}


def _where(shift: str) -> dict[str, str]:
    names = {"tap": "tap", "state": "board_state", "hello": "hello", "leave": "leave"}
    addresses = {name: reverse(f"floor:{view}") for name, view in names.items()}
    return addresses | {"helped": reverse("floor:helped", args=[shift])}


def _state(holder: "SeatHolder") -> dict[str, Any]:
    now = timezone.now()
    topics = {
        "shift": queries.topic(holder.shift_ref),
        "seat": topic_of_seat(holder.shift_ref, holder.number),
    }
    state = queries.board_state(holder, now=now)
    own = {"round": round_of(holder, now=now), "topics": topics, "claims": claims_of(holder)}
    return shown(state | own)


@for_seats
@require_safe
def board(request: HttpRequest, holder: "SeatHolder") -> HttpResponse:
    """The whole floor, the next round on top."""
    return _page(request, holder, undo=_key(request.GET.get("undo", "")))


def _page(
    request: HttpRequest,
    holder: "SeatHolder",
    *,
    undo: str = "",
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    state = _state(holder)
    context = board_context(state, board="seat", where=_where(holder.shift_ref))
    context |= {"undo": undo, "refused": refused}
    return render(request, "floor/board.html", context, status=status)


def _key(given: str) -> str:
    try:
        return str(uuid.UUID(given))
    except ValueError:
        return ""


@for_seats
@require_safe
def board_state(request: HttpRequest, holder: "SeatHolder") -> HttpResponse:
    """Everything the board shows."""
    answer = JsonResponse(_state(holder))
    answer["X-CSRFToken"] = get_token(request)
    return answer


@for_seats
@require_POST
def tap(request: HttpRequest, holder: "SeatHolder") -> HttpResponse:
    """Carry a tap out, once however often it comes."""
    status, said = carried_out(request, holder)
    if is_script(request):
        if status in {200, 409}:
            said["round"] = round_of(holder, now=timezone.now())
        return tap_answer(status, said)
    if status != 200:
        return _page(request, holder, refused=str(said["said"]), status=status)
    key = _key(request.POST.get("key", ""))
    undone = request.POST.get("act") in {"undo", "decline", "looked", "hold", "quiet"}
    return redirect(reverse("floor:board") + ("" if undone else f"?undo={key}"))


def tap_answer(status: int, said: dict[str, Any]) -> HttpResponse:
    """Answer a script's tap."""
    answer = JsonResponse(said, status=status)
    if status == 503:
        answer["Retry-After"] = str(RETRY_AFTER_S)
    return answer


def carried_out(request: HttpRequest, actor: Any, shift: Any = None) -> tuple[int, dict[str, Any]]:
    """Carry out what was sent, and say with which status and words to answer."""
    try:
        done = commands.carry_out(actor, read_tap(request), now=timezone.now(), shift=shift)
    except commands.BadTap as bad:
        return 400, {"ok": False, "said": bad.said}
    except commands.TapRefused as refused:
        return 409, {"ok": False, "said": refused.said, "need": refused.need}
    except NotStored:
        return 503, {"ok": False, "said": _("Too much at once. Nothing was stored; tap again.")}
    answer = {"said": done.said, "missed": done.missed, "event": done.event, "again": done.again}
    return 200, {"ok": True, "needs": list(done.needs)} | answer


@for_seats
@require_POST
def hello(request: HttpRequest, holder: "SeatHolder") -> HttpResponse:
    """Hear again from a phone what the house forgot in a restart."""
    try:
        commands.hello(holder, read_hello(request), now=timezone.now())
    except commands.BadTap as bad:
        return JsonResponse({"ok": False, "said": bad.said}, status=400)
    return JsonResponse({"ok": True})


@for_seats
@require_POST
def leave(request: HttpRequest, holder: "SeatHolder") -> HttpResponse:
    """Give the seat back; what its phone took is put back."""
    try:
        commands.leave(holder, now=timezone.now())
    except NotStored:
        return _page(request, holder, refused=_("Too much at once. Try again."), status=503)
    answer = render(request, "floor/seat_left.html")
    answer.delete_cookie(queries.COOKIE)
    return answer


@require_safe
def shell(request: HttpRequest) -> HttpResponse:
    """The page without anything on it, for a phone that has no network; it holds no data."""
    state = shown({"places": [], "kinds": [], "needs": [], "sections": [], "shift": {"name": ""}})
    context = board_context(state, board="seat", where=_where("shift"))
    return render(request, "floor/board.html", context | {"is_shell": True})


@require_safe
def worker(_request: HttpRequest) -> HttpResponse:
    """The service worker, under the board, so that it serves the board alone."""
    parts = [static(name) for name in (*(f"floor/{name}" for name in SCRIPTS), *STYLES)]
    names = {
        "VERSION": f"{_version()}-{get_language()}",
        "BOARD": reverse("floor:board"),
        "SHELL": reverse("floor:shell"),
        "QUEUE": static("floor/queue.js"),
    }
    head = "".join(f'const {name} = "{value}";\n' for name, value in names.items())
    body = f"{head}const PARTS = {parts!r};\n{_found('floor/worker.js').read_text('utf-8')}"
    return HttpResponse(body, content_type="text/javascript; charset=utf-8")


@require_safe
def manifest(_request: HttpRequest) -> HttpResponse:
    """How a phone names the board on its first screen."""
    icon = {"src": static("house/mark.svg"), "sizes": "any", "type": "image/svg+xml"}
    board_at = reverse("floor:board")
    said = {"name": _("The floor"), "start_url": board_at, "scope": board_at, "icons": [icon]}
    look = {"display": "standalone", "background_color": "#0a0908", "theme_color": "#0a0908"}
    return JsonResponse(said | look, content_type="application/manifest+json")


@cache
def _version() -> str:
    """Other files, other version: then phones fetch all of them anew."""
    files = (*(f"floor/{name}" for name in (*SCRIPTS, "worker.js")), *STYLES)
    whole = b"".join(_found(name).read_bytes() for name in files)
    words = (TEMPLATES.parents[1] / "locale").glob("*/LC_MESSAGES/django.po")
    read = (*sorted(TEMPLATES.glob("*board*.html")), *sorted(words))
    pages = b"".join(page.read_bytes() for page in read)
    return hashlib.sha256(whole + pages).hexdigest()[:12]


TEMPLATES = Path(__file__).parents[1] / "templates" / "floor"


def _found(name: str) -> Path:
    found = finders.find(name)
    if not isinstance(found, str):
        raise FileNotFoundError(name)
    return Path(found)
