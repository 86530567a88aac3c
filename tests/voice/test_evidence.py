"""What a trace is made of: sums and measures in one query each, and words of both sides."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests import factories as f
from tests.voice.said import comment, heard, stored, theme, weeks_ago
from upturn.graph.engine import UnknownParty
from upturn.graph.models import Kind, Party
from upturn.stats import Withheld
from upturn.voice import commands, jobs, queries
from upturn.voice.commands import SaidByServers
from upturn.voice.models import Feedback, Reading, Side, TouchpointWeek

pytestmark = pytest.mark.django_db


def said_by(party: Party, *texts: str, weeks: int = 1) -> None:
    week = datetime.combine(weeks_ago(weeks), datetime.min.time(), UTC)
    rows = [SaidByServers(party.key, text, week + timedelta(days=2)) for text in texts]
    commands.store_servers_words(None, rows)


def words(found: object) -> list[str]:
    return [row.parts[0].text for row in found]  # type: ignore[attr-defined]


FIVE = [f"The dish machine stood still again on shift number {n}" for n in range(5)]


def test_servers_words_show_from_five_answers_on() -> None:
    kitchen, bar = f.party("Kitchen"), f.party("Bar")
    said_by(kitchen, *FIVE)
    said_by(bar, *FIVE[:4])
    span = {"since": weeks_ago(4), "until": weeks_ago(0)}
    found = queries.servers_words(f.person(), [kitchen.pk, bar.pk], **span)
    assert sorted(words(found[kitchen.pk])) == FIVE
    assert found[bar.pk] == Withheld("too_few", 5, 4)


def test_the_same_words_five_times_are_one_answer() -> None:
    kitchen = f.party("Kitchen")
    for n in range(5):
        at = datetime.combine(weeks_ago(1), datetime.min.time(), UTC)
        commands.store_servers_words(
            None, [SaidByServers(kitchen.key, FIVE[0].upper(), at, str(n))]
        )
    found = queries.servers_words(f.person(), [kitchen.pk], since=weeks_ago(4), until=weeks_ago(0))
    assert found == {kitchen.pk: Withheld("too_few", 5, 1)}


def test_only_the_weeks_asked_for_count() -> None:
    kitchen = f.party("Kitchen")
    said_by(kitchen, *FIVE[:4], weeks=2)
    said_by(kitchen, FIVE[4], weeks=9)
    found = queries.servers_words(f.person(), [kitchen.pk], since=weeks_ago(4), until=weeks_ago(0))
    assert found == {kitchen.pk: Withheld("too_few", 5, 4)}


def test_nothing_says_who_or_when() -> None:
    kitchen = f.party("Kitchen")
    said_by(kitchen, *FIVE)
    found = queries.servers_words(f.person(), [kitchen.pk], since=weeks_ago(4), until=weeks_ago(0))
    rows = found[kitchen.pk]
    assert not isinstance(rows, Withheld)
    assert all(row.week is None and row.score is None and not row.channel for row in rows)
    days = {row.at.weekday() for row in Feedback.objects.filter(side=Side.SERVERS)}
    assert days == {0}


def test_servers_words_stand_in_no_sum_and_no_page_of_customers() -> None:
    kitchen = f.party("Kitchen")
    said_by(kitchen, *FIVE)
    assert jobs.read_unread() == 0
    commands.read_once_more()
    jobs.read_unread()
    assert not Reading.objects.exists()
    assert not TouchpointWeek.objects.exists()
    assert queries.feed(f.person(), after=0, limit=10) == []
    assert queries.words_kept(f.person()) == 0


def test_the_same_words_come_in_once() -> None:
    kitchen = f.party("Kitchen")
    said_by(kitchen, *FIVE)
    said_by(kitchen, *FIVE)
    assert Feedback.objects.count() == 5


def test_words_of_nobody_known_are_refused_whole() -> None:
    f.party("Kitchen")
    with pytest.raises(UnknownParty):
        commands.store_servers_words(
            None, [SaidByServers("kitchn", "Help", datetime(2026, 11, 2, tzinfo=UTC))]
        )
    assert not Feedback.objects.exists()


def test_the_database_keeps_the_two_sides_apart() -> None:
    kitchen = f.party("Kitchen")
    (row,) = stored(comment())
    with pytest.raises(IntegrityError), transaction.atomic():
        Feedback.objects.filter(pk=row.pk).update(party=kitchen)
    with pytest.raises(IntegrityError), transaction.atomic():
        Feedback.objects.filter(pk=row.pk).update(side=Side.SERVERS)


def test_guests_read_no_words() -> None:
    kitchen, guest = f.party("Kitchen"), f.person(role="guest")
    said_by(kitchen, *FIVE)
    span = {"since": weeks_ago(4), "until": weeks_ago(0)}
    assert queries.servers_words(guest, [kitchen.pk], **span) == {}
    assert queries.customer_quotes(guest, 1, **span) == ()
    assert queries.weekly_scores(guest) == {}


def test_all_sums_of_all_touchpoints_come_in_one_query() -> None:
    guests = f.party("Guests", kind=Kind.CUSTOMERS)
    one, other = f.touchpoint(customers=guests), f.touchpoint(customers=guests)
    heard(one, [2.0, 4.0], week=weeks_ago(2))
    heard(one, [8.0, None], week=weeks_ago(1))
    heard(other, [9.0], week=weeks_ago(1))
    heard(None, [9.0], week=weeks_ago(1))
    with CaptureQueriesContext(connection) as captured:
        found = queries.weekly_scores(None)
    assert len(captured) == 1
    assert found == {
        one.pk: ((weeks_ago(2), 2, 6.0, 20.0), (weeks_ago(1), 1, 8.0, 64.0)),
        other.pk: ((weeks_ago(1), 1, 9.0, 81.0),),
    }
    assert list(queries.weekly_scores(None, since=weeks_ago(1))[one.pk]) == [
        (weeks_ago(1), 1, 8.0, 64.0)
    ]


def test_all_measures_come_in_one_query_without_weeks_of_few_answers() -> None:
    floor, kitchen = f.party("Floor"), f.party("Kitchen")
    edge = f.serves(kitchen, floor)
    rows = [
        {"name": "wait", "week": weeks_ago(2), "value": 4.0, "party": floor.key},
        {"name": "wait", "week": weeks_ago(1), "value": 6.0, "party": floor.key, "n": 4},
        {"name": "served well", "week": weeks_ago(1), "value": 7.0, "n": 9}
        | {"edge": (kitchen.key, floor.key)},
    ]
    commands.store_measures(None, [commands.MeasureRecord(**row) for row in rows])
    with CaptureQueriesContext(connection) as captured:
        found = queries.weekly_measures(None)
    assert len(captured) == 1
    assert [(each.party_id, each.edge_id, each.name, len(each.weeks)) for each in found] == [
        (floor.pk, None, "wait", 1),
        (None, edge.pk, "served well", 1),
    ]
    guest = f.member(f.party("Elsewhere"), role="guest")
    assert queries.weekly_measures(guest) == ()


def test_quotes_are_complaints_of_these_weeks_from_the_loudest_theme() -> None:
    guests = f.party("Guests", kind=Kind.CUSTOMERS)
    point, cold, late = f.touchpoint(customers=guests), theme(), theme("late", "Late")
    told = {"week": weeks_ago(1), "polarity": -1}
    heard(point, [2.0, 3.0], theme=cold, text="The soup was cold and so was the bread", **told)
    heard(point, [2.0], theme=late, text="We waited an hour for the starters", **told)
    heard(point, [9.0], theme=cold, text="The soup was hot", week=weeks_ago(1), polarity=1)
    heard(point, [1.0], theme=cold, text="Cold long ago", week=weeks_ago(9), polarity=-1)
    Feedback.objects.filter(score=3.0).update(near_duplicate=True)
    with CaptureQueriesContext(connection) as captured:
        found = queries.customer_quotes(
            f.person(), point.pk, since=weeks_ago(3), until=weeks_ago(0)
        )
    assert len(captured) <= 4
    assert words(found) == [
        "The soup was cold and so was the bread",
        "We waited an hour for the starters",
    ]
