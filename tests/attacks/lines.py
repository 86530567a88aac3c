"""What the installation's own log would hold of a test."""

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from upturn.house.logs import JsonLines


@contextmanager
def written() -> Iterator[io.StringIO]:
    """Take the lines of the configured handler, as they would be written."""
    configured = logging.getLogger().handlers
    handler = next(each for each in configured if isinstance(each.formatter, JsonLines))
    lines = io.StringIO()
    before = handler.setStream(lines)
    try:
        yield lines
    finally:
        handler.setStream(before)
