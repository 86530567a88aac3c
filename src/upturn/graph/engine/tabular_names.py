"""Names in a file, found again among the names that are known."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from upturn.graph.engine.names import nearest
from upturn.graph.engine.tabular_errors import gettext_noop
from upturn.graph.engine.tabular_problems import Fault, Problem, Remedy
from upturn.graph.engine.tabular_words import NAME_CHARACTERS_MAX, fold

NEAREST_SEARCHED = 200  # a search takes milliseconds; nobody reads more unknown names than this

AMBIGUOUS = Problem(
    "name_ambiguous",
    gettext_noop("More than one has this name."),
    gettext_noop("Write the place before it."),
    Remedy.CHOOSE,
)


@dataclass(frozen=True, slots=True)
class Known:
    """Something a file may refer to.

    Parameters
    ----------
    key : str
        Unique; what a row is given in its place.
    name : str
    place : str
        Where it is, so that two of the same name can be told apart.
    """

    key: str
    name: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class NameBook:
    """Known names under all spellings of theirs; `book_of` makes one.

    Parameters
    ----------
    keys : mapping of folded spelling to set of keys
    known : mapping of key to Known
    unknown : Problem
        What it is called when a name is not there.
    found : dict
        Answers given so far to unknown names.
    """

    keys: dict[str, set[str]]
    known: dict[str, Known]
    unknown: Problem
    found: dict[tuple[str, str], Fault] = field(default_factory=dict)

    def find(self, name: str, place: str = "") -> str | Fault:
        """Give the key of a name; `place` decides between two of the same name.

        Capitals, accents and punctuation do not matter, and the place may stand before or after.
        """
        if name in self.known:
            return name
        if len(name) > NAME_CHARACTERS_MAX:
            return Fault(self.unknown)
        keys = self.keys.get(fold(name), set())
        if len(keys) > 1 and place:
            keys = {key for key in keys if fold(self.known[key].place) == fold(place)} or keys
        if len(keys) == 1:
            return next(iter(keys))
        return self._fault(name, place, keys)

    def _fault(self, name: str, place: str, keys: set[str]) -> Fault:
        fault = self.found.get((name, place))
        if fault is None:
            if keys:
                near = sorted(self._spelled(key) for key in keys)
            elif len(self.found) < NEAREST_SEARCHED:
                near = nearest(name[:200], sorted(map(self._spelled, self.known)))
            else:
                return Fault(self.unknown)
            fault = Fault(AMBIGUOUS if keys else self.unknown, tuple(near))
            self.found[name, place] = fault
        return fault

    def _spelled(self, key: str) -> str:
        """Give a spelling that means this key alone."""
        known = self.known[key]
        if len(self.keys[fold(known.name)]) == 1:
            return known.name
        full = f"{known.place} {known.name}".strip()
        return full if len(self.keys.get(fold(full), ())) == 1 else key


def book_of(known: Iterable[Known], *, unknown: Problem) -> NameBook:
    """Collect names under every spelling: key, name, place and name, name and place.

    >>> from upturn.graph.engine.tabular_organisation import UNKNOWN_PARTY
    >>> book = book_of([Known("mill-kitchen", "Kitchen", "Mill")], unknown=UNKNOWN_PARTY)
    >>> book.find("MILL: kitchen"), book.find("Kitchn").suggestions
    ('mill-kitchen', ('Kitchen',))
    """
    keys: dict[str, set[str]] = {}
    by_key = {}
    for one in known:
        by_key[one.key] = one
        spellings = (one.key, one.name, f"{one.place} {one.name}", f"{one.name} {one.place}")
        for spelling in spellings:
            keys.setdefault(fold(spelling), set()).add(one.key)
    return NameBook(keys, by_key, unknown)
