"""A month's video or paper: kept by this host and played without asking anybody else."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from csp.decorators import csp_update
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from upturn.exchange.commands import people as commands
from upturn.exchange.engine import Act, Rung, allows
from upturn.exchange.engine.errors import ExchangeError
from upturn.exchange.models import PartyKind
from upturn.exchange.queries import people as queries
from upturn.exchange.queries.sittings import Sitting
from upturn.exchange.views.door import for_viewer
from upturn.exchange.views.showing import checked_of, shown
from upturn.record.downloads import named

if TYPE_CHECKING:
    from upturn.exchange.models import Exchange
    from upturn.exchange.queries.sight import Viewer

Page = Callable[..., HttpResponse]
FILMS_OF_ITS_OWN = cast("Callable[[Page], Page]", csp_update({"media-src": ["'self'"]}))
"""Lets a page play what this host gives, and nothing of anybody else."""
_RANGE = re.compile(r"bytes=([0-9]{1,12})-([0-9]{0,12})")


@FILMS_OF_ITS_OWN
@require_http_methods(["GET", "HEAD", "POST"])
@for_viewer
def media(request: HttpRequest, viewer: "Viewer", exchange: "Exchange") -> HttpResponse:
    """List what came each month, and put something up."""
    refused = None
    if request.method == "POST":
        try:
            _put_up(request, viewer, exchange)
            return redirect("exchange:media", exchange.ref)
        except ExchangeError as error:
            refused = error
    context = {
        "rows": queries.media(viewer, exchange),
        "puts_up": not isinstance(viewer, Sitting)
        or (viewer.kind == PartyKind.MEMBER and allows(Rung(viewer.rung), Act.WRITE_CARD)),
        "megabytes": commands.MEDIA_BYTES // 1_000_000,
        "kinds": ",".join(sorted(commands.ENDINGS)),
    }
    return shown(request, "media.html", viewer, exchange, context, refused=refused)


def _put_up(request: HttpRequest, viewer: "Viewer", exchange: "Exchange") -> None:
    file = request.FILES.get("file")
    fits = isinstance(file, UploadedFile) and (file.size or 0) <= commands.MEDIA_BYTES
    draft = commands.MediaDraft(
        name=request.POST.get("name", ""),
        kind=(file.content_type or "") if file else "",
        content=file.read() if file and fits else b"",
        month=timezone.localdate(),
    )
    commands.put_up_media(viewer, exchange, draft, checked_of(request))


@require_safe
@for_viewer
def media_content(
    request: HttpRequest, viewer: "Viewer", exchange: "Exchange", media: str
) -> HttpResponse:
    """Give a video or paper, or the part of it that a player asks for."""
    kind, content = queries.media_content(viewer, exchange, media)
    answer = _part(request.headers.get("Range", ""), content)
    answer.headers["Content-Type"] = kind
    answer.headers["Accept-Ranges"] = "bytes"
    kept = "attachment" if request.GET.get("keep") else "inline"
    return named(answer, f"{media}.{commands.ENDINGS.get(kind, 'bin')}", kept=kept)


def _part(asked: str, content: bytes) -> HttpResponse:
    """Give a range of bytes as RFC 9110 says; whatever is none of it gets the whole."""
    found = _RANGE.fullmatch(asked)
    if found is None:
        return HttpResponse(content)
    first = int(found[1])
    last = min(int(found[2]) if found[2] else len(content) - 1, len(content) - 1)
    if first > last:
        answer = HttpResponse(status=416)
        answer.headers["Content-Range"] = f"bytes */{len(content)}"
        return answer
    answer = HttpResponse(content[first : last + 1], status=206)
    answer.headers["Content-Range"] = f"bytes {first}-{last}/{len(content)}"
    return answer
