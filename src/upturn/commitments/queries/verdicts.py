"""What became of promises: verdicts and thanks."""

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from upturn.commitments.models import Verdict
from upturn.commitments.queries import statements
from upturn.commitments.queries.moves import once_a_move
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


@once_a_move
def latest_verdicts(viewer: "Person", *, most: int = 8) -> list[Judged]:
    """Newest verdicts on asks the viewer may see."""
    return _judged(viewer, "TRUE", most=most)


@once_a_move
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


@once_a_move
def thanks_for_us(viewer: "Person", *, most: int = 3) -> list[Thanked]:
    """Newest words of thanks for promises that the viewer's parties kept."""
    ours = statements.listed(our_edges(viewer))
    rows = rows_of(statements.THANKS.format(ours=ours), {"most": most})
    return [Thanked(words, ends(edge)[1]) for words, edge in rows]


class VerdictOn(NamedTuple):
    """A verdict without words, on the promise that was given at a turn of an ask."""

    ref: str
    turn: int
    moment: str
    outcome: str
    given_on: date
    promised_on: date


def verdicts_on(refs: Collection[str]) -> list[VerdictOn]:
    """Verdicts on these asks in the order they were given, for rooms that learn from them."""
    rows = Verdict.objects.filter(promise__ask__ref__in=refs).order_by("given_on", "promise__turn")
    told = ("moment", "outcome", "given_on", "promise__made_on")
    of = ("promise__ask__ref", "promise__turn", *told)
    return [VerdictOn(*row) for row in rows.values_list(*of)]
