"""Which closed waves there are to look at, and what people wrote in them."""

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Exists, OuterRef

from upturn.partners.engine import Published
from upturn.partners.models import PublishedGroup, PublishedWave
from upturn.partners.queries.published import words_of
from upturn.people.queries import may_read_words

if TYPE_CHECKING:
    from upturn.people.models import Person

WAVES_SHOWN = 40


class ClosedWave(NamedTuple):
    """A closed wave, as a list shows it."""

    ref: str
    title: str
    instrument: str
    closed_on: date
    people: int
    answered: int
    per_relation: bool


def closed_waves(viewer: "Person") -> tuple[ClosedWave, ...]:
    """Closed waves, the newest first; guests see none."""
    if not may_read_words(viewer):
        return ()
    of_edges = PublishedGroup.objects.filter(wave=OuterRef("pk"), relation__gte=0)
    rows = (
        PublishedWave.objects.annotate(per_relation=Exists(of_edges))
        .order_by("-closed_on", "-pk")
        .values_list(
            "wave__ref",
            "wave__title",
            "wave__instrument",
            "closed_on",
            "people",
            "answered",
            "per_relation",
        )
    )
    return tuple(ClosedWave(*row) for row in rows[:WAVES_SHOWN])


def waves_before(viewer: "Person", found: Published) -> tuple[ClosedWave, ...]:
    """Earlier closed waves with the same instrument, the newest first."""
    rows = closed_waves(viewer)
    at = next((n for n, row in enumerate(rows) if row.ref == found.wave), len(rows))
    return tuple(row for row in rows[at + 1 :] if row.instrument == found.instrument.key)


class Written(NamedTuple):
    """What people of one place wrote from one side, in an order that says nothing."""

    parent: str
    side: str
    texts: tuple[str, ...]


def written_in(viewer: "Person", found: Published) -> tuple[Written, ...]:
    """Free text where enough people of a place wrote any; of others nothing is kept."""
    said: dict[tuple[str, str], list[str]] = {}
    for parent, side, text in words_of(viewer, found.wave):
        said.setdefault((parent, side), []).append(text)
    return tuple(Written(*at, tuple(texts)) for at, texts in sorted(said.items()))
