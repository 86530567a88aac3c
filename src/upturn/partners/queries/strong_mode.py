"""Whether waves can be opened in strong mode here: with blind tokens instead of cards."""

import hashlib
from pathlib import Path

from django.contrib.staticfiles import finders
from django.utils.translation import gettext_lazy

from upturn.privacy.blind_tokens import BROWSER_SHA256

BROWSER_CODE = "partners/blind_tokens.js"
"""The browser's half, built while Upturn is installed; pages load it as a module."""

LACKS = {
    "code": gettext_lazy(
        "Blind signatures cannot be chosen here: the browser’s part was not built. Install "
        "Upturn once more where the npm registry can be reached, or choose cards."
    ),
    "published": gettext_lazy(
        "Blind signatures cannot be chosen here: the browser’s part is not the published one. "
        "Whoever looks after this computer should install Upturn anew; until then choose cards."
    ),
}
"""What is said where it lacks something."""


def strong_mode_lacks() -> str:
    """Why strong mode cannot be chosen; empty where it can.

    ``"code"``: the browser's half was not built, because the npm registry was out of reach.
    ``"published"``: what lies there is not what was published, and is trusted with nothing.
    """
    place = finders.find(BROWSER_CODE)
    if not isinstance(place, str):
        return "code"
    have = hashlib.sha256(Path(place).read_bytes()).hexdigest()
    return "" if have == BROWSER_SHA256 else "published"
