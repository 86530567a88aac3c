"""Pages of a closed wave: the same figures for everybody who signs in, except guests."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, NamedTuple, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from upturn.partners import queries
from upturn.partners.engine import GapRow, Published, places
from upturn.people.queries import may_read_words

if TYPE_CHECKING:
    from upturn.people.models import Person

P = ParamSpec("P")
NONE = gettext_lazy("There is no such wave, it is not closed yet, or it is not for you to see.")
PAGES: dict[str, Promise] = {
    "gap_map": gettext_lazy("Gap map"),
    "gap_signs": gettext_lazy("Nine signs"),
    "gap_keys": gettext_lazy("Six keys"),
    "gap_pairs": gettext_lazy("Levels"),
    "gap_since": gettext_lazy("Since the wave before"),
    "gap_importance": gettext_lazy("What matters"),
    "gap_drivers": gettext_lazy("What goes with morale"),
    "gap_words": gettext_lazy("Words"),
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


def _for_viewers(
    view: "Callable[Concatenate[HttpRequest, Person, P], HttpResponse]",
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Guests get the same answer as what does not exist."""

    @wraps(view)
    def page(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        viewer = cast("Person", request.user)
        if not may_read_words(viewer):
            raise Http404(str(NONE))
        return view(request, viewer, *args, **kwargs)

    return login_required(require_safe(page))


def _wave(viewer: "Person", ref: str) -> Published:
    found = queries.published(viewer, ref)
    if found is None:
        raise Http404(str(NONE))
    return found


def _kinds(found: Published) -> list[str]:
    """Pages that this wave's instrument has something for."""
    if found.instrument.per_relation:
        names = ["gap_map", "gap_pairs", "gap_since", "gap_importance"]
    else:
        measures = {item.measures.split("-")[0] for item in found.instrument.items}
        names = [name for name in ("gap_signs", "gap_keys") if name[4:-1] in measures]
        names = [*(names or ["gap_signs"]), "gap_since"]
        names += ["gap_importance", "gap_drivers"] if "morale" in measures else []
    return [*names, "gap_words"]


def _shown(
    request: HttpRequest, found: Published, name: str, context: dict[str, Any]
) -> HttpResponse:
    pages = [
        Page(PAGES[each], reverse(f"partners:{each}", args=[found.wave]), each == f"gap_{name}")
        for each in _kinds(found)
    ]
    query = request.GET.urlencode()
    frame = {"wave": found, "pages": pages, "query": f"?{query}" if query else ""}
    return render(request, f"partners/gaps/{name}.html", frame | context)


@_for_viewers
def gaps(request: HttpRequest, viewer: "Person") -> HttpResponse:
    """The newest map, and every closed wave; or what will stand here."""
    waves = queries.closed_waves(viewer)
    newest = next((wave for wave in waves if wave.per_relation), None)
    if newest is None:
        return render(request, "partners/gaps/list.html", {"waves": waves})
    return _map(request, viewer, _wave(viewer, newest.ref), waves=waves)


@_for_viewers
def gap_map(request: HttpRequest, viewer: "Person", ref: str) -> HttpResponse:
    """Both sides of every edge of a pulse; a wave asked once a person opens its own page."""
    found = _wave(viewer, ref)
    if not found.instrument.per_relation:
        return redirect(f"partners:{_kinds(found)[0]}", ref=ref)
    return _map(request, viewer, found, waves=())


def _map(
    request: HttpRequest, viewer: "Person", found: Published, *, waves: tuple[Any, ...]
) -> HttpResponse:
    place = _chosen(request.GET.get("place", ""), places(found))
    page, edges = queries.map_page(found, place=place), queries.seen_edges(viewer, found)
    lines = [Line(row, edges[row.relation.id]) for row in page.found.shown]
    own = [line for line in lines if line.edge.own]
    context = {
        "found": page.found,
        "more_waiting": len(page.found.apart) - 1,
        "own": own,
        "others": [line for line in lines if not line.edge.own],
        "guessed": page.guesses,
        "too_high": page.too_high,
        "too_low": page.too_low,
        "place": place,
        "places": places(found),
        "waves": waves,
        "written_at": hash((found.wave, place, tuple(line.edge for line in lines))),
    }
    return _shown(request, found, "map", context)


def _chosen(given: str, known: tuple[str, ...]) -> str:
    """A place that the wave knows, or the whole."""
    return given if given in known else ""


@_for_viewers
def signs(request: HttpRequest, viewer: "Person", ref: str) -> HttpResponse:
    """Nine signs from both sides, and what stands beside them."""
    found = _wave(viewer, ref)
    _needs(found, "gap_signs")
    page = queries.signs_page(found, at=request.GET.get("at", ""))
    context = _mirror_context(found, page) | {"reliability": queries.reliability_of(found)}
    return _shown(request, found, "signs", context)


@_for_viewers
def keys(request: HttpRequest, viewer: "Person", ref: str) -> HttpResponse:
    """Six keys from both sides."""
    found = _wave(viewer, ref)
    _needs(found, "gap_keys")
    page = queries.keys_page(found, at=request.GET.get("at", ""))
    context = _mirror_context(found, page) | {"reliability": queries.reliability_of(found)}
    return _shown(request, found, "keys", context)


def _needs(found: Published, page: str) -> None:
    if page not in _kinds(found):
        raise Http404(_("This wave did not ask for what stands on this page."))


def _mirror_context(found: Published, page: queries.MirrorPage) -> dict[str, Any]:
    return {
        "page": page,
        "places": places(found),
        "place": page.scope.name if page.scope.reach == "place" else "",
        "teams": queries.teams(found),
    }


@_for_viewers
def pairs(request: HttpRequest, viewer: "Person", ref: str) -> HttpResponse:
    """Gaps by pairs of levels."""
    found = _wave(viewer, ref)
    _needs(found, "gap_pairs")
    return _shown(request, found, "pairs", {"matrix": queries.pairs_page(found)})


@_for_viewers
def since(request: HttpRequest, viewer: "Person", ref: str) -> HttpResponse:
    """What changed since an earlier wave, where rosters allow it to be told."""
    found = _wave(viewer, ref)
    earlier = queries.waves_before(viewer, found)
    wanted = next((one for one in earlier if one.ref == request.GET.get("from")), None)
    chosen = wanted or next(iter(earlier), None)
    before = queries.published(viewer, chosen.ref) if chosen else None
    trends = queries.trends_between(before, found) if before else ()
    context = {"before": before, "earlier": earlier, "trends": trends}
    return _shown(request, found, "since", context)


@_for_viewers
def importance(request: HttpRequest, viewer: "Person", ref: str) -> HttpResponse:
    """What matters most beside how well it is done."""
    found = _wave(viewer, ref)
    _needs(found, "gap_importance")
    return _shown(request, found, "importance", {"page": queries.importance_page(found)})


@_for_viewers
def drivers(request: HttpRequest, viewer: "Person", ref: str) -> HttpResponse:
    """Shares of explained variance, which are not causes."""
    found = _wave(viewer, ref)
    _needs(found, "gap_drivers")
    return _shown(request, found, "drivers", {"page": queries.drivers_page(found)})


@_for_viewers
def words(request: HttpRequest, viewer: "Person", ref: str) -> HttpResponse:
    """What people wrote, where enough of one parent did."""
    found = _wave(viewer, ref)
    return _shown(request, found, "words", {"written": queries.words_of(found)})
