"""What a guest's page sends, and how much of it is taken in a minute."""

import hashlib
import secrets

from django import forms

from upturn.record.limits import is_over

A_MINUTE_PER_TABLE = 30
A_MINUTE = 1_200
BODY_BYTES_MAX = 4_000


class WishForm(forms.Form):
    """One tap: something is asked for, taken back, or the taking back undone."""

    key = forms.CharField(min_length=8, max_length=64)
    kind = forms.CharField(max_length=80, required=False)
    take_back = forms.CharField(max_length=64, required=False)
    undoes = forms.CharField(max_length=64, required=False)


def new_key() -> str:
    """Draw what marks one page, so that a second tap on its button is no second wish."""
    return secrets.token_hex(12)


def too_many(floor: str, table: str) -> bool:
    """Whether this process takes no more this minute, from this table or from all together.

    What one table is refused does not count for the others.
    """
    mark = hashlib.sha256(f"{floor} {table}".encode()).hexdigest()
    return is_over({f"wish:{mark}": A_MINUTE_PER_TABLE, "wish": A_MINUTE})
