"""Themes found in the words: searched for once a week, named by people."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from django.conf import settings
from django.db import transaction

from upturn.graph import queries as graph
from upturn.people.queries import organisation_name
from upturn.record import journal
from upturn.stats.draws import generator
from upturn.voice.commands.sums import changed, lock
from upturn.voice.commands.themes import add_theme, check_may_write_themes
from upturn.voice.engine.cleaning import clean, fold, words
from upturn.voice.engine.embedding import Embedder, reader_for
from upturn.voice.engine.found_themes import NEAREST, FoundTheme, describe_themes, find_themes
from upturn.voice.models import FoundTheme as Row
from upturn.voice.models import Tally, Theme
from upturn.voice.queries import waiting
from upturn.voice.queries.waiting import Unthemed
from upturn.voice.queries.weeks import this_week

if TYPE_CHECKING:
    from upturn.people.models import Person

EMBEDDED_AT_ONCE = 250
Progress = Callable[[int, int], None]


def search_for_themes(*, progress: Progress | None = None) -> int:
    """Search the newest words on no theme for what they have in common; how many were found.

    A theme that was found before keeps its row, its first week and its name; one that does not
    come back any more goes, unless somebody named it.
    """
    said = waiting.unthemed()
    embedder = reader_for(settings.READER)
    vectors = _embedded(embedder, [each.text for each in said], progress)
    earlier = list(Row.objects.filter(embedder=embedder.digest).order_by("pk"))
    centres = [np.frombuffer(bytes(row.centre), dtype=np.float32) for row in earlier]
    week = this_week()
    found = find_themes(vectors, draws=generator(week.toordinal()), earlier=centres)
    names = describe_themes([each.text for each in said], found, stop=_unsaid())
    named = [(one, name) for one, name in zip(found, names, strict=True) if name]
    rows = [_row(one, name, said, earlier, embedder) for one, name in named]
    _store(rows)
    return len(rows)


def _embedded(
    embedder: Embedder, texts: Sequence[str], progress: Progress | None
) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    parts = [np.zeros((0, embedder.dims), dtype=np.float32)]
    for at in range(0, len(texts), EMBEDDED_AT_ONCE):
        parts.append(embedder.embed(texts[at : at + EMBEDDED_AT_ONCE]))
        if progress:
            progress(min(at + EMBEDDED_AT_ONCE, len(texts)), len(texts))
    return np.concatenate(parts)


def _unsaid() -> set[str]:
    """Words that name no theme here: own name, places, touchpoints, own list."""
    now = graph.snapshot()
    names = [organisation_name(), *now.places, *(point.name for point in now.points.values())]
    listed = Tally.objects.values_list("unsaid", flat=True).first() or ""
    return {word for name in [*names, listed] for word in words(name)}


def _row(
    one: FoundTheme,
    name: Sequence[str],
    said: Sequence[Unthemed],
    earlier: Sequence[Row],
    embedder: Embedder,
) -> Row:
    weeks = [said[at].week for at in one.members.tolist()]
    row = earlier[one.before] if one.before >= 0 else Row(first_week=min(weeks))
    row.words = ", ".join(name)[:200]
    row.centre = one.centre.tobytes()
    row.embedder = embedder.digest
    row.last_week, row.count = max(weeks), len(weeks)
    row.first_week = min([row.first_week, *weeks])
    different = {fold(clean(said[at].text)): said[at].id for at in one.members[::-1].tolist()}
    row.nearest = list(different.values())[: -NEAREST - 1 : -1]
    return row


@transaction.atomic
def _store(rows: Sequence[Row]) -> None:
    tally = lock()
    for row in rows:
        row.save()
    back = [row.pk for row in rows]
    Row.objects.filter(named__isnull=True).exclude(pk__in=back).delete()
    tally.themes_week = this_week()
    tally.save(update_fields=["themes_week"])
    changed()


@transaction.atomic
def name_found_theme(actor: "Person", found: Row, *, name: str, descriptions: str) -> Theme:
    """Make what was found a theme; every comment is read again, as for any new theme."""
    check_may_write_themes(actor)
    theme = add_theme(actor, name=name, descriptions=descriptions)
    found.named = theme
    found.save(update_fields=["named"])
    return theme


@transaction.atomic
def leave_unsaid(actor: "Person", words_left: str) -> None:
    """Keep the words that tell this organisation nothing; the next search goes without them."""
    check_may_write_themes(actor)
    tally = lock()
    tally.unsaid = "\n".join(dict.fromkeys(words_left.split()))
    tally.themes_week = None
    tally.save(update_fields=["unsaid", "themes_week"])
    journal.write(
        "changed words left unsaid",
        subject_kind="theme",
        subject_ref="",
        actor_id=actor.pk,
        detail=tally.unsaid[:200],
    )
