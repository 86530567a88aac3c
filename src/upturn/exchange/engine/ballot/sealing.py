"""Making a ballot out of bins, and checking one.

References
----------
A. Shamir, 1979; T. Pedersen, CRYPTO 1991; ``docs/reference/ballot.md``, message 4.
"""

from collections.abc import Sequence
from dataclasses import replace

from upturn.exchange.engine.ballot.encoding import sha256
from upturn.exchange.engine.ballot.group import (
    WIDTH,
    Draw,
    draw_scalars,
    read_scalars,
    slices,
    write_scalars,
)
from upturn.exchange.engine.ballot.keys import SEAL_BYTES, Key, seal_for, signed_by
from upturn.exchange.engine.ballot.memory import Memory
from upturn.exchange.engine.ballot.messages import Ballot
from upturn.exchange.engine.ballot.proofs import (
    PROOF_BYTES,
    Context,
    binding,
    first_bad_tick,
    prove_tick,
    sum_holds,
    write_sum,
)
from upturn.exchange.engine.ballot.shares import evaluate
from upturn.exchange.engine.ballot.sheet import Benchmark
from upturn.exchange.engine.errors import BadBallot, Malformed


def seal(
    key: Key, benchmark: Benchmark, bins: Sequence[int], *, memory: Memory, draw: Draw
) -> tuple[Ballot, Memory]:
    """Make a ballot: one bin a metric, hidden from everybody but all together.

    Parameters
    ----------
    key : Key
        Of a company on the roster.
    benchmark : Benchmark
    bins : sequence of int, metrics
        What `Metric.bin_of` gives.
    memory : Memory
        Of this round; the ballot's serial is one more than its.
    draw : Draw
        Drawn from in this order: K blindings; for each power from 1 to t, K coefficients of the
        ticks' polynomials and K of the blindings'; for each coordinate three scalars of its proof;
        for each member 32 bytes of the box.

    Returns
    -------
    ballot : Ballot
    memory : Memory
        To be kept before the ballot is sent.

    Raises
    ------
    BadRoster
        If the key is on no line.
    BadValue
        If a bin does not exist.
    """
    index = benchmark.roster.index_of(key.public)
    context, serial = benchmark.context(index), memory.serial + 1
    ticks = benchmark.one_hot(list(bins))
    blindings = draw_scalars(draw, len(ticks))
    shares = _shares(benchmark, ticks + blindings, draw)
    commitments, proofs = _prove(context, ticks, blindings, draw)
    boxes = tuple(
        seal_for(
            member.keys,
            binding(context, serial=serial, holder=holder, commitments=commitments)
            + write_scalars(shares[holder - 1]),
            one_time=draw(32),
        )
        for holder, member in enumerate(benchmark.roster.members, 1)
    )
    ballot = Ballot(
        round_id=context.round_id,
        sheet=context.sheet,
        roster=context.roster,
        index=index,
        serial=serial,
        commitments=commitments,
        proofs=proofs,
        sum_proofs=b"".join(write_sum(blindings[a:b]) for a, b in benchmark.sheet.spans),
        box_hashes=b"".join(map(sha256, boxes)),
        boxes=boxes,
    )
    ballot = replace(ballot, signature=key.sign(ballot.head))
    return ballot, replace(memory, serial=serial, ballot=ballot.hash)


def _shares(benchmark: Benchmark, secrets: list[int], draw: Draw) -> list[list[int]]:
    """A row a member: its shares of all ticks, then of all blindings."""
    degree = benchmark.sheet.asked.secret
    coefficients = [secrets, *(draw_scalars(draw, len(secrets)) for _ in range(degree))]
    return evaluate(coefficients, range(1, len(benchmark.roster) + 1))


def _prove(
    context: Context, ticks: list[int], blindings: list[int], draw: Draw
) -> tuple[bytes, bytes]:
    drawn = draw_scalars(draw, 3 * len(ticks))
    made = [
        prove_tick(context, k, tick=tick, blinding=blindings[k], drawn=drawn[3 * k : 3 * k + 3])
        for k, tick in enumerate(ticks)
    ]
    return b"".join(one for one, _ in made), b"".join(proof for _, proof in made)


def check_ballot(benchmark: Benchmark, ballot: Ballot) -> None:
    """Check a ballot, with its boxes or in its public form.

    Parameters
    ----------
    benchmark : Benchmark
    ballot : Ballot

    Raises
    ------
    BadBallot
        If it belongs to another round or roster, is not signed by its member, has a wrong size, or
        a proof does not hold. The message says which.
    BadRoster
        If its index stands on no line.
    """
    _check_place(benchmark, ballot)
    _check_sizes(benchmark, ballot)
    _check_signature(benchmark, ballot)
    _check_proofs(benchmark, ballot)


def _check_place(benchmark: Benchmark, ballot: Ballot) -> None:
    context = benchmark.context(ballot.index)
    benchmark.roster.member(ballot.index)
    for found, due, what in (
        (ballot.round_id, context.round_id, "round"),
        (ballot.sheet, context.sheet, "sheet"),
        (ballot.roster, context.roster, "roster"),
    ):
        if found != due:
            raise BadBallot(
                f"The ballot of company {ballot.index} was made for another {what}. "
                "Seal a new one for this round."
            )
    if ballot.serial < 1:
        raise BadBallot(f"The ballot of company {ballot.index} has the serial {ballot.serial}.")


def _check_sizes(benchmark: Benchmark, ballot: Ballot) -> None:
    coordinates, n = benchmark.sheet.coordinates, len(benchmark.roster)
    box = SEAL_BYTES + WIDTH + 2 * WIDTH * coordinates
    for found, due, what in (
        (len(ballot.commitments), WIDTH * coordinates, "commitments"),
        (len(ballot.proofs), PROOF_BYTES * coordinates, "proofs"),
        (len(ballot.sum_proofs), WIDTH * len(benchmark.sheet.metrics), "sum proofs"),
        (len(ballot.box_hashes), WIDTH * n, "box hashes"),
        (sum(map(len, ballot.boxes)), box * n if ballot.boxes else 0, "boxes"),
    ):
        if found != due:
            raise BadBallot(
                f"The {what} of company {ballot.index} are {found} bytes where {due} are due."
            )


def _check_signature(benchmark: Benchmark, ballot: Ballot) -> None:
    member = benchmark.roster.member(ballot.index)
    if not signed_by(member.keys, ballot.head, signature=ballot.signature):
        raise BadBallot(f"The ballot of company {ballot.index} is not signed by {member.company}.")
    if ballot.boxes and b"".join(map(sha256, ballot.boxes)) != ballot.box_hashes:
        raise BadBallot(f"A box in the ballot of company {ballot.index} is not the one it signed.")


def _check_proofs(benchmark: Benchmark, ballot: Ballot) -> None:
    commitments = slices(ballot.commitments)
    bad = first_bad_tick(benchmark.context(ballot.index), commitments, ballot.proofs)
    if bad is not None:
        raise BadBallot(
            f"The ballot of company {ballot.index} does not prove that coordinate {bad} holds "
            "0 or 1: it is malformed, or another company's."
        )
    try:
        opened = read_scalars(ballot.sum_proofs)
    except Malformed as error:
        raise BadBallot(f"The ballot of company {ballot.index}: {error}") from error
    rows = zip(benchmark.sheet.metrics, benchmark.sheet.spans, opened, strict=True)
    for metric, (first, after), total in rows:
        if not sum_holds(commitments[first:after], opened=total):
            raise BadBallot(
                f"The ballot of company {ballot.index} does not prove exactly one tick in "
                f"{metric.name}."
            )
