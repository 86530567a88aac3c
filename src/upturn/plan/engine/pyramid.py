"""The pyramid of one plan: customers on top, below them who is to have what from whom."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from upturn.graph.engine import Drawing, Sheet, graph_of, lay_out


class Health(StrEnum):
    """How an edge stands in a plan, the one that needs somebody first in front."""

    GAP = "gap"
    LATE = "late"
    ASKED = "asked"
    NOTED = "noted"
    PROMISED = "promised"
    KEPT = "kept"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class Have:
    """One HAVE of a plan.

    Parameters
    ----------
    served : int
        The party that is to have it.
    server : int or None
        Who gives it; None while nobody does.
    edge : int or None
        The serves-edge over which it comes; None where it is not drawn, or was let go.
    health : Health
    """

    served: int
    server: int | None
    edge: int | None
    health: Health


@dataclass(frozen=True, slots=True)
class PlanEdge:
    """One line of the picture and of its table.

    Parameters
    ----------
    number : int
        Of the serves-edge; below 0 for a gap, over which nothing comes yet.
    server : int or None
        None where nobody is named.
    served : int
    health : Health
        Of all that is to come over it, the one that needs somebody first.
    haves : int
        How many lines of the plan it carries.
    """

    number: int
    server: int | None
    served: int
    health: Health
    haves: int


@dataclass(frozen=True, slots=True)
class PlanPyramid:
    """The parties of a plan, and the edges among them.

    Parameters
    ----------
    parties : tuple of int
    edges : tuple of PlanEdge
        What needs somebody first in front, then by number.
    """

    parties: tuple[int, ...]
    edges: tuple[PlanEdge, ...]


def health_of(
    *, has_edge: bool, ask: str | None, kept: bool = False, due: date | None = None, today: date
) -> Health:
    """Say how a HAVE stands.

    Parameters
    ----------
    has_edge : bool
        Whether a provider is named who serves that party.
    ask : str or None
        State of the ask it became, as `commitments` names it; None while it is only written down.
    kept : bool
        Whether those who asked said that something good came of it.
    due : date or None
        By when it was promised.

    Examples
    --------
    >>> health_of(has_edge=True, ask="promised", due=date(2026, 1, 1), today=date(2026, 1, 2))
    <Health.LATE: 'late'>
    """
    if not has_edge:
        return Health.GAP
    if kept:
        return Health.KEPT
    if ask == "promised":
        return Health.LATE if due is not None and due < today else Health.PROMISED
    if ask in {"done", "judged"}:
        return Health.PROMISED
    return Health.ASKED if ask in {"asked", "asked_back", "declined"} else Health.NOTED


def plan_pyramid(
    meeting: Iterable[int],
    *,
    customers: int,
    haves: Sequence[Have],
    edges: Mapping[int, tuple[int, int]],
) -> PlanPyramid:
    """Put together the pyramid of a plan.

    Parameters
    ----------
    meeting : iterable of parties
        Who meets the customer at the moments of the day.
    customers : int
        The party the plan is for.
    haves : sequence of Have
    edges : mapping of edge to (server, served)
        Of the whole organisation.

    Returns
    -------
    PlanPyramid
        Edges of the organisation between parties of the plan stand there even where the plan says
        nothing of them: as `Health.QUIET`.

    Examples
    --------
    >>> plan = plan_pyramid([2], customers=1, haves=[Have(2, None, None, Health.GAP)],
    ...                     edges={10: (2, 1)})
    >>> [(edge.number, str(edge.health)) for edge in plan.edges]
    [(-1, 'gap'), (10, 'quiet')]
    """
    parties = {customers, *meeting} | {have.served for have in haves}
    parties |= {have.server for have in haves if have.server is not None}
    carried: dict[tuple[int | None, int | None, int], list[Health]] = {}
    for have in haves:
        over = have.edge if have.edge in edges else None
        carried.setdefault((over, have.server, have.served), []).append(have.health)
    for number, (server, served) in edges.items():
        if {server, served} <= parties:
            carried.setdefault((number, server, served), [])
    return PlanPyramid(tuple(sorted(parties)), _numbered(carried))


def _numbered(
    carried: Mapping[tuple[int | None, int | None, int], Sequence[Health]],
) -> tuple[PlanEdge, ...]:
    order = list(Health)
    found, gaps = [], 0
    for (number, server, served), told in carried.items():
        gaps += number is None
        health = min(told, key=order.index, default=Health.QUIET)
        known = health if number is not None else Health.GAP
        shown = -gaps if number is None else number
        found.append(PlanEdge(shown, server, served, known, len(told)))
    return tuple(sorted(found, key=lambda edge: (order.index(edge.health), edge.number)))


def draw_plan(
    plan: PlanPyramid,
    *,
    kinds: Mapping[int, str],
    names: Mapping[int, str],
    nobody: str,
    sheet: Sheet,
) -> Drawing:
    """Lay out the picture of a plan's pyramid.

    Parameters
    ----------
    kinds, names : mapping of party
        At least of the parties of the plan.
    nobody : str
        What stands at the lower end of a gap without a provider.
    sheet : Sheet

    Returns
    -------
    Drawing
        With the numbers of `plan`; whoever stands for nobody has the number of its gap.
    """
    missing = [edge for edge in plan.edges if edge.server is None]
    parties = [(party, kinds[party]) for party in plan.parties]
    parties += [(edge.number, "team") for edge in missing]
    joined = [
        (edge.number, edge.number if edge.server is None else edge.server, edge.served)
        for edge in plan.edges
    ]
    called = {**names, **{edge.number: nobody for edge in missing}}
    return lay_out(graph_of(parties, joined), names=called, sheet=sheet)
