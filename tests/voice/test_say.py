"""The public form: ten seconds, no account, no cookie, one ask per visit."""

import re
from datetime import timedelta

import pytest
from django.core import signing
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from tests import factories as f
from upturn.graph.models import Kind, Touchpoint
from upturn.record.errors import WriterBusy
from upturn.voice import commands, forms
from upturn.voice.models import Feedback

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_quiet_minute() -> None:
    cache.clear()


def moment() -> Touchpoint:
    return f.touchpoint("Paying", customers=f.party(kind=Kind.CUSTOMERS), place="Mill")


def visit(client: Client, point: Touchpoint) -> str:
    page = client.get(f"/say/{point.code}/").content.decode()
    found = re.search(r'name="visit" value="([^"]+)"', page)
    assert found, page
    return found[1]


def say(client: Client, point: Touchpoint, **given: str) -> HttpResponse:
    given.setdefault("visit", visit(client, point))
    return client.post(f"/say/{point.code}/", {"words": "The till was quick", **given})


def test_words_arrive_without_account_token_or_cookie() -> None:
    point, client = moment(), Client(enforce_csrf_checks=True)
    page = client.get(f"/say/{point.code}/")
    thanks = say(client, point, score="9")
    assert (page.status_code, thanks.status_code) == (200, 200)
    for response in (page, thanks):
        assert not response.cookies
        assert "Set-Cookie" not in response.headers
        assert "no-store" in response["Cache-Control"]
    said = Feedback.objects.get()
    assert (said.text, said.touchpoint, said.score) == ("The till was quick", point, 9.0)
    assert (said.score_raw, said.scale, said.channel) == ("9", "0-10", "form")


def test_nothing_about_the_customer_is_kept() -> None:
    point = moment()
    Client(REMOTE_ADDR="203.0.113.9", HTTP_USER_AGENT="Seen-Browser").get(f"/say/{point.code}/")
    say(Client(REMOTE_ADDR="203.0.113.9", HTTP_USER_AGENT="Seen-Browser"), point)
    row = Feedback.objects.values().get()
    kept = " ".join(str(value) for value in row.values())
    assert "203.0.113.9" not in kept
    assert "Seen-Browser" not in kept


def test_the_score_may_be_left_out_and_the_words_may_not() -> None:
    point, client = moment(), Client()
    assert say(client, point).status_code == 200
    assert Feedback.objects.get().score is None
    refused = say(client, point, words="  ", score="3")
    assert refused.status_code == 400
    assert "Write a word or two" in refused.content.decode()
    assert re.search(r'value="3"[^>]* checked', refused.content.decode())


def test_a_double_tap_is_one_comment_and_a_new_visit_another() -> None:
    point, client = moment(), Client()
    first = visit(client, point)
    for _ in range(2):
        assert say(client, point, visit=first).status_code == 200
    assert Feedback.objects.count() == 1
    say(client, point)
    assert Feedback.objects.count() == 2


def test_an_old_page_keeps_the_words_and_can_be_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    point, client = moment(), Client()
    old = visit(client, point)
    late = timezone.now().timestamp() + timedelta(hours=3).total_seconds()
    monkeypatch.setattr(signing.time, "time", lambda: late)
    refused = say(client, point, visit=old, words="Kind waiter")
    page = refused.content.decode()
    assert refused.status_code == 400
    assert "Kind waiter" in page
    assert "send them again" in page
    renewed = re.search(r'name="visit" value="([^"]+)"', page)
    assert renewed
    assert say(client, point, visit=renewed[1], words="Kind waiter").status_code == 200
    assert Feedback.objects.get().text == "Kind waiter"


@pytest.mark.parametrize("forged", ["", "nonsense", "WyJ4IiwgInkiXQ:1tKx:abc"])
def test_a_forged_visit_stores_nothing(forged: str) -> None:
    point = moment()
    assert say(Client(), point, visit=forged).status_code == 400
    assert not Feedback.objects.exists()


def test_a_visit_of_another_code_stores_nothing() -> None:
    here, there, client = moment(), moment(), Client()
    assert say(client, here, visit=visit(client, there)).status_code == 400
    assert not Feedback.objects.exists()


def test_a_program_that_fills_in_every_field_is_thanked_and_forgotten() -> None:
    assert say(Client(), moment(), website="https://spam.example").status_code == 200
    assert not Feedback.objects.exists()


def test_what_is_too_long_is_refused_in_a_sentence() -> None:
    point = moment()
    refused = say(Client(), point, words="x" * (forms.WORDS_MAX + 1))
    assert refused.status_code == 400
    assert "Up to 2000 characters fit. Yours has 2001." in refused.content.decode()
    huge = say(Client(), point, words="x" * (forms.BODY_BYTES_MAX + 1))
    assert huge.status_code == 413
    assert not Feedback.objects.exists()


@pytest.mark.parametrize(
    "hostile", ["a\0b", "<script>alert(1)</script>", "=cmd()", "🙂", "\u202egnp"]
)
def test_hostile_words_are_stored_as_words_or_refused(hostile: str) -> None:
    answer = say(Client(), moment(), words=hostile)
    assert answer.status_code in (200, 400)
    assert "<script>alert" not in answer.content.decode()
    assert Feedback.objects.count() == (answer.status_code == 200)


def test_too_many_at_once_wait_with_their_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "A_MINUTE_PER_CODE", 2)
    now = timezone.now()  # all in one minute
    monkeypatch.setattr("upturn.record.limits.timezone.now", lambda: now)
    point, client = moment(), Client()
    answers = [say(client, point, words=f"Words {n}") for n in range(3)]
    assert [each.status_code for each in answers] == [200, 200, 429]
    assert answers[-1]["Retry-After"] == "60"
    assert "Words 2" in answers[-1].content.decode()
    assert say(client, moment()).status_code == 200


def test_a_busy_writer_is_said_kindly_and_the_same_may_be_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    point, client = moment(), Client()
    ticket = visit(client, point)

    def busy(*args: object, **kwargs: object) -> bool:
        raise WriterBusy("2048 writes are waiting.")

    with monkeypatch.context() as patch:
        patch.setattr(commands, "hand_in", busy)
        answer = say(client, point, visit=ticket, words="Do not lose me")
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert "Do not lose me" in answer.content.decode()
    assert ticket in answer.content.decode()
    assert say(client, point, visit=ticket, words="Do not lose me").status_code == 200
    assert Feedback.objects.count() == 1


def test_the_form_speaks_the_customers_language_and_direction() -> None:
    point = moment()
    page = Client(headers={"Accept-Language": "ar"}).get(f"/say/{point.code}/").content.decode()
    assert 'lang="ar" dir="rtl"' in page


def test_the_form_runs_without_script_and_without_inline_style() -> None:
    page = Client().get(f"/say/{moment().code}/").content.decode()
    assert "<script" not in page
    assert "style=" not in page
    assert "<style" not in page


def test_an_unknown_code_leads_nowhere_in_a_sentence() -> None:
    answer = Client().get("/say/nosuchcode/")
    assert answer.status_code == 404
    assert "leads nowhere" in answer.content.decode()
    assert Client().post("/say/nosuchcode/", {"words": "x"}).status_code == 404
