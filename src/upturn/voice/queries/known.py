"""What is known already of a file of comments."""

from collections.abc import Sequence

from upturn.voice.engine.intake import Comment
from upturn.voice.models import Feedback


def already_stored(comments: Sequence[Comment]) -> int:
    """How many of these comments came in before, by their fingerprints."""
    prints = [comment.fingerprint for comment in comments]
    return Feedback.objects.filter(fingerprint__in=prints).count()
