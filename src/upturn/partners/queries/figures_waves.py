"""Which closed waves there are to look at, and what people wrote in them."""

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Exists, OuterRef

from upturn.partners.engine import LED, UNDERSTOOD, Published
from upturn.partners.models import PublishedGroup, PublishedWave, PublishedWords
from upturn.partners.queries.figures import kept
from upturn.partners.queries.published import published
from upturn.people.queries import may_read_words

if TYPE_CHECKING:
    from upturn.people.models import Person

WAVES_SHOWN = 40
ASKED_ONCE = (("signs", "sign"), ("keys", "key"), (UNDERSTOOD, UNDERSTOOD), (LED, LED))


class ClosedWave(NamedTuple):
    """A closed wave, as a list shows it."""

    ref: str
    title: str
    instrument: str
    closed_on: date
    people: int
    answered: int
    per_relation: bool


def may_see_gaps(viewer: "Person") -> bool:
    """Figures of closed waves are for everybody who signs in, except guests."""
    return may_read_words(viewer)


def pages_of(found: Published) -> tuple[str, ...]:
    """Pages for which a wave's instrument asked something, the main one first."""
    if found.instrument.per_relation:
        names = ["map", "pairs", "since", "importance"]
    else:
        asked = {item.measures.split("-")[0] for item in found.instrument.items}
        names = [page for page, what in ASKED_ONCE if what in asked]
        names = [*(names or ["signs"]), "since"]
        names += ["importance", "drivers"] if "morale" in asked else []
    return (*names, "words")


def closed_waves(viewer: "Person") -> tuple[ClosedWave, ...]:
    """Closed waves, the newest first; guests see none."""
    if not may_see_gaps(viewer):
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


def newest_wave(viewer: "Person", instrument: str) -> Published | None:
    """The newest closed wave with an instrument; None where there is none to see."""
    newest = next((row for row in closed_waves(viewer) if row.instrument == instrument), None)
    return published(viewer, newest.ref) if newest else None


def waves_before(viewer: "Person", found: Published) -> tuple[ClosedWave, ...]:
    """Earlier closed waves with the same instrument, the newest first."""
    rows = closed_waves(viewer)
    at = next((n for n, row in enumerate(rows) if row.ref == found.wave), len(rows))
    return tuple(row for row in rows[at + 1 :] if row.instrument == found.instrument.key)


def wave_before(viewer: "Person", found: Published, *, ref: str = "") -> Published | None:
    """The earlier wave that is asked for, or the last one with the same instrument."""
    earlier = waves_before(viewer, found)
    wanted = next((one for one in earlier if one.ref == ref), None)
    chosen = wanted or next(iter(earlier), None)
    return published(viewer, chosen.ref) if chosen else None


class Written(NamedTuple):
    """What people of one place wrote from one side, in an order that says nothing."""

    parent: str
    side: str
    texts: tuple[str, ...]


def words_of(found: Published) -> tuple[Written, ...]:
    """Free text of the places where enough people wrote any; of others nothing was kept."""

    def read() -> tuple[Written, ...]:
        said: dict[tuple[str, str], list[str]] = {}
        rows = PublishedWords.objects.filter(wave__wave__ref=found.wave).order_by("pk")
        for parent, side, text in rows.values_list("parent", "side", "text"):
            said.setdefault((parent, side), []).append(text)
        return tuple(Written(*at, tuple(texts)) for at, texts in sorted(said.items()))

    return kept(found, "words", read)
