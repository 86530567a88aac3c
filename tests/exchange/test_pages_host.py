"""Pages of the host: an exchange is prepared, its parties invited and called, and it opens."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.exchange import factories as make
from tests.exchange.pages import browser_of, convener_of, text
from tests.factories import person
from upturn.exchange.engine import READINESS, Answer
from upturn.exchange.models import (
    Exchange,
    ExchangeParty,
    ExchangeState,
    Knock,
    PartyKind,
    SignOff,
)
from upturn.exchange.queries.hosting import words_of

pytestmark = pytest.mark.django_db

CODE = re.compile(r"(?:[2-9A-Z]{4}-){6}[2-9A-Z]{4}")


def at(name: str, *args: object) -> str:
    return reverse(f"exchange:{name}", args=args)


def test_who_leads_finds_exchanges_under_more_and_others_do_not() -> None:
    leads, serves = Client(), Client()
    leads.force_login(person(role="executive"))
    serves.force_login(person(role="server"))
    assert at("exchanges") in text(leads.get(reverse("house:home")))
    assert at("exchanges") not in text(serves.get(reverse("house:home")))
    assert leads.get(at("exchanges")).status_code == 200
    assert "fourteen questions" in text(leads.get(at("exchanges")))
    assert serves.get(at("exchanges")).status_code == 404
    assert serves.get(at("new")).status_code == 404
    assert Client().get(at("exchanges")).status_code == 302


def test_a_supplier_prepares_one_and_invites_the_client() -> None:
    supplier = Client()
    supplier.force_login(person(role="executive"))
    sent = {"key": "a1", "name": "Served as one", "template": "suppliers", "language": "en"}
    answer = supplier.post(at("new"), sent)
    made = Exchange.objects.get(name="Served as one")
    assert answer["Location"] == at("desk", made.ref)
    supplier.post(at("new"), sent)
    assert Exchange.objects.count() == 1
    page, client = at("parties", made.ref), {"name": "Harbour", "kind": "client"}
    early = supplier.post(page, client)
    assert early.status_code == 409
    assert 'value="Harbour"' in text(early)
    assert at("ready", made.ref) in text(supplier.get(page))
    assert 'name="kind"' not in text(supplier.get(page))
    for item in READINESS:
        supplier.post(at("ready", made.ref), {"item": item.code, "found": "Talked over."})
    supplier.post(at("counsel", made.ref), {"counsel": "R. Okafor", "words": "Read, and fine."})
    assert CODE.search(text(supplier.post(page, client)))
    assert ExchangeParty.objects.get().kind == PartyKind.CLIENT


def test_a_name_that_is_missing_loses_nothing_else() -> None:
    client = Client()
    client.force_login(person(role="executive"))
    sent = {"key": "a1", "name": " ", "template": "peers", "language": "de"}
    page = client.post(at("new"), sent)
    assert page.status_code == 409
    assert "needs a name" in text(page)
    assert 'value="peers" checked' in text(page)
    assert 'value="a1"' in text(page)


def test_the_desk_says_what_is_open_and_opens_when_nothing_is() -> None:
    made = make.prepared()
    host = convener_of(made)
    page = text(host.get(at("desk", made.exchange.ref)))
    assert "There is no charter yet." in page
    assert "Open the exchange" not in page
    ready = make.full("Whole")
    host = convener_of(ready)
    assert "Open the exchange" in text(host.get(at("desk", ready.exchange.ref)))
    assert "Open the exchange." in text(host.get(at("here", ready.exchange.ref)))
    host.post(at("move", ready.exchange.ref), {"to": "open"})
    ready.exchange.refresh_from_db()
    assert ready.exchange.state == ExchangeState.OPEN


def test_opening_too_early_is_refused_in_a_sentence() -> None:
    made = make.prepared()
    answer = convener_of(made).post(at("move", made.exchange.ref), {"to": "open"})
    assert answer.status_code == 409
    made.exchange.refresh_from_db()
    assert made.exchange.state == ExchangeState.PREPARING


def test_it_rests_wakes_and_closes_only_when_that_is_ticked() -> None:
    made = make.opened()
    host, moves = convener_of(made), at("move", made.exchange.ref)
    states = []
    for sent in ({"to": "rest"}, {"to": "wake"}, {"to": "close"}, {"to": "close", "sure": "yes"}):
        host.post(moves, sent)
        made.exchange.refresh_from_db()
        states.append(made.exchange.state)
    assert states == ["resting", "open", "open", "closed"]


def test_one_that_never_opened_is_given_up_whole() -> None:
    made = make.prepared()
    host, moves = convener_of(made), at("move", made.exchange.ref)
    host.post(moves, {"to": "abandon"})
    assert Exchange.objects.exists()
    assert host.post(moves, {"to": "abandon", "sure": "yes"})["Location"] == at("exchanges")
    assert not Exchange.objects.exists()


def test_readiness_counts_down_and_waits_for_a_named_counsel() -> None:
    made = make.prepared()
    made.exchange.readiness.all().delete()
    SignOff.objects.all().delete()
    host, page = convener_of(made), at("ready", made.exchange.ref)
    assert f"<b>{len(READINESS)} questions</b>" in text(host.get(page))
    for item in READINESS:
        host.post(page, {"item": item.code, "found": "Talked over."})
    assert "Counsel’s word is missing." in text(host.get(page))
    said = {"counsel": "R. Okafor", "words": "Read it.", "rule": "", "about": ""}
    host.post(at("counsel", made.exchange.ref), said)
    assert "counsel has signed off" in text(host.get(page))
    host.post(at("withdraw_counsel", made.exchange.ref, SignOff.objects.get().pk))
    assert "Counsel’s word is missing." in text(host.get(page))


def test_only_rules_that_allow_it_are_relaxed_and_what_was_typed_stays() -> None:
    made = make.prepared()
    host, url = convener_of(made), at("counsel", made.exchange.ref)
    said = {"counsel": "R. Okafor", "words": "May pass.", "rule": "8", "about": "waiting"}
    answer = host.post(url, said)
    assert answer.status_code == 409
    assert "Rule 8 cannot be relaxed so." in text(answer)
    assert "May pass." in text(answer)
    host.post(url, {**said, "rule": "6"})
    assert "R. Okafor" in text(host.get(at("rules", made.exchange.ref)))


def test_a_code_is_shown_once_and_lets_one_browser_in() -> None:
    made = make.prepared()
    host, page = convener_of(made), at("parties", made.exchange.ref)
    first = host.post(page, {"name": "Amber", "kind": "member"})
    code = CODE.search(text(first))
    assert code is not None
    assert code[0] not in text(host.get(page))
    assert "no-store" in first["Cache-Control"]
    amber = Client()
    assert amber.post(at("code"), {"code": code[0].lower()}).status_code == 302
    assert Client().post(at("code"), {"code": code[0]}).status_code != 302
    again = host.post(page, {"name": "amber", "kind": "member"})
    assert again.status_code == 409
    assert "is invited already" in text(again)


def test_the_host_types_the_six_words_it_hears() -> None:
    made = make.prepared()
    amber = make.come_in(made, "Amber")
    party = amber.row
    ExchangeParty.objects.update(compared_on=None)
    host, url = convener_of(made), at("words", made.exchange.ref, party.ref)
    page = text(host.get(at("parties", made.exchange.ref)))
    right = " ".join(words_of(party))
    assert right not in page
    wrong = host.post(url, {"words": "one two three four five six"})
    assert wrong.status_code == 409
    assert "one two three four five six" in text(wrong)
    host.post(url, {"words": right.upper()})
    assert amber.row.compared_on is not None


def test_a_lost_key_gets_a_new_code_and_the_answer_is_asked_for_anew() -> None:
    made = make.full()
    amber = made["Amber"]
    before = made.exchange.asking
    answer = convener_of(made).post(at("new_door", made.exchange.ref, amber.row.ref))
    assert CODE.search(text(answer))
    made.exchange.refresh_from_db()
    row = amber.row
    assert (row.signs, row.buy_in.commitment, row.buy_in.token) == ("", "", "")
    assert made.exchange.asking == before + 1
    assert browser_of(amber).get(at("here", made.exchange.ref)).status_code == 302


def test_an_invitation_is_withdrawn_whole() -> None:
    made = make.prepared()
    amber = make.come_in(made, "Amber")
    convener_of(made).post(at("withdraw", made.exchange.ref, amber.row.ref))
    assert amber.row.name == ""
    assert "Amber" not in text(convener_of(made).get(at("parties", made.exchange.ref)))


def test_somebody_outside_knocks_and_does_not_learn_whether_anybody_is_there() -> None:
    made = make.opened()
    said = {"company": "Gale", "reach": "gale@example.org", "need": "Queues back up at noon"}
    stranger = Client()
    there = stranger.post(at("knock", made.exchange.ref), said)
    nowhere = stranger.post(at("knock", "nothing-here"), said)
    assert text(there) == text(nowhere)
    assert Knock.objects.get().company == "Gale"
    host = convener_of(made)
    assert "1 company asks to come in." in text(host.get(at("here", made.exchange.ref)))
    answer = host.post(
        at("answer_knock", made.exchange.ref, Knock.objects.get().ref), {"invite": "yes"}
    )
    assert CODE.search(text(answer))
    assert Knock.objects.get().company == ""


def test_a_knock_without_a_need_keeps_what_was_typed() -> None:
    made = make.opened()
    answer = Client().post(at("knock", made.exchange.ref), {"company": "Gale", "need": " "})
    assert answer.status_code == 409
    assert 'value="Gale"' in text(answer)


def test_calls_are_marked_and_no_answer_shows() -> None:
    made = make.prepared()
    for name in ("Amber", "Birch", "Cedar"):
        make.come_in(made, name)
    host, page = convener_of(made), at("calls", made.exchange.ref)
    assert "<b>3 leaders</b> wait for your call." in text(host.get(page))
    script = text(host.get(at("call", made.exchange.ref, made["Amber"].row.ref)))
    assert "Nobody hears what you answer." in script
    assert "data-notes" in script
    assert 'name="notes"' not in script
    host.post(at("call", made.exchange.ref, made["Amber"].row.ref))
    assert "<b>2 leaders</b> wait for your call." in text(host.get(page))
    make.seal_answers(made, Amber=Answer.NO)
    sealed = text(host.get(page))
    assert sealed.count(">sealed<") == 3
    assert "opened a no" not in sealed


@pytest.mark.parametrize(
    ("said", "stands"),
    [
        ({}, "<b>All said yes.</b>"),
        ({"Amber": Answer.NO}, "Not all said yes. <b>Nobody sees who.</b>"),
    ],
)
def test_host_and_leaders_read_the_same_standing(said: dict[str, Answer], stands: str) -> None:
    made = make.prepared()
    for name in ("Amber", "Birch", "Cedar"):
        make.come_in(made, name)
    make.seal_answers(made, **said)
    make.hand_tokens(made)
    assert stands in text(convener_of(made).get(at("calls", made.exchange.ref)))
    for company in made.members:
        assert stands in text(browser_of(company).get(at("answer", made.exchange.ref)))


def test_asking_again_waits_until_somebody_opened_the_own_answer() -> None:
    made = make.prepared()
    for name in ("Amber", "Birch", "Cedar", "Dune"):
        make.come_in(made, name)
    make.seal_answers(made, Amber=Answer.NO)
    make.hand_tokens(made)
    amber = made["Amber"]
    opened = {"verb": "open", "answer": "no", "salt": amber.answer.salt.hex()}
    browser_of(amber).post(at("answer", made.exchange.ref), opened)
    host, page = convener_of(made), at("calls", made.exchange.ref)
    assert "opened a no" in text(host.get(page))
    assert host.post(page).status_code == 302
    made.exchange.refresh_from_db()
    assert made.exchange.asking == 2


def test_the_device_is_told_what_it_needs_and_nobody_else() -> None:
    made = make.prepared()
    for name in ("Amber", "Birch", "Cedar"):
        make.come_in(made, name)
    make.seal_answers(made)
    amber, url = made["Amber"], at("standing", made.exchange.ref)
    told = browser_of(amber).get(url).json()
    assert told["due"]
    assert {each["name"] for each in told["seen"]} == {"Amber", "Birch", "Cedar"}
    assert all(each["seals"] and each["answer"] is None for each in told["seen"])
    assert told["commitment"] == amber.row.buy_in.commitment
    assert Client().get(url).status_code == 302


@pytest.mark.parametrize(
    "sent",
    [
        {"verb": "seal", "commitment": "xyz"},
        {"verb": "token", "token": "00" * 32, "asking": "9"},
        {"verb": "open", "answer": "perhaps", "salt": ""},
        {},
    ],
)
def test_a_broken_seal_is_a_sentence(sent: dict[str, str]) -> None:
    made = make.prepared()
    amber = make.come_in(made, "Amber")
    answer = browser_of(amber).post(at("answer", made.exchange.ref), sent)
    assert answer.status_code == 409
    assert 'role="alert"' in text(answer)


def test_pages_of_the_host_are_not_there_for_parties_and_other_hosts() -> None:
    made, other = make.full(), make.prepared("Other")
    ref, amber = made.exchange.ref, made["Amber"].row.ref
    pages = [at(name, ref) for name in ("desk", "ready", "parties", "calls", "write_charter")]
    for page in [*pages, at("call", ref, amber)]:
        assert browser_of(made["Amber"]).get(page).status_code == 302, page
        assert convener_of(other).get(page).status_code == 404, page
        assert Client().get(page).status_code == 302, page
