"""Who takes part: the roster that every member signs.

References
----------
``docs/reference/ballot.md``, messages 1 and 2.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from upturn.exchange.engine.ballot.bounds import MOST
from upturn.exchange.engine.ballot.encoding import Value, pack, sha256, unpack
from upturn.exchange.engine.ballot.group import LABEL
from upturn.exchange.engine.ballot.keys import SIGNATURE_BYTES, Key, PublicKeys, signed_by
from upturn.exchange.engine.errors import BadRoster, Malformed
from upturn.exchange.engine.metrics import FEWEST

ROSTER = LABEL.decode() + " roster"


@dataclass(frozen=True, slots=True)
class Member:
    """One company on the roster.

    Parameters
    ----------
    company : str
        Its name, once on a roster.
    group : str
        Whom it belongs to; its own name if to nobody. Companies of one group count once.
    keys : PublicKeys
    """

    company: str
    group: str
    keys: PublicKeys


@dataclass(frozen=True)
class Roster:
    """The companies of an exchange in a fixed order; the first has the index 1.

    Parameters
    ----------
    exchange : str
        What the exchange is called.
    members : tuple of Member

    Raises
    ------
    BadRoster
        If a company or a key stands on it twice, or there are too few or too many.
    """

    exchange: str
    members: tuple[Member, ...]

    def __post_init__(self) -> None:
        groups = {member.group for member in self.members}
        if len(groups) < FEWEST:
            raise BadRoster(
                f"{len(groups)} unaffiliated companies are on the roster and {FEWEST} are needed. "
                "Until more join, exchange practices without numbers."
            )
        if len(self.members) > MOST:
            raise BadRoster(f"{len(self.members)} companies; at most {MOST} fit one exchange.")
        _once([member.company for member in self.members], "The company")
        _once([member.keys.signing.hex() for member in self.members], "The signing key")
        _once([member.keys.sealing.hex() for member in self.members], "The sealing key")

    @cached_property
    def written(self) -> bytes:
        """Its one encoding, over which every member signs."""
        rows: list[Value] = [
            [one.company, one.group, one.keys.signing, one.keys.sealing] for one in self.members
        ]
        return pack([ROSTER, self.exchange, rows])

    @cached_property
    def hash(self) -> bytes:
        """SHA-256 of `written`."""
        return sha256(self.written)

    def __len__(self) -> int:
        return len(self.members)

    def member(self, index: int) -> Member:
        """The member of an index; raise BadRoster if there is none."""
        if not 1 <= index <= len(self.members):
            raise BadRoster(
                f"Index {index} stands on no line of a roster of {len(self.members)} companies."
            )
        return self.members[index - 1]

    def index_of(self, keys: PublicKeys) -> int:
        """On which line these keys stand; raise BadRoster if on none."""
        for index, member in enumerate(self.members, 1):
            if member.keys == keys:
                return index
        raise BadRoster(
            f"No company on this roster has the fingerprint {keys.fingerprint.hex()[:16]}. "
            "Take the key file of the company that enrolled."
        )


def _once(values: list[str], what: str) -> None:
    twice = sorted({value for value in values if values.count(value) > 1})
    if twice:
        raise BadRoster(f"{what} {twice[0]} stands on the roster twice. Each enrols once.")


def read_roster(written: bytes) -> Roster:
    """Read `Roster.written`.

    Raises
    ------
    Malformed
        If it is written in another way.
    BadRoster
        As `Roster`.
    """
    match unpack(written):
        case [str(label), str(exchange), list(rows)] if label == ROSTER:
            return Roster(exchange, tuple(_member(row) for row in rows))
    raise Malformed("This is no roster.")


def _member(row: Value) -> Member:
    match row:
        case [str(company), str(group), bytes(signing), bytes(sealing)] if (
            len(signing) == len(sealing) == 32
        ):
            return Member(company, group, PublicKeys(signing, sealing))
    raise Malformed("A line of the roster is not company, group and two keys of 32 bytes.")


def sign_roster(roster: Roster, key: Key) -> tuple[int, bytes]:
    """A member's index and signature; raise BadRoster if the key is on no line."""
    return roster.index_of(key.public), key.sign(roster.written)


@dataclass(frozen=True, slots=True)
class SignedRoster:
    """A roster with the signature of every member, in the roster's order.

    Parameters
    ----------
    roster : Roster
    signatures : tuple of bytes, 64 each
    """

    roster: Roster
    signatures: tuple[bytes, ...]

    def check(self) -> None:
        """Raise BadRoster unless every member signed exactly this roster."""
        if len(self.signatures) != len(self.roster):
            raise BadRoster(
                f"{len(self.signatures)} signatures for {len(self.roster)} companies: "
                "every company signs the roster before a round begins."
            )
        for member, signature in zip(self.roster.members, self.signatures, strict=True):
            if not signed_by(member.keys, self.roster.written, signature=signature):
                raise BadRoster(f"The signature of {member.company} is not under this roster.")

    def written(self) -> bytes:
        """Its one encoding."""
        return signed_roster_bytes(self.roster.written, self.signatures)


def signed_roster_bytes(roster: bytes, signatures: Sequence[bytes]) -> bytes:
    """Put signatures under the bytes of a roster, as `read_signed_roster` reads them."""
    return pack([roster, list(signatures)])


def all_signed(roster: Roster, signatures: Mapping[int, bytes]) -> SignedRoster:
    """Put signatures, by index, under a roster; raise BadRoster if one is missing or wrong."""
    found = tuple(signatures.get(index, b"") for index in range(1, len(roster) + 1))
    signed = SignedRoster(roster, found)
    signed.check()
    return signed


def read_signed_roster(written: bytes) -> SignedRoster:
    """Read `SignedRoster.written`; raise Malformed or BadRoster."""
    match unpack(written):
        case [bytes(roster), list(signatures)]:
            found = tuple(one for one in signatures if isinstance(one, bytes))
            if all(len(one) == SIGNATURE_BYTES for one in found) and len(found) == len(signatures):
                return SignedRoster(read_roster(roster), found)
    raise Malformed("This is no signed roster.")


def check_change(now: Collection[str], before: Collection[str]) -> None:
    """Refuse a round that differs from the last opened one by exactly one company (rule 9).

    It holds for rosters and for accepted lists alike: the difference of the two totals would be
    that company's ballot.

    Parameters
    ----------
    now, before : collection of str
        Companies; ``before`` is empty for the first round.

    Raises
    ------
    BadRoster

    Examples
    --------
    >>> check_change({"A", "B"}, {"A", "B"})
    """
    changed = sorted(set(now) ^ set(before))
    if before and len(changed) == 1:
        raise BadRoster(
            f"Since the last opened round only {changed[0]} came or went: old totals minus new "
            "ones would be that company's ballot. Wait until none or at least two differ."
        )
