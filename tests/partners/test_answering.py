"""From the card to the box: the promise, the questions, what was sent, and what is refused."""

import logging
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.factories import TODAY
from tests.partners.sheets import complete, sheet
from tests.partners.waves_scene import House, house, leaders, opened
from upturn.house.logs import QuietRoutes
from upturn.partners import commands, engine, queries
from upturn.partners.engine import Sheet
from upturn.partners.engine.errors import NotCast
from upturn.partners.queries import Refused
from upturn.record.errors import NotStored

NO_CARD = {"used", "expired", "closed", "cancelled", "forged", "foreign"}
PROMISED = ("you are one of 14", "fewer than 5", "at least 10 people", "Kitchen", "Not stored")
HOURS = {"q.time-customers": "3", "q.time-inside": "3", "q.time-again": "4"}


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A box that takes every card once, in the place of the real one."""
    held: dict[str, Any] = {}

    def found(token: str) -> Sheet | Refused:
        if token in held or token in {
            "used",
            "expired",
            "closed",
            "cancelled",
            "forged",
            "foreign",
        }:
            return Refused("used" if token in held else token)
        return sheet(token.partition("-")[0])

    def cast(token: str, answers: Mapping[str, int], words: Mapping[str, str]) -> None:
        if token in held:
            raise NotCast("used")
        held[token] = (dict(answers), dict(words))

    monkeypatch.setattr(queries, "sheet", found)
    monkeypatch.setattr(commands, "cast", cast)
    return held


def posted(asked: Sheet, **more: str) -> dict[str, str]:
    answers = {f"q.{key}": str(category) for key, category in complete(asked).items()}
    return {**answers, **HOURS, **more} if not asked.instrument.per_relation else answers | more


def shown(response: HttpResponse) -> str:
    return response.content.decode()


pytestmark = pytest.mark.django_db


def test_the_promise_comes_first_with_its_numbers(box: dict[str, Any], client: Client) -> None:
    page = shown(client.get("/answer/signs/"))
    promise, questions = page.split('class="screen step"', 1)
    for words in (
        "you are one of 14",
        "fewer than 5",
        "at least 10 people",
        "Kitchen",
        "Not stored",
    ):
        assert words in promise
    assert "sign-1" in questions
    assert "exchanged for one drawn by lot" not in promise


def test_a_wave_that_draws_answers_says_how_often(
    box: dict[str, Any], client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "sheet", lambda token: sheet(deniable=0.1, wave="drawn"))
    assert "With a chance of 10 %" in shown(client.get("/answer/signs/"))


def test_an_answer_goes_into_the_box_and_the_page_says_what_happens_now(
    box: dict[str, Any], client: Client
) -> None:
    done = client.post("/answer/signs/", posted(sheet(), **{"q.words": "More plates."}))
    assert done.status_code == 200
    assert box["signs"] == (complete(sheet()), {"words": "More plates."})
    assert "Your answer is in the box" in shown(done)
    assert "others answer" in shown(done)


def test_a_double_tap_finds_the_answer_in_the_box(box: dict[str, Any], client: Client) -> None:
    for expected in (200, 410, 410):
        done = client.post("/answer/signs/", posted(sheet()))
        assert done.status_code == expected
        assert "in the box" in shown(done)
        assert "cannot be changed or found again" in shown(done)
    assert len(box) == 1


def test_two_taps_at_once_put_one_answer_in(
    box: dict[str, Any], client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second has seen the card unspent, and is told by the box."""
    monkeypatch.setattr(queries, "sheet", lambda token: sheet())
    assert client.post("/answer/signs/", posted(sheet())).status_code == 200
    assert client.post("/answer/signs/", posted(sheet())).status_code == 410
    assert len(box) == 1


@pytest.mark.parametrize("language", engine.LANGUAGES)
@pytest.mark.parametrize(
    ("reason", "status"),
    [
        ("used", 410),
        ("expired", 410),
        ("closed", 410),
        ("cancelled", 410),
        ("forged", 404),
        ("foreign", 404),
    ],
)
def test_a_card_that_opens_nothing_says_why_and_what_helps(
    box: dict[str, Any], client: Client, reason: str, status: int, language: str
) -> None:
    words = engine.page_words(language)
    for method in (client.get, client.post):
        response = method(f"/answer/{reason}/?language={language}")
        assert response.status_code == status
        assert words[f"refused.{reason}"] in shown(response)
        assert words[f"refused.{reason}.help"] in shown(response).replace("&#x27;", "'")
        assert "<form" not in shown(response)


def test_what_is_wrong_stands_at_its_question_and_everything_else_is_still_there(
    box: dict[str, Any], client: Client
) -> None:
    wrong = posted(sheet(), **{"q.time-again": "1", "q.words": "More <plates>."})
    page = client.post("/answer/signs/?language=de", wrong)
    assert page.status_code == 400
    assert "Die Stunden ergeben 7." in shown(page)
    assert 'name="q.sign-1" value="2" checked' in shown(page)
    assert "More &lt;plates&gt;." in shown(page)
    assert box == {}


def test_an_empty_sheet_is_not_sent(box: dict[str, Any], client: Client) -> None:
    page = client.post("/answer/signs/", dict.fromkeys(HOURS, "0"))
    assert page.status_code == 400
    assert "All questions are left out" in shown(page)


def test_a_busy_box_keeps_the_answers_in_the_form(
    box: dict[str, Any], client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_given: object) -> None:
        raise NotStored

    monkeypatch.setattr(commands, "cast", busy)
    page = client.post("/answer/signs/", posted(sheet()))
    assert page.status_code == 503
    assert page["Retry-After"] == "5"
    assert 'value="2" checked' in shown(page)
    assert "not sent yet" in shown(page)


def test_words_that_do_not_fit_together_are_said_to(
    box: dict[str, Any], client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_given: object) -> None:
        raise NotCast("too_long")

    monkeypatch.setattr(commands, "cast", full)
    page = client.post("/answer/signs/", posted(sheet()))
    assert page.status_code == 413
    assert "longer than fits" in shown(page)
    huge = client.post("/answer/signs/", {"q.words": "x" * 200_000})
    assert huge.status_code == 413


def test_a_pulse_names_the_other_party_in_each_question(
    box: dict[str, Any], client: Client
) -> None:
    page = shown(client.get("/answer/pulse/"))
    assert "How well does \u2068Dish room\u2069 serve you?" in page
    assert "How well do you serve \u2068Dining room\u2069?" in page
    assert "What do you think \u2068Dish room\u2069 will say" in page
    client.post("/answer/pulse/", posted(sheet("pulse"), **{"q.2.words": "Earlier."}))
    assert box["pulse"] == (complete(sheet("pulse")), {"2.words": "Earlier."})


@pytest.mark.parametrize("language", engine.LANGUAGES)
def test_every_language_is_one_tap_away_and_shown_whole(
    box: dict[str, Any], client: Client, language: str
) -> None:
    response = client.get(f"/answer/signs/?language={language}")
    page = shown(response)
    assert f'<html lang="{language}"' in page
    assert ('dir="rtl"' in page.split(">")[1] + page.split(">")[2]) is (language == "ar")
    assert response["Content-Language"] == language
    assert len(re.findall(r'href="\?language=\w\w"', page)) == 4
    assert "{" not in re.sub(r'data-say="[^"]*"', "", page)
    signs = engine.instrument("signs")
    assert signs.wording(signs.items[1], side=sheet().side, language=language) in page


def test_the_language_of_the_device_is_taken_unless_another_is_chosen(
    box: dict[str, Any], client: Client
) -> None:
    for asked_for, expected in (("de-AT,de;q=0.9", "de"), ("fr", "en"), ("ar", "ar")):
        page = client.get("/answer/signs/", headers={"accept-language": asked_for})
        assert f'<html lang="{expected}"' in shown(page)
    refused = client.post("/answer/used/", {"language": "es"})
    assert '<html lang="es"' in shown(refused)


def test_nothing_is_kept_of_a_visit(
    box: dict[str, Any], client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    for response in (
        client.get("/answer/signs/?language=de"),
        client.post("/answer/signs/", posted(sheet())),
        client.get("/answer/used/"),
    ):
        assert "no-store" in response["Cache-Control"]
        assert not response.cookies
    assert client.cookies == {}


def test_no_page_brings_script_or_style_inline_or_from_elsewhere(
    box: dict[str, Any], client: Client
) -> None:
    page = shown(client.get("/answer/signs/"))
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*src=\"/static/)", page)
    assert not re.search(r"(src|href)=\"(https?:)?//", page)


def test_hostile_names_are_only_words(
    box: dict[str, Any], client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = '<img src=x onerror=alert(1)>{0.__class__}"'
    monkeypatch.setattr(
        queries, "sheet", lambda token: sheet(seat_name=bad, asks=bad, title=bad, wave="bad")
    )
    page = shown(client.get("/answer/signs/"))
    assert "<img" not in page
    assert "{0.__class__}" in page


def test_the_list_of_common_words_is_public_and_names_nobody(client: Client) -> None:
    house(kitchen=6)
    for language in engine.LANGUAGES:
        response = client.get(f"/answer/words/{language}.json")
        assert set(response.json()) == {"words", "dates", "alone"}
        assert "kitchen " not in response.json()["alone"]
        assert "public" in response["Cache-Control"]


@pytest.fixture
def staffed() -> House:
    made = house(kitchen=6, floor=7)
    leaders(made, 6)
    return made


def test_a_real_card_of_a_real_wave_is_answered_once(
    staffed: House, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    cards = opened(staffed, instrument="signs").cards
    token = next(iter(cards.values()))[0]
    asked = queries.sheet(token)
    assert isinstance(asked, Sheet)
    with caplog.at_level(logging.INFO):
        assert client.get(f"/answer/{token}/").status_code == 200
        done = client.post(f"/answer/{token}/", posted(asked, **{"q.words": "Zorblatt."}))
        assert done.status_code == 200
        again = client.post(f"/answer/{token}/", posted(asked))
        assert again.status_code == 410
        assert client.get(f"/answer/{token}x/").status_code == 404
    assert [each for each in caplog.records if QuietRoutes().filter(each)] == []
    assert "Zorblatt" not in caplog.text


def test_after_the_last_day_a_real_card_opens_nothing(
    staffed: House, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = next(iter(opened(staffed, instrument="keys").cards.values()))[0]
    late = TODAY + timedelta(days=15)
    monkeypatch.setattr("upturn.partners.queries.sheets.timezone.localdate", lambda *_given: late)
    page = client.get(f"/answer/{token}/")
    assert page.status_code == 410
    assert "The time to answer is over" in shown(page)
