"""The picture of the upside-down pyramid: where every name, line and band stands."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from upturn.graph.engine.bands import Layers, layers
from upturn.graph.engine.folding import Label, fold
from upturn.graph.engine.graph import Graph
from upturn.graph.engine.lanes import Course, Run, find_run, gaps_between, settle_lanes
from upturn.graph.engine.ordering import one_band_away, order_bands
from upturn.graph.engine.placing import Box, place_names
from upturn.graph.engine.routes import Route, draw_routes
from upturn.graph.engine.rows import Stack, line_height, stack_rows
from upturn.graph.engine.sheets import WIDE, Sheet

BASELINE = 0.25  # from the lower end of a line of text up to its baseline, in sizes of the font
FOOT = 4.0  # below the lowest line
MOST_PARTIES, MOST_LINES = 200, 1000  # that anybody can read in one picture


@dataclass(frozen=True, slots=True)
class DrawnParty:
    """A name, set in the middle of `x`.

    Parameters
    ----------
    party, band : int
    lines : tuple of (text, y)
        One or two, with the height of the baseline.
    font : float
        Size of the letters.
    x, left, right, top, bottom : float
        Centre and ends of the text as it is estimated.
    """

    party: int
    band: int
    lines: tuple[tuple[str, float], ...]
    font: float
    x: float
    left: float
    right: float
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class DrawnEdge:
    """A line.

    Parameters
    ----------
    edge, server, served : int
    course : {"down", "level", "up"}
        Whether the server stands one band below the served party, in its band, or above it.
    path : str
        For the attribute ``d``, from its upper (or left) end.
    middle : (x, y)
        Where a figure can stand: the middle of its tallest stretch.
    """

    edge: int
    server: int
    served: int
    course: Course
    path: str
    middle: tuple[float, float]


@dataclass(frozen=True, slots=True)
class DrawnBand:
    """The line under a band, from the left to the right side of the pyramid."""

    number: int
    y: float
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything that is drawn, in units of the sheet.

    Parameters
    ----------
    width, height : float
    outline : str
        The pyramid, for the attribute ``d``; empty where there is nobody to draw.
    bands : tuple of DrawnBand
        From the customers downwards.
    edges : tuple of DrawnEdge
        In ascending order.
    parties : tuple of DrawnParty
        From top to bottom and from left to right, which is the order to read them in.
    left_out : tuple of parties
        The lower bands, where an organisation is too large for one picture.
    """

    width: float
    height: float
    outline: str
    bands: tuple[DrawnBand, ...]
    edges: tuple[DrawnEdge, ...]
    parties: tuple[DrawnParty, ...]
    left_out: tuple[int, ...]


def lay_out(graph: Graph, *, names: Mapping[int, str], sheet: Sheet = WIDE) -> Drawing:
    """Lay out the pyramid: customers on top, everybody else by distance from them.

    Parameters
    ----------
    graph : Graph
        Parties without a path to a customer are not drawn, nor are their edges. Of a large
        organisation only the bands next to the customers are: 200 parties and 1,000 lines.
    names : mapping of party to str
        At least of the parties that are drawn.
    sheet : Sheet
        `WIDE` (1160 units) or `PHONE` (360 units).

    Returns
    -------
    Drawing
        Names never overlap each other or a line, and lie within the width. The same graph always
        gives the same drawing.

    Raises
    ------
    KeyError
        If a party that is drawn has no name.

    Notes
    -----
    A layered drawing in four steps: bands by distance, order by barycentre, rows where a band is
    wider than the pyramid, and lines through the gaps between the names. O(edges * rows).

    References
    ----------
    Sugiyama, Tagawa & Toda (1981), doi:10.1109/TSMC.1981.4308636. Seed S2.2.

    Examples
    --------
    >>> from upturn.graph.engine import graph_of
    >>> graph = graph_of([(1, "customers"), (2, "team")], [(10, 2, 1)])
    >>> drawing = lay_out(graph, names={1: "Guests", 2: "Kitchen"})
    >>> [party.lines[0][0] for party in drawing.parties], drawing.edges[0].path
    (['Guests', 'Kitchen'], 'M580 40C580 75.5 580 75.5 580 111')
    """
    order, left_out = _drawable(graph, layers(graph))
    if not order.bands:
        return Drawing(sheet.width, 0.0, "", (), (), (), left_out)
    bands = order_bands(graph, order)
    stack, boxes = _place(graph, order, bands, names=names, sheet=sheet)
    drawn = _drawn_edges(graph, order)
    gaps = gaps_between(stack, boxes)
    runs = [find_run(e, boxes[a], boxes[b], stack=stack, gaps=gaps) for e, a, b in drawn]
    lanes = settle_lanes(runs, gaps=gaps, sheet=sheet)
    routes = draw_routes(runs, lanes=lanes, stack=stack, sheet=sheet)
    lowest = max([stack.lines[-1], *(route.bottom for route in routes.values())])
    return Drawing(
        width=sheet.width,
        height=round(lowest + FOOT, 1),
        outline=_outline(stack),
        bands=tuple(_band(number, stack) for number in range(len(bands))),
        edges=tuple(_edge(graph, run, routes[run.edge]) for run in runs),
        parties=tuple(_party(box, sheet) for box in _in_reading_order(boxes.values())),
        left_out=left_out,
    )


def _drawable(graph: Graph, order: Layers) -> tuple[Layers, tuple[int, ...]]:
    """Keep the bands from the customers down that one picture can hold."""
    lines = Counter(
        max(order.band_of[server], order.band_of[served])
        for server, served in graph.edges.values()
        if served in order.band_of
    )
    parties = list(accumulate(len(band) for band in order.bands))
    edges = accumulate(lines[band] for band in range(len(order.bands)))
    fits = [a <= MOST_PARTIES and b <= MOST_LINES for a, b in zip(parties, edges, strict=True)]
    kept = order.bands[: sum(fits)]
    band_of = {party: number for number, band in enumerate(kept) for party in band}
    left_out = tuple(sorted(order.band_of.keys() - band_of.keys()))
    return Layers(kept, band_of, order.without_path), left_out


def _place(
    graph: Graph,
    order: Layers,
    bands: Sequence[Sequence[int]],
    *,
    names: Mapping[int, str],
    sheet: Sheet,
) -> tuple[Stack, dict[int, Box]]:
    above = one_band_away(graph.served, order.band_of, step=-1)
    below = one_band_away(graph.servers, order.band_of, step=1)
    labels = {party: _label(names[party], band, sheet) for party, band in order.band_of.items()}
    loads = [sum(len(above[party]) for party in band) for band in bands]
    stack = stack_rows(bands, labels=labels, loads=loads, sheet=sheet)
    near = {party: above[party] + below[party] for party in labels}
    return stack, place_names(bands, stack=stack, labels=labels, near=near, sheet=sheet)


def _label(name: str, band: int, sheet: Sheet) -> Label:
    font = sheet.font if band else sheet.customer_font
    return fold(name, font=font, roomy=sheet.roomy, most=sheet.width - 2 * sheet.margin)


def _drawn_edges(graph: Graph, order: Layers) -> list[tuple[int, int, int]]:
    return [
        (edge, server, served)
        for edge, (server, served) in sorted(graph.edges.items())
        if served in order.band_of and server in order.band_of
    ]


def _outline(stack: Stack) -> str:
    top, bottom = stack.lines[0], stack.lines[-1]
    left, right = stack.shape.sides(bottom)
    return f"M0 {top:.1f}H{stack.shape.width:.1f}L{right:.1f} {bottom:.1f}H{left:.1f}Z"


def _band(number: int, stack: Stack) -> DrawnBand:
    y = stack.lines[number]
    left, right = stack.shape.sides(y)
    return DrawnBand(number, round(y, 1), round(left, 1), round(right, 1))


def _edge(graph: Graph, run: Run, route: Route) -> DrawnEdge:
    server, served = graph.edges[run.edge]
    middle = (round(route.middle[0], 1), round(route.middle[1], 1))
    return DrawnEdge(run.edge, server, served, run.course, route.path, middle)


def _in_reading_order(boxes: Iterable[Box]) -> list[Box]:
    return sorted(boxes, key=lambda box: (box.row, box.x))


def _party(box: Box, sheet: Sheet) -> DrawnParty:
    font = sheet.font if box.band else sheet.customer_font
    tall = line_height(box.band, sheet=sheet)
    last = box.bottom - BASELINE * font
    count = len(box.label.lines)
    return DrawnParty(
        party=box.party,
        band=box.band,
        lines=tuple(
            (text, round(last - tall * (count - at), 1))
            for at, text in enumerate(box.label.lines, start=1)
        ),
        font=font,
        x=round(box.x, 1),
        left=round(box.left, 1),
        right=round(box.right, 1),
        top=round(box.top, 1),
        bottom=round(box.bottom, 1),
    )
