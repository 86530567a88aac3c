"""Readers hear of what was committed, of nothing else, and in the order of the commits."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from django.db import transaction

from tests.record.elsewhere import in_threads, seen_elsewhere
from upturn.record import outbox
from upturn.record.errors import OutsideTransaction
from upturn.record.models import OutboxEvent


def publish(ref: str) -> OutboxEvent:
    with transaction.atomic():
        return outbox.publish("party:12", kind="ask", ref=ref)


@pytest.mark.django_db(transaction=True)
def test_an_event_exists_only_with_its_change() -> None:
    with transaction.atomic():
        outbox.publish("party:12", kind="ask", ref="1")
        assert seen_elsewhere() == []
    assert seen_elsewhere() == ["1"]
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        outbox.publish("party:12", kind="ask", ref="2")
        raise ZeroDivisionError
    assert seen_elsewhere() == ["1"]


@pytest.mark.django_db(transaction=True)
def test_no_event_without_a_transaction() -> None:
    with pytest.raises(OutsideTransaction, match=r"'party:12'.*transaction\.atomic"):
        outbox.publish("party:12", kind="ask", ref="1")


@pytest.mark.django_db(transaction=True)
def test_ids_follow_the_order_of_the_commits() -> None:
    """A reader that resumes after an id would miss a smaller one committed later."""
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            outbox.publish("party:12", kind="ask", ref="first")
            second = pool.submit(in_threads, [partial(publish, "second")])
            with pytest.raises(TimeoutError):
                second.result(timeout=0.2)
        second.result()
    assert seen_elsewhere() == ["first", "second"]


@pytest.mark.parametrize("name", ["", "Party:12", "party 12", "party:12\ndata: x", ":x"])
def test_a_name_that_could_forge_a_line_of_the_stream_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="cannot name an event"):
        outbox.event(name, kind="ask", ref="1")
    with pytest.raises(ValueError, match="cannot name an event"):
        outbox.event("party:12", kind=name, ref="1")


@pytest.mark.django_db
def test_old_events_are_cleared_away_and_the_place_is_kept() -> None:
    today = datetime.now(UTC).date()
    days = [today - timedelta(days=back) for back in (9, 8, 7, 0)]
    for day in days:
        OutboxEvent.objects.create(topic="organisation", kind="ask", ref="1", day=day)
    place = outbox.position()
    assert outbox.prune(today) == 2
    assert list(OutboxEvent.objects.order_by("id").values_list("day", flat=True)) == days[2:]
    assert outbox.prune(today + timedelta(days=30)) == 1
    assert outbox.position() == place
    assert publish("2").id == place + 1


@pytest.mark.django_db
def test_events_keep_their_day_and_no_time() -> None:
    assert type(OutboxEvent.objects.get(id=publish("1").id).day) is date


@pytest.mark.django_db
def test_the_place_of_an_empty_outbox_is_before_everything() -> None:
    assert outbox.position() == 0
