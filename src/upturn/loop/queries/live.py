"""Which workshops' moves a viewer hears of, on a phone, at a projector or at a console."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from upturn.loop.models import WorkshopState
from upturn.loop.queries.holders import screen_of, workshops_of
from upturn.loop.queries.sight import may_host, workshops_seen

if TYPE_CHECKING:
    from upturn.people.models import Person


def topic(ref: str) -> str:
    """Name what the phones of a workshop listen to."""
    return f"workshop:{ref}"


def host_topic(ref: str) -> str:
    """Name what consoles and projectors listen to beside it: every count."""
    return f"workshop-host:{ref}"


def topics_of_phones(cookies: Collection[str]) -> dict[str, set[str]]:
    """Topics by the cookie of each phone of a workshop, strangers left out; one query."""
    return {cookie: {topic(ref)} for cookie, ref in workshops_of(cookies).items()}


def topics_of_screen(cookie: str) -> set[str] | None:
    """Topics of a projector that shows its code, or None for a stranger."""
    screen = screen_of(cookie)
    return {topic(screen.ref), host_topic(screen.ref)} if screen else None


def topics_of_host(viewer: "Person") -> set[str]:
    """Topics of the workshops in the viewer's sight that can still move."""
    if not may_host(viewer):
        return set()
    refs = workshops_seen(viewer).exclude(state=WorkshopState.MET).values_list("ref", flat=True)
    return {name for ref in refs for name in (topic(ref), host_topic(ref))}
