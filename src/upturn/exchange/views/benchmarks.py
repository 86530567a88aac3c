"""Sealed benchmarks: the list, where a round stands, what devices get and send, and the totals."""

from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from upturn.exchange.engine.errors import ExchangeError
from upturn.exchange.queries.benchmarks import (
    BenchmarkSeen,
    benchmark_seen,
    benchmarks_of,
    bundle_of,
    missing_in,
)
from upturn.exchange.queries.hosting import parties
from upturn.exchange.queries.sheets import benchmark_here, results_of, round_that_runs, sheet_seen
from upturn.exchange.queries.sight import may_convene
from upturn.exchange.views.benchmark_messages import KINDS, OCTETS, body_of, packet_for, take
from upturn.exchange.views.benchmark_pictures import rows_of
from upturn.exchange.views.door import for_sitting, for_viewer, refused_to_script
from upturn.exchange.views.showing import shown
from upturn.record.downloads import named

if TYPE_CHECKING:
    from upturn.exchange.models import Exchange
    from upturn.exchange.queries.sight import Viewer
    from upturn.exchange.queries.sittings import Sitting

ORDER = ("roster", "submitting", "confirming", "opening", "opened")
"""The steps of a round as its spine shows them."""


@require_safe
def seal(request: HttpRequest) -> HttpResponse:
    """Say how to seal without any host's pages, and which hash the script of browsers has."""
    return render(request, "exchange/seal.html", {"digest": _published()})


def _published() -> str:
    from upturn.exchange.engine.ballot.browser import BROWSER_SHA256  # noqa: PLC0415 - libsodium

    return BROWSER_SHA256


@require_safe
@for_viewer
def rounds(request: HttpRequest, viewer: "Viewer", exchange: "Exchange") -> HttpResponse:
    """List the rounds of an exchange."""
    context: dict[str, object] = {"rounds": benchmarks_of(viewer, exchange)}
    if may_convene(viewer, exchange):
        context["runs"] = round_that_runs(viewer, exchange)
    return shown(request, "benchmarks.html", viewer, exchange, context)


@require_safe
@for_viewer
def one(
    request: HttpRequest, viewer: "Viewer", exchange: "Exchange", benchmark: str
) -> HttpResponse:
    """Show where a round stands, what the own device does next, or its totals."""
    context = page_of(viewer, exchange, benchmark)
    return shown(request, "benchmark.html", viewer, exchange, context)


def page_of(viewer: "Viewer", exchange: "Exchange", benchmark: str) -> dict[str, object]:
    """Put together what the page of a round shows."""
    benchmark_here(viewer, exchange, benchmark)
    seen, sheet = benchmark_seen(viewer, benchmark), sheet_seen(viewer, benchmark)
    context: dict[str, object] = {
        "round": seen,
        "sheet": sheet,
        "steps": _steps(seen),
        "digest": _published(),
    }
    if may_convene(viewer, exchange):
        names = {each.ref: each.name for each in parties(viewer, exchange)}
        context["missing"] = [names.get(ref, "") for ref in missing_in(viewer, benchmark)]
    if seen.state == "opened" and (told := results_of(viewer, benchmark)):
        results, context["complete"] = told
        context["rows"] = rows_of(results)
    return context


def _steps(seen: BenchmarkSeen) -> list[tuple[str, str]]:
    """Give each step with "done", "now", "theirs" or nothing."""
    at = ORDER.index(seen.state) if seen.state in ORDER else -1
    mine = "now" if seen.waits_for else "now theirs"
    marks = [
        "done" if place < at or seen.state == "opened" else mine if place == at else ""
        for place, _name in enumerate(ORDER)
    ]
    return list(zip(ORDER, marks, strict=True))


@require_safe
@for_viewer
def state(
    _request: HttpRequest, viewer: "Viewer", exchange: "Exchange", benchmark: str
) -> JsonResponse:
    """Tell a page that is open where its round stands."""
    benchmark_here(viewer, exchange, benchmark)
    seen = benchmark_seen(viewer, benchmark)
    return JsonResponse({"state": str(seen.state), "waits_for": seen.waits_for})


@require_safe
@for_sitting
def packet(
    _request: HttpRequest, sitting: "Sitting", exchange: "Exchange", benchmark: str
) -> HttpResponse:
    """Give the company's own device what it needs for its next step."""
    benchmark_here(sitting, exchange, benchmark)
    return HttpResponse(packet_for(sitting, benchmark), content_type=OCTETS)


@require_POST
@for_sitting
def send(
    request: HttpRequest, sitting: "Sitting", exchange: "Exchange", benchmark: str, kind: str
) -> HttpResponse:
    """Take a message that the own device made."""
    benchmark_here(sitting, exchange, benchmark)
    if kind not in KINDS:
        raise Http404
    try:
        return JsonResponse(take(sitting, benchmark, kind, body_of(request), now=timezone.now()))
    except ExchangeError as error:
        return refused_to_script(error)


@require_safe
@for_viewer
def bundle(
    _request: HttpRequest, viewer: "Viewer", exchange: "Exchange", benchmark: str
) -> HttpResponse:
    """Give ``round.zip``, with which anybody recomputes the round."""
    benchmark_here(viewer, exchange, benchmark)
    content = bundle_of(viewer, benchmark)
    if content is None:
        raise Http404
    return named(HttpResponse(content, content_type="application/zip"), "round.zip")
