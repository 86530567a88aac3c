"""What other rooms say is to stay. The house names them in its settings; a plan only asks."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypeAlias, cast

from django.conf import settings
from django.utils.module_loading import import_string

from upturn.plan.engine.touching import touches

if TYPE_CHECKING:
    from upturn.people.models import Person


@dataclass(frozen=True, slots=True)
class KeptHere:
    """A thing that is to stay, in whose words, since when; of a party, or None: of everybody."""

    words: str
    said_in: str
    said_on: date
    party_id: int | None


KeepList: TypeAlias = "Callable[[Person, Collection[int | None]], tuple[KeptHere, ...]]"


def kept_of(viewer: "Person", parties: Collection[int | None]) -> tuple[KeptHere, ...]:
    """Give what is to stay of some parties, and of everybody; the newest first."""
    lists = [cast("KeepList", import_string(each)) for each in settings.KEEP_LISTS]
    found = (one for each in lists for one in each(viewer, parties))
    return tuple(sorted(found, key=lambda one: one.said_on, reverse=True))


def touched(
    viewer: "Person", words: str, parties: Collection[int | None]
) -> tuple[KeptHere, tuple[str, ...]] | None:
    """Find what a line with these words touches first, and by which words; None if nothing."""
    for one in kept_of(viewer, parties):
        if shared := touches(words, one.words):
            return one, shared
    return None
