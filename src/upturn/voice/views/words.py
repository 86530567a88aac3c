"""Pages of customers' words, for everybody who signs in but guests."""

from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Any

import segno
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from upturn.graph import queries as graph
from upturn.graph.engine.tabular_export import csv_lines
from upturn.people.queries import may_bring_in, parties_of
from upturn.record.downloads import named
from upturn.voice import queries
from upturn.voice.engine.change import Moved
from upturn.voice.engine.curve import Curve, Frame, axis, draw
from upturn.voice.views.door import Answer, for_readers, note_reading

if TYPE_CHECKING:
    from upturn.graph.models import Touchpoint
    from upturn.people.models import Person

PANEL = Frame(360, 150)
WIDE = Frame(760, 282, right=60)
PHONE = Frame(358, 252, left=20, right=34)
PICTURES = 12
EDGES = 30
MOODS = [("", _lazy("All")), ("bad", _lazy("Complaints")), ("good", _lazy("Praise"))]
THEMES_WITH_QUOTES = 6


@for_readers
def customers(request: HttpRequest, viewer: "Person") -> HttpResponse:
    """What customers say at each touchpoint of a place, in the order of their day."""
    last = queries.latest_week()
    places = _places(viewer)
    place = _chosen_place(request, viewer, places)
    shown = places if len(places) <= PICTURES else [place]
    pictures = queries.place_weeks(viewer, places=shown, last=last)
    rows = queries.touchpoint_figures(viewer, place=place, last=last)
    placed = [row for row in rows if row.touchpoint]
    moved = [row.change.moved for row in placed]
    context = {
        "places": places,
        "place": place,
        "rows": placed,
        "unplaced": next((row for row in rows if not row.touchpoint), None),
        "heard": sum(row.count for row in placed),
        "lower": moved.count(Moved.DOWN),
        "higher": moved.count(Moved.UP),
        "recent": queries.span(last, weeks=13),
        "pictures": pictures,
        "panels": partial(_panels, pictures),
        "weeks": partial(_by_week, pictures),
        "may_bring_in": may_bring_in(viewer),
    }
    return render(request, "voice/customers.html", context)


def _places(viewer: "Person") -> list[str]:
    return list(dict.fromkeys(point.place for point in graph.points_seen(viewer)))


def _chosen_place(request: HttpRequest, viewer: "Person", places: list[str]) -> str:
    """The place asked for, else the viewer's own, else the first."""
    asked = request.GET.get("place", "")
    if asked in places:
        return asked
    known = graph.snapshot().party
    own = [known[p].place for p in sorted(parties_of(viewer)) if p in known]
    return next((place for place in own if place in places), places[0] if places else "")


def _panels(pictures: tuple[queries.PlaceWeeks, ...]) -> list[dict[str, Any]]:
    """One small picture a place, all on the same axis."""
    between = axis([week.figure for here in pictures for week in here.weeks])
    return [
        {"id": f"place-{number}", "here": here, "curve": _curve(here.weeks, PANEL, between)}
        for number, here in enumerate(pictures)
    ]


def _curve(
    weeks: tuple[queries.Week, ...], frame: Frame, between: tuple[int, int] | None = None
) -> Curve:
    return draw(
        [week.week for week in weeks],
        [week.figure for week in weeks],
        frame=frame,
        between=between,
    )


def _by_week(pictures: tuple[queries.PlaceWeeks, ...]) -> list[tuple[queries.Week, ...]]:
    """The same as the pictures: a row a week, newest first, a column a place."""
    return list(zip(*(here.weeks for here in pictures), strict=True))[::-1]


def _touchpoint(viewer: "Person", key: str) -> "Touchpoint | None":
    return None if key == queries.UNPLACED else graph.touchpoint(viewer, key)


def _name(point: "Touchpoint | None") -> str:
    return point.name if point else _("Not yet placed")


@for_readers
def touchpoint(request: HttpRequest, viewer: "Person", key: str) -> HttpResponse:
    """One touchpoint: its score, what is spoken of, who serves it and who serves them."""
    point = _touchpoint(viewer, key)
    point_id = point.pk if point else None
    story = queries.touchpoint_story(viewer, point_id)
    themes = queries.themes_at(viewer, point_id, recent=story.recent)
    note_reading(viewer, key)
    context = {
        "key": key,
        "name": _name(point),
        "point": point,
        "story": story,
        "wide": partial(_curve, story.weeks, WIDE),
        "phone": partial(_curve, story.weeks, PHONE),
        "themes": themes[:THEMES_WITH_QUOTES],
        "more_themes": themes[THEMES_WITH_QUOTES:],
        "served_at": hash((graph.snapshot().number, parties_of(viewer))),
        "levels": partial(_levels, viewer, point) if point else None,
        "may_describe": point is not None and graph.may_edit(viewer),
        "coverage": queries.coverage(viewer, key=key, today=timezone.localdate()),
    }
    return render(request, "voice/touchpoint.html", context)


def _levels(viewer: "Person", point: "Touchpoint") -> dict[str, Any]:
    """Who serves here, per level who serves them, and how many edges there was no room for.

    Where the viewer is served comes first, for there one may ask.
    """
    levels, own = graph.servers_below(viewer, point), parties_of(viewer)
    known = {row.id: row for level in levels for row in level.parties}
    below, room = [], EDGES
    for level in levels[1:]:
        edges = sorted(level.edges, key=lambda edge: (edge.served_id not in own, edge.served_id))
        groups = [
            {
                "served": known[served],
                "edges": [(edge, known[edge.server_id]) for edge in group],
                "may_ask": served in own,
            }
            for served, group in groupby(edges[:room], key=lambda edge: edge.served_id)
        ]
        if groups:
            below.append({"steps": level.steps, "groups": groups})
        room = max(room - len(edges), 0)
    left_out = sum(len(level.edges) for level in levels[1:]) - (EDGES - room)
    return {
        "here": levels[0].parties if levels else (),
        "below": below,
        "more": max(left_out, 0),
    }


@for_readers
def theme(request: HttpRequest, viewer: "Person", key: str, theme_key: str) -> Answer:
    """The words themselves; ``?as=csv`` gives all of them as a file."""
    point, chosen = _touchpoint(viewer, key), queries.theme(viewer, theme_key)
    ids = (point.pk if point else None, chosen.pk if chosen else None)
    polarity = request.GET.get("mood", "")
    note_reading(viewer, key)
    if request.GET.get("as") == "csv":
        return _csv(viewer, ids, polarity=polarity, name=f"{key}-{theme_key}")
    after = queries.Mark.parse(request.GET.get("after", ""))
    context = {
        "key": key,
        "name": _name(point),
        "theme_name": chosen.name if chosen else _("Other words"),
        "moods": MOODS,
        "mood": polarity,
        "page": queries.words_page(viewer, *ids, polarity=polarity, after=after),
        "continued": after is not None,
    }
    return render(request, "voice/theme.html", context)


def _csv(
    viewer: "Person", ids: tuple[int | None, int | None], *, polarity: str, name: str
) -> StreamingHttpResponse:
    columns = ("words", "score of 10", "week of", "channel")
    rows = (
        (said.text, said.score, f"{said.week:%Y-%m-%d}", said.channel)
        for said in queries.all_words(viewer, *ids, polarity=polarity)
    )
    return named(
        StreamingHttpResponse(csv_lines(rows, columns=columns), content_type="text/csv"),
        f"{name}.csv",
    )


@for_readers
def code(request: HttpRequest, viewer: "Person", key: str) -> HttpResponse:
    """A sheet to print and put where customers are: a code and a short address."""
    point = graph.touchpoint(viewer, key)
    address = request.build_absolute_uri(reverse("voice:say", args=[point.code]))
    drawn = segno.make_qr(address, error="m").svg_inline(
        border=4, light="#fff", omitsize=True, svgclass="qr", lineclass=None
    )
    context = {"point": point, "address": address, "picture": SafeString(drawn)}
    return render(request, "voice/code.html", context)
