"""Figures that need joint answers, or two waves."""

from typing import TYPE_CHECKING, NamedTuple

from upturn.partners.engine import (
    KEYS,
    LED,
    SIGNS,
    UNDERSTOOD,
    DriversFound,
    Placed,
    Published,
    Reliability,
    Told,
    Trend,
    drivers_of_morale,
    edge_trends,
    edges_placed,
    question_trends,
    questions_placed,
    reliability,
)
from upturn.partners.models import PublishedGroup, Seated
from upturn.partners.queries.figures import SEED, kept
from upturn.stats.draws import generator

if TYPE_CHECKING:
    from numpy.random import Generator


_ASKED_ONCE = (*SIGNS, *KEYS, UNDERSTOOD, LED)
SURE = 0.8
"""Probability from which something is said to matter more and be done less well."""


class ImportancePage(NamedTuple):
    """What matters beside how well it is done, of edges or of questions."""

    rows: tuple[Placed, ...]
    per_relation: bool

    @property
    def waiting(self) -> tuple[Placed, ...]:
        """What likely matters more than others and is done less well, the surest first."""
        found = [row for row in self.rows if row.likeliest == "work_here" and row.chance >= SURE]
        return tuple(sorted(found, key=lambda row: -row.chance))


def _work_first(row: Placed) -> float:
    return -row.quadrants[0] if row.quadrants else 1.0


def reliability_of(found: Published) -> Reliability:
    """How reliable the questions of a wave were."""
    return kept(found, "reliability", lambda: reliability(found, rng=_draws(found, "reliability")))


def drivers_page(found: Published) -> DriversFound:
    """What goes with morale."""
    return kept(found, "drivers", lambda: drivers_of_morale(found, rng=_draws(found, "drivers")))


def importance_page(found: Published) -> ImportancePage:
    """What matters beside how well it is done."""

    def read() -> ImportancePage:
        per_relation = found.instrument.per_relation
        place = edges_placed if per_relation else questions_placed
        rows = sorted(place(found, rng=_draws(found, "importance")), key=_work_first)
        return ImportancePage(tuple(rows), per_relation)

    return kept(found, "importance", read)


def trends_between(before: Published, after: Published, *, at: str = "") -> tuple[Trend, ...]:
    """What changed between two waves, where their rosters allow it to be told."""

    def read() -> tuple[Trend, ...]:
        if after.instrument.per_relation:
            return edge_trends(told(before), told(after))
        return question_trends(told(before), told(after), *_ASKED_ONCE, at=at)

    return kept(after, ("since", before.wave, at), read)


def told(found: Published) -> Told:
    """A wave with who was asked in each group, to compare rosters; never who answered."""
    seated: dict[str, set[str]] = {}
    people = Seated.objects.filter(seat__wave__ref=found.wave)
    for seat, person in people.values_list("seat__number", "person_id"):
        seated.setdefault(str(seat), set()).add(str(person))
    groups = PublishedGroup.objects.filter(wave__wave__ref=found.wave, left_out=False)
    rosters = tuple(
        frozenset().union(*(seated.get(seat, ()) for seat in seats.split("\t")))
        for seats in groups.order_by("number").values_list("seats", flat=True)
    )
    return Told(published=found, rosters=rosters)


def _draws(found: Published, what: str) -> "Generator":
    return generator(SEED, "gaps", found.wave, what)
