"""The path on the upside-down graph: the touchpoint on top, its servers below, and so on down.

Numbers are texts, so that no language writes them with a comma.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from upturn.graph import queries as graph
from upturn.graph.engine import CUSTOMERS, PHONE, WIDE, Drawing, DrawnEdge, graph_of, lay_out
from upturn.trace.queries.naming import Node
from upturn.trace.queries.page import TracePage
from upturn.trace.queries.reading import PageStep

Kind: TypeAlias = Literal["wide", "phone"]
SHEETS = {"wide": WIDE, "phone": PHONE}
MOST_DRAWN = {"wide": 16, "phone": 9}
CASING, PLAIN = "11.0", "2"
THINNEST, SLOPE = 1.5, 6.0  # width of an edge of the path: its strength, 0 to 1
BENT = 12.0  # sideways, beyond which a line is not upright
TOP = 0  # number of the touchpoint in the drawing


class Line(NamedTuple):
    """One line of the picture; ``step`` is none beside the path."""

    server: Node
    served: Node
    edge_id: int
    step: PageStep | None


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line as it is drawn; ``label`` is where the figure of a step stands."""

    line: Line
    path: str
    look: str
    width: str
    casing: str
    label: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Name:
    """A name in one line or two, each with its height."""

    node: Node
    x: str
    lines: tuple[tuple[str, str], ...]
    font: str
    bold: bool


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


def pictures(page: TracePage) -> tuple[Picture, ...]:
    """Draw the path twice, with those beside it; nothing where there is none."""
    if not page.steps:
        return ()
    now = graph.snapshot()
    kinds: tuple[Kind, ...] = ("wide", "phone")
    return tuple(_picture(now, page.point, page.steps, kind) for kind in kinds)


def lines_of(page: TracePage) -> tuple[Line, ...]:
    """Every line of the wide picture, the path first; the table beside it."""
    return _lines(graph.snapshot(), page.point, page.steps, MOST_DRAWN["wide"])


@graph.once_a_version
def _lines(
    now: graph.Snapshot, point: Node, steps: tuple[PageStep, ...], most: int
) -> tuple[Line, ...]:
    """The path, then the other edges among those who are drawn."""
    on_path = {(step.server, step.served) for step in steps}
    drawn = _drawn(now, point, steps, most)
    found = [Line(step.server, step.served, step.edge_id, step) for step in steps]
    beside = [*_at_the_point(now, point), *_below(now, drawn)]
    found += [
        line
        for line in beside
        if {line.server, line.served} <= drawn and (line.server, line.served) not in on_path
    ]
    return tuple(found)


def _drawn(now: graph.Snapshot, point: Node, steps: Sequence[PageStep], most: int) -> set[Node]:
    """The path, and then who else serves those on it, the nearest to the customer first."""
    drawn = {point, *(step.server for step in steps)}
    beside = [line.server for line in _at_the_point(now, point)]
    for step in steps:
        down = now.down.get(step.server.id, ())
        beside += [_node(now, edge.server_id) for edge in down]
    for node in dict.fromkeys(beside):
        if len(drawn) < most:
            drawn.add(node)
    return drawn


def _at_the_point(now: graph.Snapshot, point: Node) -> list[Line]:
    serving = now.serving.get(point.id, ())
    return [Line(_node(now, party), point, 0, None) for party, _direct in serving]


def _below(now: graph.Snapshot, drawn: Iterable[Node]) -> list[Line]:
    return [
        Line(_node(now, edge.server_id), node, edge.id, None)
        for node in sorted(drawn)
        if not node.is_point
        for edge in now.down.get(node.id, ())
    ]


def _node(now: graph.Snapshot, party_id: int) -> Node:
    row = now.party[party_id]
    return Node(row.id, row.key, row.name, row.kind, row.place)


@graph.once_a_version
def _picture(now: graph.Snapshot, point: Node, steps: tuple[PageStep, ...], kind: Kind) -> Picture:
    lines = _lines(now, point, steps, MOST_DRAWN[kind])
    nodes = list(dict.fromkeys(end for line in lines for end in (line.served, line.server)))
    drawing = _laid_out(nodes, lines, kind)
    strokes = [_stroke(edge, lines[edge.edge], drawing) for edge in drawing.edges]
    ends = {end for step in steps for end in (step.server, step.served)}
    return Picture(
        kind=kind,
        width=f"{drawing.width:g}",
        height=f"{drawing.height:g}",
        outline=drawing.outline,
        rules=tuple(f"M{b.left:.1f} {b.y:.1f}H{b.right:.1f}" for b in drawing.bands),
        strokes=tuple(sorted(strokes, key=lambda stroke: bool(stroke.casing))),
        names=tuple(
            Name(
                nodes[drawn.party],
                f"{drawn.x:.1f}",
                tuple((text, f"{y:.1f}") for text, y in drawn.lines),
                f"{drawn.font:g}",
                nodes[drawn.party] in ends,
            )
            for drawn in drawing.parties
        ),
    )


def _laid_out(nodes: list[Node], lines: Sequence[Line], kind: Kind) -> Drawing:
    """Lay out who is drawn; names at the touchpoint's own place go without it."""
    number = {node: at for at, node in enumerate(nodes)}
    place = nodes[TOP].place
    drawn = graph_of(
        ((at, CUSTOMERS if node.is_point else "team") for node, at in number.items()),
        ((at, number[line.server], number[line.served]) for at, line in enumerate(lines)),
    )
    names = {
        at: node.name if node.place in {"", place} else f"{node.name}, {node.place}"
        for node, at in number.items()
    }
    return lay_out(drawn, names=names, sheet=SHEETS[kind])


def _stroke(edge: DrawnEdge, line: Line, drawing: Drawing) -> Stroke:
    """Draw a line; the figure of a step stands on the right, clear of it."""
    step = line.step
    if step is None:
        return Stroke(line, edge.path, "lt", PLAIN, "", None)
    x_of = {party.party: party.x for party in drawing.parties}
    lean = x_of[edge.served] - x_of[edge.server]
    x, y = edge.middle
    below = 16 if lean > BENT or edge.course == "level" else -6 if lean < -BENT else 5
    label = (f"{x + 10:.1f}", f"{y + below:.1f}")
    look = "le" if step.unmeasured else "lh"
    width = PLAIN if step.unmeasured else f"{THINNEST + SLOPE * step.strength:.1f}"
    return Stroke(line, edge.path, look, width, CASING, label)
