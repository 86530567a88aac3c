"""The organisation upside down: customers on top, then who serves them, then who serves those."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from upturn.graph import queries as graph
from upturn.graph.engine import thinnest_path
from upturn.graph.engine.tabular_export import Cell, csv_lines
from upturn.house.edge_lines import EdgeLine, Figures, edge_lines
from upturn.house.loose_ends import LooseEnds, distances, graph_among, loose_ends
from upturn.house.picture import pictures
from upturn.house.templatetags.house import withheld
from upturn.partners.queries import may_see_gaps
from upturn.record.downloads import CSV, named
from upturn.stats.figures import Figure, Withheld
from upturn.voice import queries as voice

if TYPE_CHECKING:
    from upturn.people.models import Person

PAGE = 50
UNSERVED_SHOWN = 12
CSV_COLUMNS = ("server", "served", "what", "direct", "how well", "low", "high", "n", "why not")


@dataclass(frozen=True, slots=True)
class ThinPath:
    """The path on which those served say they are served least well, from the top."""

    lines: tuple[EdgeLine, ...]

    @property
    def top(self) -> str:
        return graph.full_name(self.lines[0].served)

    @property
    def between(self) -> str:
        names = [graph.full_name(line.server) for line in reversed(self.lines[:-1])]
        if len(names) < 2:
            return "".join(names)
        return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}

    @property
    def bottom(self) -> str:
        return graph.full_name(self.lines[-1].server)

    @property
    def written_at(self) -> int:
        """A number that changes with anything that is written about the path."""
        return hash(self.lines)

    @property
    def edges(self) -> frozenset[int]:
        return frozenset(line.edge.id for line in self.lines)


@login_required
@require_safe
def pyramid(request: HttpRequest) -> HttpResponse:
    viewer = cast("Person", request.user)
    now, scope = graph.snapshot(), _scope(request, viewer, default=None)
    figures = voice.edge_figures(viewer)
    path = _thin_path(now, scope, figures)
    page = Paginator(_edges(viewer, scope), PAGE).get_page(request.GET.get("page"))
    lines = edge_lines(page.object_list, figures=figures, place=scope.place)
    on_path = path.edges if path else frozenset()
    away = distances(now, parties=scope.parties, place=scope.place)
    context = {
        "scope": scope,
        "around": [now.party[party] for party in scope.around[:3]],
        "chosen_for_you": "place" not in request.GET and scope.place,
        "places": now.places if graph.sees_all(viewer) else (),
        "path": path,
        "pictures": pictures(now, scope, figures=figures, on_path=on_path),
        "page": page,
        "paged": "page" in request.GET,
        "lines": lines,
        "on_path": on_path,
        **_loose(viewer, now, scope),
        "distances": away,
        "furthest": away[-1] if away else None,
        "may_edit": graph.may_edit(viewer),
        "may_read_gaps": may_see_gaps(viewer),
        "sees_all": graph.sees_all(viewer),
        "customers": bool(now.customers & scope.parties),
        "drawn_at": hash((now.number, scope.parties)),
        "written_at": hash((now.number, scope.place, tuple(lines), on_path)),
    }
    return render(request, "house/pyramid.html", context)


def _edges(viewer: "Person", scope: graph.Scope) -> tuple[graph.EdgeRow, ...]:
    """Edges among the parties of the page; a guest sees two parties, but not what they share."""
    edges = graph.edges_among(graph.snapshot(), scope.parties)
    if graph.sees_all(viewer):
        return edges
    seen = graph.visible_edges(viewer)
    return tuple(edge for edge in edges if edge.id in seen)


def _loose(viewer: "Person", now: graph.Snapshot, scope: graph.Scope) -> dict[str, object]:
    """Loose ends; guests see too little of the graph for any of them."""
    if not graph.sees_all(viewer):
        return {"loose": LooseEnds(), "lost": (), "unserved": ()}
    return {
        "loose": loose_ends(now, parties=scope.parties, place=scope.place),
        "lost": now.tyranny,
        "unserved": graph.unserved(viewer, place=scope.place)[:UNSERVED_SHOWN],
    }


def _scope(request: HttpRequest, viewer: "Person", *, default: str | None) -> graph.Scope:
    place, party = request.GET.get("place", default), graph.snapshot().party
    scope = graph.scope(viewer, place=place)
    if place and not any(party[p].place == place for p in scope.parties):
        raise Http404(_("There is no such place, or it is not for you to see."))
    return scope


def thin_path(viewer: "Person", *, figures: Figures) -> ThinPath | None:
    """The thinnest path up to a customer in the whole; None while none has two measured edges."""
    return _thin_path(graph.snapshot(), graph.scope(viewer, place=""), figures)


def _thin_path(now: graph.Snapshot, scope: graph.Scope, figures: Figures) -> ThinPath | None:
    edges = [now.edge[edge] for edge in _thinnest(now, scope.parties, figures)]
    lines = tuple(edge_lines(edges, figures=figures, place=scope.place))
    return ThinPath(lines) if lines else None


@dataclass(slots=True)
class _Kept:
    """The last path and the figures it was found from, replaced together."""

    last: tuple[Figures, tuple[int, ...]]


@graph.once_a_version
def _kept(now: graph.Snapshot, parties: frozenset[int]) -> _Kept:
    return _Kept(({}, ()))


def _thinnest(now: graph.Snapshot, parties: frozenset[int], figures: Figures) -> tuple[int, ...]:
    """Keep a path until a figure changes; to compare ten thousand figures costs far less."""
    kept = _kept(now, parties)
    measured, path = kept.last
    if measured is not figures and measured != figures:
        strengths = {edge: f.value for edge, f in figures.items() if isinstance(f, Figure)}
        path = tuple(thinnest_path(graph_among(now, parties), strengths) or ())
        kept.last = (figures, path)
    return path


@login_required
@require_safe
def edges_csv(request: HttpRequest) -> HttpResponse:
    """Every serves-edge of a place or of the whole in the viewer's sight, customers first."""
    viewer = cast("Person", request.user)
    scope = _scope(request, viewer, default="")
    lines = edge_lines(_edges(viewer, scope), figures=voice.edge_figures(viewer))
    table = csv_lines(map(_cells, lines), columns=CSV_COLUMNS)
    return named(HttpResponse(table, content_type=CSV), "serves.csv")


def _cells(line: EdgeLine) -> tuple[Cell, ...]:
    direct = "direct" if line.edge.direct else "indirect"
    named = (line.server.key, line.served.key, line.edge.what, direct)
    figure = line.figure
    if isinstance(figure, Withheld):
        return (*named, None, None, None, None, withheld(figure))
    return (*named, figure.value, figure.low, figure.high, figure.n, None)
