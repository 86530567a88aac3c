"""What a comment can be about: themes and touchpoints, each described in words."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from upturn.voice.engine.cleaning import words
from upturn.voice.engine.errors import ReadingError
from upturn.voice.engine.reading_languages import UNKNOWN, guess_language


@dataclass(frozen=True, slots=True)
class ReasonClass:
    """A theme or a touchpoint, as the reader knows it: by its name and by written descriptions.

    Attributes
    ----------
    key : str
        What the rest of the house calls it; unique among the classes of one reader.
    name : str
        As people read it; it counts as a description.
    descriptions : tuple of str
        Sentences as a customer would write them, or plain words. Several languages may stand side
        by side; those of one language are read together.

    Raises
    ------
    ReadingError
        If the key is empty, or name and descriptions hold no word.

    Examples
    --------
    >>> ReasonClass("bar", "The bar", ("We waited for our drinks.",)).key
    'bar'
    """

    key: str
    name: str
    descriptions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.key:
            raise ReadingError(f"The class {self.name!r} has an empty key; give it one.")
        if not any(words(text) for text in (self.name, *self.descriptions)):
            raise ReadingError(
                f"The class {self.key!r} holds no word; describe it by a name or a sentence."
            )

    def by_language(self) -> list[str]:
        """Join name and descriptions, one text a language; what is unsure joins the first."""
        joined: dict[str, list[str]] = {}
        unsure: list[str] = []
        for text in (self.name, *self.descriptions):
            language = guess_language(text)
            (unsure if language == UNKNOWN else joined.setdefault(language, [])).append(text)
        texts = [". ".join(each) for each in joined.values()] or [""]
        return [". ".join([*unsure, texts[0]]), *texts[1:]]


def default_themes(languages: Sequence[str] = ("en",)) -> tuple[ReasonClass, ...]:
    """Give the generic themes of service that ship with this package.

    Parameters
    ----------
    languages : sequence of str
        Languages that comments may be in, of ``en``, ``de``, ``es``; names are in the first.

    Raises
    ------
    ReadingError
        If a language has no themes, or none is given.

    Examples
    --------
    >>> default_themes()[0].name
    'Waiting'
    >>> default_themes(("de", "en"))[0].name
    'Warten'
    """
    themes = _shipped()
    offered = set.intersection(*(set(theme) for theme in themes.values()))
    if not languages or not offered.issuperset(languages):
        raise ReadingError(
            f"Themes were asked for in {list(languages)}; choose among {sorted(offered)}."
        )
    return tuple(
        ReasonClass(
            key=key,
            name=theme[languages[0]]["name"],
            descriptions=tuple(_described(theme[language]) for language in languages),
        )
        for key, theme in themes.items()
    )


@cache
def _shipped() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    text = files(__package__).joinpath("themes.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _described(theme: Mapping[str, str]) -> str:
    return ". ".join([theme["name"], theme["words"].replace("_", " "), *theme["sentences"]])
