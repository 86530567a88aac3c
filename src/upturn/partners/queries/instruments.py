"""Which instruments there are: those that ship, and those that were made here from them."""

import json
from typing import TYPE_CHECKING

from upturn.graph import queries as graph
from upturn.partners import engine
from upturn.partners.engine import Instrument
from upturn.partners.engine.errors import NoSuchInstrument
from upturn.partners.models import StoredInstrument

if TYPE_CHECKING:
    from upturn.people.models import Person


def instrument(key: str, *, version: int | None = None) -> Instrument:
    """Give an instrument that ships, or the newest version of one that was made here.

    Raises
    ------
    NoSuchInstrument
    """
    if key in engine.BUILT_IN:
        return engine.instrument(key)
    rows = StoredInstrument.objects.filter(key=key)
    row = (rows.filter(version=version) if version else rows).order_by("-version").first()
    if row is None:
        raise NoSuchInstrument(key, known=engine.BUILT_IN)
    return read(row)


def read(row: StoredInstrument) -> Instrument:
    """Read a stored version."""
    return engine.instrument_of(json.loads(row.questions))


def instruments(_viewer: "Person") -> tuple[Instrument, ...]:
    """Give all there are: first those that ship, then the newest versions of the others."""
    newest: dict[str, StoredInstrument] = {}
    for row in StoredInstrument.objects.order_by("key", "version"):
        newest[row.key] = row
    return (*map(engine.instrument, engine.BUILT_IN), *map(read, newest.values()))


def versions(_viewer: "Person", key: str) -> tuple[Instrument, ...]:
    """Give every version of an instrument that was made here, newest first."""
    return tuple(map(read, StoredInstrument.objects.filter(key=key).order_by("-version")))


def house_words() -> tuple[str, ...]:
    """Names of parties as single words: whoever writes them says nothing of him- or herself."""
    names = (row.name for row in graph.snapshot().party.values())
    return tuple(sorted({word for name in names for word in name.split()}))
