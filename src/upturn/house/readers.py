"""Who read what: customers' words as counts per layer, asks by name to the side that asked."""

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, cast

from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from upturn.commitments import queries as commitments
from upturn.commitments.engine import Side
from upturn.people import queries as people
from upturn.record import reading_log
from upturn.voice import queries as voice

if TYPE_CHECKING:
    from upturn.people.models import Person

ASKS = 50


@login_required
@require_safe
def readers(request: HttpRequest) -> HttpResponse:
    viewer, today = cast("Person", request.user), timezone.localdate()
    context = {
        "layers": _layers(viewer, today) if people.may_read_words(viewer) else (),
        "asks": _openings(viewer, today),
    }
    return render(request, "house/readers.html", context)


def _layers(viewer: "Person", today: date) -> tuple[voice.Layer, ...]:
    """Counts over all readings of a month, worked out once in ten minutes for everybody."""
    kept: tuple[voice.Layer, ...] | None = cache.get(f"readers-of-words-{today}")
    if kept is None:
        kept = voice.coverage(viewer, key="", today=today)
        cache.set(f"readers-of-words-{today}", kept, 600)
    return kept


def _openings(
    viewer: "Person", today: date
) -> list[tuple[commitments.Standing, tuple[tuple[str, date], ...]]]:
    """Each ask on whose asking side the viewer stands, and who else opened it on which day."""
    asks = commitments.asks_in_lists(viewer, today=today, most={"by us": ASKS})
    ours = [here for here in asks["by us"] if Side.ASKING in here.sides]
    lines = reading_log.openings(kind="ask", refs=[here.ask.ref for here in ours])
    names = people.names({line.reader_id for line in lines} - {viewer.pk})
    opened = defaultdict(list)
    for line in lines:
        if line.reader_id in names:
            opened[line.ref].append((names[line.reader_id], line.day))
    return [(here, tuple(opened[here.ask.ref])) for here in ours]
