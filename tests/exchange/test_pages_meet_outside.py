"""What people outside read, and what came of it; and a month's film, kept by the host."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.exchange import factories as make
from tests.exchange.pages import browser_of, convener_of, guarded, url
from tests.factories import person
from upturn.exchange.commands import people as commands
from upturn.exchange.models import Media, OutsiderPage

pytestmark = pytest.mark.django_db
STORY = "Three houses learn from each other."
NUMBERS = ["Three companies", "Two practices adopted", "One year"]


@pytest.fixture
def made() -> make.Made:
    return make.opened(names=make.NAMES[:3])


def written(made: make.Made, **changes: object) -> HttpResponse:
    sent = guarded(act="write", story=STORY) | {"numbers": NUMBERS} | changes
    return convener_of(made).post(url(made, "outside"), sent)


def decide(made: make.Made, name: str, act: str, **changes: object) -> HttpResponse:
    page = OutsiderPage.objects.latest("number")
    sent = {"act": act, "number": page.number, "digest": page.digest} | changes
    return browser_of(made[name]).post(url(made, "outside"), sent)


def outside(made: make.Made) -> HttpResponse:
    return Client().get(url(made, "out"))


def test_people_outside_read_only_what_every_party_cleared(made: make.Made) -> None:
    assert written(made).status_code == 302
    for name in (*make.NAMES[:3], "Client"):
        assert outside(made).status_code == 404
        assert decide(made, name, "clear").status_code == 302
    page = outside(made).content.decode()
    assert all(each in page for each in (STORY, *NUMBERS))
    assert not any(each.name in page for each in made.companies.values())
    assert decide(made, "Birch", "back").status_code == 302
    assert outside(made).status_code == 404


def test_no_page_and_no_exchange_look_the_same_from_outside(made: make.Made) -> None:
    none = Client().get(reverse("exchange:out", args=["nowhere"]))
    assert none.status_code == outside(made).status_code == 404
    words = [each.content.decode().replace("nowhere", "") for each in (none, outside(made))]
    assert words[0] == words[1].replace(made.exchange.ref, "")


def test_another_text_is_not_cleared_by_a_word_on_the_first(made: make.Made) -> None:
    written(made)
    assert decide(made, "Amber", "clear", digest="0" * 64).status_code == 409
    for name in (*make.NAMES[:3], "Client"):
        decide(made, name, "clear")
    written(made, story="Another story.")
    assert STORY in outside(made).content.decode()
    assert browser_of(made["Amber"]).get(url(made, "outside")).context["pages"][0].waits_for == 4


def test_the_steward_and_the_host_clear_nothing(made: make.Made) -> None:
    written(made)
    assert decide(made, "Steward", "clear").status_code == 403
    answer = convener_of(made).post(url(made, "outside"), {"act": "clear", "number": 1})
    assert answer.status_code == 403


def test_a_page_that_is_not_whole_comes_back_with_what_was_typed(made: make.Made) -> None:
    answer = written(made, numbers=["Three companies", "", "One year"])
    assert answer.status_code == 409
    page = answer.content.decode()
    assert STORY in page
    assert "Three companies" in page
    assert written(made, guard_version="").status_code == 409
    assert not OutsiderPage.objects.exists()


def test_what_came_of_it_says_whether_it_is_proven(made: make.Made) -> None:
    for design in ("", "roll-out in steps"):
        sent = guarded(act="outcome", words=f"Fewer calls come back {design}", design=design)
        convener_of(made).post(url(made, "outside"), sent)
    page = browser_of(made["Client"]).get(url(made, "outside")).content.decode()
    assert page.count("Claimed, not proven.") == 1
    assert page.count("By a design: roll-out in steps.") == 1


FILM = bytes(range(256)) * 8


def put_up(made: make.Made, who: str = "Amber", **changes: object) -> HttpResponse:
    file = SimpleUploadedFile("a.webm", FILM, content_type="video/webm")
    sent = guarded(name="A morning on the floor") | {"file": file} | changes
    return browser_of(made[who]).post(url(made, "media"), sent)


def test_a_film_is_kept_here_and_given_in_parts(made: make.Made) -> None:
    assert put_up(made).status_code == 302
    ref = Media.objects.get().ref
    page = browser_of(made["Client"]).get(url(made, "media"))
    assert "A morning on the floor" in page.content.decode()
    assert "media-src 'self'" in page["Content-Security-Policy"]
    there = url(made, "media_content", ref)
    whole = browser_of(made["Birch"]).get(there)
    assert (whole.content, whole["Content-Type"]) == (FILM, "video/webm")
    for asked, status, content in (
        ("bytes=0-9", 206, FILM[:10]),
        ("bytes=2000-", 206, FILM[2000:]),
        ("bytes=2000-99999", 206, FILM[2000:]),
        ("bytes=99999-", 416, b""),
        ("bytes=9-2", 416, b""),
        ("lines=1-2", 200, FILM),
    ):
        answer = browser_of(made["Birch"]).get(there, headers={"Range": asked})
        assert (answer.status_code, answer.content) == (status, content), asked
    assert "attachment" in browser_of(made["Birch"]).get(f"{there}?keep=1")["Content-Disposition"]
    other = make.opened("Another", names=make.NAMES[:3])
    assert browser_of(other["Amber"]).get(there).status_code == 302
    assert browser_of(other["Amber"]).get(url(other, "media_content", ref)).status_code == 404


def test_what_is_no_film_or_too_large_is_refused_in_a_sentence(
    made: make.Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = SimpleUploadedFile("a.html", b"<b>", content_type="text/html")
    for wrong in ({"file": text}, {"file": ""}, {"name": " "}):
        answer = put_up(made, **wrong)
        assert answer.status_code == 409
        assert "40 megabytes" in answer.content.decode()
    monkeypatch.setattr(commands, "MEDIA_BYTES", len(FILM) - 1)
    assert put_up(made).status_code == 409
    assert not Media.objects.exists()
    assert put_up(made, "Client").status_code == 403


def keep(made: make.Made, **fields: str) -> HttpResponse:
    return convener_of(made).post(url(made, "keepers"), fields)


def test_somebody_else_keeps_it_too_and_it_is_never_without_anybody(made: make.Made) -> None:
    other, server = person(role="facilitator"), person(role="server")
    client = Client()
    client.force_login(other)
    assert client.get(url(made, "here")).status_code == 404
    assert keep(made, act="stop").status_code == 403
    assert keep(made, username="nobody").status_code == 409
    assert keep(made, username=server.username).status_code == 403
    assert keep(made, username=f" {other.username} ").status_code == 302
    assert keep(made, username=other.username).status_code == 302
    assert client.get(url(made, "keepers")).content.decode().count(str(other)) >= 1
    assert keep(made, act="stop").status_code == 302
    assert convener_of(made).get(url(made, "here")).status_code == 404
    assert client.get(url(made, "here")).status_code == 200
    assert browser_of(made["Amber"]).get(url(made, "keepers")).status_code in {302, 404}
