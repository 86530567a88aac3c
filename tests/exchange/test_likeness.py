"""Who sits in a similar boat is hinted at in bands, by consent; practices say for which team."""

from dataclasses import replace

import pytest
from django.http import HttpResponse

from tests.exchange import factories as make
from tests.exchange import talk
from tests.exchange.pages import browser_of, convener_of, guarded, text
from tests.exchange.pages import url as at
from tests.exchange.test_cards import WORDS
from tests.exchange.test_pages_talk_deciding import WORDS as SENT
from upturn.exchange.commands import cards, hosting, leaving, likeness, people, rounds
from upturn.exchange.commands.refusals import NotYours, TooLow
from upturn.exchange.engine import QUESTIONS, Incomplete, item
from upturn.exchange.engine.likeness import TEAMS
from upturn.exchange.engine.lists import YOUNG_TEAM
from upturn.exchange.models import Likeness, Pair, PracticeCard, Round, Rung
from upturn.exchange.queries import likeness as read
from upturn.exchange.views.likeness_words import ALIKE, MATTERS
from upturn.exchange.views.likeness_words import TEAMS as SAID_OF_TEAMS

pytestmark = pytest.mark.django_db
TOLD = {
    "Amber": ("small", "under_a_year", "phone"),
    "Birch": ("small", "under_a_year", "phone"),
    "Cedar": ("small", "", "phone"),
    "Dune": ("small", "", "phone"),
    "Elder": ("small", "longer", "writing"),
    "Fern": ("large", "", "phone"),
}
BOTH, SIZE, CHANNEL = ("size", "channel"), ("size",), ("channel",)
READ = {
    "Amber": {"Birch": BOTH, "Cedar": BOTH, "Dune": BOTH, "Elder": SIZE, "Fern": CHANNEL},
    "Elder": {"Amber": SIZE, "Birch": SIZE, "Cedar": SIZE, "Dune": SIZE},
    "Fern": {"Amber": CHANNEL, "Birch": CHANNEL, "Cedar": CHANNEL, "Dune": CHANNEL},
}
"""Two share a tenure, and one alone has another, writes, or is large: of that nobody reads."""
HINT = {
    BOTH: "In much the same boat as you: same size, same channel",
    SIZE: "In one thing like you: same size",
    CHANNEL: "In one thing like you: same channel",
}


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> make.Made:
    talk.begin_now(monkeypatch)
    return make.opened()


def say(made: make.Made, name: str, *said: str) -> None:
    likeness.say_likeness(made[name].sitting, dict(zip(MATTERS, said, strict=True)))


def all_say(made: make.Made) -> None:
    for name, said in TOLD.items():
        say(made, name, *said)


def shared(made: make.Made, name: str, *, tenure: str = "any") -> PracticeCard:
    words = replace(WORDS, title=f"How {name} does it")
    draft = cards.CardDraft(key=tenure, topic=talk.topic(made).ref, words=words, tenure=tenure)
    return cards.share_card(made[name].sitting, draft, talk.checked(), today=make.TODAY)


def sends(made: make.Made, name: str, **sent: str) -> HttpResponse:
    return browser_of(made[name]).post(at(made, "boat"), {"act": "say", **sent})


def asked_on_young_teams(made: make.Made, language: str = "en") -> Round:
    draft = rounds.RoundDraft(
        key=language,
        topic=talk.topic(made).ref,
        kind="question",
        question=item(YOUNG_TEAM, among=QUESTIONS).words[language],
        until=talk.UNTIL,
    )
    return rounds.open_round(made.convener, draft, talk.checked(), now=talk.NOW)


def test_what_a_hint_says_to_whom(made: make.Made) -> None:
    """Bands only: in what both are alike, beside what has a name; alone in a band says nothing."""
    all_say(made)
    refs = {name: shared(made, name).ref for name in make.NAMES}
    for viewer, expected in READ.items():
        assert read.alike(made[viewer].sitting, made.exchange) == expected
        for other in set(make.NAMES) - {viewer}:
            page = text(browser_of(made[viewer]).get(at(made, "card", refs[other])))
            hints = [said for said in HINT.values() if said in page]
            assert hints == ([HINT[expected[other]]] if other in expected else []), other
            bands = [said for _asked, bands in MATTERS.values() for said in bands.values()]
            assert [said for said in map(str, bands) if said in page] == []
    for viewer in (made["Client"].sitting, made["Steward"].sitting, made.convener):
        assert read.alike(viewer, made.exchange) == {}
    assert "In much the same" not in text(convener_of(made).get(at(made, "cards")))


def test_before_five_say_the_same_nothing_shows(made: make.Made) -> None:
    for name in make.NAMES[:4]:
        say(made, name, "small", "", "phone")
    assert read.alike(made["Amber"].sitting, made.exchange) == {}
    say(made, "Elder", "small", "", "")
    assert set(read.alike(made["Amber"].sitting, made.exchange).values()) == {SIZE}


def test_the_hint_stands_beside_cards_answers_and_pairs(made: make.Made) -> None:
    all_say(made)
    shared(made, "Birch")
    row = talk.asked(made)
    talk.answer(made, row)
    people.draw_pairs(made.convener, made.exchange, seed=1, today=make.TODAY)
    pair = Pair.objects.filter(seeker=made["Amber"].party).first()
    pair = pair or Pair.objects.get(giver=made["Amber"].party)
    own, other = pair.seeker.name, pair.giver.name
    said = HINT[READ["Amber"][other if own == "Amber" else own]]
    browser = browser_of(made["Amber"])
    assert HINT[BOTH] in text(browser.get(at(made, "cards")))
    page = text(browser.get(at(made, "round", row.ref)))
    assert (page.count(HINT[BOTH]), page.count(HINT[SIZE]), page.count(HINT[CHANNEL])) == (3, 1, 1)
    assert said in text(browser.get(at(made, "pairs")))
    assert said in text(browser.get(at(made, "pair", pair.pk)))


def test_an_answer_without_a_name_has_no_hint(made: make.Made) -> None:
    all_say(made)
    row = talk.asked(made, "host")
    talk.answer(made, row)
    page = text(browser_of(made["Amber"]).get(at(made, "round", row.ref)))
    assert talk.SAID in page
    assert [said for said in map(str, ALIKE.values()) if said in page] == []


def test_it_is_said_and_taken_back_on_the_own_page(made: make.Made) -> None:
    where = at(made, "trust")
    assert "Take it back" not in text(browser_of(made["Amber"]).get(where))
    assert sends(made, "Amber", size="small").url == f"{where}#boat"
    page = text(browser_of(made["Amber"]).get(where))
    assert '<option value="small" selected>' in page
    assert page.count("selected>") == 1
    assert 'value="small" selected' not in text(browser_of(made["Birch"]).get(where))
    assert sends(made, "Amber", size="120").status_code == 409
    assert Likeness.objects.get().size == "small"
    hosting.rest(made.convener, made.exchange)
    assert sends(made, "Amber", size="large").status_code == 409
    assert sends(made, "Amber", act="back").status_code == 302
    assert not Likeness.objects.exists()


def test_leaving_all_unsaid_keeps_no_row(made: make.Made) -> None:
    say(made, "Amber", "small", "", "")
    sends(made, "Amber", size="", tenure="", channel="")
    assert not Likeness.objects.exists()


def test_it_takes_the_rung_on_which_practice_is_shared_and_goes_below_it(made: make.Made) -> None:
    all_say(made)
    leaving.step(made["Birch"].sitting, Rung.SHARE_PRACTICE, today=make.TODAY)
    assert "Birch" in read.alike(made["Amber"].sitting, made.exchange)
    leaving.step(made["Birch"].sitting, Rung.LISTEN, today=make.TODAY)
    assert not Likeness.objects.filter(party=made["Birch"].party).exists()
    assert "Birch" not in read.alike(made["Amber"].sitting, made.exchange)
    with pytest.raises(TooLow):
        say(made, "Birch", "small", "", "")
    with pytest.raises(NotYours):
        say(made, "Client", "small", "", "")
    page = text(browser_of(made["Birch"]).get(at(made, "trust")))
    assert "open from the rung “share practice” on" in page
    assert 'id="boat"' not in text(browser_of(made["Client"]).get(at(made, "trust")))


def test_who_leaves_takes_it_along(made: make.Made) -> None:
    all_say(made)
    party = made["Birch"].party
    leaving.leave(made["Birch"].sitting, words_too=False, today=make.TODAY)
    assert not Likeness.objects.filter(party=party).exists()
    assert set(read.alike(made["Amber"].sitting, made.exchange)) == set()


def test_the_question_on_young_teams_shows_practices_made_for_them(made: make.Made) -> None:
    for name, tenure in zip(make.NAMES, TEAMS, strict=False):
        shared(made, name, tenure=tenure)
    for language in ("en", "de"):
        row = asked_on_young_teams(made, language)
        page = text(browser_of(made["Fern"]).get(at(made, "round", row.ref)))
        assert "Practices made for young teams" in page
        assert [name for name in make.NAMES if f"How {name} does it" in page] == ["Amber"]
    other = text(browser_of(made["Fern"]).get(at(made, "round", talk.asked(made).ref)))
    assert "Practices made for young teams" not in other


def test_a_card_says_for_which_team_it_was_made_and_cards_are_found_by_it(made: make.Made) -> None:
    browser = browser_of(made["Amber"])
    assert "selected>any team" in text(browser.get(at(made, "card_new")))
    sent = guarded(key="a" * 32, topic=talk.topic(made).ref, **SENT, tenure="longer")
    here = browser.post(at(made, "card_new"), sent).url
    assert "Made for a team of long standing." in text(browser_of(made["Birch"]).get(here))
    shared(made, "Cedar")
    for code in SAID_OF_TEAMS:
        page = text(browser.get(at(made, "cards"), {"team": code}))
        assert "<b>2 practices</b>" in page
        assert (SENT["title"] in page) == (code == "longer")
        assert ("How Cedar does it" in page) == (code == "any")
        assert ("No card says that" in page) == (code not in {"longer", "any"})
    assert SENT["title"] in text(browser.get(at(made, "cards"), {"team": "best"}))
    with pytest.raises(Incomplete, match="which teams"):
        shared(made, "Dune", tenure="three weeks")
