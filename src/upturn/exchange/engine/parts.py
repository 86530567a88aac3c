"""Parts of a programme: owners, what changed between two versions, and the mark a GO signs."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from upturn.exchange.engine.signed_words import plain_json


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a programme, what it is, and which member owns it; empty for nobody yet."""

    code: str
    words: str
    owner: str


def version_digest(parts: Sequence[Part]) -> str:
    """Give the mark of a version's parts, which a GO signs.

    Examples
    --------
    >>> version_digest([Part("films", "A film a month", "Amber")])[:12]
    '288be4f8db1e'
    """
    rows = [[part.code, part.words, part.owner] for part in parts]
    return sha256(plain_json(rows)).hexdigest()


@dataclass(frozen=True, slots=True)
class PartChanged:
    """What a part was and is; None where it was not there, or is no more."""

    code: str
    was: Part | None
    now: Part | None


def differences(was: Sequence[Part], now: Sequence[Part]) -> tuple[PartChanged, ...]:
    """Find what changed between two versions, part by part.

    Examples
    --------
    >>> one = Part("films", "A film a month", "Amber")
    >>> [change.code for change in differences([one], [one, Part("week", "A week", "Birch")])]
    ['week']
    """
    old, new = {part.code: part for part in was}, {part.code: part for part in now}
    return tuple(
        PartChanged(code, old.get(code), new.get(code))
        for code in dict.fromkeys((*old, *new))
        if old.get(code) != new.get(code)
    )
