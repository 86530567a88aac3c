"""What became of promises: verdicts and thanks."""

from typing import TYPE_CHECKING, NamedTuple

from upturn.commitments.queries import statements
from upturn.commitments.queries.sides import asking_edges, our_edges
from upturn.commitments.queries.standing import ends, rows_of
from upturn.graph.queries import PartyRow
from upturn.people.queries import sees_every_ask

if TYPE_CHECKING:
    from upturn.people.models import Person


class Judged(NamedTuple):
    """A verdict with what was asked, what was promised, and the two parties."""

    moment: str
    outcome: str
    what: str
    ref: str
    words: str
    touchpoint: str | None
    server: PartyRow
    served: PartyRow


def _judged(viewer: "Person", condition: str, *, most: int) -> list[Judged]:
    """Verdicts on asks that the viewer may see, the newest first."""
    which = condition
    if not sees_every_ask(viewer):
        near = statements.listed(asking_edges(viewer) | our_edges(viewer))
        which = f"{condition} AND ask.edge_id IN ({near})"
    rows = rows_of(statements.VERDICTS.format(which=which), {"most": most})
    return [Judged._make([*row[:-1], *ends(row[-1])]) for row in rows]


def latest_verdicts(viewer: "Person", *, most: int = 8) -> list[Judged]:
    """Newest verdicts on asks the viewer may see."""
    return _judged(viewer, "TRUE", most=most)


def changed_for_customers(viewer: "Person", *, most: int = 4) -> list[Judged]:
    """Promises that came from a touchpoint and were judged better, each once, newest first."""
    better = "verdict.outcome IN ('better', 'other') AND ask.touchpoint_id IS NOT NULL"
    once: dict[tuple[str, str], Judged] = {}
    for judged in _judged(viewer, better, most=2 * most):
        once.setdefault((judged.ref, judged.what), judged)
    return list(once.values())[:most]


class Thanked(NamedTuple):
    """Words of thanks and the party they come from."""

    words: str
    served: PartyRow


def thanks_for_us(viewer: "Person", *, most: int = 3) -> list[Thanked]:
    """Newest words of thanks for promises that the viewer's parties kept."""
    ours = statements.listed(our_edges(viewer))
    rows = rows_of(statements.THANKS.format(ours=ours), {"most": most})
    return [Thanked(words, ends(edge)[1]) for words, edge in rows]
