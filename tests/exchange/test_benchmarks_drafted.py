"""A sealed benchmark is drafted by who keeps the exchange, and held against the rules first."""

from datetime import date, timedelta

import pytest

from tests.exchange import factories as make
from tests.exchange import rounds
from upturn.exchange.commands import benchmarks, leaving
from upturn.exchange.commands.refusals import NotReady, NotYours
from upturn.exchange.engine import Incomplete, RulesBroken
from upturn.exchange.models import (
    Benchmark,
    ExchangeParty,
    Rung,
    SignOff,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> make.Made:
    return make.opened()


def test_the_roster_names_references_and_no_names(made: make.Made) -> None:
    ExchangeParty.objects.filter(pk__in=[made["Amber"].party, made["Birch"].party]).update(
        owner="Amber"
    )
    for name in ("Gale", "Hill", "Iris"):
        make.come_in(made, name)
        make.sign(made, made[name])
        make.climb(made[name], Rung.SHARE_BAND)
    written = bytes(rounds.drafted(made).row.roster)
    assert not [name for name in made.companies if name.encode() in written]


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"period": (date(2026, 7, 1), date(2026, 9, 30))}, 3),
        ({"metrics": (benchmarks.MetricAsked("price_a_call"),)}, 5),
        ({"metrics": (benchmarks.MetricAsked("absence"),)}, 6),
        ({"metrics": (benchmarks.MetricAsked("coaching", (1.0, 2.0)),)}, 7),
        ({"metrics": (benchmarks.MetricAsked("coaching", (50, 50.1, 50.2, 51, 52, 53)),)}, 8),
        ({"opens_at": rounds.OPENS - timedelta(days=3)}, 7),
        ({"name": "The best of the suppliers"}, 11),
    ],
)
def test_a_sheet_that_breaks_a_rule_is_not_drafted(
    made: make.Made, changes: dict[str, object], rule: int
) -> None:
    with pytest.raises(RulesBroken) as refused:
        rounds.drafted(made, **changes)
    assert rule in [each.number for each in refused.value.refusals]  # type: ignore[attr-defined]
    assert not Benchmark.objects.exists()


def test_an_amber_metric_passes_with_counsels_name_on_the_sheet(made: make.Made) -> None:
    SignOff.objects.create(
        exchange=made.exchange, rule=6, counsel="R. Okafor", about="absence", on=make.TODAY
    )
    asked = rounds.drafted(made, metrics=(benchmarks.MetricAsked("absence"),))
    assert b"R. Okafor" in bytes(asked.row.sheet)


def test_four_companies_get_a_sentence_and_practices(made: make.Made) -> None:
    for name in ("Elder", "Fern"):
        leaving.step(made[name].sitting, Rung.SHARE_PRACTICE, today=make.TODAY)
    with pytest.raises(RulesBroken, match="Rule 1"):
        rounds.drafted(made)


def test_words_that_were_not_compared_stop_a_draft(made: make.Made) -> None:
    ExchangeParty.objects.filter(pk=made["Amber"].party).update(compared_on=None)
    with pytest.raises(NotReady):
        rounds.drafted(made)


def test_a_draft_is_the_conveners_and_comes_once(made: make.Made) -> None:
    first = rounds.drafted(made)
    assert rounds.drafted(made).ref == first.ref
    with pytest.raises(NotYours):
        rounds.drafted(made, key="another key of it")
    with pytest.raises(Incomplete):
        rounds.drafted(made, key="short")
    with pytest.raises(type(made.exchange).DoesNotExist):
        benchmarks.draft_sheet(
            make.prepared("Other").convener, made.exchange, rounds.draft(), now=rounds.OPENS
        )


def test_rounds_come_a_quarter_apart(made: make.Made) -> None:
    first = rounds.whole(made)
    with pytest.raises(RulesBroken, match="Rule 4"):
        rounds.later(made, first, opens_at=rounds.CLOSES, closes_at=rounds.CLOSES + timedelta(9))
