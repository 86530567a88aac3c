"""Pages of a closed wave: the same figures for everybody who signs in, except guests."""

from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, NamedTuple, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from upturn.graph.engine.tabular_export import Cell, csv_lines
from upturn.partners import queries
from upturn.partners.engine import GapRow, Published, Relation, Trend, places
from upturn.record.downloads import CSV, named
from upturn.stats import Withheld

if TYPE_CHECKING:
    from upturn.people.models import Person

P = ParamSpec("P")
NONE = gettext_lazy("There is no such wave, it is not closed yet, or it is not for you to see.")
PAGES: dict[str, Promise] = {
    "map": gettext_lazy("Gap map"),
    "signs": gettext_lazy("Nine signs"),
    "keys": gettext_lazy("Six keys"),
    "pairs": gettext_lazy("Levels"),
    "since": gettext_lazy("Since the wave before"),
    "importance": gettext_lazy("What matters"),
    "drivers": gettext_lazy("What goes with morale"),
    "understood": gettext_lazy("Whom we serve"),
    "led": gettext_lazy("How those who lead serve"),
    "words": gettext_lazy("Words"),
}


class Page(NamedTuple):
    """A page of the wave in the list of its pages."""

    name: str | Promise
    url: str
    here: bool


class Line(NamedTuple):
    """A row of the map, with what the viewer has to do with its edge."""

    row: GapRow
    edge: queries.SeenEdge


class Part(NamedTuple):
    """Rows of the map that stand together; marked where one's own stand among others."""

    name: str
    lines: list[Line]
    marked: bool = False


class Moved(NamedTuple):
    """A row of changes; without a relation it is about a question."""

    relation: Relation | None
    trend: Trend


def for_viewers(
    view: "Callable[Concatenate[HttpRequest, Person, P], HttpResponse]",
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Guests get the same answer as what does not exist."""

    @wraps(view)
    def page(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        viewer = cast("Person", request.user)
        if not queries.may_see_gaps(viewer):
            raise Http404(str(NONE))
        return view(request, viewer, *args, **kwargs)

    return cast(
        "Callable[Concatenate[HttpRequest, P], HttpResponse]", login_required(require_safe(page))
    )


def wave_of(viewer: "Person", ref: str) -> Published:
    found = queries.published(viewer, ref)
    if found is None:
        raise Http404(str(NONE))
    return found


def shown(
    request: HttpRequest, found: Published, name: str, context: dict[str, Any]
) -> HttpResponse:
    pages = [
        Page(PAGES[each], reverse(f"partners:gap_{each}", args=[found.wave]), each == name)
        for each in queries.pages_of(found)
    ]
    query = request.GET.urlencode()
    frame = {"wave": found, "pages": pages, "query": f"?{query}" if query else ""}
    return render(request, f"partners/gaps/{name}.html", frame | context)


@for_viewers
def gaps(request: HttpRequest, viewer: "Person") -> HttpResponse:
    """The newest map, and every closed wave; or what will stand here."""
    waves = queries.closed_waves(viewer)
    newest = next((wave for wave in waves if wave.per_relation), None)
    if newest is None:
        return render(request, "partners/gaps/list.html", {"waves": waves})
    return _map(request, viewer, wave_of(viewer, newest.ref), waves=waves)


@for_viewers
def gap_map(request: HttpRequest, viewer: "Person", ref: str) -> HttpResponse:
    """Both sides of every edge of a pulse; a wave asked once a person opens its own page."""
    found = wave_of(viewer, ref)
    if not found.instrument.per_relation:
        return redirect(f"partners:gap_{queries.pages_of(found)[0]}", ref=ref)
    return _map(request, viewer, found, waves=())


def _map(
    request: HttpRequest, viewer: "Person", found: Published, *, waves: tuple[Any, ...]
) -> HttpResponse:
    place = _chosen(request.GET.get("place", ""), places(found))
    page, edges = queries.map_page(found, place=place), queries.seen_edges(viewer, found)
    lines = [Line(row, edges[row.relation.id]) for row in page.found.shown]
    first = next((row.relation.id for row in page.found.apart), None)
    context = {
        "found": page.found,
        "more_apart": len(page.found.apart) - 1,
        "first": first,
        "first_edge": None if first is None else edges[first],
        "parts": _parts(lines),
        "guessed": page.guesses,
        "too_high": page.too_high,
        "too_low": page.too_low,
        "place": place,
        "places": places(found),
        "waves": waves,
        "written_at": hash((found.wave, place, tuple(line.edge for line in lines))),
    }
    return shown(request, found, "map", context)


def _parts(lines: list[Line]) -> list[Part]:
    """What clearly differs first, then one's own, then the others, then what is withheld."""
    clear = [line for line in lines if line.row.clear]
    others = [line for line in lines if not line.row.clear]
    own = [line for line in others if line.edge.own]
    both = [line for line in others if not line.edge.own and not line.row.held]
    held = [line for line in others if not line.edge.own and line.row.held]
    parts = [
        Part(_("Where both sides clearly differ, widest gap drawn first"), clear, marked=True),
        Part(_("Edges on which you serve or are served"), own),
        Part(
            _("All other edges with both sides, widest gap drawn first") if clear or own else "",
            both,
        ),
        Part(_("Edges of which one side, or neither, can be shown"), held),
    ]
    return [part for part in parts if part.lines]


def _chosen(given: str, known: tuple[str, ...]) -> str:
    """A place that the wave knows, or the whole."""
    return given if given in known else ""


@for_viewers
def signs(request: HttpRequest, viewer: "Person", ref: str) -> HttpResponse:
    """Nine signs from both sides, and what stands beside them."""
    found = wave_of(viewer, ref)
    _needs(found, "signs")
    page = queries.signs_page(found, at=request.GET.get("at", ""))
    context = _mirror_context(found, page) | {"reliability": queries.reliability_of(found)}
    return shown(request, found, "signs", context)


@for_viewers
def keys(request: HttpRequest, viewer: "Person", ref: str) -> HttpResponse:
    """Six keys from both sides."""
    found = wave_of(viewer, ref)
    _needs(found, "keys")
    page = queries.keys_page(found, at=request.GET.get("at", ""))
    context = _mirror_context(found, page) | {"reliability": queries.reliability_of(found)}
    return shown(request, found, "keys", context)


def _needs(found: Published, page: str) -> None:
    if page not in queries.pages_of(found):
        raise Http404(_("This wave did not ask for what stands on this page."))


def _mirror_context(found: Published, page: queries.MirrorPage) -> dict[str, Any]:
    return {
        "page": page,
        "places": places(found),
        "place": page.scope.name if page.scope.reach == "place" else "",
        "teams": queries.teams(found),
    }


@for_viewers
def pairs(request: HttpRequest, viewer: "Person", ref: str) -> HttpResponse:
    """Gaps by pairs of levels."""
    found = wave_of(viewer, ref)
    _needs(found, "pairs")
    return shown(request, found, "pairs", {"matrix": queries.pairs_page(found)})


@for_viewers
def since(request: HttpRequest, viewer: "Person", ref: str) -> HttpResponse:
    """What changed since an earlier wave, where rosters allow it to be told."""
    found = wave_of(viewer, ref)
    before = queries.wave_before(viewer, found, ref=request.GET.get("from", ""))
    at = _chosen(request.GET.get("at", ""), places(found))
    trends = queries.trends_between(before, found, at=at) if before else ()
    relations = {one.id: one for one in found.relations}
    context = {
        "before": before,
        "earlier": queries.waves_before(viewer, found),
        "trends": trends,
        "moved": [trend for trend in trends if trend.moved],
        "rows": sorted(
            (Moved(relations.get(trend.relation), trend) for trend in trends), key=_moved_first
        ),
        "place": at,
        "places": () if found.instrument.per_relation else places(found),
    }
    return shown(request, found, "since", context)


def _moved_first(row: Moved) -> tuple[bool, bool, bool]:
    """What moved, then what can be told from both sides, then from one, then not at all."""
    trend = row.trend
    return not trend.moved, isinstance(trend.gap.by, Withheld), trend.silent


@for_viewers
def importance(request: HttpRequest, viewer: "Person", ref: str) -> HttpResponse:
    """What matters most beside how well it is done."""
    found = wave_of(viewer, ref)
    _needs(found, "importance")
    return shown(request, found, "importance", {"page": queries.importance_page(found)})


@for_viewers
def drivers(request: HttpRequest, viewer: "Person", ref: str) -> HttpResponse:
    """Shares of explained variance, which are not causes."""
    found = wave_of(viewer, ref)
    _needs(found, "drivers")
    return shown(request, found, "drivers", {"page": queries.drivers_page(found)})


@for_viewers
def words(request: HttpRequest, viewer: "Person", ref: str) -> HttpResponse:
    """What people wrote, where enough of one parent did."""
    found = wave_of(viewer, ref)
    return shown(request, found, "words", {"written": queries.words_of(found)})


@for_viewers
def figures_csv(request: HttpRequest, viewer: "Person", ref: str, page: str) -> HttpResponse:
    """Every figure of a page, or the base table, as a table of values."""
    columns, lines = _lines(request, viewer, ref, page)
    table = csv_lines(lines, columns=columns)
    return named(HttpResponse(table, content_type=CSV), f"gaps-{ref}-{page}.csv")


@for_viewers
def figures_json(request: HttpRequest, viewer: "Person", ref: str, page: str) -> HttpResponse:
    """The same for programs."""
    columns, lines = _lines(request, viewer, ref, page)
    rows = [dict(zip(columns, line, strict=True)) for line in lines]
    return JsonResponse({"wave": ref, "page": page, "figures": rows})


def _lines(
    request: HttpRequest, viewer: "Person", ref: str, page: str
) -> tuple[Sequence[str], Iterable[Sequence[Cell]]]:
    found = wave_of(viewer, ref)
    if page == "base":
        return queries.BASE_COLUMNS, queries.base_lines(found)
    _needs(found, page)
    at = _chosen(request.GET.get("place", request.GET.get("at", "")), places(found))
    before = queries.wave_before(viewer, found, ref=request.GET.get("from", ""))
    lines = queries.page_lines(found, page, at=at or request.GET.get("at", ""), before=before)
    if lines is None:
        raise Http404(str(NONE))
    return queries.COLUMNS, lines
