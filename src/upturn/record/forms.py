"""What came with a form."""

from django.http import HttpRequest

DIGITS = 10


def number(request: HttpRequest, name: str, *, missing: int = 0) -> int:
    """Read a small number that came with a form; ``missing`` for whatever is none."""
    given = request.POST.get(name, "")
    sound = given.isascii() and given.isdecimal() and len(given) < DIGITS
    return int(given) if sound else missing
