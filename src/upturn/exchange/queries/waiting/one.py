"""One thing that waits."""

from typing import NamedTuple

from django.utils.functional import Promise


class Waiting(NamedTuple):
    """A sentence, and the page on which somebody does it: its view's name and what it takes."""

    said: str | Promise
    view: str
    args: tuple[str, ...]
