"""The usual kinds of need and things carried, in the language of who reads.

A floor's own words stay as they were drawn.
"""

from django.utils.translation import pgettext_lazy

USUAL = {
    "order": pgettext_lazy("what a table needs", "order"),
    "bill": pgettext_lazy("what a table needs", "bill"),
    "complaint": pgettext_lazy("what a table needs", "complaint"),
    "drinks": pgettext_lazy("what a table needs", "drinks"),
    "food": pgettext_lazy("what a table needs", "food"),
    "coffee refill": pgettext_lazy("what a table needs", "coffee refill"),
    "clearing": pgettext_lazy("what a table needs", "clearing"),
    "request": pgettext_lazy("what a table needs", "request"),
    "pot": pgettext_lazy("what a server carries", "pot"),
    "tray": pgettext_lazy("what a server carries", "tray"),
    "plates": pgettext_lazy("what a server carries", "plates"),
}


def in_words(name: str) -> str:
    """Say the name of a kind of need or of something carried.

    >>> in_words("bill"), in_words("cocoa")
    ('bill', 'cocoa')
    """
    return str(USUAL.get(name, name))
