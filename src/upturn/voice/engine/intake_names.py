"""Places and touchpoints a file may name, and languages it may be written in."""

import re
from dataclasses import dataclass
from functools import cached_property

from upturn.graph.engine.tabular_errors import gettext_noop
from upturn.graph.engine.tabular_names import Known, NameBook, book_of
from upturn.graph.engine.tabular_problems import Problem, Remedy
from upturn.graph.engine.tabular_words import fold

PLACE_UNKNOWN = Problem(
    "place_unknown",
    gettext_noop("No place has this name."),
    gettext_noop("Choose one that is there, or leave the place open."),
    Remedy.CHOOSE,
)
TOUCHPOINT_UNKNOWN = Problem(
    "touchpoint_unknown",
    gettext_noop("No touchpoint has this name."),
    gettext_noop("Choose one that is there, or leave the touchpoint open."),
    Remedy.CHOOSE,
)

LANGUAGE_CODE = re.compile(r"([a-z]{2,3})(?:[-_][a-z]{2,4})?", re.IGNORECASE)
_LANGUAGES = {
    "en": "english englisch ingles anglais inglese engels",
    "de": "german deutsch aleman allemand tedesco duits",
    "es": "spanish spanisch espanol espagnol spagnolo spaans castellano",
    "fr": "french franzosisch frances francais francese frans",
    "it": "italian italienisch italiano italien italiaans",
    "pt": "portuguese portugiesisch portugues portugais portoghese portugees",
    "nl": "dutch niederlandisch holandes neerlandais olandese nederlands",
    "ar": "arabic arabisch arabe arabo",
    "zh": "chinese chinesisch chino chinois cinese",
    "ja": "japanese japanisch japones japonais giapponese",
    "pl": "polish polnisch polaco polonais polacco",
    "ru": "russian russisch ruso russe russo",
    "tr": "turkish turkisch turco turc",
}
LANGUAGES = {word: code for code, words in _LANGUAGES.items() for word in words.split()}


def language_code(text: str) -> str:
    """Give the code of a language, or ``""`` when the text names none.

    >>> language_code("en-GB"), language_code("Deutsch"), language_code("warm soup")
    ('en', 'de', '')
    """
    named = LANGUAGES.get(fold(text))
    found = LANGUAGE_CODE.fullmatch(text.strip())
    return named or (found[1].lower() if found else "")


@dataclass(frozen=True)
class KnownNames:
    """What a file may refer to.

    Parameters
    ----------
    touchpoints : tuple of Known
    places : tuple of str
        Houses, branches; the places of the touchpoints are known in any case.
    """

    touchpoints: tuple[Known, ...] = ()
    places: tuple[str, ...] = ()

    @cached_property
    def touchpoint_book(self) -> NameBook:
        """Touchpoints under all their spellings."""
        return book_of(self.touchpoints, unknown=TOUCHPOINT_UNKNOWN)

    @cached_property
    def place_book(self) -> NameBook:
        """Places under all their spellings; the key of a place is its name."""
        places = dict.fromkeys([*self.places, *(point.place for point in self.touchpoints)])
        return book_of((Known(place, place) for place in places if place), unknown=PLACE_UNKNOWN)
