"""The sentence model packed for devices, once, where its package is installed."""

import gzip
import os
from functools import cache

from upturn.exchange.models import Exchange
from upturn.exchange.queries.meaning import place_of_model
from upturn.voice.engine.errors import ModelAbsent
from upturn.voice.engine.multilingual import sound_files
from upturn.voice.engine.packed_model import pack_for_browsers

EFFORT = 6
"""Of gzip: more takes a minute and saves one part in a hundred."""


def pack_due() -> bool:
    """Pack the model if an exchange may want it and it is not there; say whether it was packed."""
    place = place_of_model()
    if place.exists() or not Exchange.objects.exists() or not _is_installed():
        return False
    begun = place.with_suffix(f".{os.getpid()}")
    try:
        begun.write_bytes(gzip.compress(pack_for_browsers(), EFFORT, mtime=0))
        begun.replace(place)  # a device never gets half of it
    finally:
        begun.unlink(missing_ok=True)
    return True


@cache
def _is_installed() -> bool:
    """Whether the package is there as it was measured; looked at once, as all packages are."""
    try:
        return bool(sound_files())
    except ModelAbsent:
        return False
