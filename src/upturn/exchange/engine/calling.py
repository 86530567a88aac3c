"""Picking up the phone: whom to call this week, and whom chance puts together for half an hour."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from upturn.exchange.engine.errors import Incomplete
from upturn.exchange.engine.lists import CALL_TOPICS

CALL_DAYS = 28
TOPICS_OF_A_CALL = 3
TRIES = 200


@dataclass(frozen=True, slots=True)
class Call:
    """A prompt: whom to call, since when there was no call, and three topics to choose from."""

    partner: str
    last: date | None
    topics: tuple[str, ...]


def calls_due(
    last: Mapping[str, date | None], *, today: date, shared: Mapping[str, Sequence[str]]
) -> tuple[Call, ...]:
    """List whom to call, by name; who was called within four weeks is not there.

    Parameters
    ----------
    last : mapping of str to date or None
        By partner.
    today : date
    shared : mapping of str to sequence of str
        Topics both would take up together come first; shipped ones fill up to three.

    Examples
    --------
    >>> calls_due({"Amber": None, "Birch": date(2026, 11, 20)}, today=date(2026, 11, 22),
    ...     shared={"Amber": ["Quiet hours"]})
    (Call(partner='Amber', last=None, topics=('Quiet hours', 'customers', 'leaders')),)
    """
    return tuple(
        Call(partner, day, _topics(shared.get(partner, ())))
        for partner, day in sorted(last.items())
        if day is None or (today - day).days >= CALL_DAYS
    )


def _topics(shared: Sequence[str]) -> tuple[str, ...]:
    several = dict.fromkeys((*shared, *(item.code for item in CALL_TOPICS)))
    return tuple(several)[:TOPICS_OF_A_CALL]


@dataclass(frozen=True, slots=True)
class DrawnPair:
    """Who asks and who gives; they change places at half time if both like."""

    seeker: str
    giver: str


def draw_talks(
    parties: Sequence[str],
    *,
    draws: np.random.Generator,
    before: Collection[frozenset[str]] = (),
    rivals: Collection[frozenset[str]] = (),
    seekers: Collection[str] = (),
) -> tuple[DrawnPair, ...]:
    """Put parties together in pairs by chance; nobody chooses a partner.

    Parameters
    ----------
    parties : sequence of str
        Who is in this time. Where the number is odd, one more pair has a party that is in two.
    draws : numpy.random.Generator
    before, rivals : collection of frozenset of str
        Pairs that met before, and pairs that compete directly: drawn only where `TRIES` shuffles
        find nothing without them; a direct rival is avoided before a repetition.
    seekers : collection of str
        Who would like to ask; in a pair of two or none, chance decides.

    Raises
    ------
    Incomplete
        If there are fewer than two parties.

    References
    ----------
    Sandvik et al. (2020), doi:10.1093/qje/qjaa013: random partners with a worksheet, the seeker
    asks, no prizes. Cai and Szeidl (2018), doi:10.1093/qje/qjx049: more is shared among non-rivals.
    """
    if len(parties) < 2:
        raise Incomplete("Two parties make a pair. Wait until another one joins in.")
    avoided = [frozenset(map(frozenset, rivals)), frozenset(map(frozenset, before))]
    tries = (_paired(parties, draws) for _try in range(TRIES))
    pairs = min(tries, key=lambda drawn: [sum(p in bad for p in drawn) for bad in avoided])
    return tuple(_seeking(pair, seekers, draws) for pair in pairs)


def _paired(parties: Sequence[str], draws: np.random.Generator) -> list[frozenset[str]]:
    order = [parties[at] for at in draws.permutation(len(parties))]
    if len(order) % 2:
        order.append(order[0])
    return [frozenset(order[at : at + 2]) for at in range(0, len(order), 2)]


def _seeking(
    pair: frozenset[str], seekers: Collection[str], draws: np.random.Generator
) -> DrawnPair:
    one, other = sorted(pair)
    asks = {one, other} & set(seekers)
    first = asks == {one} or (asks != {other} and bool(draws.integers(2)))
    return DrawnPair(one, other) if first else DrawnPair(other, one)
