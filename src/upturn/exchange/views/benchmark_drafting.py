"""Who keeps an exchange plans a round, logs counsel's word on a metric, and ends a round."""

import secrets
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from upturn.exchange.commands.benchmarks import BenchmarkDraft, MetricAsked, draft_sheet
from upturn.exchange.commands.closing_benchmarks import give_up
from upturn.exchange.commands.hosting import CounselsWord, sign_off
from upturn.exchange.commands.refusals import told
from upturn.exchange.engine import Incomplete
from upturn.exchange.engine.errors import ExchangeError
from upturn.exchange.engine.round_rules import OLD_DAYS
from upturn.exchange.queries.sheets import (
    AMBER_RULE,
    Planned,
    benchmark_here,
    planned,
    round_that_runs,
)
from upturn.exchange.views.benchmarks import page_of
from upturn.exchange.views.door import for_convener
from upturn.exchange.views.showing import shown

if TYPE_CHECKING:
    from upturn.exchange.models import Exchange
    from upturn.people.models import Person

OPEN_DAYS, CLOSES = 14, time(18)


@require_http_methods(["GET", "HEAD", "POST"])
@for_convener
def new(request: HttpRequest, viewer: "Person", exchange: "Exchange") -> HttpResponse:
    """Plan a round: what is compared, in which bins, over which time, and until when."""
    if request.method != "POST":
        return _form(request, viewer, exchange)
    now = timezone.now()
    try:
        made = draft_sheet(viewer, exchange, _draft(request, now=now), now=now)
    except ExchangeError as error:
        return _form(request, viewer, exchange, refused=error)
    return redirect("exchange:benchmark", exchange.ref, made.ref)


def _form(
    request: HttpRequest,
    viewer: "Person",
    exchange: "Exchange",
    *,
    refused: ExchangeError | None = None,
) -> HttpResponse:
    today = timezone.localdate()
    first, last = quarter_before(today)
    found = planned(viewer, exchange)
    context = {
        "planned": found,
        "choices": _chosen(request, found),
        "runs": round_that_runs(viewer, exchange),
        "key": request.POST.get("key") or secrets.token_hex(16),
        "first": request.POST.get("first") or first.isoformat(),
        "last": request.POST.get("last") or last.isoformat(),
        "closes_on": request.POST.get("closes_on")
        or (today + timedelta(days=OPEN_DAYS)).isoformat(),
        "closes_at": request.POST.get("closes_at") or CLOSES.isoformat("minutes"),
        "youngest": today - timedelta(days=OLD_DAYS),
        "typed": request.POST,
    }
    return shown(request, "benchmark_new.html", viewer, exchange, context, refused=refused)


def _chosen(request: HttpRequest, found: Planned) -> list[dict[str, object]]:
    """Give each metric with whether it is chosen and the edges as they were typed."""
    asked = request.POST.getlist("metric")
    return [
        {
            "metric": each,
            "on": each.code in asked,
            "edges": request.POST.get(f"edges_{each.code}", "")
            or " ".join(f"{edge:g}" for edge in each.edges),
        }
        for each in found.choices
    ]


def quarter_before(today: date) -> tuple[date, date]:
    """Give the last whole quarter that has been over for ninety days.

    >>> quarter_before(date(2026, 11, 23))
    (datetime.date(2026, 4, 1), datetime.date(2026, 6, 30))
    """
    old = today - timedelta(days=OLD_DAYS) + timedelta(days=1)
    begins = date(old.year, old.month - (old.month - 1) % 3, 1)
    last = begins - timedelta(days=1)
    return date(last.year, last.month - 2, 1), last


def _draft(request: HttpRequest, *, now: datetime) -> BenchmarkDraft:
    sent = request.POST
    closes = datetime.combine(_day(sent.get("closes_on", "")), _hour(sent.get("closes_at", "")))
    metrics = (
        MetricAsked(code, _edges(sent.get(f"edges_{code}", ""))) for code in sent.getlist("metric")
    )
    return BenchmarkDraft(
        key=sent.get("key", ""),
        name=sent.get("name", ""),
        metrics=tuple(metrics),
        period=(_day(sent.get("first", "")), _day(sent.get("last", ""))),
        opens_at=now,
        closes_at=timezone.make_aware(closes),
        all_confirm=bool(sent.get("all_confirm")),
    )


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        said = _("“{written}” is no day. Write it as 2026-06-30.")
        raise Incomplete(told(said, written=written[:20])) from error


def _hour(written: str) -> time:
    try:
        return time.fromisoformat(written)
    except ValueError as error:
        said = _("“{written}” is no time of day. Write it as 18:00.")
        raise Incomplete(told(said, written=written[:20])) from error


def _edges(written: str) -> tuple[float, ...]:
    """Read edges with gaps or semicolons between them; none are the suggested ones."""
    words = written.replace(";", " ").split()
    try:
        return tuple(float(word.replace(",", ".")) for word in words)
    except ValueError as error:
        said = _("“{written}” are no edges of bins. Write numbers with gaps between: 5 10 15.")
        raise Incomplete(told(said, written=written[:80])) from error


@require_POST
@for_convener
def counsel(request: HttpRequest, viewer: "Person", exchange: "Exchange") -> HttpResponse:
    """Log a named counsel's word that an amber metric may be compared (rule 6)."""
    sent = request.POST
    word = CounselsWord(
        counsel=sent.get("counsel", ""),
        words=sent.get("words", ""),
        rule=AMBER_RULE,
        about=sent.get("about", ""),
    )
    try:
        sign_off(viewer, exchange, word, today=timezone.localdate())
    except ExchangeError as error:
        return _form(request, viewer, exchange, refused=error)
    return redirect("exchange:benchmark_new", exchange.ref)


@require_POST
@for_convener
def end(
    request: HttpRequest, viewer: "Person", exchange: "Exchange", benchmark: str
) -> HttpResponse:
    """End a round that too few confirm or open; what was sealed in it is erased."""
    benchmark_here(viewer, exchange, benchmark)
    try:
        give_up(viewer, benchmark)
    except ExchangeError as error:
        context = page_of(viewer, exchange, benchmark)
        return shown(request, "benchmark.html", viewer, exchange, context, refused=error)
    return redirect("exchange:benchmark", exchange.ref, benchmark)
