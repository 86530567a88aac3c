"""The charter: what they are here for, what not, and who has signed the version that holds."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from hashlib import sha256
from typing import Any

from upturn.exchange.engine.errors import Incomplete
from upturn.exchange.engine.metrics import FEWEST
from upturn.exchange.engine.rules import RULES
from upturn.exchange.engine.signed_words import plain_json

VISION_LETTERS = 140
DATA_CLASSES = ("practice", "opinion", "band")
"""What may be shared at all: how it is done, what is thought, and bands of sealed benchmarks."""
MONTHS_OF_A_CHAIR = (1, 12)
MINUTES_OF_A_MEETING = (10, 240)
COMPANIES_OF_A_LAYER = 3
"""From how many companies taps come before it is said how the vision rings with a layer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CharterText:
    """A version of a charter.

    Parameters
    ----------
    vision : str
        One line, `VISION_LETTERS` at most.
    mission, not_mission : str
        What the exchange is for, and what it is not for.
    scope : str
        Which work of which client, which places.
    topics, never : tuple of str
        What is talked about; what is never, beyond the ground rules.
    data_classes : tuple of str
        Some of `DATA_CLASSES`.
    minutes : int
        Of a meeting.
    chair_months : int
        After how many months the chair goes on.
    rules : tuple of int
        Ground rules that hold: all of them, always.
    """

    vision: str
    mission: str
    not_mission: str
    scope: str
    topics: tuple[str, ...]
    never: tuple[str, ...]
    data_classes: tuple[str, ...]
    minutes: int
    chair_months: int
    rules: tuple[int, ...] = tuple(RULES)


def missing(charter: CharterText) -> tuple[str, ...]:
    """List codes of what a charter lacks or has wrong; nothing when it can be signed.

    Examples
    --------
    >>> missing(CharterText(vision="Customers first", mission="Learn", not_mission="", scope="All",
    ...     topics=("care",), never=(), data_classes=("practice",), minutes=45, chair_months=3))
    ('not_mission',)
    """
    least, most = MINUTES_OF_A_MEETING
    first, last = MONTHS_OF_A_CHAIR
    wrong = {
        "vision": not _one_line(charter.vision),
        "mission": not charter.mission.strip(),
        "not_mission": not charter.not_mission.strip(),
        "scope": not charter.scope.strip(),
        "topics": not any(topic.strip() for topic in charter.topics),
        "both": bool(_plain(charter.topics) & _plain(charter.never)),
        "data_classes": not _known(charter.data_classes),
        "minutes": not least <= charter.minutes <= most,
        "chair_months": not first <= charter.chair_months <= last,
        "rules": set(charter.rules) != set(RULES),
    }
    return tuple(code for code, holds in wrong.items() if holds)


def _one_line(vision: str) -> bool:
    return 0 < len(vision.strip()) <= VISION_LETTERS and len(vision.splitlines()) == 1


def _plain(topics: Collection[str]) -> set[str]:
    return {topic.strip().casefold() for topic in topics}


def _known(classes: Collection[str]) -> bool:
    return bool(classes) and set(classes) <= set(DATA_CLASSES)


def charter_digest(charter: CharterText, *, number: int) -> str:
    """Give the mark of a version, which each party signs."""
    written = as_data(charter) | {"number": number}
    return sha256(plain_json(dict(sorted(written.items())))).hexdigest()


def as_data(charter: CharterText) -> dict[str, Any]:
    """Give a charter as JSON holds it."""
    return {
        key: list(value) if isinstance(value, tuple) else value
        for key, value in asdict(charter).items()
    }


def charter_of(data: Mapping[str, Any]) -> CharterText:
    """Read what `as_data` wrote.

    Raises
    ------
    Incomplete
        If a part is missing or of another kind.
    """
    known = {each.name: each for each in fields(CharterText)}
    if absent := sorted(set(known) - set(data)):
        raise Incomplete(f"The charter has no {', '.join(absent)}. Export it again.")
    wrong = [name for name in sorted(known) if not _fits(name, data[name])]
    if wrong:
        raise Incomplete(f"“{wrong[0]}” of the charter is {data[wrong[0]]!r}. Export it again.")
    read: dict[str, Any] = {
        name: tuple(data[name]) if name in _LISTS else data[name] for name in known
    }
    return CharterText(**read)


_LISTS: Mapping[str, type] = {"topics": str, "never": str, "data_classes": str, "rules": int}
_NUMBERS = frozenset({"minutes", "chair_months"})


def _fits(name: str, value: object) -> bool:
    if name in _LISTS:
        return isinstance(value, list) and all(type(each) is _LISTS[name] for each in value)
    return type(value) is (int if name in _NUMBERS else str)


def unsigned(parties: Sequence[str], signed: Mapping[str, str], *, digest: str) -> tuple[str, ...]:
    """List who has not signed this version; an old signature is none.

    Parameters
    ----------
    parties : sequence of str
    signed : mapping of str to str
        The digest each has signed last.
    digest : str
        Of the version that holds.

    Examples
    --------
    >>> unsigned(["Amber", "Birch"], {"Amber": "new", "Birch": "old"}, digest="new")
    ('Birch',)
    """
    return tuple(party for party in parties if signed.get(party) != digest)


def rings(voices: Mapping[str, tuple[int, int, int]]) -> Mapping[str, bool | None]:
    """Say by layer whether the vision rings: for more than half, if enough have tapped.

    Parameters
    ----------
    voices : mapping of str to (int, int, int)
        By layer: for how many it rings, of how many taps, from how many companies. Below five taps
        or `COMPANIES_OF_A_LAYER` a layer says nothing: None.

    Examples
    --------
    >>> rings({"front line": (40, 60, 3), "leaders": (3, 4, 3), "managers": (5, 5, 1)})
    {'front line': True, 'leaders': None, 'managers': None}
    """
    return {
        layer: 2 * hits > of if of >= FEWEST and companies >= COMPANIES_OF_A_LAYER else None
        for layer, (hits, of, companies) in voices.items()
    }
