"""Sealed buy-in: yes, not yet or no, and nobody learns more than whether all said yes.

Each leader seals an answer while being called. When all were called, each device hands in a token.
The tokens of all, added bit by bit, are zero if every one of them stands for a yes, and a random
number otherwise: nobody, the host included, sees whose was not. Who did not say yes may then open
the own answer, and the others are asked again without it.

References
----------
Chaum (1988), doi:10.1007/BF00206326, the dining cryptographers; Hao and Zieliński (2006),
doi:10.1007/978-3-642-04904-0_28, a veto without a name.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from upturn.exchange.engine.errors import BadSeal, Incomplete
from upturn.exchange.engine.signed_words import plain_json

FEWEST_LEADERS = 3
"""Of two, each would know the other's answer from the own one."""
BYTES = 32
_LABEL = b"upturn buy-in 1"


class Answer(StrEnum):
    """What a leader says."""

    YES = "yes"
    NOT_YET = "not_yet"
    NO = "no"


class BuyInStanding(StrEnum):
    """Where the buy-in stands as a whole."""

    CALLING = "calling"
    ASKING = "asking"
    ALL_YES = "all_yes"
    NOT_ALL = "not_all"


@dataclass(frozen=True, slots=True)
class SealedAnswer:
    """An answer on its leader's own device; only its commitment leaves it.

    Parameters
    ----------
    answer : Answer
    leaves_out : tuple of str
        Topics the leader would leave out, sorted.
    salt : bytes, 32
        Random, used once.
    """

    answer: Answer
    leaves_out: tuple[str, ...]
    salt: bytes

    def commitment(self, exchange: str, leader: str) -> str:
        """Give what the host keeps: it binds the answer and says nothing about it.

        Raises
        ------
        BadSeal
            If the salt is not of 32 bytes.
        """
        if len(self.salt) != BYTES:
            raise BadSeal(f"A salt has {BYTES} bytes, this one {len(self.salt)}. Draw a new one.")
        said = [exchange, leader, self.answer.value, sorted(set(self.leaves_out))]
        return sha256(_LABEL + b" answer" + self.salt + plain_json(said)).hexdigest()


@dataclass(frozen=True, slots=True)
class Leader:
    """What the host knows of a leader.

    Parameters
    ----------
    ref : str
    commitment : str
        Empty until called and sealed.
    token : str
        Of this time of asking, in hex; empty until it was handed in.
    opened : SealedAnswer or None
        Opened by the leader's own will.
    """

    ref: str
    commitment: str = ""
    token: str = ""
    opened: SealedAnswer | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What anybody sees of a leader: called or not; and the answer if the leader opened it."""

    ref: str
    called: bool
    answer: Answer | None
    leaves_out: tuple[str, ...]


def pad(shared: bytes, *, exchange: str, asking: int, among: Collection[str]) -> bytes:
    """Give what two leaders alone can work out for one time of asking.

    Parameters
    ----------
    shared : bytes, 32
        What their keys have in common (X25519); never the same for two pairs.
    exchange : str
    asking : int
        How many-th time, from 1.
    among : collection of str
        Who is asked; another set of leaders has other pads.

    Returns
    -------
    bytes, 32
    """
    said = [exchange, asking, sorted(among)]
    return sha256(_LABEL + b" pad" + shared + plain_json(said)).digest()


def token(answer: Answer, pads: Sequence[bytes], *, noise: bytes) -> str:
    """Make a leader's token.

    Parameters
    ----------
    answer : Answer
    pads : sequence of bytes
        With each other leader who is asked.
    noise : bytes, 32
        Random, used once; it hides a yes that is not given.

    Returns
    -------
    str
        In hex. To everybody else it looks the same whatever the answer is.

    Raises
    ------
    Incomplete
        If fewer than three are asked.
    BadSeal
        If the noise is not of 32 bytes.
    """
    _enough(len(pads) + 1)
    if len(noise) != BYTES:
        raise BadSeal(f"Noise has {BYTES} bytes, this has {len(noise)}. Draw it anew.")
    parts = pads if answer is Answer.YES else (*pads, noise)
    return _together(parts).hex()


def _together(parts: Sequence[bytes]) -> bytes:
    whole = 0
    for part in parts:
        whole ^= int.from_bytes(part, "big")
    return whole.to_bytes(BYTES, "big")


def _enough(leaders: int) -> None:
    if leaders < FEWEST_LEADERS:
        raise Incomplete(
            f"{leaders} are asked; with fewer than {FEWEST_LEADERS} each would know the others' "
            "answers. Talk openly instead, or invite more."
        )


def all_yes(tokens: Sequence[str]) -> bool:
    """Say whether all tokens stand for a yes; wrong once in 2 to the power of 256.

    Raises
    ------
    Incomplete
        If there are fewer than three.
    BadSeal
        If one is not 32 bytes in hex.

    Examples
    --------
    >>> a, b, c = (pad(key * 32, exchange="x", asking=1, among="abc") for key in (b"1", b"2", b"3"))
    >>> said = [token(Answer.YES, pads, noise=bytes(32)) for pads in ([a, b], [a, c], [b, c])]
    >>> all_yes(said), all_yes([*said[:2], "00" * 32])
    (True, False)
    """
    _enough(len(tokens))
    return not any(_together([_read(each) for each in tokens]))


def _read(written: str) -> bytes:
    try:
        found = bytes.fromhex(written)
    except ValueError:
        found = b""
    if len(found) != BYTES:
        raise BadSeal(f"“{written[:80]}” is no token. Let the device make it anew.")
    return found


def standing(leaders: Sequence[Leader]) -> BuyInStanding:
    """Say where a buy-in stands. Who opened a no or a not yet is not asked again.

    Examples
    --------
    >>> standing([Leader("a", "c0ffee"), Leader("b"), Leader("c")]).value
    'calling'
    """
    if not leaders or any(not leader.commitment for leader in leaders):
        return BuyInStanding.CALLING
    asked = still_asked(leaders)
    if any(not leader.token for leader in asked):
        return BuyInStanding.ASKING
    holds = len(asked) >= FEWEST_LEADERS and all_yes([leader.token for leader in asked])
    return BuyInStanding.ALL_YES if holds else BuyInStanding.NOT_ALL


def still_asked(leaders: Sequence[Leader]) -> tuple[Leader, ...]:
    """Give those whose tokens count: all but who opened that it is not a yes."""
    return tuple(
        leader for leader in leaders if leader.opened is None or leader.opened.answer is Answer.YES
    )


def sees(leaders: Sequence[Leader]) -> tuple[Seen, ...]:
    """Give what everybody sees of each leader: host, leaders, client and steward alike.

    Nobody sees a sealed answer, so nobody has a view of his or her own here. A leader's own answer
    is on the leader's device.
    """
    return tuple(
        Seen(
            leader.ref,
            bool(leader.commitment),
            leader.opened.answer if leader.opened else None,
            leader.opened.leaves_out if leader.opened else (),
        )
        for leader in leaders
    )


def opened(leader: Leader, answer: SealedAnswer, *, exchange: str) -> Leader:
    """Open an answer by its leader's own will, before or after tokens were handed in.

    Raises
    ------
    BadSeal
        If it is not the answer that was sealed.
    """
    if answer.commitment(exchange, leader.ref) != leader.commitment:
        raise BadSeal("This is not the answer that was sealed on the call. Open that one.")
    return Leader(leader.ref, leader.commitment, leader.token, answer)


def asked_again(leaders: Sequence[Leader]) -> tuple[Leader, ...]:
    """Begin asking anew among those who are still asked: old tokens are dropped.

    Raises
    ------
    Incomplete
        If nobody opened anything since, or fewer than three are left: nothing would be new, or
        too much.
    """
    if standing(leaders) is not BuyInStanding.NOT_ALL:
        raise Incomplete("Ask again only after it turned out that not all said yes.")
    _enough(len(still_asked(leaders)))
    return tuple(Leader(each.ref, each.commitment, "", each.opened) for each in leaders)


def check_asking(seen: Sequence[Seen], among: Collection[str]) -> None:
    """Refuse, on a leader's own device, to be asked among a set that the host chose by itself.

    A host that could ask smaller and smaller sets would find whose answer is no.

    Raises
    ------
    BadSeal
        If somebody is missing who did not open that it is not a yes, or somebody is too many.
    """
    due = {each.ref for each in seen if each.answer in {None, Answer.YES}}
    if due != set(among):
        odd = ", ".join(sorted(due ^ set(among)))
        raise BadSeal(f"The host asks among other leaders than it should ({odd}). Call it.")


@dataclass(frozen=True, slots=True)
class OpensWith:
    """With whom and without which topics an exchange can open."""

    parties: tuple[str, ...]
    stay_out: tuple[str, ...]
    left_out: Mapping[str, tuple[str, ...]]


def opens_with(leaders: Sequence[Leader]) -> OpensWith | None:
    """Say with whom an exchange can open; None while it cannot.

    It opens when all who are asked said yes; who opened a no or a not yet stays out by name, and
    topics that somebody named are left out.
    """
    if standing(leaders) is not BuyInStanding.ALL_YES:
        return None
    within = still_asked(leaders)
    out = tuple(leader.ref for leader in leaders if leader not in within)
    named = {each.ref: each.opened.leaves_out for each in within if each.opened is not None}
    return OpensWith(tuple(each.ref for each in within), out, named)
