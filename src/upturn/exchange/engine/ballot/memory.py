"""What a company's own device remembers of a round, beside the key file.

It stands between the company and its own second thoughts: no second list is signed in a round, and
no sums are made on a list other than the one that was signed. Whoever calls `seal`, `confirm` or
`open_sums` keeps the memory that comes back **before** anything leaves the device.
"""

from dataclasses import dataclass

from upturn.exchange.engine.ballot.encoding import pack, unpack
from upturn.exchange.engine.ballot.group import LABEL
from upturn.exchange.engine.errors import AlreadySigned, Malformed

MEMORY = LABEL.decode() + " memory"


@dataclass(frozen=True, slots=True)
class Memory:
    """What was done in one round with one key.

    Parameters
    ----------
    round_id : bytes, 16
    serial : int
        Of the latest ballot; 0 if none was made.
    ballot : bytes
        Its hash; empty if none was made.
    confirmed : bytes
        Hash of the list that was signed; empty if none was.
    opened : bool
        Whether sums were made on that list.
    """

    round_id: bytes
    serial: int = 0
    ballot: bytes = b""
    confirmed: bytes = b""
    opened: bool = False

    def check_list(self, list_hash: bytes) -> None:
        """Raise AlreadySigned if another list was signed in this round.

        The same list again is no harm: it gives the same signature, byte for byte.
        """
        if self.confirmed and self.confirmed != list_hash:
            raise AlreadySigned(
                f"This key signed the list {self.confirmed.hex()[:12]} in this round; it does not "
                f"sign {list_hash.hex()[:12]} too. Two lists in one round mean that somebody was "
                "shown another one: tell the other companies before you go on."
            )

    def written(self) -> bytes:
        """Its one encoding."""
        return pack(
            [MEMORY, self.round_id, self.serial, self.ballot, self.confirmed, int(self.opened)]
        )


def read_memory(written: bytes) -> Memory:
    """Read `Memory.written`; raise Malformed if it is written in another way."""
    match unpack(written):
        case [
            str(label),
            bytes(round_id),
            int(serial),
            bytes(ballot),
            bytes(confirmed),
            int(opened),
        ] if label == MEMORY:
            return Memory(round_id, serial, ballot, confirmed, opened=bool(opened))
    raise Malformed("This is no memory of a round.")
