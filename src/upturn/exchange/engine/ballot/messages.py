"""What members and host send each other after the sheet: ballots, lists, confirmations, sums.

Each has one encoding; a hash or a signature is over that encoding and nothing else.

References
----------
``docs/reference/ballot.md``, messages 4 to 9.
"""

from dataclasses import dataclass, replace
from functools import cached_property

from upturn.exchange.engine.ballot.encoding import Value, pack, sha256, unpack
from upturn.exchange.engine.ballot.group import LABEL
from upturn.exchange.engine.errors import Malformed

BALLOT, LIST, CONFIRMATION, SUMS, TOTALS = (
    f"{LABEL.decode()} {kind}" for kind in ("ballot", "list", "confirmation", "sums", "totals")
)


@dataclass(frozen=True)
class Ballot:
    """A company's ballot: commitments, proofs and a sealed box for every company.

    Parameters
    ----------
    round_id : bytes, 16
    sheet, roster : bytes, 32
        Hashes.
    index, serial : int
        Who, and which of its ballots: a later serial replaces an earlier one.
    commitments : bytes, 32 a coordinate
    proofs : bytes, 192 a coordinate
    sum_proofs : bytes, 32 a metric
    box_hashes : bytes, 32 a member
    signature : bytes, 64
        Over `head`.
    boxes : tuple of bytes
        One a member; none in the public form, which the audit bundle holds.
    """

    round_id: bytes
    sheet: bytes
    roster: bytes
    index: int
    serial: int
    commitments: bytes
    proofs: bytes
    sum_proofs: bytes
    box_hashes: bytes
    signature: bytes = b""
    boxes: tuple[bytes, ...] = ()

    @cached_property
    def head(self) -> bytes:
        """What is signed and hashed: all but the boxes, which stand in it by their hashes."""
        fields: list[Value] = [BALLOT, self.round_id, self.sheet, self.roster]
        fields += [self.index, self.serial]
        return pack([*fields, self.commitments, self.proofs, self.sum_proofs, self.box_hashes])

    @cached_property
    def hash(self) -> bytes:
        """SHA-256 of `head`."""
        return sha256(self.head)

    def public(self) -> "Ballot":
        """The ballot without its boxes: enough to check it, and nothing that a key could open."""
        return replace(self, boxes=())

    def written(self) -> bytes:
        """Its one encoding."""
        return pack([self.head, self.signature, list(self.boxes)])


def read_ballot(written: bytes) -> Ballot:
    """Read `Ballot.written`; raise Malformed if it is written in another way."""
    match unpack(written):
        case [bytes(head), bytes(signature), list(boxes)]:
            sealed = tuple(box for box in boxes if isinstance(box, bytes))
            if len(sealed) == len(boxes):
                return replace(_read_head(head), signature=signature, boxes=sealed)
    raise Malformed("This is no ballot.")


def _read_head(written: bytes) -> Ballot:
    match unpack(written):
        case [
            str(label),
            bytes(round_id),
            bytes(sheet),
            bytes(roster),
            int(index),
            int(serial),
            bytes(commitments),
            bytes(proofs),
            bytes(sum_proofs),
            bytes(box_hashes),
        ] if label == BALLOT:
            return Ballot(
                round_id, sheet, roster, index, serial, commitments, proofs, sum_proofs, box_hashes
            )
    raise Malformed("This is no ballot.")


@dataclass(frozen=True)
class AcceptedList:
    """The ballots that count, as the host says at closing.

    Parameters
    ----------
    round_id : bytes, 16
    sheet : bytes, 32
    ballots : tuple of (int, bytes)
        Index and ballot hash, sorted by index.
    """

    round_id: bytes
    sheet: bytes
    ballots: tuple[tuple[int, bytes], ...]

    @cached_property
    def written(self) -> bytes:
        """Its one encoding."""
        rows: list[Value] = [[index, ballot] for index, ballot in self.ballots]
        return pack([LIST, self.round_id, self.sheet, rows])

    @cached_property
    def hash(self) -> bytes:
        """SHA-256 of `written`, called L."""
        return sha256(self.written)


def read_list(written: bytes) -> AcceptedList:
    """Read `AcceptedList.written`; raise Malformed if it is written in another way."""
    match unpack(written):
        case [str(label), bytes(round_id), bytes(sheet), list(rows)] if label == LIST:
            return AcceptedList(round_id, sheet, tuple(_entry(row) for row in rows))
    raise Malformed("This is no accepted list.")


def _entry(row: Value) -> tuple[int, bytes]:
    match row:
        case [int(index), bytes(ballot)]:
            return index, ballot
    raise Malformed("A line of the accepted list is not an index and a hash.")


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A member's word that it saw one list, and no other, in this round.

    Parameters
    ----------
    round_id : bytes, 16
    list_hash : bytes, 32
    index : int
    signature : bytes, 64
        Over `said`.
    """

    round_id: bytes
    list_hash: bytes
    index: int
    signature: bytes = b""

    def said(self) -> bytes:
        """What is signed."""
        return pack([CONFIRMATION, self.round_id, self.list_hash, self.index])

    def written(self) -> bytes:
        """Its one encoding."""
        return pack([self.said(), self.signature])


def read_confirmation(written: bytes) -> Confirmation:
    """Read `Confirmation.written`; raise Malformed if it is written in another way."""
    match _signed(written):
        case ([str(label), bytes(round_id), bytes(listed), int(index)], bytes(signature)) if (
            label == CONFIRMATION
        ):
            return Confirmation(round_id, listed, index, signature)
    raise Malformed("This is no confirmation.")


def _signed(written: bytes) -> tuple[Value, bytes]:
    match unpack(written):
        case [bytes(said), bytes(signature)]:
            return unpack(said), signature
    raise Malformed("This is no signed message.")


@dataclass(frozen=True, slots=True)
class Sums:
    """What one opener adds up of its shares of all ballots on the list.

    Parameters
    ----------
    round_id : bytes, 16
    list_hash : bytes, 32
    index : int
    values, blindings : bytes, 32 a coordinate
        Sums of the shares of ticks, and of their blindings.
    signature : bytes, 64
        Over `said`.
    """

    round_id: bytes
    list_hash: bytes
    index: int
    values: bytes
    blindings: bytes
    signature: bytes = b""

    def said(self) -> bytes:
        """What is signed."""
        fields: list[Value] = [SUMS, self.round_id, self.list_hash, self.index]
        return pack([*fields, self.values, self.blindings])

    def written(self) -> bytes:
        """Its one encoding."""
        return pack([self.said(), self.signature])


def read_sums(written: bytes) -> Sums:
    """Read `Sums.written`; raise Malformed if it is written in another way."""
    match _signed(written):
        case (
            [
                str(label),
                bytes(round_id),
                bytes(listed),
                int(index),
                bytes(values),
                bytes(blindings),
            ],
            bytes(signature),
        ) if label == SUMS:
            return Sums(round_id, listed, index, values, blindings, signature)
    raise Malformed("These are no sums.")


@dataclass(frozen=True, slots=True)
class Totals:
    """How many ballots fell into each bin; nothing else of a round is ever shown.

    Parameters
    ----------
    list_hash : bytes, 32
    ballots : int
        How many are on the list.
    counts : tuple of int
        One a coordinate.
    blindings : bytes, 32 a coordinate
        Sums of the blindings, with which anybody checks the counts against the commitments.
    """

    list_hash: bytes
    ballots: int
    counts: tuple[int, ...]
    blindings: bytes

    def written(self) -> bytes:
        """Its one encoding."""
        return pack([TOTALS, self.list_hash, self.ballots, list(self.counts), self.blindings])


def read_totals(written: bytes) -> Totals:
    """Read `Totals.written`; raise Malformed if it is written in another way."""
    match unpack(written):
        case [str(label), bytes(listed), int(ballots), list(counts), bytes(blindings)] if (
            label == TOTALS
        ):
            found = tuple(count for count in counts if isinstance(count, int))
            if len(found) == len(counts):
                return Totals(listed, ballots, found, blindings)
    raise Malformed("These are no totals.")
