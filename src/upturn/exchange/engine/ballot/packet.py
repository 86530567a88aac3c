"""What a host gives one company's own device for its next step, as one message.

Nothing in it is signed by the host: the device checks every part by itself before it acts.
"""

from dataclasses import dataclass

from upturn.exchange.engine.ballot.encoding import Value, pack, unpack
from upturn.exchange.engine.ballot.group import LABEL
from upturn.exchange.engine.ballot.roster import signed_roster_bytes
from upturn.exchange.engine.errors import Malformed

PACKET = LABEL.decode() + " packet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """A round as one company gets it.

    Parameters
    ----------
    state : str
    roster : bytes
        As it is signed.
    signatures : tuple of bytes
        Under the roster, in its order; empty until every company signed.
    sheet : bytes
    index : int
        The company's line on the roster.
    serial : int
        Of the ballot that the host holds of it; 0 if it holds none.
    accepted : bytes
        The accepted list; empty before closing.
    ballots : tuple of (int, bytes, bytes)
        Index, public form and the company's own box of each ballot on the list.
    confirmations : tuple of bytes
    totals : bytes
        Empty before they are everybody's.
    """

    state: str
    roster: bytes
    signatures: tuple[bytes, ...]
    sheet: bytes
    index: int
    serial: int
    accepted: bytes = b""
    ballots: tuple[tuple[int, bytes, bytes], ...] = ()
    confirmations: tuple[bytes, ...] = ()
    totals: bytes = b""

    @property
    def signed_roster(self) -> bytes:
        """The roster with every signature under it, as `read_signed_roster` reads it."""
        return signed_roster_bytes(self.roster, self.signatures)

    def written(self) -> bytes:
        """Its one encoding."""
        return pack(
            [
                PACKET,
                self.state,
                self.roster,
                list(self.signatures),
                self.sheet,
                self.index,
                self.serial,
                self.accepted,
                [list(each) for each in self.ballots],
                list(self.confirmations),
                self.totals,
            ]
        )


def read_packet(written: bytes) -> Packet:
    """Read `Packet.written`; raise Malformed if it is written in another way."""
    match unpack(written):
        case [
            str(label),
            str(state),
            bytes(roster),
            list(signatures),
            bytes(sheet),
            int(index),
            int(serial),
            bytes(accepted),
            list(ballots),
            list(confirmations),
            bytes(totals),
        ] if label == PACKET:
            return Packet(
                state=state,
                roster=roster,
                signatures=tuple(map(_bytes, signatures)),
                sheet=sheet,
                index=index,
                serial=serial,
                accepted=accepted,
                ballots=tuple(map(_ballot, ballots)),
                confirmations=tuple(map(_bytes, confirmations)),
                totals=totals,
            )
    raise Malformed("This is not what a host gives a device. Ask the host again.")


def _bytes(value: Value) -> bytes:
    if isinstance(value, bytes):
        return value
    raise Malformed("A part of what the host gave is not bytes. Ask the host again.")


def _ballot(row: Value) -> tuple[int, bytes, bytes]:
    match row:
        case [int(index), bytes(ballot), bytes(box)]:
            return index, ballot, box
    raise Malformed("A ballot that the host gave is not index, ballot and box. Ask it again.")
