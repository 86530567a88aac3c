"""Opening: what one company adds up of the shares it holds, and posts once.

References
----------
``docs/reference/ballot.md``, message 8.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from upturn.exchange.engine.ballot.accepting import (
    Received,
    check_confirmations,
    on_list,
    open_box,
)
from upturn.exchange.engine.ballot.group import add_scalars, write_scalars
from upturn.exchange.engine.ballot.keys import Key
from upturn.exchange.engine.ballot.memory import Memory
from upturn.exchange.engine.ballot.messages import AcceptedList, Confirmation, Sums
from upturn.exchange.engine.ballot.sheet import Benchmark
from upturn.exchange.engine.errors import BadList


def open_sums(
    key: Key,
    benchmark: Benchmark,
    listed: AcceptedList,
    *,
    received: Mapping[int, Received],
    confirmations: Iterable[Confirmation],
    memory: Memory,
) -> tuple[Sums, Memory]:
    """Add up the shares of all ballots on the list that this key confirmed.

    Parameters
    ----------
    key : Key
    benchmark : Benchmark
    listed : AcceptedList
    received : mapping of index to Received
        As in `confirm`.
    confirmations : iterable of Confirmation
        At least q, all on this list.
    memory : Memory

    Returns
    -------
    sums : Sums
        The same, byte for byte, if asked again.
    memory : Memory
        To be kept before the sums are sent.

    Raises
    ------
    AlreadySigned
        If this key confirmed another list.
    BadList
        If it confirmed none yet, or a confirmation is on another list.
    TooFew
        If fewer than q members confirmed.
    BadBox
        If a box is not the one that was confirmed.
    """
    index = benchmark.roster.index_of(key.public)
    memory.check_list(listed.hash)
    if not memory.confirmed:
        raise BadList("This device has not confirmed the list yet. Confirm it first, then open.")
    check_confirmations(benchmark, listed, confirmations)
    added = add_scalars(
        [open_box(key, benchmark, found, holder=index) for found in on_list(listed, received)]
    )
    half = benchmark.sheet.coordinates
    unsigned = Sums(
        round_id=listed.round_id,
        list_hash=listed.hash,
        index=index,
        values=write_scalars(added[:half]),
        blindings=write_scalars(added[half:]),
    )
    return replace(unsigned, signature=key.sign(unsigned.said())), replace(memory, opened=True)
