"""Pages of practice cards and decisions: nothing is counted, and what speaks against it stays."""

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from tests.exchange import factories as make
from tests.exchange import talk
from tests.exchange.pages import browser_of, convener_of, guarded, text
from tests.exchange.pages import url as at
from upturn.exchange.models import Decision, Dissent, PracticeCard, Rung, Stand, Thanks, Trial

pytestmark = pytest.mark.django_db
WORDS = {
    "title": "Two minutes after each shift",
    "situation": "New leads take what they heard home.",
    "what_we_do": "Two of us sit down for two minutes and say what went well.",
    "how_we_managed": "We began with one team and a kitchen timer.",
    "conditions": "A quiet corner; not in the hour before closing.",
    "evidence": "Leads say that they sleep better. We have not measured it.",
}
PROPOSAL = "For one month each of us sits beside a new lead on the first day."


@pytest.fixture
def made() -> make.Made:
    return make.opened()


def share(made: make.Made, name: str = "Amber", **changes: str) -> HttpResponse:
    sent = guarded(key="a" * 32, topic=talk.topic(made).ref, **WORDS | changes)
    return browser_of(made[name]).post(at(made, "card_new"), sent)


def does(made: make.Made, name: str, where: str, act: str, **sent: str) -> HttpResponse:
    return browser_of(made[name]).post(where, guarded(act=act, **sent))


def test_a_card_has_every_field_or_comes_back_whole(made: make.Made) -> None:
    answer = share(made, evidence=" ")
    assert answer.status_code == 409
    assert "Every field of a card is filled; look at: evidence." in text(answer)
    assert WORDS["how_we_managed"] in text(answer)
    assert not PracticeCard.objects.exists()
    first, again = share(made), share(made)
    assert first.url == again.url
    page = text(browser_of(made["Client"]).get(first.url))
    assert all(words in page for words in WORDS.values())
    assert "Try it" not in page


def test_a_practice_is_tried_in_steps_adopted_and_thanked_for_without_a_number(
    made: make.Made,
) -> None:
    here = share(made).url
    sent = {"key": "b" * 32, "places": "9", "first": "2027-01-01", "how": "steps"}
    assert does(made, "Birch", here, "try", **sent).status_code == 302
    page = text(browser_of(made["Birch"]).get(here))
    assert "3 places from 4 January 2027" in page
    assert "They begin in drawn steps, so what it does can be read" in page
    assert "upturn exchange readout FILE" in page
    assert "Try it" in text(browser_of(made["Cedar"]).get(here))
    trial = Trial.objects.get()
    early = does(made, "Birch", here, "thank", words="Nobody leaves alone.")
    assert early.status_code == 403
    does(made, "Birch", here, "ask", trial=trial.ref, ask="ab12")
    does(made, "Birch", here, "adopt", trial=trial.ref)
    does(made, "Birch", here, "thank", words="Nobody leaves alone.")
    does(made, "Birch", here, "thank", words="Nobody leaves alone.")
    page = text(browser_of(made["Amber"]).get(here))
    assert page.count("Nobody leaves alone.") == 1
    assert "Birch" not in page
    assert Trial.objects.get().ask_ref == "ab12"


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"places": "9", "how": "together"}, "All begin together"),
        ({"places": "4", "how": "steps"}, "4 places begin; 6 are needed"),
    ],
)
def test_a_trial_says_before_it_begins_that_nothing_will_be_read(
    made: make.Made, sent: dict[str, str], said: str
) -> None:
    here = share(made).url
    does(made, "Birch", here, "try", key="b" * 32, first="2027-01-01", **sent)
    assert said in text(browser_of(made["Birch"]).get(here))


def test_bad_places_and_days_come_back_with_a_sentence(made: make.Made) -> None:
    here = share(made).url
    for places, first in (("0", "2027-01-01"), ("many", "2027-13-77"), ("501", "")):
        answer = does(made, "Birch", here, "try", key="b" * 32, places=places, first=first)
        assert answer.status_code == 409
        assert "1 to 500 places" in text(answer)
    assert not Trial.objects.exists()


def test_a_card_is_taken_back_by_the_company_that_shared_it(made: make.Made) -> None:
    here = share(made).url
    assert does(made, "Birch", here, "pull").status_code == 403
    assert does(made, "Amber", here, "pull").url == at(made, "cards")
    assert browser_of(made["Birch"]).get(here).status_code == 404
    assert WORDS["title"] not in text(browser_of(made["Birch"]).get(at(made, "cards")))
    assert not Thanks.objects.exists()


def propose(made: make.Made, **changes: str) -> str:
    sent = guarded(
        key="c" * 32, topic=talk.topic(made).ref, words=PROPOSAL, days="7", plan="own", **changes
    )
    answer = browser_of(made["Amber"]).post(at(made, "decision_new"), sent)
    assert answer.status_code == 302, text(answer)
    return str(answer.url)


def test_nobody_is_outvoted_and_silence_is_no_consent(made: make.Made) -> None:
    here = propose(made)
    for name in make.NAMES[:-1]:
        does(made, name, here, "stand", position="consent")
    does(made, "Amber", here, "read")
    page = text(browser_of(made["Amber"]).get(here))
    assert "silence is no consent" in page
    assert "Close it as it stands" not in page
    assert does(made, "Amber", here, "close").status_code == 409
    bare = does(made, "Fern", here, "stand", position="object", change="A quieter month")
    assert bare.status_code == 409
    assert "Say what speaks against it" in text(bare)
    assert "A quieter month" in text(bare)
    does(made, "Fern", here, "stand", position="object", words="Our first days are full.")
    page = text(browser_of(made["Client"]).get(here))
    assert "Our first days are full." in page
    assert "not said yet" not in page


def test_a_decision_closes_when_what_speaks_against_it_was_read_and_answered(
    made: make.Made,
) -> None:
    here = propose(made)
    for name in make.NAMES:
        does(made, name, here, "stand", position="consent")
    does(made, "Amber", here, "read")
    concern = {"position": "concern", "unnamed": "yes", "words": "New leads may feel watched."}
    does(made, "Cedar", here, "stand", **concern)
    dissent = Dissent.objects.get()
    assert dissent.party is None
    assert Stand.objects.get(party=made["Cedar"].party).position == "consent"
    assert "without a name" in text(browser_of(made["Birch"]).get(here))
    review = (timezone.localdate() + timedelta(days=60)).isoformat()
    assert does(made, "Amber", here, "close", review=review).status_code == 409
    does(made, "Amber", here, "read")
    assert does(made, "Amber", here, "close", review=review).status_code == 409
    does(made, "Birch", here, "answer", dissent=str(dissent.pk), words="They may say no to it.")
    assert does(made, "Amber", here, "close").status_code == 409
    assert does(made, "Amber", here, "close", review=review).status_code == 302
    page = text(browser_of(made["Dune"]).get(here))
    assert "New leads may feel watched." in page
    assert "They may say no to it." in page
    assert "It is looked at again on" in page
    late = does(made, "Fern", here, "stand", position="object", words="Too late.")
    assert late.status_code == 409


def test_nobody_answers_the_own_dissent_and_a_foreign_one_is_not_there(made: make.Made) -> None:
    here = propose(made)
    does(made, "Fern", here, "stand", position="object", words="Our first days are full.")
    pk = str(Dissent.objects.get().pk)
    assert does(made, "Fern", here, "answer", dissent=pk, words="Never mind.").status_code == 409
    for wrong in ("1", "9" * 19, "9" * 30, "x", ""):
        answer = does(made, "Birch", here, "answer", dissent=wrong, words="We hear you.")
        assert answer.status_code == 403
        assert "We hear you." in text(answer)


def test_brakes_on_the_topic_stop_the_decision_without_a_name(made: make.Made) -> None:
    here = propose(made)
    browser_of(made["Elder"]).post(at(made, "brakes", talk.topic(made).ref), {"act": "press"})
    page = text(browser_of(made["Amber"]).get(here))
    assert "The brakes are on for this topic" in page
    assert "Say where we stand" not in page
    stopped = does(made, "Birch", here, "stand", position="consent")
    assert stopped.status_code == 409


def test_a_joint_plan_names_the_customer_and_a_part_for_each(made: make.Made) -> None:
    sent = guarded(
        key="d" * 32, topic=talk.topic(made).ref, words=PROPOSAL, days="7", plan="joint", outcome=""
    )
    client = browser_of(made["Amber"])
    bare = client.post(at(made, "decision_new"), sent)
    assert bare.status_code == 409
    assert "A joint plan names what gets better for customers." in text(bare)
    here = client.post(
        at(made, "decision_new"), {**sent, "outcome": "Guests meet a lead who listens"}
    ).url
    for name in make.NAMES:
        does(made, name, here, "stand", position="consent")
    does(made, "Amber", here, "read")
    alone = {"words": "We all refuse to hire from them.", "customer": "x", "win": "x"}
    refused = does(made, "Amber", here, "part", **alone)
    assert refused.status_code == 409
    assert "We all refuse to hire from them." in text(refused)
    for name in make.NAMES[:-1]:
        part = {"words": f"A morning at {name}", "customer": "A lead who listens"}
        part |= {"win": "New leads stay", "starts": "2027-02-01"}
        does(made, name, here, "part", **part)
    page = text(client.get(here))
    assert "Guests meet a lead who listens" in page
    assert "A morning at Birch" in page
    assert "the joint plan has empty cells" in page
    assert does(made, "Amber", here, "close").status_code == 409
    does(made, "Fern", here, "abstain")
    assert "takes no part, openly" in text(client.get(here))
    assert does(made, "Amber", here, "close").status_code == 302
    assert Decision.objects.get().outcome == "consent"


def test_who_listens_sees_and_does_not_decide(made: make.Made) -> None:
    here = propose(made)
    low = make.come_in(made, "Grove")
    make.sign(made, low)
    assert low.sitting.rung == Rung.LISTEN
    for client in (browser_of(made["Client"]), convener_of(made)):
        assert client.get(here).status_code == 200
        refused = client.post(here, guarded(act="stand", position="consent"))
        assert refused.status_code == 403
    unknown = browser_of(low).post(here, guarded(act="stand", position="maybe"))
    assert unknown.status_code == 409
    assert not Stand.objects.exists()


def test_pages_of_another_exchange_are_not_there(made: make.Made) -> None:
    other = make.opened("Another one")
    card, decision = share(other).url, propose(other)
    for address in (card, decision):
        foreign = address.replace(other.exchange.ref, made.exchange.ref)
        assert browser_of(made["Amber"]).get(foreign).status_code == 404
        assert browser_of(made["Amber"]).get(address).url == reverse("exchange:code")
