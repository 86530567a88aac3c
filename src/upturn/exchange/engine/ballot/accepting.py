"""Closing: which ballots count, and every company's word that it saw the same list.

References
----------
``docs/reference/ballot.md``, messages 4 to 7.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from upturn.exchange.engine.ballot.bounds import ballots_needed
from upturn.exchange.engine.ballot.encoding import sha256
from upturn.exchange.engine.ballot.group import WIDTH, check_scalars
from upturn.exchange.engine.ballot.keys import Key, signed_by
from upturn.exchange.engine.ballot.memory import Memory
from upturn.exchange.engine.ballot.messages import AcceptedList, Ballot, Confirmation
from upturn.exchange.engine.ballot.proofs import binding
from upturn.exchange.engine.ballot.roster import check_change
from upturn.exchange.engine.ballot.sealing import check_ballot
from upturn.exchange.engine.ballot.sheet import Benchmark
from upturn.exchange.engine.errors import BadBallot, BadBox, BadList, BadRoster, Malformed, TooFew
from upturn.exchange.engine.metrics import FEWEST


@dataclass(frozen=True, slots=True)
class Received:
    """What one holder gets of a ballot: its public form, and the holder's own box.

    Parameters
    ----------
    ballot : Ballot
    box : bytes
    """

    ballot: Ballot
    box: bytes


def for_holder(ballot: Ballot, holder: int) -> Received:
    """What the host sends to one member of a whole ballot."""
    return Received(ballot.public(), ballot.boxes[holder - 1])


def take(benchmark: Benchmark, ballot: Ballot, *, held: Ballot | None, received_at: int) -> Ballot:
    """Check a ballot at the host's door and say which one counts from now on.

    Parameters
    ----------
    benchmark : Benchmark
    ballot : Ballot
        With its boxes.
    held : Ballot or None
        What the host holds of that member.
    received_at : int
        Seconds since 1970, UTC.

    Returns
    -------
    Ballot
        The new one; or the one held, if the very same came twice.

    Raises
    ------
    BadBallot
        If it comes too early or too late, lacks its boxes, is older than the one held, or does not
        pass `check_ballot`.
    """
    sheet = benchmark.sheet
    if not sheet.opens_at <= received_at < sheet.closes_at:
        when = "late" if received_at >= sheet.closes_at else "early"
        raise BadBallot(f"The ballot of company {ballot.index} comes too {when} for this round.")
    if not ballot.boxes:
        raise BadBallot(f"The ballot of company {ballot.index} comes without its sealed boxes.")
    if held and held.hash == ballot.hash and held.signature == ballot.signature:
        return held
    check_ballot(benchmark, ballot)
    if held and ballot.serial <= held.serial:
        raise BadBallot(
            f"The ballot of company {ballot.index} has the serial {ballot.serial} and "
            f"{held.serial} is here already. A newer one replaces it; an older one does not."
        )
    return ballot


def accept(benchmark: Benchmark, ballots: Iterable[Ballot]) -> AcceptedList:
    """Make the accepted list of ballots that were taken, one a company.

    Raises
    ------
    BadList
        If a company is on it twice, or `check_list` refuses it.
    """
    rows = tuple(sorted((ballot.index, ballot.hash) for ballot in ballots))
    listed = AcceptedList(benchmark.sheet.round_id, benchmark.sheet.hash, rows)
    check_list(benchmark, listed)
    return listed


def check_list(benchmark: Benchmark, listed: AcceptedList) -> None:
    """Check a list without its ballots.

    Raises
    ------
    BadList
        If it is another round's, not sorted, too short for what the sheet promises, or differs
        from the last opened list by exactly one company.
    """
    if (listed.round_id, listed.sheet) != (benchmark.sheet.round_id, benchmark.sheet.hash):
        raise BadList("The accepted list belongs to another round.")
    indices = [index for index, _ in listed.ballots]
    if indices != sorted(set(indices)):
        raise BadList(
            "The accepted list is not in the order of the roster, or has a company twice."
        )
    try:
        members = [benchmark.roster.member(index) for index in indices]
        check_change({one.company for one in members}, benchmark.sheet.before)
    except BadRoster as error:
        raise BadList(str(error)) from error
    _check_long_enough(benchmark, len(indices), {one.group for one in members})


def _check_long_enough(benchmark: Benchmark, ballots: int, groups: Collection[str]) -> None:
    needed = ballots_needed(benchmark.sheet.promised)
    if len(groups) < FEWEST:
        raise BadList(
            f"Ballots of {len(groups)} unaffiliated companies are on the list and {FEWEST} are "
            "needed. The round is not opened; nobody learns anything."
        )
    if ballots < needed:
        raise BadList(
            f"{ballots} ballots are on the list. The sheet promises to withstand "
            f"{benchmark.sheet.promised} colluding members, for which {needed} are needed. "
            "The round is not opened; nobody learns anything."
        )


def confirm(
    key: Key,
    benchmark: Benchmark,
    listed: AcceptedList,
    *,
    received: Mapping[int, Received],
    memory: Memory,
) -> tuple[Confirmation, Memory]:
    """Check everything on a list and sign it: one list a round, once.

    Parameters
    ----------
    key : Key
    benchmark : Benchmark
    listed : AcceptedList
    received : mapping of index to Received
        The ballots on the list, each with the box for this key.
    memory : Memory

    Returns
    -------
    confirmation : Confirmation
    memory : Memory
        To be kept before the confirmation is sent.

    Raises
    ------
    AlreadySigned
        If this key signed another list in this round.
    BadList
        If the own latest ballot is not on it, one is missing or another, or `check_list` refuses.
    BadBallot, BadBox
        If a ballot does not prove what it must, or its box is not for this holder.
    """
    index = benchmark.roster.index_of(key.public)
    memory.check_list(listed.hash)
    check_list(benchmark, listed)
    _check_own(listed, index, memory)
    for found in on_list(listed, received):
        if found.ballot.hash != memory.ballot:
            check_ballot(benchmark, found.ballot)
        open_box(key, benchmark, found, holder=index)
    unsigned = Confirmation(listed.round_id, listed.hash, index)
    signed = replace(unsigned, signature=key.sign(unsigned.said()))
    return signed, replace(memory, confirmed=listed.hash)


def on_list(listed: AcceptedList, received: Mapping[int, Received]) -> Iterator[Received]:
    """Give the ballots on a list as they were received; raise BadList at the first that is not."""
    for sender, ballot_hash in listed.ballots:
        found = received.get(sender)
        if found is None or found.ballot.hash != ballot_hash or found.ballot.index != sender:
            raise BadList(f"The ballot of company {sender} is not the one on the list.")
        yield found


def _check_own(listed: AcceptedList, index: int, memory: Memory) -> None:
    own = dict(listed.ballots).get(index, b"")
    if own == memory.ballot:
        return
    if not memory.ballot:
        raise BadList(
            "A ballot of this company is on the list, and this device made none. If another "
            "device of yours did, confirm there."
        )
    what = "an older or another ballot" if own else "no ballot"
    raise BadList(
        f"The list has {what} of this company; your latest is {memory.ballot.hex()[:12]}. "
        "It was dropped or replaced: do not confirm, and tell the convener."
    )


def open_box(key: Key, benchmark: Benchmark, received: Received, *, holder: int) -> bytes:
    """A holder's shares of one ballot: of all ticks, then of all blindings, canonical scalars.

    Parameters
    ----------
    key : Key
    benchmark : Benchmark
    received : Received
    holder : int
        On which line of the roster the key stands.

    Raises
    ------
    BadBox
        If the box is not the one its sender signed, does not open, was sealed for another holder,
        ballot or round, or holds anything but canonical scalars.
    """
    ballot = received.ballot
    at = WIDTH * (holder - 1)
    if sha256(received.box) != ballot.box_hashes[at : at + WIDTH]:
        raise BadBox(f"The box of company {ballot.index} for you is not the one it signed.")
    opened = key.open(received.box)
    due = binding(
        benchmark.context(ballot.index),
        serial=ballot.serial,
        holder=holder,
        commitments=ballot.commitments,
    )
    if opened[:WIDTH] != due:
        raise BadBox(f"The box of company {ballot.index} was sealed for something else.")
    if len(opened) != WIDTH * (1 + 2 * benchmark.sheet.coordinates):
        raise BadBox(f"The box of company {ballot.index} holds {len(opened)} bytes.")
    try:
        return check_scalars(opened[WIDTH:])
    except Malformed as error:
        raise BadBox(f"The box of company {ballot.index} holds no canonical scalars.") from error


def check_confirmations(
    benchmark: Benchmark, listed: AcceptedList, confirmations: Iterable[Confirmation]
) -> None:
    """Check that enough members signed this one list.

    Raises
    ------
    BadList
        If a confirmation is on another list, or not signed by its member.
    TooFew
        If fewer than q members did.
    """
    signers: set[int] = set()
    for one in confirmations:
        member = benchmark.roster.member(one.index)
        if (one.round_id, one.list_hash) != (listed.round_id, listed.hash):
            raise BadList(
                f"{member.company} confirmed another list. Somebody was shown different ballots: "
                "the round is not opened."
            )
        if not signed_by(member.keys, one.said(), signature=one.signature):
            raise BadList(f"A confirmation is not signed by {member.company}.")
        signers.add(one.index)
    needed = benchmark.sheet.asked.signatures
    if len(signers) < needed:
        raise TooFew("confirmations of one list", needed=needed, got=len(signers))
