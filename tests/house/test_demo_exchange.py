"""The example exchange: in the middle of its life, marked as made up, a seat for whoever asks."""

from importlib import import_module

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from tests.factories import person
from upturn.exchange.engine.ballot import verify
from upturn.exchange.models import (
    Benchmark,
    Decision,
    Exchange,
    ExchangeParty,
    Meeting,
    PracticeCard,
    Programme,
    Round,
    Thanks,
    Topic,
)
from upturn.exchange.queries.benchmarks import bundle_of
from upturn.exchange.queries.sum_of_us import sum_of_us
from upturn.house import demo
from upturn.house.demo import SEED
from upturn.house.demo_exchange import store_exchange
from upturn.people.models import Person

SUPPLIERS = import_module("examples.six_suppliers")


@pytest.fixture
def keeper(db: None) -> Person:
    made = person(role="facilitator", username="imke")
    made.set_unusable_password()  # whoever has one is a real person, and no visitor is that
    made.save()
    store_exchange(SUPPLIERS.draw(seed=7), made, today=timezone.localdate())
    return made


def test_it_stands_in_the_middle_of_its_life(keeper: Person) -> None:
    exchange = Exchange.objects.get()
    assert (exchange.state, "synthetic" in exchange.name) == ("open", True)
    kinds = ExchangeParty.objects.values_list("kind", flat=True)
    assert sorted(kinds) == ["client", *["member"] * 6, "steward"]
    assert Round.objects.get().phase == "read"
    assert PracticeCard.objects.count() == 3
    assert Thanks.objects.count() == 3
    assert Decision.objects.get().dissents.count() == 2
    assert Decision.objects.get().outcome == ""
    assert len(sum_of_us(keeper, exchange).held.meetings) == 5
    assert Programme.objects.get().state == "decides"
    assert Topic.objects.filter(stopped_on__isnull=False).count() == 1
    bundle = bundle_of(keeper, Benchmark.objects.get(state="opened").ref)
    assert bundle is not None
    assert all(each.holds for each in verify(bundle))


def test_the_worker_brings_it_in_once_and_begins_anew_after_a_power_cut(
    keeper: Person, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DEMO = True
    today = timezone.localdate()
    Meeting.objects.all().delete()  # the last it plans: so far it came
    Exchange.objects.update(name=SUPPLIERS.draw(seed=SEED).told["name"])
    half = Exchange.objects.get()
    demo.bring_exchange(today)
    half.refresh_from_db()
    assert half.state == "closed"
    whole = Exchange.objects.exclude(pk=half.pk).get()
    assert (whole.state, whole.name) == ("open", half.name)
    monkeypatch.setattr(demo, "store_exchange", lambda *_args, **_more: pytest.fail("twice"))
    demo.bring_exchange(today)


def test_one_click_sits_down_for_a_party_and_its_key_comes_along(
    keeper: Person, settings: Settings
) -> None:
    settings.DEMO = True
    client = Client()
    page = client.get("/demo/exchange/").content.decode()
    assert page.count("data-key=") == 8
    party = ExchangeParty.objects.get(kind="client")
    answer = client.post("/demo/exchange/", {"party": party.ref})
    here = client.get(answer.url)
    assert here.status_code == 200
    assert here.context["sitting"].party_ref == party.ref


def test_elsewhere_than_in_the_demo_nobody_sits_down_so(keeper: Person, settings: Settings) -> None:
    settings.DEMO = False
    party = ExchangeParty.objects.get(kind="client")
    assert Client().get("/demo/exchange/").status_code == 404
    assert Client().post("/demo/exchange/", {"party": party.ref}).status_code == 404


def test_a_party_whose_key_changed_is_nobodys_to_sit_down_for(
    keeper: Person, settings: Settings
) -> None:
    settings.DEMO = True
    party = ExchangeParty.objects.get(kind="client")
    ExchangeParty.objects.filter(pk=party.pk).update(signs="00" * 32)
    client = Client()
    assert client.post("/demo/exchange/", {"party": party.ref}).status_code == 404
    assert "exchange" not in client.cookies


def test_forty_centres_are_the_same_for_the_same_seed_and_add_up() -> None:
    drawn, again = SUPPLIERS.draw(seed=7), SUPPLIERS.draw(seed=7)
    assert drawn == again != SUPPLIERS.draw(seed=8)
    centres = [centre for supplier in drawn.suppliers for centre in supplier.centres]
    assert (len(drawn.suppliers), len(centres)) == (6, 40)
    assert {len(centre.figures) for centre in centres} == {20}
    for supplier in drawn.suppliers:
        for code, figure in supplier.figures.items():
            own = [centre.figures[code] for centre in supplier.centres]
            assert min(own) - 0.01 <= figure <= max(own) + 0.01
