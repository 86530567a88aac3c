"""The words that represent a theme at a touchpoint, chosen ahead, so that no page has to."""

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import NamedTuple

from django.db import transaction

from upturn.voice.commands.readers import theme_reader
from upturn.voice.commands.readings import still_there
from upturn.voice.commands.sums import changed, lock
from upturn.voice.engine.quotes import marked_spans, representative_quotes
from upturn.voice.engine.reading import Reader
from upturn.voice.engine.reading_features import learn_vocabulary, split, weigh
from upturn.voice.models import Quote, ThemeWeek
from upturn.voice.queries import waiting

AMONG = 40
KEPT = 3
TOGETHER = 50


class _Said(NamedTuple):
    """The newest words on a theme at a touchpoint."""

    touchpoint: int | None
    theme: int | None
    ids: tuple[int, ...]
    texts: tuple[str, ...]


def choose_quotes(*, most: int) -> int:
    """Choose quotes anew where sums changed, most spoken of first; how many themes that were."""
    pairs = waiting.unquoted(most)
    for at in range(0, len(pairs), TOGETHER):
        together = [_said(*pair) for pair in pairs[at : at + TOGETHER]]
        _store(together, _chosen(together))
    return len(pairs)


def _said(touchpoint: int | None, theme: int | None) -> _Said:
    rows = waiting.latest_words(touchpoint, theme, most=AMONG)
    return _Said(touchpoint, theme, tuple(i for i, _ in rows), tuple(text for _, text in rows))


def _chosen(together: Sequence[_Said]) -> list[Quote]:
    """Quotes of several themes; words are weighed by their rarity among all of these."""
    tokens = split([text for said in together for text in said.texts])
    vectors = weigh(tokens, learn_vocabulary(tokens, by_rarity=True))
    known = theme_reader()
    key_of = dict(zip(known.ids, (each.key for each in known.reader.classes), strict=True))
    quotes, at = [], 0
    for said in together:
        end = at + len(said.texts)
        places = representative_quotes(said.texts, vectors=vectors[at:end], k=KEPT)
        telling = _telling(known.reader, key_of[said.theme]) if said.theme in key_of else ()
        quotes += [_quote(said, place, position, telling) for position, place in enumerate(places)]
        at = end
    return quotes


def _quote(said: _Said, place: int, position: int, telling: Collection[str]) -> Quote:
    return Quote(
        touchpoint_id=said.touchpoint,
        theme_id=said.theme,
        feedback_id=said.ids[place],
        position=position,
        marks=marked_spans(said.texts[place], telling),
    )


@lru_cache(maxsize=128)
def _telling(reader: Reader, key: str) -> frozenset[str]:
    return reader.telling_words(key)


@transaction.atomic
def _store(together: Sequence[_Said], quotes: Sequence[Quote]) -> None:
    lock()
    there = still_there(quote.feedback_id for quote in quotes)
    for said in together:
        Quote.objects.filter(touchpoint=said.touchpoint, theme=said.theme).delete()
        cells = ThemeWeek.objects.filter(touchpoint=said.touchpoint, theme=said.theme)
        cells.filter(quoted=False).update(quoted=True)
    Quote.objects.bulk_create([quote for quote in quotes if quote.feedback_id in there])
    changed()
