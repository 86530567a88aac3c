"""The lists of asks: what the database puts first is what waits by the engine's table."""

from datetime import timedelta
from itertools import product

import pytest

from tests.factories import TODAY, member, party, person, serves
from upturn.commitments.engine import RaisedAs, State
from upturn.commitments.models import Ask, Promise
from upturn.commitments.queries import Standing, asks_in_lists
from upturn.commitments.queries import standing as standing_of
from upturn.graph.models import Serves
from upturn.people.models import Person

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
PROMISED = {State.PROMISED, State.DONE, State.JUDGED, State.SETTLED}
OVER = {State.SETTLED, State.WITHDRAWN}
SAID = {State.JUDGED, State.SETTLED}


def asked(edge: Serves, *, state: State, days: int, raised_as: str, by: Person | None) -> Ask:
    """An ask whose next date is ``days`` from today."""
    n, next_on = Ask.objects.count(), TODAY + days * DAY
    ask = Ask.objects.create(
        ref=f"ask-{n}",
        edge=edge,
        words=f"Words {n}",
        raised_as=raised_as,
        raised_by=by,
        ticket_hash=f"hash {n}" if raised_as == RaisedAs.TICKET else "",
        raised_on=TODAY - (n % 7) * DAY,
        state=state,
        acts_on=next_on,
    )
    if state in PROMISED:
        due = next_on if state == State.PROMISED else TODAY - 30 * DAY
        later = next_on if state == State.JUDGED else TODAY + 60 * DAY
        dates = {"made_on": TODAY - 40 * DAY, "due_on": due, "day_100_on": later}
        Promise.objects.create(ask=ask, turn=1, what="A slate", who="us", sign="quiet", **dates)
    return ask


@pytest.fixture
def everything() -> tuple[list[Person], list[Ask]]:
    """Asks in every state, before and after their date, raised in every way; who looks at them."""
    kitchen, floor, bar = party("Kitchen"), party("Floor"), party("Bar")
    edges = [serves(kitchen, floor), serves(floor, kitchen), serves(kitchen, bar)]
    maria, gone = member(floor), person(is_active=False)
    viewers = [maria, member(kitchen), member(floor, kitchen), member(bar), person(role="leader")]
    ways = [
        (RaisedAs.TEAM, maria),
        (RaisedAs.PERSON, maria),
        (RaisedAs.PERSON, gone),
        (RaisedAs.PERSON, None),
        (RaisedAs.TICKET, None),
    ]
    asks = [
        asked(edge, state=state, days=days, raised_as=way, by=by)
        for edge, state, days, (way, by) in product(edges, State, (-3, 0, 3), ways)
    ]
    return viewers, asks


def by_hand(viewer: Person, asks: list[Ask]) -> tuple[list[Standing], list[Standing]]:
    """Both lists the slow way: every ask is looked at, and the engine says what waits."""
    parties = set(viewer.memberships.values_list("party_id", flat=True))
    to_us = [
        standing_of(viewer, ask, today=TODAY)
        for ask in asks
        if ask.state not in OVER and ask.edge.server_id in parties
    ]
    by_us = [
        standing_of(viewer, ask, today=TODAY)
        for ask in asks
        if ask.state != State.WITHDRAWN
        and (
            ask.raised_by_id == viewer.pk
            or (ask.raised_as == RaisedAs.TEAM and ask.edge.served_id in parties)
        )
    ]
    to_us.sort(key=lambda here: (here.ask.raised_on, here.ask.pk))
    to_us.sort(key=lambda here: (not here.waits_for_you, here.ask.state != State.ASKED))
    by_us.sort(key=lambda here: (here.ask.raised_on, here.ask.pk), reverse=True)
    by_us.sort(key=lambda here: (not here.waits_for_you, here.ask.state in SAID))
    return to_us, by_us


def test_the_database_puts_first_what_waits_by_the_table(everything) -> None:
    viewers, asks = everything
    for viewer in viewers:
        to_us, by_us = by_hand(viewer, asks)
        found = asks_in_lists(viewer, today=TODAY, most={"to us": 1_000, "by us": 1_000})
        assert [here.ask.ref for here in found["to us"]] == [here.ask.ref for here in to_us]
        assert [here.ask.ref for here in found["by us"]] == [here.ask.ref for here in by_us]


def test_what_was_judged_crowds_nothing_out_that_is_open(everything) -> None:
    viewers, asks = everything
    for viewer in viewers:
        _, by_us = by_hand(viewer, asks)
        is_open = {
            here.ask.ref for here in by_us if here.waits_for_you or here.ask.state not in SAID
        }
        found = asks_in_lists(viewer, today=TODAY, most={"by us": len(is_open)})
        assert {here.ask.ref for here in found["by us"]} == is_open


def test_a_short_list_is_the_beginning_of_the_long_one(everything) -> None:
    viewers, _ = everything
    long = asks_in_lists(viewers[2], today=TODAY, most={"to us": 1_000, "due": 1_000})
    short = asks_in_lists(viewers[2], today=TODAY, most={"to us": 5, "due": 5})
    assert long["to us"][:5] == short["to us"]
    assert long["due"][:5] == short["due"]
