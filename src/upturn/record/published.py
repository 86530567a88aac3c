"""Files that are built at installation: whether what lies there is what was published."""

import hashlib
from pathlib import Path

from django.contrib.staticfiles import finders


def lacks(name: str, *, published: str) -> str:
    """Why a file for browsers cannot be used; empty where it can.

    ``"code"``: it was not built, because the npm registry was out of reach. ``"published"``: what
    lies there is not what was published, and is trusted with nothing.
    """
    place = finders.find(name)
    if not isinstance(place, str):
        return "code"
    have = hashlib.sha256(Path(place).read_bytes()).hexdigest()
    return "" if have == published else "published"
