"""What two parties share, found without showing the rest: topics, services, strengths.

Lists are hashed with a key that the parties of an exchange share and the host does not have. This
hides a list from the host and from outsiders. It does not hide it from another party, who has the
key and can try words: whoever guesses a topic can see whether it is on a list that is open to him
or her. So lists hold topics and services of the kind everybody knows, never names.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b, sha256

from upturn.exchange.engine.errors import BadSeal, Incomplete
from upturn.exchange.engine.signed_words import to_sign

KEY_BYTES = 32
PADDED_TO = 32
"""Every list is filled up with random digests to this many, so that its length says nothing."""
DIGEST_BYTES = 16


@dataclass(frozen=True, slots=True)
class Service:
    """Whom a charity serves, where, with what (S3.46): of kinds, never of persons."""

    what: str
    whom: str
    where: str


def plain(words: str) -> str:
    """Write words the one way in which they are compared.

    Examples
    --------
    >>> plain("  Coaching,   on the JOB ")
    'coaching on the job'
    """
    folded = unicodedata.normalize("NFKC", words).casefold()
    return " ".join(re.sub(r"[^\w\s]", " ", folded).split())


def list_key(words: str, *, exchange: str) -> bytes:
    """Make the key of lists from words the companies gave each other without the host.

    Parameters
    ----------
    words : str
        Twelve of the list of safety words, drawn by one company's device.
    exchange : str
        Its reference.

    Returns
    -------
    bytes, 32

    Examples
    --------
    >>> list_key("Amber  anchor", exchange="ab12") == list_key("amber anchor", exchange="ab12")
    True
    """
    spoken = " ".join(words.lower().split())
    return sha256(to_sign("list key", exchange, spoken)).digest()


def blind(
    entries: Collection[str], *, key: bytes, about: str, filling: Sequence[bytes]
) -> tuple[str, ...]:
    """Turn a list into digests, on its party's own device.

    Parameters
    ----------
    entries : collection of str
    key : bytes, 32
        Shared by the parties, unknown to the host.
    about : str
        What the list is about; the same words elsewhere have other digests.
    filling : sequence of bytes
        `PADDED_TO` random values of 16 bytes; those that are not needed are dropped.

    Returns
    -------
    tuple of str
        In hex, sorted, always `PADDED_TO` of them.

    Raises
    ------
    BadSeal
        If the key has another length.
    Incomplete
        If the list is longer than `PADDED_TO`, or the filling too short.
    """
    if len(key) != KEY_BYTES:
        raise BadSeal(f"The key has {KEY_BYTES} bytes, this one {len(key)}. Enrol again.")
    digests = {digest(entry, key=key, about=about) for entry in entries if plain(entry)}
    if len(digests) > PADDED_TO:
        raise Incomplete(f"{len(digests)} entries; {PADDED_TO} at most. Keep what matters.")
    wanted = PADDED_TO - len(digests)
    more = {each.hex() for each in filling[:wanted] if len(each) == DIGEST_BYTES}
    if len(more - digests) < wanted:
        raise Incomplete("The filling is too short, or repeats itself. Draw it anew.")
    return tuple(sorted(digests | more))


def digest(entry: str, *, key: bytes, about: str) -> str:
    """Give the digest of one entry, by which its own party knows it again."""
    said = f"{about}\0{plain(entry)}".encode()
    return blake2b(said, key=key, digest_size=DIGEST_BYTES).hexdigest()


def shared(lists: Sequence[Collection[str]]) -> frozenset[str]:
    """Give the digests that stand on every list; nothing for fewer than two lists.

    Examples
    --------
    >>> sorted(shared([{"a", "b"}, {"b", "c"}])), shared([{"a"}])
    (['b'], frozenset())
    """
    if len(lists) < 2:
        return frozenset()
    first, *others = map(frozenset, lists)
    return first.intersection(*others)


def in_words(
    digests: Collection[str], own: Collection[str], *, key: bytes, about: str
) -> tuple[str, ...]:
    """Say what shared digests mean, on a party's own device, from its own list alone."""
    return tuple(sorted(entry for entry in own if digest(entry, key=key, about=about) in digests))


def service_entry(service: Service) -> str:
    """Write a service as an entry of a list to be compared.

    Examples
    --------
    >>> service_entry(Service("Warm meals", "older people", "North side"))
    'warm meals | older people | north side'
    """
    return " | ".join(plain(each) for each in (service.what, service.whom, service.where))


def may_compare(one: str, other: str, *, open_to: Mapping[str, Collection[str]]) -> bool:
    """Say whether two parties' services may be compared: both have opened theirs to the other.

    Examples
    --------
    >>> may_compare("a", "b", open_to={"a": {"b"}, "b": {"c"}})
    False
    """
    return one != other and other in open_to.get(one, ()) and one in open_to.get(other, ())


def duplicated(
    lists: Mapping[str, Collection[str]], *, open_to: Mapping[str, Collection[str]], party: str
) -> Mapping[str, frozenset[str]]:
    """Give, to one party, what it does that another does too: only where both consented.

    Returns
    -------
    mapping of str to frozenset of str
        By the other party; one with whom it shares nothing is not there.
    """
    found = {
        other: shared([lists[party], digests])
        for other, digests in lists.items()
        if party in lists and may_compare(party, other, open_to=open_to)
    }
    return {other: both for other, both in found.items() if both}


def matches(
    offers: Mapping[str, Collection[str]], asks: Mapping[str, Collection[str]], *, party: str
) -> Mapping[str, frozenset[str]]:
    """Give, to one party, with whom its strengths fit: what it asks and another offers, or gives.

    Both sides of a match see it, and nobody else does (S3.32).

    Examples
    --------
    >>> offers, asks = {"a": {"tools"}}, {"b": {"tools"}, "c": {"quality"}}
    >>> [dict(matches(offers, asks, party=party)) for party in "abc"]
    [{'b': frozenset({'tools'})}, {'a': frozenset({'tools'})}, {}]
    """
    others = (set(offers) | set(asks)) - {party}
    found = {
        other: frozenset(asks.get(party, ())) & frozenset(offers.get(other, ()))
        | frozenset(offers.get(party, ())) & frozenset(asks.get(other, ()))
        for other in sorted(others)
    }
    return {other: fits for other, fits in found.items() if fits}
