"""Languages without labelled feedback, for `read.py`: translations, and no accuracy on feedback.

The wordings are those of the own instruments and answering pages, which exist in four languages.
What stands in braces or tags is taken out, as it is alike in all of them. The sentences are those
that describe the general themes, written in three languages by the hand that wrote the themes.
"""

import re
import tomllib
from collections.abc import Iterator
from importlib.resources import files

import numpy as np

from upturn.voice.engine import Embedder, Reader, default_themes

SOURCES = ("signs.toml", "keys.toml", "pulse.toml", "answering.toml")
LANGUAGES = ("de", "es", "ar")
_ALIKE = re.compile(r"\{[^}]*\}|<[^>]*>")


def wordings() -> list[dict[str, str]]:
    """Give each wording in all four languages, those alike in English once."""
    folder = files("upturn.partners.engine").joinpath("data")
    found: dict[str, dict[str, str]] = {}
    for name in SOURCES:
        data = tomllib.loads(folder.joinpath(name).read_text(encoding="utf-8"))
        texts = data.get("texts", data)
        for key in texts["en"]:
            said = {code: _plain(texts[code][key]) for code in ("en", *LANGUAGES)}
            if all(said.values()):
                found.setdefault(said["en"].casefold(), said)
    return list(found.values())


def _plain(text: str) -> str:
    return " ".join(_ALIKE.sub(" ", text).split())


def retrieved(embedder: Embedder) -> Iterator[tuple[str, int, int]]:
    """Yield language, how many wordings found their English one nearest, and how many there are.

    The embedder alone is asked: not what the reader does with a language it was not trained on.
    """
    said = wordings()
    english = embedder.embed([each["en"] for each in said])
    for code in LANGUAGES:
        there = embedder.embed([each[code] for each in said])
        hits = (there @ english.T).argmax(axis=1) == np.arange(len(said))
        yield code, int(hits.sum()), len(said)


def sentences(code: str) -> tuple[list[str], list[str]]:
    """Give the sentences that describe the general themes in one language, and their themes."""
    text = files("upturn.voice.engine").joinpath("themes.toml").read_text(encoding="utf-8")
    said = [
        (each, key)
        for key, theme in tomllib.loads(text).items()
        for each in theme[code]["sentences"]
    ]
    return [each for each, _ in said], [key for _, key in said]


def read_by_english(embedder: Embedder) -> Iterator[tuple[str, int, int]]:
    """Yield language, how many sentences English descriptions read rightly, and of how many."""
    reader = Reader.fit(default_themes(("en",)), embedder=embedder)
    keys = [each.key for each in reader.classes]
    for code in ("de", "es"):
        said, themes = sentences(code)
        best = reader.evidence(said).argmax(axis=1)
        hits = sum(keys[at] == theme for at, theme in zip(best.tolist(), themes, strict=True))
        yield code, hits, len(said)
