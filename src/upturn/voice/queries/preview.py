"""What a sentence would find, before it is kept: the newest comments read with no label at all."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from upturn.graph import queries as graph
from upturn.voice.engine.embedding import reader_for
from upturn.voice.engine.errors import ReadingError
from upturn.voice.engine.reading import Reader
from upturn.voice.engine.reading_classes import ReasonClass
from upturn.voice.models import Feedback, Side, Theme
from upturn.voice.queries.quotes import Part, QuoteRow
from upturn.voice.queries.themes import may_write_themes

if TYPE_CHECKING:
    from upturn.graph.models import Touchpoint
    from upturn.people.models import Person

LOOKED_AT = 200
SHOWN = 5
# Somebody waits while typing; the sentence model would take a second of a core each time.
READER = "fast"
CANDIDATE = "\0candidate"


@dataclass(frozen=True, slots=True)
class Preview:
    """Of the newest ``looked_at`` comments, ``count`` would be read so; ``quotes`` the surest."""

    count: int
    looked_at: int
    quotes: tuple[QuoteRow, ...]


def preview_theme(
    viewer: "Person", *, name: str, descriptions: str, instead_of: str = ""
) -> Preview | None:
    """Which comments a theme described so would find beside the other themes."""
    if not may_write_themes(viewer):
        return None
    rows = Theme.objects.exclude(key=instead_of).order_by("pk")
    others = [ReasonClass(row.key, row.name, tuple(row.descriptions.splitlines())) for row in rows]
    with suppress(ReadingError):  # without a word there is nothing to find
        wanted = ReasonClass(CANDIDATE, name, tuple(descriptions.splitlines()))
        return _preview(wanted, others, _newest())
    return None


def preview_touchpoint(
    viewer: "Person", point: "Touchpoint", *, description: str
) -> Preview | None:
    """Which comments of its place would be taken for those of a moment described so."""
    if not graph.may_edit(viewer):
        return None
    known = graph.touchpoints_by_key().values()
    others = [
        ReasonClass(one.key, one.name, (one.description,) if one.description else ())
        for one in known
        if one.place == point.place and one.pk != point.pk
    ]
    wanted = ReasonClass(CANDIDATE, point.name, (description,) if description else ())
    return _preview(wanted, others, _newest())


def _newest() -> Sequence[Feedback]:
    rows = Feedback.objects.filter(side=Side.CUSTOMERS).order_by("-pk")
    return list(rows.only("text", "score", "channel", "week")[:LOOKED_AT])


def _preview(
    wanted: ReasonClass, others: Sequence[ReasonClass], said: Sequence[Feedback]
) -> Preview:
    reader = Reader.fit([wanted, *others], embedder=reader_for(READER))
    which, sure = reader.classify([one.text for one in said])
    found = [(-confidence, at) for at, confidence in enumerate(sure.tolist()) if which[at] == 0]
    quotes = [said[at] for _, at in sorted(found)[:SHOWN]]
    return Preview(len(found), len(said), tuple(_quote(one) for one in quotes))


def _quote(one: Feedback) -> QuoteRow:
    return QuoteRow((Part(one.text, marked=False),), one.score, one.channel, one.week)
