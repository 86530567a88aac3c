"""Whether waves can be opened in strong mode here: with blind tokens instead of cards."""

from django.utils.translation import gettext_lazy

from upturn.privacy.blind_tokens import BROWSER_SHA256
from upturn.record.published import lacks

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
    """Why strong mode cannot be chosen, a key of `LACKS`; empty where it can."""
    return lacks(BROWSER_CODE, published=BROWSER_SHA256)
