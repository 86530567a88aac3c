"""The editor of scripts: a form a step, moved by keys, in every language, without a file."""

import re
from html import unescape
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.loop.held import facilitator
from tests.loop.pages.rooms import signed_in
from upturn.loop.engine import Script, script_of, shipped_script
from upturn.loop.models import StoredScript

pytestmark = pytest.mark.django_db


@pytest.fixture
def console() -> Client:
    return signed_in(facilitator())


def made() -> Script:
    return script_of(StoredScript.objects.get().content)


def asks(script: Script) -> list[str]:
    return [step.ask["en"] for step in script.steps]


def filled(console: Client, at: str) -> dict[str, Any]:
    """What a form holds before anybody types."""
    page = console.get(at).content.decode()
    areas = re.findall(r'<textarea name="([^"]+)"[^>]*>\s*([^<]*)</textarea>', page)
    given = {name: unescape(words) for name, words in areas}
    for tag in re.findall(r"<input [^>]+>", page):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ("checkbox" not in tag or "checked" in tag):
            given[name[1]] = unescape(value[1]) if value else "on" * ("checkbox" in tag)
    chosen = re.search(r'<option value="([^"]+)" selected', page)
    return given | {"kind": chosen[1] if chosen else "question"}


def arranged(console: Client, ref: str, at: int, act: str, **more: Any) -> HttpResponse:
    given = {"act": act, "key": "k1", "turn": "0"} | more
    return console.post(f"/scripts/{ref}/steps/{at}/arrange/", given)  # type: ignore[return-value]


@pytest.mark.parametrize("key", ["huddle", "appreciative_pairs", "exchange_round"])
def test_a_step_kept_as_it_stands_is_the_same_step(console: Client, key: str) -> None:
    script = shipped_script(key)
    for at in range(1, len(script.steps) + 1):
        form = f"/scripts/{key}/steps/{at}/"
        assert console.post(form, filled(console, form)).status_code == 302, at
        assert made() == script
        StoredScript.objects.all().delete()


def test_a_changed_step_of_a_shipped_script_is_kept_in_a_copy(console: Client) -> None:
    form = "/scripts/huddle/steps/1/"
    given = filled(console, form) | {
        "ask-en": "What  went well?", "ask-ar": "", "minutes": "2.5", "words": "20", "many": "on",
    }  # fmt: skip
    answer = console.post(form, given)
    ref = StoredScript.objects.get().ref
    assert answer["Location"] == f"/scripts/{ref}/#step-1"
    step = made().steps[0]
    assert step.ask["en"] == "What went well?"
    assert "ar" not in step.ask
    assert (step.minutes, step.words, step.many) == (2.5, 20, True)
    assert shipped_script("huddle").steps[0].ask["en"] != "What went well?"


def test_a_new_step_is_written_after_another(console: Client) -> None:
    page = console.get("/scripts/huddle/").content.decode()
    assert 'href="/scripts/huddle/steps/2/new/"' in page
    form = "/scripts/huddle/steps/2/new/"
    given = filled(console, form) | {
        "kind": "pairs", "ask-en": "Find your pair", "worksheet-en": "When did it go well?\n\nHow?",
        "worksheet-de": "Wann ging es gut?",
    }  # fmt: skip
    assert console.post(form, given).status_code == 302
    before = asks(shipped_script("huddle"))
    assert asks(made()) == [before[0], "Find your pair", *before[1:]]
    assert made().steps[1].worksheet == (
        {"en": "When did it go well?", "de": "Wann ging es gut?"},
        {"en": "How?"},
    )


def test_steps_move_by_keys_and_the_focus_goes_along(console: Client) -> None:
    answer = arranged(console, "huddle", 1, "down")
    ref, before = StoredScript.objects.get().ref, asks(shipped_script("huddle"))
    assert asks(made()) == [before[1], before[0], *before[2:]]
    assert answer["Location"] == f"/scripts/{ref}/?at=2&moved=down"
    page = console.get(answer["Location"]).content.decode()
    assert re.findall(r'value="(\w+)" autofocus', page) == ["down"]
    arranged(console, ref, 2, "up")
    assert asks(made()) == before
    page = console.get(f"/scripts/{ref}/?at=1&moved=up").content.decode()
    assert re.findall(r'value="(\w+)" autofocus', page) == ["down"], "the first goes no further up"


def test_a_step_is_taken_out_but_never_the_last_one(console: Client) -> None:
    arranged(console, "huddle", 1, "remove")
    ref = StoredScript.objects.get().ref
    for turn in range(5):
        answer = arranged(console, ref, 1, "remove", turn=str(turn))
    assert len(made().steps) == 1
    page = unescape(console.get(answer["Location"]).content.decode())
    assert "Give one to 40" in page
    assert 'value="remove"' not in page


def test_what_cannot_stand_is_said_in_its_form_and_the_words_are_kept(console: Client) -> None:
    form = "/scripts/huddle/steps/1/"
    given = filled(console, form) | {"kind": "build", "hint-en": "Mine", "hint-de": "Meines"}
    answer = console.post(form, given)
    page = unescape(answer.content.decode())
    assert answer.status_code == 400
    assert "Put it straight after a brainstorm" in page
    assert "Meines" in page
    assert console.post(form, given | {"ask-en": " "}).status_code == 400
    assert not StoredScript.objects.exists()


def test_the_second_of_two_who_change_a_script_is_told(console: Client) -> None:
    arranged(console, "huddle", 1, "down")
    ref = StoredScript.objects.get().ref
    form = f"/scripts/{ref}/steps/1/"
    given = filled(console, form)
    arranged(console, ref, 1, "down")
    answer = console.post(form, given | {"ask-en": "Mine"})
    assert answer.status_code == 409
    assert "Somebody else moved on before you" in answer.content.decode()
    assert "Mine" in answer.content.decode()
    assert "Mine" not in asks(made())


def test_pressed_twice_a_copy_is_made_once(console: Client) -> None:
    for _press in range(2):
        arranged(console, "huddle", 1, "down")
    assert StoredScript.objects.count() == 1


@pytest.mark.parametrize("at", ["0", "99"])
def test_a_step_that_is_none_is_not_there(console: Client, at: str) -> None:
    assert console.get(f"/scripts/huddle/steps/{at}/").status_code == 404
    assert console.get(f"/scripts/huddle/steps/{at}/new/").status_code == 404
    assert arranged(console, "huddle", int(at), "up").status_code == 302
    assert not StoredScript.objects.exists()
