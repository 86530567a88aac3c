"""The one way in which everything that is signed or hashed is written as bytes.

Four kinds of values, each with a tag: whole numbers, bytes, text and lists. There is one encoding
of each value and the reader accepts no other, so that a hash means one thing. The full rules are in
``docs/reference/ballot.md``; ``tests/vectors/encoding.json`` holds examples.
"""

import hashlib

from upturn.exchange.engine.errors import Malformed

Value = int | bytes | str | list["Value"]

LARGEST = 2**53 - 1
DEEPEST = 8
_NUMBER, _BYTES, _TEXT, _LIST = 1, 2, 3, 4


def pack(value: Value) -> bytes:
    r"""Write a value.

    Raises
    ------
    Malformed
        If it holds a number below 0 or above 2^53 - 1.

    Examples
    --------
    >>> pack([1, b"\xff", "a"]).hex()
    '04000000030100000000000000010200000001ff030000000161'
    """
    if isinstance(value, int):
        if not 0 <= value <= LARGEST:
            raise Malformed(f"{value} cannot be written; whole numbers from 0 to 2^53 - 1 can.")
        return bytes([_NUMBER]) + value.to_bytes(8, "big")
    if isinstance(value, list):
        return _head(_LIST, len(value)) + b"".join(pack(item) for item in value)
    if isinstance(value, str):
        written = value.encode()
        return _head(_TEXT, len(written)) + written
    return _head(_BYTES, len(value)) + value


def _head(tag: int, length: int) -> bytes:
    return bytes([tag]) + length.to_bytes(4, "big")


def unpack(written: bytes) -> Value:
    """Read what `pack` wrote, and nothing else.

    Raises
    ------
    Malformed
        If anything is missing, left over, or written in another way.
    """
    value, end = _read(written, 0, DEEPEST)
    if end != len(written):
        raise Malformed(f"{len(written) - end} bytes are left over after the end of a message.")
    return value


def _read(written: bytes, at: int, depth: int) -> tuple[Value, int]:
    tag = written[at : at + 1]
    if tag == bytes([_NUMBER]):
        return _number(_slice(written, at + 1, 8)), at + 9
    length = int.from_bytes(_slice(written, at + 1, 4), "big")
    if tag == bytes([_LIST]):
        return _list(written, at + 5, length, depth)
    content = _slice(written, at + 5, length)
    if tag == bytes([_BYTES]):
        return content, at + 5 + length
    if tag == bytes([_TEXT]):
        return _text(content), at + 5 + length
    raise Malformed(f"A value begins with {tag.hex() or 'nothing'} where a tag from 1 to 4 is due.")


def _slice(written: bytes, at: int, length: int) -> bytes:
    found = written[at : at + length]
    if len(found) != length:
        raise Malformed(f"A message ends {length - len(found)} bytes too early.")
    return found


def _number(written: bytes) -> int:
    number = int.from_bytes(written, "big")
    if number > LARGEST:
        raise Malformed(f"{number} is larger than 2^53 - 1.")
    return number


def _list(written: bytes, at: int, length: int, depth: int) -> tuple[Value, int]:
    if depth == 0:
        raise Malformed(f"Lists within lists go deeper than {DEEPEST}.")
    items: list[Value] = []
    for _ in range(length):
        item, at = _read(written, at, depth - 1)
        items.append(item)
    return items, at


def _text(written: bytes) -> str:
    try:
        return written.decode()
    except UnicodeDecodeError as error:
        raise Malformed("A text is not UTF-8.") from error


def sha256(written: bytes) -> bytes:
    """SHA-256, 32 bytes."""
    return hashlib.sha256(written).digest()
