"""Pages of topics, rounds and the guard: all write before anybody reads; brakes have no name."""

import json
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.exchange import factories as make
from tests.exchange import talk
from tests.exchange.pages import browser_of, convener_of, guarded, text
from tests.exchange.pages import url as at
from upturn.exchange.commands import rounds
from upturn.exchange.engine.guard import shipped_rules
from upturn.exchange.models import Brake, GuardRecord, Held, Post, Round, Topic
from upturn.exchange.queries.guarding import digest_in, guard_salt, guard_version
from upturn.record.proofs import hash_of

pytestmark = pytest.mark.django_db
PRICE = "We charge 42 euros an hour for weekend work."
SAID = talk.SAID


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> make.Made:
    talk.begin_now(monkeypatch)
    return make.opened()


def hand_in(made: make.Made, name: str, row: Round, words: str, **more: str) -> HttpResponse:
    draft = talk.post(words)
    sent = guarded(act="say", ref=draft.ref, key=draft.key, words=words, **more)
    return browser_of(made[name]).post(at(made, "round", row.ref), sent)


def test_brakes_stop_a_topic_at_once_for_all_and_tell_nobodys_name(made: make.Made) -> None:
    topic = talk.topic(made)
    answer = browser_of(made["Cedar"]).post(at(made, "brakes", topic.ref), {"act": "press"})
    assert answer.url == at(made, "talk")
    for client in (browser_of(made["Amber"]), convener_of(made)):
        page = text(client.get(answer.url))
        assert "stopped since" in page
        assert "Cedar" not in page
    refused = browser_of(made["Amber"]).post(at(made, "brakes", topic.ref), {"act": "lift"})
    assert refused.status_code == 403
    assert "Only the steward does this." in text(refused)
    browser_of(made["Steward"]).post(at(made, "brakes", topic.ref), {"act": "lift"})
    assert "stopped since" not in text(browser_of(made["Amber"]).get(answer.url))


def test_a_reason_the_guard_stops_is_dropped_and_the_brakes_are_on(made: make.Made) -> None:
    topic = talk.topic(made)
    sent = guarded(act="press", words=PRICE)
    browser_of(made["Cedar"]).post(at(made, "brakes", topic.ref), sent)
    assert Brake.objects.get().reason == ""
    assert Topic.objects.get(pk=topic.pk).stopped_on is not None


def test_who_wants_to_is_on_record_as_having_objected_and_left(made: make.Made) -> None:
    sent = guarded(act="object", words="This was about contracts.")
    browser_of(made["Dune"]).post(at(made, "brakes", talk.topic(made).ref), sent)
    page = text(browser_of(made["Fern"]).get(at(made, "talk")))
    assert "Dune objected and left the talk" in page
    assert "This was about contracts." in page


def test_the_shipped_question_about_the_host_is_asked_about_the_host(made: make.Made) -> None:
    client = convener_of(made)
    page = client.get(at(made, "round_new"))
    assert text(page).count('name="card"') == len(page.context["questions"]) + 1
    sent = guarded(
        key="a" * 32,
        topic=talk.topic(made).ref,
        card="client",
        kind="question",
        days="2",
        language="en",
    )
    first, again = (client.post(at(made, "round_new"), sent) for _ in range(2))
    assert first.url == again.url
    row = Round.objects.get()
    assert row.kind == "host"
    assert "my team" in row.question
    assert "my team" in text(client.get(first.url))


def test_a_round_that_is_refused_comes_back_with_what_was_typed(made: make.Made) -> None:
    sent = guarded(key="b" * 32, topic=talk.topic(made).ref, card="", kind="question", question="")
    answer = browser_of(made["Amber"]).post(at(made, "round_new"), sent)
    assert answer.status_code == 409
    assert "A round needs a question" in text(answer)
    assert f'value="{"b" * 32}"' in text(answer)


def test_nobody_reads_before_all_have_written(made: make.Made) -> None:
    row = talk.asked(made)
    for name in make.NAMES[:-1]:
        assert hand_in(made, name, row, f"{SAID} {name}.").status_code == 302
    for client in (*map(browser_of, made.companies.values()), convener_of(made)):
        page = text(client.get(at(made, "round", row.ref)))
        assert SAID not in page
        assert "5 of 6 companies have handed in" in page
    hand_in(made, make.NAMES[-1], row, f"{SAID} Last.")
    page = text(browser_of(made["Client"]).get(at(made, "round", row.ref)))
    assert page.count(SAID) == len(make.NAMES)


def test_words_the_guard_stops_come_back_and_nothing_of_them_is_kept(made: make.Made) -> None:
    row = talk.asked(made)
    answer = hand_in(made, "Amber", row, PRICE)
    assert answer.status_code == 409
    assert "The guard stops this" in text(answer)
    assert PRICE in text(answer)
    assert not Post.objects.exists()
    unchecked = {"act": "say", "ref": "c" * 32, "key": "d" * 32, "words": SAID}
    answer = browser_of(made["Amber"]).post(at(made, "round", row.ref), unchecked)
    assert answer.status_code == 409
    assert SAID in text(answer)


def test_us_too_is_counted_from_five_companies_on(made: make.Made) -> None:
    row = talk.asked(made)
    talk.answer(made, row)
    posts = list(Post.objects.order_by("ref").values_list("ref", flat=True))
    for number, name in enumerate(make.NAMES):
        marks = posts[:1] if number else posts[:2]
        sent = {"act": "mark", "post": marks}
        browser_of(made[name]).post(at(made, "round", row.ref), sent)
        page = text(browser_of(made["Amber"]).get(at(made, "round", row.ref)))
        assert ("companies: us too" in page) == (number == len(make.NAMES) - 1)
    assert "6 companies: us too" in page
    assert "1 companies" not in page


def test_ideas_rest_over_night_before_they_are_weighed(made: make.Made) -> None:
    row = talk.asked(made, "brainstorm")
    talk.answer(made, row)
    rounds.go_on(made.convener, row.ref, "read", now=talk.UNTIL)
    client = browser_of(made["Birch"])
    assert client.post(at(made, "round", row.ref), {"act": "on", "to": "build"}).status_code == 302
    page = text(client.get(at(made, "round", row.ref)))
    assert "Ideas rest until" in page
    assert "Begin to weigh" not in page
    answer = client.post(at(made, "round", row.ref), {"act": "on", "to": "weigh"})
    assert answer.status_code == 409
    idea = Post.objects.order_by("ref").first()
    assert idea is not None
    draft = talk.post("And somebody new sits beside.")
    sent = guarded(act="build", on=idea.ref, ref=draft.ref, key=draft.key, words=draft.words)
    client.post(at(made, "round", row.ref), sent)
    assert "Birch builds on it" in text(client.get(at(made, "round", row.ref)))


def test_nobody_is_offered_a_reply_before_saying_again_what_was_heard(made: make.Made) -> None:
    row = talk.asked(made, "listening")
    here = at(made, "round", row.ref)
    amber, birch = browser_of(made["Amber"]), browser_of(made["Birch"])
    assert "We speak" in text(birch.get(here))
    amber.post(here, {"act": "turn", "step": "speak"})
    assert "We reply" not in text(birch.get(here))
    refused = birch.post(here, {"act": "turn", "step": "reply"})
    assert "Say again what you heard before you reply." in text(refused)
    birch.post(here, {"act": "turn", "step": "restate"})
    assert "We reply" in text(birch.get(here))
    assert "We were not heard yet" in text(amber.get(here))


def test_what_is_said_about_the_host_has_no_name_and_the_client_answers(made: make.Made) -> None:
    row = talk.asked(made, "host")
    talk.answer(made, row, words="Tell us a week before a change.")
    here = at(made, "round", row.ref)
    client = browser_of(made["Client"])
    page = text(client.get(here))
    assert "The host answers until" in page
    assert not any(name in page for name in make.NAMES)
    assert convener_of(made).post(here, guarded(act="answer", words="We will.")).status_code == 403
    client.post(here, guarded(act="answer", words="From May on we will."))
    assert "From May on we will." in text(browser_of(made["Elder"]).get(here))


def test_only_the_key_of_the_device_takes_words_back(made: make.Made) -> None:
    row = talk.asked(made)
    sent = talk.answer(made, row, "Amber")["Amber"]
    here, client = at(made, "round", row.ref), browser_of(made["Amber"])
    wrong = client.post(here, {"act": "pull", "post": sent.ref, "key": "x" * 32})
    assert wrong.status_code == 403
    assert Post.objects.get().words
    client.post(here, {"act": "pull", "post": sent.ref, "key": sent.key})
    assert Post.objects.get().words == ""
    assert hand_in(made, "Amber", row, f"{SAID} Anew.").status_code == 302


def test_a_round_of_another_exchange_is_not_there(made: make.Made) -> None:
    other = make.opened("Another one")
    row = talk.asked(other)
    stranger = browser_of(made["Amber"]).get(at(made, "round", row.ref))
    assert stranger.status_code == 404
    assert browser_of(made["Amber"]).get(at(other, "round", row.ref)).url == reverse(
        "exchange:code"
    )


def _told(client: Client, address: str, content: Any) -> HttpResponse:
    return client.post(address, json.dumps(content), content_type="application/json")


def test_a_device_gets_rules_and_the_key_of_hashes_and_gives_hashes_back(made: make.Made) -> None:
    client = browser_of(made["Amber"])
    side = client.get(at(made, "guard_device")).json()
    assert side["salt"] == guard_salt(made["Amber"].sitting, made.exchange).hex()
    assert side["steward"] == made["Steward"].row.seals
    assert set(side["words"]) == {rule.id for rule in shipped_rules().rules}
    german = client.get(at(made, "guard_device"), {"in": "de"}).json()["words"]["price-talk"]
    assert german[0].startswith("Preise")
    assert side["words"]["price-talk"] != german
    note = {
        "rule": "price-talk",
        "version": guard_version(),
        "topic": "price",
        "text_digest": digest_in(made.exchange, PRICE),
        "stop": "soft",
        "action": "edited",
    }
    assert _told(client, at(made, "guard_notes"), {"notes": [note]}).json() == {"ok": True}
    assert GuardRecord.objects.get().rule == "price-talk"
    page = text(browser_of(made["Fern"]).get(at(made, "guard_log")))
    assert "stopped words <b>once</b>" in page
    assert "Amber" not in page
    for bad in ({"notes": [{**note, "rule": PRICE}]}, [], {"notes": [1]}):
        answer = _told(client, at(made, "guard_notes"), bad)
        assert answer.status_code == 409
        assert answer.json()["said"]


def test_who_has_not_signed_gets_rules_and_no_key_of_hashes(made: make.Made) -> None:
    late = make.come_in(made, "Grove")
    side = browser_of(late).get(at(made, "guard_device")).json()
    assert side["salt"] == side["steward"] == ""
    assert browser_of(late).get(at(made, "guard_log")).status_code == 404


def test_how_lines_are_broken_makes_no_other_hash(made: make.Made) -> None:
    one, other = digest_in(made.exchange, " a\r\n  b "), digest_in(made.exchange, "a b")
    assert one == other != digest_in(made.exchange, "ab")


def test_a_held_text_is_for_the_steward_and_its_author_learns_what_became_of_it(
    made: make.Made,
) -> None:
    amber, ref, key = browser_of(made["Amber"]), "e" * 32, "f" * 32
    digest = digest_in(made.exchange, PRICE)
    sealed = {"ref": ref, "key": key, "sealed": "ab" * 60}
    assert _told(amber, at(made, "guard_hold"), sealed).json()["ok"]
    asked = {"items": [{"ref": ref, "key": key, "digest": digest}]}
    assert _told(amber, at(made, "guard_held"), asked).json()["states"] == {ref: "waiting"}
    desk = at(made, "steward")
    assert "ab" * 60 in text(browser_of(made["Steward"]).get(desk))
    assert browser_of(made["Birch"]).get(desk).status_code == 404
    assert "1 text waits" in text(browser_of(made["Steward"]).get(at(made, "here")))
    assert "1 text waits for the steward" in text(convener_of(made).get(at(made, "here")))
    note = {"rule": "money-amount", "version": guard_version(), "topic": "price", "stop": "hard"}
    released = {"ref": ref, "note": {**note, "text_digest": digest, "action": "released"}}
    assert _told(browser_of(made["Birch"]), at(made, "steward_decide"), released).status_code == 403
    assert _told(browser_of(made["Steward"]), at(made, "steward_decide"), released).json()["ok"]
    assert not Held.objects.exists()
    assert _told(amber, at(made, "guard_held"), asked).json()["states"] == {ref: "released"}
    gone = _told(amber, at(made, "guard_withdraw"), {"ref": ref, "key": key})
    assert gone.status_code == 409
    assert gone.json()["gone"]


def test_a_word_to_the_host_reaches_the_host_alone_and_has_no_name(made: make.Made) -> None:
    client = browser_of(made["Amber"])
    client.post(
        at(made, "side"), guarded(act="say", words="We fear for the contract when we speak.")
    )
    client.post(at(made, "side"), guarded(act="same"))
    page = text(convener_of(made).get(at(made, "side")))
    assert "We fear for the contract when we speak." in page
    assert "same boat" in page
    assert "Amber" not in page
    assert "We fear for" not in text(browser_of(made["Birch"]).get(at(made, "side")))
    refused = client.post(at(made, "side"), guarded(act="say", words="x" * 401))
    assert refused.status_code == 409
    assert "x" * 401 in text(refused)


def test_what_waits_is_said_on_the_first_page(made: make.Made) -> None:
    row = talk.asked(made)
    page = text(browser_of(made["Amber"]).get(at(made, "here")))
    assert at(made, "round", row.ref) in page
    talk.answer(made, row, "Amber")
    assert at(made, "round", row.ref) not in text(browser_of(made["Amber"]).get(at(made, "here")))
    assert hash_of("k" * 20) == Post.objects.get().key_hash
