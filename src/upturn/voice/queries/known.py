"""What is known already of a file of comments."""

from collections.abc import Sequence
from typing import Protocol

from upturn.voice.models import Feedback


class Recognisable(Protocol):
    """A comment of customers or of servers."""

    @property
    def fingerprint(self) -> bytes:
        """By which it is known again."""


def already_stored(comments: Sequence[Recognisable]) -> int:
    """How many of these comments came in before, by their fingerprints."""
    prints = [comment.fingerprint for comment in comments]
    return Feedback.objects.filter(fingerprint__in=prints).count()
