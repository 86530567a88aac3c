"""A browser that sits somewhere without an account shows a cookie and nothing else."""

from typing import TypeVar

from django.conf import settings
from django.http import HttpResponseBase

R = TypeVar("R", bound=HttpResponseBase)


def with_seat(response: R, name: str, cookie: str, *, for_s: int) -> R:
    """Give a browser the cookie of its seat, which no script reads, for so many seconds."""
    response.set_cookie(
        name, cookie, max_age=for_s, secure=settings.HTTPS, httponly=True, samesite="Lax"
    )
    return response
