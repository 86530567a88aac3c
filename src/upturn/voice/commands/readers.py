"""Readers of themes and touchpoints, made of what the tables hold and kept while that stays."""

from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.db import transaction

from upturn.graph import queries as graph
from upturn.voice.commands.themes import read_again, store_themes
from upturn.voice.engine.embedding import known_as, reader_for
from upturn.voice.engine.errors import ReadingError
from upturn.voice.engine.labels import with_sentences
from upturn.voice.engine.reading import Reader
from upturn.voice.engine.reading_classes import ReasonClass, default_themes
from upturn.voice.models import ReaderVersion, Theme
from upturn.voice.queries import waiting

if TYPE_CHECKING:
    from upturn.graph.models import Touchpoint

LABELS = 30
SCORES_TO_LEARN_FROM = 500
LANGUAGES_OF_THEMES = ("en", "de", "es")
Scored = tuple[tuple[str, ...], tuple[float, ...]]


class Known(NamedTuple):
    """A reader with the ids of its classes, in their order."""

    reader: Reader
    ids: tuple[int, ...]

    def id_of(self, which: int) -> int | None:
        """The id of a class the reader named; none where it cannot tell."""
        return self.ids[which] if which >= 0 else None


def theme_reader() -> Known:
    """The reader of themes; an installation without any starts with the generic ones."""
    rows = list(Theme.objects.order_by("pk")) or _generic()
    key_of = {row.pk: row.key for row in rows}
    written = [(text, row.key) for row in rows for text in row.examples.splitlines() if text]
    taught = waiting.confirmed()
    confirmed = [(one.text, key_of[one.theme]) for one in taught if one.theme in key_of]
    pairs = [*written, *confirmed]
    examples = (tuple(text for text, _ in pairs), tuple(key for _, key in pairs))
    none_of_these = tuple(one.text for one in taught if one.theme is None)
    classes = tuple(theme_class(row) for row in rows)
    reader = _fitted(classes, examples, none_of_these, _scored(taught))
    return Known(reader, tuple(row.pk for row in rows))


def _generic() -> list[Theme]:
    first = settings.LANGUAGE_CODE
    languages = [first, *LANGUAGES_OF_THEMES] if first in LANGUAGES_OF_THEMES else []
    generic = default_themes(list(dict.fromkeys(languages)) or LANGUAGES_OF_THEMES)
    store_themes((each.key, each.name, each.descriptions, ()) for each in generic)
    return list(Theme.objects.order_by("pk"))


def theme_class(row: Theme) -> ReasonClass:
    """A theme as the reader knows it."""
    return ReasonClass(row.key, row.name, tuple(row.descriptions.splitlines()))


def _scored(taught: Sequence[waiting.Confirmed]) -> Scored:
    """Comments with a score, and those of which a person said whether they praise or blame."""
    texts, scores = waiting.scored()
    sure = [(one.text, 10.0 if one.polarity > 0 else 0.0) for one in taught if one.polarity]
    return (*texts, *(text for text, _ in sure)), (*scores, *(score for _, score in sure))


@lru_cache(maxsize=8)
def _fitted(
    classes: tuple[ReasonClass, ...],
    examples: waiting.Examples,
    none_of_these: tuple[str, ...] = (),
    scored: Scored = ((), ()),
) -> Reader:
    taught = scored if len(scored[0]) >= SCORES_TO_LEARN_FROM else None
    return Reader.fit(
        classes,
        labelled=with_sentences(classes, examples),
        scored=taught,
        embedder=reader_for(settings.READER),
        none_of_these=none_of_these,
    )


def touchpoint_reader(place: str) -> Known | None:
    """The reader that tells the touchpoints of a place apart by words; none where it cannot.

    Touchpoints of several places cannot be told apart by words, so without a place there must be
    one only.
    """
    known = list(graph.touchpoints_by_key().values())
    only = known[0].place if len({point.place for point in known}) == 1 else ""
    return _reader_of([point for point in known if point.place == (place or only)])


def _reader_of(points: Sequence["Touchpoint"]) -> Known | None:
    classes, ids = [], []
    for point in points:
        with suppress(ReadingError):  # a name without a word describes nothing
            sentence = (point.description,) if point.description else ()
            classes.append(ReasonClass(point.key, point.name, sentence))
            ids.append(point.pk)
    if not classes:
        return None
    key_of = dict(zip(ids, (each.key for each in classes), strict=True))
    return Known(_fitted(tuple(classes), waiting.examples(key_of, most=LABELS)), tuple(ids))


def version_id(reader: Reader) -> int:
    """The id under which readings of this reader are known."""
    return ReaderVersion.objects.get_or_create(name=reader.version)[0].pk


@transaction.atomic
def read_again_by_another() -> None:
    """`read_again` where readings stand that the present embedder did not make.

    Two embedders in one series of weeks would look like a change in what customers say.
    """
    if waiting.read_by_another(known_as(reader_for(settings.READER))):
        read_again()
