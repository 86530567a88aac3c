"""Answers that a browser keeps as a file."""

from typing import TypeVar

from django.http import HttpResponseBase
from django.utils.http import content_disposition_header

CSV = "text/csv; charset=utf-8"
R = TypeVar("R", bound=HttpResponseBase)


def named(response: R, name: str, *, kept: str = "attachment") -> R:
    """Give an answer the name of a file; one that is kept ``inline`` opens in the browser."""
    header = content_disposition_header(kept == "attachment", name)
    response.headers["Content-Disposition"] = header or kept
    return response
