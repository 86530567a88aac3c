"""The plain case of a comment that is handed in, for the lane beside the middleware."""

import json

from upturn.voice.api.words import CommentIn, Prints, _comment
from upturn.voice.engine import Comment


def plain_comment(body: bytes) -> Comment | None:
    """Read one sound comment; None for whatever else, which has its answer in `words`."""
    try:
        return _comment(CommentIn.model_validate(json.loads(body)), 0, Prints(""))
    except Exception:  # noqa: BLE001 - the reason is found again, and told, on the whole way
        return None
