"""The charter: read and signed by all, written by who keeps the exchange; the chair, the light."""

from functools import partial
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from upturn.exchange.commands import charters, vision
from upturn.exchange.commands.refusals import NotReady
from upturn.exchange.engine import (
    DATA_CLASSES,
    QUESTIONS,
    VISION_LETTERS,
    CharterText,
    item,
    template,
)
from upturn.exchange.engine.errors import ExchangeError
from upturn.exchange.models import ExchangeState, PartyKind
from upturn.exchange.queries.charters import (
    all_gain,
    chairs_so_far,
    charter_now,
    lead,
    own_gain,
    versions,
    vision_lines,
    vision_rings,
)
from upturn.exchange.queries.charters import as_file as charter_as_file
from upturn.exchange.queries.hosting import parties
from upturn.exchange.queries.kits import begun_from
from upturn.exchange.queries.sittings import Sitting
from upturn.exchange.views.charter_words import CLASSES, LACKS, LAYERS, Said
from upturn.exchange.views.door import for_convener, for_sitting, for_viewer, sentences
from upturn.exchange.views.showing import checked_of, shown
from upturn.record.downloads import named
from upturn.record.forms import number as number_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from upturn.exchange.models import Exchange
    from upturn.exchange.queries.charters import Lead
    from upturn.exchange.queries.sight import Viewer
    from upturn.people.models import Person


@require_http_methods(["GET", "HEAD", "POST"])
@for_viewer
def charter(request: HttpRequest, viewer: "Viewer", exchange: "Exchange") -> HttpResponse:
    """Show the charter that holds; on POST a party signs it with its key."""
    if request.method == "POST" and isinstance(viewer, Sitting):
        sent = request.POST
        return _done(
            request,
            viewer,
            exchange,
            lambda: charters.sign_charter(
                viewer,
                digest=sent.get("digest", ""),
                signature=sent.get("signature", ""),
                today=timezone.localdate(),
            ),
        )
    return _charter(request, viewer, exchange)


def _done(
    request: HttpRequest,
    viewer: "Viewer",
    exchange: "Exchange",
    act: "Callable[[], object]",
    *,
    at: str = "",
) -> HttpResponse:
    """Do it and go back to the page, to the place `at` on it; or say there why it was not done."""
    try:
        act()
    except ExchangeError as error:
        return _charter(request, viewer, exchange, error)
    return redirect(reverse("exchange:charter", args=[exchange.ref]) + at)


def _charter(
    request: HttpRequest,
    viewer: "Viewer",
    exchange: "Exchange",
    refused: ExchangeError | None = None,
) -> HttpResponse:
    now = charter_now(viewer, exchange)
    chair = lead(viewer, exchange)
    mine = next((each for each in parties(viewer, exchange) if each.mine), None)
    context = {
        "charter": now,
        "content": charter_as_file(viewer, exchange, number=now.number) if now else None,
        "versions": versions(viewer, exchange),
        "all_gain": all_gain(viewer, exchange),
        "own_gain": own_gain(viewer) if isinstance(viewer, Sitting) else "",
        "is_member": isinstance(viewer, Sitting) and viewer.kind == PartyKind.MEMBER,
        "layers": LAYERS,
        "counted": "counted" in request.GET,
        "rings": [(LAYERS[each], said) for each, said in vision_rings(viewer, exchange).items()],
        **_lines_in(viewer, exchange),
        "chair": chair,
        "chairs": chairs_so_far(viewer, exchange),
        "may_pass": _may_pass(viewer, chair, mine.ref if mine else ""),
        "own_seals": mine.seals if mine else "",
        "classes": [CLASSES[each] for each in now.text.data_classes] if now else [],
    }
    return shown(request, "charter.html", viewer, exchange, context, refused=refused)


def _lines_in(viewer: "Viewer", exchange: "Exchange") -> dict[str, Any]:
    lines = vision_lines(viewer, exchange)
    signed = isinstance(viewer, Sitting) and viewer.charter_signed and not viewer.suspended
    return {
        "lines": lines,
        "own_line": next((each.words for each in lines if each.mine), ""),
        "may_suggest": signed and exchange.state in {ExchangeState.PREPARING, ExchangeState.OPEN},
        "letters": VISION_LETTERS,
    }


def _may_pass(viewer: "Viewer", chair: "Lead", own: str) -> bool:
    if isinstance(viewer, Sitting):
        return chair.ref in {"", own}
    return chair.until is None or timezone.localdate() >= chair.until


@require_http_methods(["GET", "HEAD", "POST"])
@for_convener
def write(request: HttpRequest, viewer: "Person", exchange: "Exchange") -> HttpResponse:
    """Write a version of the charter, from the one that holds."""
    if request.method != "POST":
        now = charter_now(viewer, exchange)
        text = now.text if now else _beginning(viewer, exchange)
        return _writing(request, viewer, exchange, text, None)
    text, after = _text(request), number_of(request, "after")
    try:
        charters.propose_charter(viewer, exchange, text, after=after, today=timezone.localdate())
    except ExchangeError as error:
        return _writing(request, viewer, exchange, text, error)
    return redirect("exchange:charter", exchange.ref)


def _writing(
    request: HttpRequest,
    viewer: "Person",
    exchange: "Exchange",
    text: CharterText,
    refused: ExchangeError | None,
) -> HttpResponse:
    now = charter_now(viewer, exchange)
    context: dict[str, Any] = {
        "classes": CLASSES,
        "charter": now,
        "text": text,
        "lines": vision_lines(viewer, exchange),
        "topics": "\n".join(text.topics),
        "never": "\n".join(text.never),
        "after": now.number if now else 0,
        "from_kit": now is None and begun_from(viewer, exchange) is not None,
        "refused": _lacking(refused) if refused else (),
    }
    return shown(request, "write_charter.html", viewer, exchange, context, refused=refused)


def _lacking(error: ExchangeError) -> tuple[Said, ...]:
    if isinstance(error, NotReady):
        return tuple(LACKS[code] for code in error.missing)
    return sentences(error)


def _text(request: HttpRequest) -> CharterText:
    sent = request.POST
    return CharterText(
        vision=" ".join(sent.get("vision", "").split()),
        mission=sent.get("mission", "").strip(),
        not_mission=sent.get("not_mission", "").strip(),
        scope=sent.get("scope", "").strip(),
        topics=_lines(sent.get("topics", "")),
        never=_lines(sent.get("never", "")),
        data_classes=tuple(each for each in DATA_CLASSES if each in sent.getlist("data_classes")),
        minutes=number_of(request, "minutes"),
        chair_months=number_of(request, "chair_months"),
    )


def _lines(typed: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line.strip()[:120] for line in typed.splitlines() if line.strip()))


def _beginning(viewer: "Person", exchange: "Exchange") -> CharterText:
    """Give what a first version begins with: a kit, or topics and never-list of its template."""
    begins_as, language = template(exchange.template), exchange.language
    classes = DATA_CLASSES if begins_as.benchmark else DATA_CLASSES[:2]
    if kit := begun_from(viewer, exchange):
        return CharterText(
            vision=kit.vision,
            mission=kit.mission,
            not_mission=kit.not_mission,
            scope=kit.scope,
            topics=kit.topics,
            never=kit.never,
            data_classes=classes,
            minutes=kit.minutes,
            chair_months=kit.chair_months,
        )
    topics = [item(code, among=QUESTIONS).words for code in begins_as.topics]
    return CharterText(
        vision="",
        mission="",
        not_mission="",
        scope="",
        topics=tuple(words.get(language, words["en"])[:120] for words in topics),
        never=begins_as.never.get(language, begins_as.never["en"]),
        data_classes=classes,
        minutes=45,
        chair_months=3,
    )


@require_safe
@for_viewer
def as_file(
    request: HttpRequest,  # noqa: ARG001 - every view has it
    viewer: "Viewer",
    exchange: "Exchange",
    number: int,
) -> HttpResponse:
    """Give a version as data, exactly as its digest is made of it."""
    found = charter_as_file(viewer, exchange, number=number)
    answer = JsonResponse(found, json_dumps_params={"ensure_ascii": False, "indent": 1})
    return named(answer, f"charter-{exchange.ref}-{number}.json")


@require_POST
@for_sitting
def gain(request: HttpRequest, sitting: Sitting, exchange: "Exchange") -> HttpResponse:
    """Take the digest of a gain statement; the statement stays where it was written."""
    digest = request.POST.get("digest", "")
    return _done(request, sitting, exchange, lambda: charters.state_gain(sitting, digest))


@require_POST
@for_sitting
def ring(request: HttpRequest, sitting: Sitting, exchange: "Exchange") -> HttpResponse:
    """Count one tap: the vision rings with somebody of a layer, or it does not."""
    sent = request.POST
    layer, rings = sent.get("layer", ""), sent.get("rings") == "yes"
    tap = partial(vision.ring, sitting, layer=layer, rings=rings)
    return _done(request, sitting, exchange, tap, at="?counted=yes#rings")


@require_POST
@for_sitting
def line(request: HttpRequest, sitting: Sitting, exchange: "Exchange") -> HttpResponse:
    """Take another line for the vision, or take it back."""
    if request.POST.get("act") == "withdraw":
        return _done(request, sitting, exchange, lambda: vision.withdraw_line(sitting))
    words, checked = request.POST.get("line", ""), checked_of(request)
    return _done(request, sitting, exchange, lambda: vision.suggest_line(sitting, words, checked))


@require_POST
@for_viewer
def chair(request: HttpRequest, viewer: "Viewer", exchange: "Exchange") -> HttpResponse:
    """Let the chair go on to who led least recently."""
    today = timezone.localdate()
    return _done(
        request, viewer, exchange, lambda: charters.pass_chair(viewer, exchange, today=today)
    )
