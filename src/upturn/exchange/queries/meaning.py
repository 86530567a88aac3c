"""What lets a device compare a text by its meaning: the sentence model, packed by this host."""

from os import SEEK_END
from pathlib import Path

from django.conf import settings

from upturn.exchange.engine.guard.browser import BROWSER_SHA256
from upturn.record.published import lacks
from upturn.voice.engine.packed_model import PACKED_DIGEST

GZIP_SIZE = 4
"""The last bytes of a gzip file tell how long it was (RFC 1952)."""


def place_of_model() -> Path:
    """Say where the packed model lies, or would; a device gets it as it lies there, in gzip."""
    return Path(settings.DATA) / f"sentence-model-{PACKED_DIGEST[:16]}.gz"


def offers_meaning() -> bool:
    """Whether devices can have the model and what reads it there."""
    built = not lacks("exchange/sentence_model.js", published=BROWSER_SHA256)
    return built and place_of_model().exists()


def sizes_of_model() -> tuple[int, int]:
    """Give how many bytes the model has on the way, and unpacked."""
    with place_of_model().open("rb") as packed:
        on_the_way = packed.seek(-GZIP_SIZE, SEEK_END) + GZIP_SIZE
        return on_the_way, int.from_bytes(packed.read(), "little")
