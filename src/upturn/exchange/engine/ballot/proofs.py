"""Proofs that a commitment holds 0 or 1, and that the bins of one metric hold one tick.

A proof of 0 or 1 shows "C = r H or C - G = r H" without saying which: the true branch is made with
a random w, the other is simulated, and the two challenges must add up to one hash. The hash covers
who made it, for which round and which coordinate, so that a copied proof is none.

References
----------
R. Cramer, I. Damgard, B. Schoenmakers, Proofs of partial knowledge, CRYPTO 1994; A. Fiat, A.
Shamir, CRYPTO 1986, with the whole statement hashed.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from upturn.exchange.engine.ballot.group import (
    LABEL,
    ORDER,
    WIDTH,
    G,
    H,
    add,
    check_point,
    read_scalars,
    subtract,
    times,
    times_base,
    wide_scalar,
    write_scalar,
    write_scalars,
)
from upturn.exchange.engine.errors import Malformed

PROOF_BYTES = 6 * WIDTH


@dataclass(frozen=True, slots=True)
class Context:
    """What binds a proof to one place: nobody else's, no other round's.

    Parameters
    ----------
    round_id : bytes, 16
    sheet : bytes, 32
        Hash of the sheet.
    roster : bytes, 32
        Hash of the roster.
    index : int
        The member who proves, from 1.
    """

    round_id: bytes
    sheet: bytes
    roster: bytes
    index: int

    def written(self) -> bytes:
        """All parts one after another; each has a fixed length."""
        return self.round_id + self.sheet + self.roster + self.index.to_bytes(4, "big")


def challenge(context: Context, coordinate: int, points: bytes) -> int:
    """The scalar that a proof must answer to.

    Parameters
    ----------
    context : Context
    coordinate : int
        From 0, over all bins of all metrics.
    points : bytes, 96
        The commitment and the two announcements.
    """
    said = LABEL + b" tick" + context.written() + coordinate.to_bytes(4, "big") + points
    return wide_scalar(hashlib.sha512(said).digest())


def prove_tick(
    context: Context, coordinate: int, *, tick: int, blinding: int, drawn: Sequence[int]
) -> tuple[bytes, bytes]:
    """Commit to a tick and prove that it is 0 or 1.

    Parameters
    ----------
    context : Context
    coordinate : int
    tick : int
        0 or 1.
    blinding : int
    drawn : sequence of int, 3
        Random scalars: w, and the other branch's challenge and response.

    Returns
    -------
    commitment : bytes, 32
    proof : bytes, 192
        The announcements a0, a1, the challenges c0, c1, the responses z0, z1.
    """
    w, c_other, z_other = drawn
    blinded = times(blinding, H)
    commitment = add(times_base(tick), blinded)
    true = times(w, H)
    shift = c_other if tick == 0 else ORDER - c_other
    other = add(times((z_other - c_other * blinding) % ORDER, H), times_base(shift))
    announced = true + other if tick == 0 else other + true
    c_true = (challenge(context, coordinate, commitment + announced) - c_other) % ORDER
    z_true = (w + c_true * blinding) % ORDER
    pairs = [(c_true, z_true), (c_other, z_other)]
    (c0, z0), (c1, z1) = pairs if tick == 0 else reversed(pairs)
    return commitment, announced + write_scalars([c0, c1, z0, z1])


def tick_holds(context: Context, coordinate: int, *, commitment: bytes, proof: bytes) -> bool:
    """Whether a commitment is shown to hold 0 or 1; what is not canonical shows nothing.

    Parameters
    ----------
    context : Context
    coordinate : int
    commitment : bytes, 32
    proof : bytes, 192

    Notes
    -----
    The announcements are compared with encodings that are made here, so that only canonical ones
    can be equal.
    """
    a0, a1 = proof[:WIDTH], proof[WIDTH : 2 * WIDTH]
    try:
        check_point(commitment)
        c0, c1, z0, z1 = read_scalars(proof[2 * WIDTH :])
    except Malformed:
        return False
    if commitment == G or (c0 + c1) % ORDER != challenge(context, coordinate, commitment + a0 + a1):
        return False
    lowered = subtract(commitment, G)
    return a0 == subtract(times(z0, H), times(c0, commitment)) and a1 == subtract(
        times(z1, H), times(c1, lowered)
    )


def sum_holds(commitments: Sequence[bytes], *, opened: int) -> bool:
    """Whether commitments, known to be points, add up to exactly one tick.

    Parameters
    ----------
    commitments : sequence of bytes
        Of the bins of one metric.
    opened : int
        Sum of their blindings.
    """
    return add_points(commitments) == add(G, times(opened, H))


def add_points(points: Sequence[bytes]) -> bytes:
    """Add up points that are known to be points."""
    total = points[0]
    for point in points[1:]:
        total = add(total, point)
    return total


def binding(context: Context, *, serial: int, holder: int, commitments: bytes) -> bytes:
    """What a sealed box begins with, so that it cannot be sent again as somebody else's.

    Parameters
    ----------
    context : Context
    serial, holder : int
    commitments : bytes
        All of the ballot's.
    """
    said = LABEL + b" box" + context.written() + serial.to_bytes(8, "big")
    return hashlib.sha256(
        said + holder.to_bytes(4, "big") + hashlib.sha256(commitments).digest()
    ).digest()


def first_bad_tick(context: Context, commitments: Sequence[bytes], proofs: bytes) -> int | None:
    """The first coordinate whose proof does not hold; None if all hold."""
    for k, commitment in enumerate(commitments):
        proof = proofs[PROOF_BYTES * k : PROOF_BYTES * (k + 1)]
        if not tick_holds(context, k, commitment=commitment, proof=proof):
            return k
    return None


def write_sum(blindings: Sequence[int]) -> bytes:
    """The sum proof of one metric: the sum of its blindings."""
    return write_scalar(sum(blindings) % ORDER)
