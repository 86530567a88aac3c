"""How much one phone sends in a minute, and how many wrong codes are tried."""

from upturn.loop.commands.refusals import TooFast
from upturn.record.limits import has_reached, is_over
from upturn.record.proofs import hash_of

CARDS_A_MINUTE = 120
"""More than anybody writes, and room for what waited on a phone that was offline."""
WRONG_CODES_A_MINUTE = 100
"""Of one address, behind which a whole room may sit. A guesser of one room's code needs years."""


def check_pace(token_hash: str) -> None:
    """Raise TooFast where a phone sends more than `CARDS_A_MINUTE`; others are not slowed."""
    if is_over({f"loop-card:{token_hash}": CARDS_A_MINUTE}):
        raise TooFast


def may_try(address: str) -> bool:
    """Whether a code that comes from an address is looked at; not after too many wrong ones."""
    return not has_reached(_wrong(address))


def note_wrong_code(address: str) -> None:
    """Count a wrong code; right ones are never counted, so a whole room comes in together."""
    is_over(_wrong(address))


def _wrong(address: str) -> dict[str, int]:
    mark = hash_of(f"loop code {address}")
    return {f"loop-code:{mark}": WRONG_CODES_A_MINUTE}
