"""The pyramid as a picture: one wide and one for a phone, from the engine's layout.

Numbers are texts, so that no language writes them with a comma.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from django.utils.translation import get_language

from upturn.graph import queries as graph
from upturn.graph.engine import PHONE, WIDE, Drawing, DrawnEdge, lay_out
from upturn.house.edge_lines import UNMEASURED, EdgeLine, Figures, bare, edge_lines
from upturn.house.loose_ends import graph_among
from upturn.stats.figures import Figure, Withheld

Kind: TypeAlias = Literal["wide", "phone"]
SHEETS = {"wide": WIDE, "phone": PHONE}
THINNEST, THIN_AT = 1.5, 4.0  # width in the picture of an edge that is served 4 of 10
SLOPE = {"wide": 0.75, "phone": 0.4}  # by how much it grows with each of the 10
ROOM_FOR = 90  # lines; more than these are drawn finer, or they run into each other
FULL = 15.0  # the casing is wider than 10 of 10, so that it shows beside a thick line too
PLAIN = "2"
BENT = 12.0  # sideways, beyond which a line is not upright
SAMPLES = (8.2, 6.2, 4.0)


@dataclass(frozen=True, slots=True)
class Stroke:
    """One serves-edge: ``look`` is the stroke's class, ``casing`` the width it could have."""

    line: EdgeLine
    path: str
    look: str
    width: str
    casing: str
    label: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Name:
    """A party's name in one line or two, each with its height."""

    party: graph.PartyRow
    x: str
    lines: tuple[tuple[str, str], ...]
    font: str
    bold: bool


@dataclass(frozen=True, slots=True)
class Sample:
    """A line of the key."""

    value: float
    width: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything a template writes down."""

    kind: Kind
    width: str
    height: str
    outline: str
    rules: tuple[str, ...]
    strokes: tuple[Stroke, ...]
    names: tuple[Name, ...]
    bands: int
    samples: tuple[Sample, ...]
    drawn_at: int


def pictures(
    now: graph.Snapshot, scope: graph.Scope, *, figures: Figures, on_path: frozenset[int]
) -> tuple[Picture, ...]:
    """Draw the scope twice; nothing where nobody serves a customer."""
    shown = tuple(
        (edge.id, figures.get(edge.id, UNMEASURED)) for edge in graph.edges_among(now, scope.drawn)
    )
    kinds: tuple[Kind, ...] = ("wide", "phone")
    language = get_language() or ""
    drawn = [
        _picture(now, scope=scope, shown=shown, on_path=on_path, kind=kind, language=language)
        for kind in kinds
    ]
    return tuple(picture for picture in drawn if picture.outline)


@graph.once_a_version
def _picture(
    now: graph.Snapshot,
    *,
    scope: graph.Scope,
    shown: tuple[tuple[int, Figure | Withheld], ...],
    on_path: frozenset[int],
    kind: Kind,
    language: str,
) -> Picture:
    drawing = _drawing(now, parties=scope.drawn, place=scope.place, kind=kind, language=language)
    edges, figures = (now.edge[e.edge] for e in drawing.edges), dict(shown)
    lines = edge_lines(edges, figures=figures, place=scope.place)
    measured = any(isinstance(figure, Figure) for figure in figures.values())
    slope = SLOPE[kind] * min(1, ROOM_FOR / max(1, len(drawing.edges)))
    x_of = {party.party: party.x for party in drawing.parties}
    strokes = [
        _thin_stroke(edge, line, slope=slope, lean=x_of[edge.served] - x_of[edge.server])
        if edge.edge in on_path
        else _stroke(edge, line, slope=slope, measured=measured)
        for edge, line in zip(drawing.edges, lines, strict=True)
    ]
    ends = {end for e in drawing.edges if e.edge in on_path for end in (e.server, e.served)}
    return Picture(
        kind=kind,
        width=f"{drawing.width:g}",
        height=f"{drawing.height:g}",
        outline=drawing.outline,
        rules=tuple(f"M{b.left:.1f} {b.y:.1f}H{b.right:.1f}" for b in drawing.bands),
        strokes=tuple(sorted(strokes, key=lambda stroke: bool(stroke.casing))),
        names=tuple(_names(now, drawing, place=scope.place, ends=ends)),
        bands=len(drawing.bands),
        samples=tuple(Sample(v, _width(v, slope=slope)) for v in SAMPLES) if measured else (),
        drawn_at=hash((now.number, scope, shown, on_path)),
    )


@graph.once_a_version
def _drawing(
    now: graph.Snapshot, *, parties: frozenset[int], place: str, kind: Kind, language: str
) -> Drawing:
    """Lay out the names as they are in the language that is active now."""
    rows = {party: bare(now.party[party], place=place) for party in parties}
    names = {party: graph.full_name(row) for party, row in rows.items()}
    return lay_out(graph_among(now, parties), names=names, sheet=SHEETS[kind])


def _stroke(edge: DrawnEdge, line: EdgeLine, *, slope: float, measured: bool) -> Stroke:
    if isinstance(line.figure, Figure):
        return Stroke(line, edge.path, "lt", _width(line.figure.value, slope=slope), "", None)
    return Stroke(line, edge.path, "le" if measured else "lt", PLAIN, "", None)


def _thin_stroke(edge: DrawnEdge, line: EdgeLine, *, slope: float, lean: float) -> Stroke:
    """Draw an edge of the thinnest path; its figure stands on the right, clear of the line."""
    casing = _width(FULL, slope=slope)
    if not isinstance(line.figure, Figure):
        return Stroke(line, edge.path, "le", PLAIN, casing, None)
    x, y = edge.middle
    below = 16 if lean > BENT else -6 if lean < -BENT else 5
    label = (f"{x + 10:.1f}", f"{y + below:.1f}")
    return Stroke(line, edge.path, "lh", _width(line.figure.value, slope=slope), casing, label)


def _width(value: float, *, slope: float) -> str:
    return f"{max(1.0, THINNEST + (value - THIN_AT) * slope):.1f}"


def _names(now: graph.Snapshot, drawing: Drawing, *, place: str, ends: set[int]) -> Iterator[Name]:
    for drawn in drawing.parties:
        yield Name(
            party=bare(now.party[drawn.party], place=place),
            x=f"{drawn.x:.1f}",
            lines=tuple((text, f"{y:.1f}") for text, y in drawn.lines),
            font=f"{drawn.font:g}",
            bold=drawn.band == 0 or drawn.party in ends,
        )
