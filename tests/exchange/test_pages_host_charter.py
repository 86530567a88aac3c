"""Pages of the charter, the ladder of trust, reports, leaving, and the rules."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.exchange import factories as make
from tests.exchange.pages import browser_of, convener_of, text
from upturn.exchange.commands import charters, guarding, hosting
from upturn.exchange.engine import CHARTER, RULES, to_sign
from upturn.exchange.engine.guard import shipped_rules
from upturn.exchange.models import Breach, Chair, Charter, ExchangeParty, Rung
from upturn.exchange.queries.guarding import guard_version
from upturn.exchange.queries.sittings import COOKIE

pytestmark = pytest.mark.django_db

WORDS = {
    "vision": "Guests of one house served as one",
    "mission": "Learn from each other",
    "not_mission": "Nothing about prices",
    "scope": "Guests of the client",
    "topics": "care\ncoaching\n\ncare",
    "never": "prices",
    "data_classes": ["practice", "opinion"],
    "minutes": "25",
    "chair_months": "3",
    "after": "0",
}


def at(name: str, *args: object) -> str:
    return reverse(f"exchange:{name}", args=args)


def test_the_first_draft_comes_with_the_kind_of_exchange_in_its_language() -> None:
    made = make.prepared()
    host = convener_of(made)
    page = text(host.get(at("write_charter", made.exchange.ref)))
    assert "capacity, hiring and wages" in page
    made.exchange.language = "de"
    made.exchange.save()
    assert "Kapazität, Einstellungen und Löhne" in text(
        host.get(at("write_charter", made.exchange.ref))
    )


def test_a_version_is_written_read_by_machines_and_signed_anew() -> None:
    made = make.prepared()
    amber = make.come_in(made, "Amber")
    host, write = convener_of(made), at("write_charter", made.exchange.ref)
    assert host.post(write, WORDS)["Location"] == at("charter", made.exchange.ref)
    browser, page = browser_of(amber), at("charter", made.exchange.ref)
    assert "Sign this version" in text(browser.get(page))
    data = browser.get(at("charter_file", made.exchange.ref, 1)).json()
    assert (data["topics"], data["minutes"], data["rules"]) == (
        ["care", "coaching"],
        25,
        list(RULES),
    )
    said = to_sign(CHARTER, made.exchange.ref, "1", data["digest"])
    signed = {"digest": data["digest"], "signature": amber.key.sign(said).hex()}
    assert browser.post(page, signed).status_code == 302
    assert "Sign this version" not in text(browser.get(page))
    assert "All have signed" in text(host.get(page))
    host.post(write, {**WORDS, "minutes": "45", "after": "1"})
    assert "Sign this version" in text(browser.get(page))
    assert "One has not signed" in text(host.get(page))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"vision": ""}, "The vision is one line"),
        ({"not_mission": " "}, "Say what you are not here for."),
        ({"topics": "prices"}, "Take it out of one list."),
        ({"minutes": "soon"}, "A meeting takes from 10 to 240 minutes."),
        ({"data_classes": []}, "Tick at least one kind."),
        ({"after": "7"}, "Somebody else changed it before you."),
    ],
)
def test_what_is_wrong_with_a_charter_is_said_and_the_rest_stays(
    wrong: dict[str, object], said: str
) -> None:
    made = make.prepared()
    answer = convener_of(made).post(at("write_charter", made.exchange.ref), {**WORDS, **wrong})
    assert answer.status_code == 409
    assert said in text(answer)
    assert "Guests of the client" in text(answer)
    assert not Charter.objects.exists()


def test_a_signature_of_another_key_is_refused() -> None:
    made = make.prepared()
    amber, birch = make.come_in(made, "Amber"), make.come_in(made, "Birch")
    text_ = make.charter_text()
    version = charters.propose_charter(
        made.convener, made.exchange, text_, after=0, today=make.TODAY
    )
    said = to_sign(CHARTER, made.exchange.ref, "1", version.digest)
    sent = {"digest": version.digest, "signature": birch.key.sign(said).hex()}
    answer = browser_of(amber).post(at("charter", made.exchange.ref), sent)
    assert answer.status_code == 409
    assert "not your company’s" in text(answer)


def test_one_light_says_that_all_know_their_gain_and_never_who() -> None:
    made = make.full()
    page, dark = at("charter", made.exchange.ref), "Not every company has written down"
    for company in made.members:
        assert dark in text(convener_of(made).get(page))
        browser_of(company).post(at("gain", made.exchange.ref), {"digest": "ab" * 32})
    assert "Every company knows what it gains" in text(convener_of(made).get(page))
    form = text(browser_of(made["Amber"]).get(page))
    assert 'id="gain-words" dir="auto"></textarea>' in form
    assert 'name="gain' not in form


def test_the_chair_goes_on_when_its_time_is_over_and_whoever_leads_may_pass_it() -> None:
    made = make.opened()
    host, page = convener_of(made), at("charter", made.exchange.ref)
    assert "The chair can go on" in text(host.get(at("here", made.exchange.ref)))
    host.post(at("chair", made.exchange.ref))
    assert "Amber leads" in text(host.get(page))
    assert "Give the chair to" not in text(host.get(page))
    assert host.post(at("chair", made.exchange.ref)).status_code == 409
    Chair.objects.update(since=timezone.localdate() - timedelta(days=5))
    assert "Give the chair to" not in text(browser_of(made["Birch"]).get(page))
    browser_of(made["Amber"]).post(at("chair", made.exchange.ref))
    assert "Birch leads" in text(host.get(page))


def test_the_vision_stands_on_top_and_rings_by_layer_from_five_taps_on() -> None:
    made = make.opened()
    browser, page = browser_of(made["Amber"]), at("charter", made.exchange.ref)
    heading = text(browser.get(page)).partition("<h1")[2].partition("</h1>")[0]
    assert "Customers of one house served as one" in heading
    for name in ("Amber", "Amber", "Birch", "Cedar"):
        tapped = {"layer": "front_line", "rings": "yes"}
        browser_of(made[name]).post(at("ring", made.exchange.ref), tapped)
    assert "not five taps from three companies yet" in text(browser.get(page))
    browser.post(at("ring", made.exchange.ref), {"layer": "front_line", "rings": "no"})
    assert "rings with more than half" in text(browser.get(page))


def test_a_party_steps_up_one_rung_and_down_as_far_as_it_likes_at_once() -> None:
    made = make.opened(rung=Rung.LISTEN)
    amber, page = made["Amber"], at("trust", made.exchange.ref)
    browser = browser_of(amber)
    first = text(browser.get(page))
    assert "You stand on <b>Listen</b>." in first
    assert first.count("Step up to here") == 1
    for rung in (2, 3, 4):
        browser.post(page, {"to": str(rung)})
    browser.post(page, {"to": "1"})
    assert amber.sitting.rung == 1
    down = text(browser.get(page))
    assert "if you like" not in down
    assert "Step up to here" in down
    assert browser.post(page, {"to": "4"}).status_code == 409


def test_nobody_else_reads_on_which_rung_a_company_stands() -> None:
    made = make.opened(rung=Rung.SHARE_BAND)
    for client in (convener_of(made), browser_of(made["Client"])):
        for name in ("here", "trust", "charter", "rules"):
            assert "Share in a benchmark" not in text(client.get(at(name, made.exchange.ref))) or (
                name == "trust" and client.cookies.get(COOKIE)
            )


def test_a_report_has_no_name_and_is_answered_by_grades() -> None:
    made = make.opened()
    amber, birch, host = made["Amber"], made["Birch"], convener_of(made)
    sent = {"rule": "11", "about": birch.row.ref, "words": "They called themselves first."}
    said = browser_of(amber).post(at("report", made.exchange.ref), sent)
    assert "kept nowhere" in text(said)
    assert "1 report that a rule was not kept" in text(host.get(at("here", made.exchange.ref)))
    page, report = at("trust", made.exchange.ref), Breach.objects.get().ref
    shown = text(host.get(page))
    assert "They called themselves first." in shown
    assert "Amber" not in shown
    assert "Part with it" not in shown
    assert "They called" not in text(browser_of(birch).get(page))
    host.post(at("answer_report", made.exchange.ref, report), {"to": "reminded"})
    assert "They called" in text(browser_of(birch).get(page))
    assert "The host has a word" in text(browser_of(birch).get(at("here", made.exchange.ref)))
    for to in ("talked", "paused"):
        host.post(at("answer_report", made.exchange.ref, report), {"to": to})
    assert birch.row.suspended
    assert "pauses" in text(host.get(at("parties", made.exchange.ref)))
    skip = host.post(at("answer_report", made.exchange.ref, report), {"to": "reminded"})
    assert skip.status_code == 409


def test_a_report_without_words_is_refused_and_kept_in_the_form() -> None:
    made = make.opened()
    sent = {"rule": "11", "about": made["Birch"].row.ref, "words": " "}
    answer = browser_of(made["Amber"]).post(at("report", made.exchange.ref), sent)
    assert answer.status_code == 409
    assert 'value="11" selected' in text(answer)
    assert not Breach.objects.exists()


def test_leaving_erases_and_says_what_a_search_found() -> None:
    made = make.opened()
    amber, url = made["Amber"], at("leave", made.exchange.ref)
    browser = browser_of(amber)
    assert "nothing was done" in text(browser.post(url, {"words": "too"}))
    assert amber.row.name == "Amber"
    answer = browser.post(url, {"words": "too", "sure": "yes"})
    assert "Nothing was found." in text(answer)
    assert answer.cookies[COOKIE].value == ""
    assert amber.row.name == ""
    assert Client(headers={"cookie": f"{COOKIE}={amber.cookie}"}).get(url).status_code == 302
    assert "Amber" not in text(convener_of(made).get(at("parties", made.exchange.ref)))


def test_the_rules_stand_with_their_sources_and_how_often_the_guard_stopped() -> None:
    made = make.opened()
    rule = shipped_rules().rules[0]
    note = guarding.GuardNote(
        rule=rule.id,
        version=guard_version(),
        topic=rule.topic,
        text_digest="ab" * 32,
        stop="hard" if rule.hard else "soft",
        action="edited",
    )
    for _time in range(2):
        guarding.note_guard(made["Amber"].sitting, [note], today=make.TODAY)
    for client in (convener_of(made), browser_of(made["Birch"])):
        page = text(client.get(at("rules", made.exchange.ref)))
        for each in RULES.values():
            assert each.source in page
        assert "2 times" in page
        assert "Amber" not in page
        assert made.exchange.review_on.strftime("%B %Y") in page


def test_who_has_not_signed_reads_rules_charter_and_trust_and_no_counts() -> None:
    made = make.opened()
    gale = hosting.invite_party(
        made.convener,
        made.exchange,
        hosting.Invitation(name="Gale"),
        today=timezone.localdate(),
    )
    browser = Client()
    browser.post(at("code"), {"code": gale.code})
    for name in ("rules", "charter", "trust"):
        assert browser.get(at(name, made.exchange.ref)).status_code == 200
    assert "Sign the charter to read it." in text(browser.get(at("rules", made.exchange.ref)))
    up = browser.post(at("trust", made.exchange.ref), {"to": "2"})
    assert up.status_code == 409
    assert ExchangeParty.objects.get(name="Gale").rung == Rung.LISTEN
