"""Words of customers and of those on the path, side by side."""

from typing import TYPE_CHECKING, NamedTuple

from upturn.people import queries as people
from upturn.record.kept import keep
from upturn.stats import Withheld
from upturn.trace.queries.naming import Node
from upturn.trace.queries.page import TracePage
from upturn.voice import queries as voice
from upturn.voice.queries.kept import as_of_words

if TYPE_CHECKING:
    from upturn.people.models import Person

QUOTES = 5
SPEAKING = 4


class Said(NamedTuple):
    """Words of one party of the path, or why they are not shown."""

    party: Node
    quotes: tuple[voice.QuoteRow, ...]
    withheld: Withheld | None


def words_beside(
    viewer: "Person", page: TracePage
) -> tuple[tuple[voice.QuoteRow, ...], tuple[Said, ...]]:
    """Words of customers since the fall began, and of those on the path; kept till words change."""
    if not people.may_read_words(viewer):
        return (), ()
    return keep(("trace words", page.ref), as_of=as_of_words(), read=lambda: _words(viewer, page))


def _words(
    viewer: "Person", page: TracePage
) -> tuple[tuple[voice.QuoteRow, ...], tuple[Said, ...]]:
    since, until = page.window[0], page.week
    customers: tuple[voice.QuoteRow, ...] = ()
    if page.point.id:
        customers = voice.customer_quotes(
            viewer, page.point.id, since=since, until=until, most=QUOTES
        )
    parties = {party.id: party for party in _speaking(page)[:SPEAKING] if party.id}
    each = max(1, round(QUOTES / max(1, len(parties))))
    said = voice.servers_words(viewer, list(parties), since=since, until=until, most=each)
    return customers, tuple(_said(party, said.get(number)) for number, party in parties.items())


def _speaking(page: TracePage) -> list[Node]:
    """Those on the path; without one, those who serve at the touchpoint."""
    return [step.server for step in page.steps] or list(page.there)


def _said(party: Node, found: "tuple[voice.QuoteRow, ...] | Withheld | None") -> Said:
    if isinstance(found, Withheld):
        return Said(party, (), found)
    return Said(party, found or (), None)
