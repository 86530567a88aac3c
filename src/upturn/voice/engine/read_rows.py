"""Comments of a file, read: a row each with what was understood, for work without a site."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from upturn.voice.engine.clauses import Aspect, read_aspects
from upturn.voice.engine.doubles import find_doubles
from upturn.voice.engine.errors import ReadingError
from upturn.voice.engine.intake import Comment
from upturn.voice.engine.labels import with_sentences
from upturn.voice.engine.reading import Labelled, Reader
from upturn.voice.engine.reading_classes import ReasonClass
from upturn.voice.engine.reading_languages import guess_language

EARLIER = 1_000


class ReadRow(NamedTuple):
    """What was understood of one comment.

    Parameters
    ----------
    row : int
        Where it stands in the file.
    text : str
        As it came, without numbers of cards and accounts.
    score : float or None
        On 0 to 10.
    at : str
        When it was said, ISO 8601.
    theme : str
        Key; ``""`` (empty in Parquet) where the reader cannot tell.
    confidence, polarity_confidence : float, 0..1
    polarity : int
        1 praise, -1 blame, 0 neither or not known.
    language : str
        ``"und"`` when unsure.
    aspects : str
        JSON: of a comment that says several things each clause with its theme and polarity.
    near_duplicate, bot_like : bool
    numbers_removed : int
    """

    row: int
    text: str
    score: float | None
    at: str
    theme: str
    confidence: float
    polarity: int
    polarity_confidence: float
    language: str
    aspects: str
    near_duplicate: bool
    bot_like: bool
    numbers_removed: int


def read_rows(
    reader: Reader, comments: Sequence[Comment], *, earlier: Sequence[Comment] = ()
) -> Iterator[ReadRow]:
    """Read comments of a file.

    Parameters
    ----------
    reader : Reader
        Of the themes.
    comments : sequence of Comment
        As `check_rows` gives them.
    earlier : sequence of Comment
        Those that stood before them, to know repeated ones; `EARLIER` are enough.

    Yields
    ------
    ReadRow
        In the order of the comments.
    """
    texts = [one.text for one in comments]
    scores = [np.nan if one.score is None else one.score for one in comments]
    found = reader.read(texts, scores=scores)
    said = [*earlier, *comments]
    doubles = find_doubles([one.text for one in said], [one.at.timestamp() for one in said])
    aspects = read_aspects(reader, texts)
    for at, one in enumerate(comments):
        place = len(earlier) + at
        yield ReadRow(
            row=one.row,
            text=one.text,
            score=one.score,
            at=one.at.isoformat(),
            theme=_key(reader, int(found.theme[at])),
            confidence=round(float(found.confidence[at]), 4),
            polarity=int(found.polarity[at]),
            polarity_confidence=round(float(found.polarity_confidence[at]), 4),
            language=one.language or guess_language(one.text),
            aspects=_written(reader, one.text, aspects[at]),
            near_duplicate=bool(doubles.near_duplicate[place]),
            bot_like=bool(doubles.bot_like[place]),
            numbers_removed=one.masked,
        )


def _key(reader: Reader, which: int) -> str:
    return reader.classes[which].key if which >= 0 else ""


def _written(reader: Reader, text: str, aspects: Sequence[Aspect]) -> str:
    clauses = [
        {
            "clause": text[each.start : each.end],
            "theme": _key(reader, each.theme),
            "polarity": each.polarity,
        }
        for each in aspects
    ]
    return json.dumps(clauses, ensure_ascii=False) if clauses else ""


def themes_from(data: Mapping[str, Any]) -> tuple[tuple[ReasonClass, ...], Labelled]:
    """Take themes out of a file of themes.

    Parameters
    ----------
    data : mapping
        As TOML gives it: a table a theme with ``name``, ``sentences`` and perhaps ``examples``,
        which are comments that belong there.

    Returns
    -------
    classes : tuple of ReasonClass
    labelled : (texts, keys)
        The examples, with the sentences beside them if there are any, see `with_sentences`.

    Raises
    ------
    ReadingError
        If something else stands there, or a theme has no word.

    Examples
    --------
    >>> classes, labelled = themes_from({"late": {"name": "Late", "sentences": ["We waited"]}})
    >>> classes[0].descriptions, labelled
    (('We waited',), ((), ()))
    """
    classes: list[ReasonClass] = []
    texts: list[str] = []
    keys: list[str] = []
    for key, table in data.items():
        if not isinstance(table, Mapping):
            raise ReadingError(f"“{key}” is no theme; write [{key}] with name and sentences below.")
        classes.append(ReasonClass(key, _text(key, table), _texts(key, table, "sentences")))
        examples = _texts(key, table, "examples")
        texts += examples
        keys += [key] * len(examples)
    if not classes:
        raise ReadingError("The file holds no theme; write [waiting], name and sentences below.")
    return tuple(classes), with_sentences(classes, (texts, keys))


def _text(key: str, table: Mapping[str, Any]) -> str:
    name = table.get("name", key.replace("-", " ").replace("_", " "))
    if not isinstance(name, str):
        raise ReadingError(f"The name of the theme “{key}” is no text: {name!r}.")
    return name


def _texts(key: str, table: Mapping[str, Any], field: str) -> tuple[str, ...]:
    found = table.get(field, [])
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise ReadingError(f"“{field}” of the theme “{key}” is no list of texts: {found!r:.80}.")
    return tuple(found)
