"""Pages of sealed benchmarks: planning, each step, what came of it, and who sees which."""

import re
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.test import Client
from django.urls import reverse

from tests.exchange import bench
from tests.exchange import factories as make
from tests.exchange.pages import browser_of, convener_of
from upturn.exchange.engine.ballot import read_packet, read_sheet, verify
from upturn.exchange.engine.ballot.browser import BROWSER_SHA256
from upturn.exchange.models import Benchmark, ExchangeParty, SignOff
from upturn.exchange.queries.waiting import waiting

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> make.Made:
    return make.opened()


def test_a_round_is_planned_on_the_page_and_its_bins_stand_on_the_sheet(made: make.Made) -> None:
    asked = bench.begun(made, edges_coaching="1; 2; 3,5; 5; 6.5 8", all_confirm="yes")
    sheet = read_sheet(bytes(asked.row.sheet))
    assert sheet.metrics[1].edges == ("1", "2", "3.5", "5", "6.5", "8")
    assert sheet.asked.signatures == 6
    page = asked.page("convener").content.decode()
    assert "6 companies" in page
    assert all(name in page for name in make.NAMES)


def test_the_same_form_sent_twice_is_one_round(made: make.Made) -> None:
    sent = bench.form(key="0123456789abcdef0123")
    first = bench.draft(made, **sent)
    assert bench.draft(made, **sent)["Location"] == first["Location"]
    assert Benchmark.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"last": "today"}, "Rule 3"),
        ({"metric": ["wage"]}, "Rule 5"),
        ({"metric": ["absence"]}, "Rule 6"),
        ({"edges_coaching": "1 2 3"}, "Rule 7"),
        ({"edges_coaching": "10 10.1 10.2 10.3 10.4 10.5"}, "Rule 8"),
        ({"edges_coaching": "one two"}, "“one two” are no edges"),
        ({"edges_coaching": "nan nan nan nan nan nan"}, "Rule"),
        ({"metric": []}, "at least one metric"),
        ({"first": "31.12."}, "“31.12.” is no day"),
        ({"closes_at": "evening"}, "“evening” is no time"),
        ({"closes_on": "2020-01-01"}, "would be over already"),
    ],
)
def test_what_cannot_begin_comes_back_with_the_reason_and_what_was_typed(
    made: make.Made, changes: dict[str, object], sentence: str
) -> None:
    if changes.get("last") == "today":
        changes = {"last": bench.timezone.localdate().isoformat()}
    answer = bench.draft(made, name="My own name for it", **changes)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert sentence in page
    assert "My own name for it" in page
    assert not Benchmark.objects.exists()


def test_fewer_than_five_companies_are_told_before_anything_is_filled_in() -> None:
    made = make.opened(names=make.NAMES[:4])
    address = reverse("exchange:benchmark_new", args=[made.exchange.ref])
    page = convener_of(made).get(address).content.decode()
    assert "4 companies</b> would take part, 5 are needed" in page
    assert "Rule 1" in bench.draft(made).content.decode()


def test_words_that_were_not_compared_are_named(made: make.Made) -> None:
    ExchangeParty.objects.filter(pk=made["Birch"].party).update(compared_on=None)
    address = reverse("exchange:benchmark_new", args=[made.exchange.ref])
    assert "Birch</b>" in convener_of(made).get(address).content.decode()


def test_counsels_word_lets_an_amber_metric_pass_and_stands_on_the_sheet(made: make.Made) -> None:
    address = reverse("exchange:benchmark_counsel", args=[made.exchange.ref])
    keeper = convener_of(made)
    missing = keeper.post(address, {"about": "absence", "counsel": "", "words": "Fine."})
    assert missing.status_code == 409
    assert "Fine." in missing.content.decode()
    keeper.post(address, {"about": "absence", "counsel": "R. Okafor", "words": "Fine."})
    assert SignOff.objects.filter(rule=6, about="absence").count() == 1
    asked = bench.begun(made, metric=["absence"])
    assert read_sheet(bytes(asked.row.sheet)).metrics[0].counsel == "R. Okafor"
    assert "passed by R. Okafor" in asked.page("Amber").content.decode()


def test_each_step_says_what_is_due_and_who_is_missing(made: make.Made) -> None:
    asked = bench.begun(made)
    assert "Sign the roster" in asked.page("Fern").content.decode()
    asked.sign(make.NAMES[:5])
    keeper = asked.page("convener").content.decode()
    assert "1 company" in keeper
    assert "Fern" in keeper.partition('class="part"')[2].partition("</ul>")[0]
    asked.sign(["Fern"])
    assert "Enter your figures" in asked.page("Amber").content.decode()
    asked.hand_in(bench.figures(made))
    assert "Your ballot is in" in asked.page("Amber").content.decode()
    asked.close()
    page = asked.page("Amber").content.decode()
    assert "5 of 6 companies must confirm" in page
    assert "more than 3 companies" in page
    asked.confirm()
    assert "adds up" in asked.page("Amber").content.decode()
    asked.open()
    assert "Where the companies lie" in asked.page("Client").content.decode()


def test_with_all_confirm_the_page_promises_more(made: make.Made) -> None:
    asked = bench.submitted(made, all_confirm="yes")
    asked.close()
    page = asked.page("Amber").content.decode()
    assert "6 of 6 companies must confirm" in page
    assert "at most 4 companies" in page


def test_what_waits_is_on_the_first_page_for_who_is_on_the_roster(made: make.Made) -> None:
    asked = bench.begun(made)
    make.come_in(made, "Gale")
    make.sign(made, made["Gale"])
    for name, waits in (("Amber", True), ("Gale", False), ("Client", False)):
        here = list(waiting(made[name].sitting, made.exchange))
        assert any(each.view == "benchmark" for each in here) is waits, name
    page = asked.page("Gale").content.decode()
    assert "When it opens, you read the totals" in page
    assert "benchmark.js" not in page


def test_no_input_for_a_figure_can_be_sent_by_a_form(made: make.Made) -> None:
    asked = bench.begun(made)
    asked.sign()
    page = asked.page("Amber").content.decode()
    start = page.index('id="figures"')
    entry = page[page.rindex("<form", 0, start) : page.index("</form>", start)]
    assert entry.count("<input") == 2 * len(bench.METRICS) + 1
    assert " name=" not in entry
    assert "action=" not in entry


def test_results_are_told_alike_and_hold_no_rank_no_count_and_no_own_place(
    made: make.Made,
) -> None:
    asked = bench.opened(made)
    pages = {name: asked.page(name).content.decode() for name in (*make.NAMES, "Client")}
    rows = {
        name: re.search(r"<tbody>.*</tbody>", page, re.DOTALL)[0] for name, page in pages.items()
    }  # type: ignore[index]
    client_rows = rows.pop("Client")
    assert {re.sub(r'<td class="own-column.*?</td>', "", each) for each in rows.values()} == {
        client_rows
    }
    client = pages["Client"]
    assert "five or more companies" in client
    assert 'class="own-column' not in client
    for page in pages.values():
        assert not [name for name in make.NAMES if name in page.partition("<tbody>")[2]]


def test_a_metric_that_too_few_answered_is_withheld(made: make.Made) -> None:
    asked = bench.begun(made)
    asked.sign()
    own = bench.figures(made)
    asked.hand_in({name: (own[name][0], None) if at < 3 else own[name]
                   for at, name in enumerate(own)})  # fmt: skip
    asked.close()
    asked.confirm()
    asked.open()
    page = asked.page("Amber").content.decode()
    assert page.count("fewer than five answered") == 1


def test_who_did_not_confirm_is_said_as_what_then_is_possible(made: make.Made) -> None:
    asked = bench.submitted(made)
    asked.close()
    asked.confirm(make.NAMES[:5])
    asked.open(make.NAMES[:5])
    assert "One company did not confirm" in asked.page("Client").content.decode()


def test_the_proof_is_for_all_and_only_after_the_opening(made: make.Made) -> None:
    asked = bench.submitted(made)
    address = asked.address("benchmark_bundle")
    assert asked.browser("Amber").get(address).status_code == 404
    asked.close()
    asked.confirm()
    asked.open()
    for name in ("Amber", "Client", "convener"):
        answer = asked.browser(name).get(address)
        assert answer["Content-Disposition"] == 'attachment; filename="round.zip"'
        assert all(step.holds for step in verify(answer.content))
    assert asked.browser("Steward").get(address).status_code == 404
    assert "roster.bin" in ZipFile(BytesIO(answer.content)).namelist()


def test_packets_hold_a_companys_own_boxes_and_are_for_companies_on_the_roster(
    made: make.Made,
) -> None:
    asked = bench.submitted(made)
    asked.close()
    address = asked.address("benchmark_packet")
    packets = {name: asked.browser(name).get(address) for name in make.NAMES}
    boxes = {name: {box for _at, _ballot, box in read_packet(one.content).ballots}
             for name, one in packets.items()}  # fmt: skip
    assert all(len(own) == 6 for own in boxes.values())
    assert len(set().union(*boxes.values())) == 36
    for name in ("Client", "Steward"):
        assert asked.browser(name).get(address).status_code == 404
    assert asked.browser("convener").get(address).status_code == 302
    assert Client().get(address).status_code == 302


def test_a_round_of_another_exchange_is_not_there(made: make.Made) -> None:
    asked = bench.begun(made)
    other = make.opened("Other", names=("Gale", "Hill", "Iris", "Jade", "Kite"))
    mixed = reverse("exchange:benchmark", args=[other.exchange.ref, asked.ref])
    for client in (browser_of(other["Gale"]), convener_of(other), convener_of(made)):
        assert client.get(mixed).status_code == 404
    for view in ("benchmark", "benchmark_state", "benchmark_packet", "benchmark_bundle"):
        assert browser_of(other["Gale"]).get(asked.address(view)).status_code in {302, 404}


def test_who_keeps_the_exchange_ends_a_round_and_nobody_else_can(made: make.Made) -> None:
    asked = bench.submitted(made)
    address = asked.address("benchmark_end")
    assert asked.browser("Amber").post(address).status_code == 302
    assert asked.row.state == "submitting"
    assert asked.browser("convener").post(address).status_code == 302
    assert asked.row.refused_because == "given_up"
    assert "The host ended it" in asked.page("Amber").content.decode()
    again = asked.browser("convener").post(address)
    assert again.status_code == 403
    assert "This round is over" in again.content.decode()


def test_the_empty_page_teaches_and_the_list_says_where_each_round_stands(made: make.Made) -> None:
    address = reverse("exchange:benchmarks", args=[made.exchange.ref])
    amber = browser_of(made["Amber"])
    assert "nobody sees anybody" in amber.get(address).content.decode()
    asked = bench.begun(made)
    assert "waits for your company" in amber.get(address).content.decode()
    keeper = convener_of(made).get(address).content.decode()
    assert "Plan a round" not in keeper
    asked.browser("convener").post(asked.address("benchmark_end"))
    assert "Plan a round" in convener_of(made).get(address).content.decode()


def test_the_page_to_seal_without_the_host_shows_the_published_hash() -> None:
    page = Client().get(reverse("exchange:seal")).content.decode()
    assert BROWSER_SHA256 in page
    assert "upturn seal --to" in page
