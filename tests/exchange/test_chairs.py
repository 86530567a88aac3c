"""The chair goes on by the clock, and who led when is told."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.exchange import factories as make
from tests.exchange.pages import browser_of, convener_of, text, url
from upturn.exchange import jobs
from upturn.exchange.commands import charters, hosting, leaving
from upturn.exchange.models import Chair, Charter, Exchange, ExchangeParty
from upturn.exchange.queries import charters as read
from upturn.record.models import JournalEntry

pytestmark = pytest.mark.django_db

THREE = make.NAMES[:3]


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


@pytest.fixture
def made() -> make.Made:
    made = make.opened(names=THREE)
    charters.pass_chair(made.convener, made.exchange, today=make.TODAY)
    return made


def until(made: make.Made) -> date:
    day = read.lead(made.convener, made.exchange).until
    assert day is not None
    return day


def led(made: make.Made) -> list[tuple[str, date, date | None]]:
    found = read.chairs_so_far(made["Birch"].sitting, made.exchange)
    return [(each.party, each.since, each.to) for each in found]


def test_a_run_after_the_term_makes_the_next_lead_and_tells_both(made: make.Made) -> None:
    day = until(made)
    assert jobs.work(at(day))
    assert led(made) == [("Birch", day, None), ("Amber", make.TODAY, day)]
    for page in (convener_of(made), browser_of(made["Cedar"])):
        shown = text(page.get(url(made, "charter")))
        assert "Birch leads" in shown
        told = shown.partition("Who led, and when")[2]
        assert told.index("Birch") < told.index("Amber")
        assert "from 23 November 2026 to 23 February 2027" in told
        assert "since 23 February 2027" in told
    entry = JournalEntry.objects.get(verb="chair goes on")
    assert (entry.actor_id, entry.detail) == (None, "")


def test_before_the_term_is_over_nothing_happens(made: make.Made) -> None:
    assert not jobs.work(at(until(made) - timedelta(days=1)))
    assert led(made) == [("Amber", make.TODAY, None)]


def test_the_same_moment_twice_is_one_turn(made: make.Made) -> None:
    day = until(made)
    assert [charters.rotate_due(at(day)) for _time in range(2)] == [1, 0]
    assert Chair.objects.count() == 2


def test_after_a_long_sleep_nobody_loses_a_turn(made: make.Made) -> None:
    day = until(made) + timedelta(days=400)
    assert [charters.rotate_due(at(day)) for _time in range(3)] == [1, 0, 0]
    assert led(made) == [("Birch", day, None), ("Amber", make.TODAY, day)]


def test_it_goes_round_and_passes_over_who_pauses(made: make.Made) -> None:
    ExchangeParty.objects.filter(name="Birch").update(suspended=True)
    for _time in range(2):
        charters.rotate_due(at(until(made)))
    assert [name for name, _since, _to in led(made)] == ["Amber", "Cedar", "Amber"]


def test_when_who_leads_leaves_the_chair_goes_on_and_no_trace_of_it_stays(
    made: make.Made,
) -> None:
    day = until(made)
    charters.rotate_due(at(day))
    leaving.leave(made["Birch"].sitting, words_too=True, today=day)
    assert read.lead(made.convener, made.exchange).party == ""
    tomorrow = day + timedelta(days=1)
    assert charters.rotate_due(at(tomorrow)) == 1
    found = read.chairs_so_far(made.convener, made.exchange)
    assert [(each.party, each.since, each.to) for each in found] == [
        ("Cedar", tomorrow, None),
        ("Amber", make.TODAY, day),
    ]


@pytest.mark.parametrize("state", ["resting", "closed"])
def test_only_the_chair_of_an_open_exchange_goes_on(state: str, made: make.Made) -> None:
    day = until(made)
    (hosting.rest if state == "resting" else hosting.close)(made.convener, made.exchange)
    assert charters.rotate_due(at(day)) == 0
    assert Exchange.objects.get().state == state
    assert led(made) == [("Amber", make.TODAY, None)]


def test_where_nobody_led_yet_the_first_chair_is_given_by_hand() -> None:
    make.opened(names=THREE)
    assert charters.rotate_due(at(make.TODAY + timedelta(days=400))) == 0


def test_an_exchange_in_which_it_fails_does_not_stop_the_others(
    made: make.Made, caplog: pytest.LogCaptureFixture
) -> None:
    other = make.opened("Elsewhere", names=("Gale", "Hill", "Iris"))
    charters.pass_chair(other.convener, other.exchange, today=make.TODAY)
    Charter.objects.filter(exchange=made.exchange).update(content={})
    assert charters.rotate_due(at(make.TODAY + timedelta(days=400))) == 1
    assert read.lead(other.convener, other.exchange).party == "Hill"
    assert "could not go on" in caplog.text
    assert Chair.objects.filter(exchange=made.exchange).count() == 1


def test_who_leads_passes_the_chair_early_and_the_list_ends_that_day(made: make.Made) -> None:
    day = make.TODAY + timedelta(days=5)
    charters.pass_chair(made["Amber"].sitting, made.exchange, today=day)
    assert led(made) == [("Birch", day, None), ("Amber", make.TODAY, day)]
