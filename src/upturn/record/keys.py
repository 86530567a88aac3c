"""Keys that say nothing of when a row was written, and refs that a second sending finds again."""

import hashlib
import secrets


def draw_key() -> int:
    """Draw a key from 63 random bits, so that sorting a table by it gives no order of time.

    Whoever reads the tables could otherwise place a row without an author between two signed rows
    whose times the journal knows.
    """
    return secrets.randbits(63)


def ref_of(said: str, *, letters: int = 12) -> str:
    """Name a row after what made it, its draft's key among it, so that sent twice it is one row.

    >>> ref_of("ask 7c1f")
    '9cc26d4d5594'
    """
    return hashlib.sha256(said.encode()).hexdigest()[:letters]
