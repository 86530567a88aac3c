"""Pages of customers' words, for everybody who signs in but guests."""

from collections.abc import Callable
from functools import partial, wraps
from itertools import groupby
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, cast

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist
from django.forms.models import model_to_dict
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from upturn.graph import queries as graph
from upturn.graph.engine.tabular_export import csv_lines
from upturn.people.queries import may_bring_in, may_read_words, organisation_name, parties_of
from upturn.record import reading_log
from upturn.record.errors import NotStored
from upturn.voice import commands, queries
from upturn.voice.engine.change import Moved
from upturn.voice.engine.curve import Curve, Frame, axis, draw
from upturn.voice.forms import BODY_BYTES_MAX, SayForm, ThemeForm, new_visit, too_many

if TYPE_CHECKING:
    from upturn.graph.models import Touchpoint
    from upturn.people.models import Person

PANEL = Frame(360, 150)
WIDE = Frame(760, 282, right=60)
PHONE = Frame(358, 252, left=20, right=34)
PICTURES = 12
EDGES = 30
MOODS = [("", _lazy("All")), ("bad", _lazy("Complaints")), ("good", _lazy("Praise"))]
RETRY_AFTER_S = {429: 60, 503: 5}
THEMES_WITH_QUOTES = 6
P = ParamSpec("P")
Answer = HttpResponse | StreamingHttpResponse
Page = Callable[Concatenate[HttpRequest, "Person", P], Answer]


def _for_readers(view: "Page[P]") -> Callable[Concatenate[HttpRequest, P], Answer]:
    """Guests, and what nobody may see, get the same answer as what does not exist."""

    @login_required
    @require_safe
    @wraps(view)
    def page(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> Answer:
        viewer = cast("Person", request.user)
        try:
            if may_read_words(viewer):
                return view(request, viewer, *args, **kwargs)
        except ObjectDoesNotExist:
            pass
        raise Http404(_("There are no such words, or they are not for you to see."))

    return cast("Callable[Concatenate[HttpRequest, P], Answer]", page)


@_for_readers
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


def _note(viewer: "Person", key: str) -> None:
    reading_log.note_reading(viewer.pk, kind="touchpoint", ref=key, day=timezone.localdate())


@_for_readers
def touchpoint(request: HttpRequest, viewer: "Person", key: str) -> HttpResponse:
    """One touchpoint: its score, what is spoken of, who serves it and who serves them."""
    point = _touchpoint(viewer, key)
    point_id = point.pk if point else None
    story = queries.touchpoint_story(viewer, point_id)
    themes = queries.themes_at(viewer, point_id, recent=story.recent)
    _note(viewer, key)
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


@_for_readers
def theme(request: HttpRequest, viewer: "Person", key: str, theme_key: str) -> Answer:
    """The words themselves; ``?as=csv`` gives all of them as a file."""
    point, chosen = _touchpoint(viewer, key), queries.theme(viewer, theme_key)
    ids = (point.pk if point else None, chosen.pk if chosen else None)
    polarity = request.GET.get("mood", "")
    _note(viewer, key)
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
    response = StreamingHttpResponse(csv_lines(rows, columns=columns), content_type="text/csv")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


@_for_readers
def code(request: HttpRequest, viewer: "Person", key: str) -> HttpResponse:
    """A sheet to print and put where customers are: a code and a short address."""
    point = graph.touchpoint(viewer, key)
    address = request.build_absolute_uri(reverse("voice:say", args=[point.code]))
    drawn = segno.make_qr(address, error="m").svg_inline(
        border=4, light="#fff", omitsize=True, svgclass="qr", lineclass=None
    )
    context = {"point": point, "address": address, "picture": SafeString(drawn)}
    return render(request, "voice/code.html", context)


def _for_writers(request: HttpRequest) -> "Person":
    """Refuse with the reason unless the viewer may write themes."""
    viewer = cast("Person", request.user)
    commands.check_may_write_themes(viewer)
    return viewer


@login_required
@require_http_methods(["GET", "POST"])
def themes(request: HttpRequest) -> HttpResponse:
    """List what the reader looks for, with a form for one thing more."""
    viewer = _for_writers(request)
    form = ThemeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        commands.add_theme(viewer, **form.cleaned_data)
        messages.success(request, _("Added. Every comment is read again, the newest first."))
        return redirect("voice:themes")
    context = {"form": form, "themes": queries.all_themes(viewer)}
    return render(request, "voice/themes.html", context, status=400 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def edit_theme(request: HttpRequest, key: str) -> HttpResponse:
    viewer = _for_writers(request)
    theme = queries.all_themes(viewer).filter(key=key).first()
    if theme is None:
        raise Http404(_("There is no such theme."))
    form = ThemeForm(request.POST or None, initial=model_to_dict(theme))
    if request.method == "POST" and form.is_valid():
        commands.edit_theme(viewer, theme, **form.cleaned_data)
        messages.success(request, _("Changed. Every comment is read again, the newest first."))
        return redirect("voice:themes")
    context = {"form": form, "theme": theme}
    return render(request, "voice/edit_theme.html", context, status=400 if form.errors else 200)


@csrf_exempt  # a form that changes nothing of anybody's account, and that must not set a cookie
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def say(request: HttpRequest, code: str) -> HttpResponse:
    """What a customer opens with the printed code: one field, no account, no cookie."""
    try:
        point = graph.touchpoint_by_code(code)
    except ObjectDoesNotExist:
        return render(request, "voice/no_such_code.html", status=404)
    if request.method != "POST":
        return _ask(request, point, SayForm(code=code, initial={"visit": new_visit(code)}))
    if int(request.META.get("CONTENT_LENGTH") or 0) > BODY_BYTES_MAX:
        empty = SayForm(code=code, initial={"visit": new_visit(code)})
        return _ask(request, point, empty, status=413)
    return _said(request, point, SayForm(request.POST.dict(), code=code))


def _ask(
    request: HttpRequest, point: "Touchpoint", form: SayForm, *, status: int = 200
) -> HttpResponse:
    context = {"point": point, "form": form, "status": status, "by": organisation_name()}
    response = render(request, "voice/say.html", context, status=status)
    if status in RETRY_AFTER_S:
        response["Retry-After"] = str(RETRY_AFTER_S[status])
    return response


def _said(request: HttpRequest, point: "Touchpoint", form: SayForm) -> HttpResponse:
    """Store and thank; whatever goes wrong, the words stay in the field."""
    if too_many(point.code):
        return _ask(request, point, form, status=429)
    if not form.is_valid():
        return _ask(request, point, form.renewed(), status=400)
    if not form.is_trapped:
        try:
            commands.hand_in(form.comment(now=timezone.now()), touchpoint_id=point.pk)
        except NotStored:
            return _ask(request, point, form, status=503)
    return render(request, "voice/thanks.html", {"point": point, "by": organisation_name()})
