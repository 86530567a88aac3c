"""The group ristretto255 and its scalars, by libsodium through rbcl.

Points are 32 bytes and canonical. Scalars are Python whole numbers below the order in here, and 32
bytes, little end first, on paper. The bindings do not look at what ``add`` and ``subtract`` answer
and give 32 zero bytes for points that do not exist: whatever came from elsewhere therefore goes
through `check_point` first.

Nothing here takes the same time whatever it works on: whole numbers of Python cannot. Libsodium's
own multiplications do.

References
----------
RFC 9496, the ristretto255 and decaf448 groups; libsodium, `crypto_core_ristretto255`.
"""

import hashlib
from collections.abc import Callable, Sequence

import rbcl

from upturn.exchange.engine.errors import Malformed

Draw = Callable[[int], bytes]
"""A source of random bytes: how many are wanted comes in, that many go out."""

ORDER = 2**252 + 27742317777372353535851937790883648493
WIDTH = 32
ONE = (1).to_bytes(WIDTH, "little")
IDENTITY = bytes(WIDTH)
_SURELY_BELOW = ORDER >> 8 * (WIDTH - 1)
"""A last byte below this one is a scalar's below the order, whatever the others are."""
_ROOM = 2**256 // ORDER
LABEL = b"upturn ballot v1"


def hash_to_group(label: bytes) -> bytes:
    """The point that SHA-512 of a label leads to (RFC 9496, 4.3.4)."""
    return bytes(rbcl.crypto_core_ristretto255_from_hash(hashlib.sha512(label).digest()))


G: bytes = rbcl.crypto_scalarmult_ristretto255_base(ONE)
"""The base point of RFC 9496."""

H: bytes = hash_to_group(LABEL + b" second base")
"""The second base: nobody knows its logarithm to the base G."""


def write_scalar(scalar: int) -> bytes:
    """32 bytes, little end first."""
    return scalar.to_bytes(WIDTH, "little")


def read_scalars(written: bytes) -> list[int]:
    """Read scalars that stand one after another; raise Malformed if one is not canonical."""
    scalars = [int.from_bytes(part, "little") for part in slices(written)]
    if scalars and max(scalars) >= ORDER:
        raise Malformed(f"One of {len(scalars)} scalars is not below the order of the group.")
    return scalars


def check_scalars(written: bytes) -> bytes:
    """Give back scalars that stand one after another; raise Malformed if one is not canonical."""
    if len(written) % WIDTH or max(written[WIDTH - 1 :: WIDTH], default=0) >= _SURELY_BELOW:
        read_scalars(written)
    return written


def add_scalars(rows: Sequence[bytes]) -> list[int]:
    """Add up columns of canonical scalars; every row holds as many, one after another.

    Fifteen scalars add up to less than 2^256, so that so many rows are added as whole numbers
    without one column running into the next.

    Examples
    --------
    >>> add_scalars([write_scalars([1, 2]), write_scalars([3, ORDER - 1])])
    [4, 1]
    """
    parts = [
        sum(int.from_bytes(row, "little") for row in rows[at : at + _ROOM])
        for at in range(0, len(rows), _ROOM)
    ]
    split = [slices(part.to_bytes(len(rows[0]), "little")) for part in parts]
    return [
        sum(int.from_bytes(one, "little") for one in column) % ORDER
        for column in zip(*split, strict=True)
    ]


def slices(written: bytes) -> list[bytes]:
    """Cut into pieces of 32 bytes; raise Malformed if that does not come out even."""
    if len(written) % WIDTH:
        raise Malformed(f"{len(written)} bytes cannot be cut into pieces of 32.")
    return [written[at : at + WIDTH] for at in range(0, len(written), WIDTH)]


def write_scalars(scalars: list[int]) -> bytes:
    """One after another."""
    return b"".join(map(write_scalar, scalars))


def wide_scalar(written: bytes) -> int:
    """A scalar from 64 bytes, little end first, modulo the order: even to within 2^-259."""
    return int.from_bytes(written, "little") % ORDER


def draw_scalars(draw: Draw, count: int) -> list[int]:
    """Random scalars, 64 bytes each, drawn in one go."""
    written = draw(64 * count)
    return [wide_scalar(written[at : at + 64]) for at in range(0, 64 * count, 64)]


def check_point(point: bytes) -> bytes:
    """Give back a point that came from elsewhere.

    Raises
    ------
    Malformed
        If it is not 32 bytes, not canonical, or the identity.
    """
    if len(point) != WIDTH or point == IDENTITY or not _is_point(point):
        raise Malformed(f"{point.hex()[:64]} is no point of the group, or the identity.")
    return point


def _is_point(point: bytes) -> bool:
    return bool(rbcl.crypto_core_ristretto255_is_valid_point(point))


def add(one: bytes, other: bytes) -> bytes:
    """Add two points that are known to be points."""
    return bytes(rbcl.crypto_core_ristretto255_add(one, other))


def subtract(one: bytes, other: bytes) -> bytes:
    """Take the second of two points, known to be points, from the first."""
    return bytes(rbcl.crypto_core_ristretto255_sub(one, other))


def times_base(scalar: int) -> bytes:
    """The base point, so many times."""
    written = write_scalar(scalar)
    return bytes(rbcl.crypto_scalarmult_ristretto255_base_allow_scalar_zero(written))


def times(scalar: int, point: bytes) -> bytes:
    """A point, so many times; the identity stays the identity."""
    if point == IDENTITY:
        return IDENTITY
    return bytes(rbcl.crypto_scalarmult_ristretto255_allow_scalar_zero(write_scalar(scalar), point))


def commit(value: int, blinding: int) -> bytes:
    """Pedersen's commitment ``value * G + blinding * H``.

    Examples
    --------
    >>> add(commit(1, 5), commit(2, 6)) == commit(3, 11)
    True
    """
    return add(times_base(value), times(blinding, H))
