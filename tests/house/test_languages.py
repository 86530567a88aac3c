"""A page speaks one language: the reader's where all of it is translated, and English elsewhere."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver
from django.utils.translation import override

from tests.factories import person, signed_in
from upturn.floor.urls import urlpatterns as of_the_floor
from upturn.house.context import IN_EVERY_LANGUAGE
from upturn.house.views import failed

ENGLISH = ("/", "/pyramid/", "/asks/", "/gaps/", "/me/", "/lab/", "/keeps/", "/find/", "/demo/")
LANGUAGES = ("ar", "de", "es")


def reader(language: str) -> Client:
    client = signed_in(person(role="leader"))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    return client


def read(client: Client, at: str, status: int = 200) -> str:
    with override(None):
        answer = client.get(at)
    assert answer.status_code == status, at
    return unescape(answer.content.decode())


def first_parts(patterns: list[URLPattern | URLResolver]) -> set[str]:
    found = set()
    for pattern in patterns:
        if isinstance(pattern, URLResolver) and str(pattern.pattern) == "":
            found |= first_parts(pattern.url_patterns)
        else:
            found.add(str(pattern.pattern).split("/")[0])
    return found


def test_what_is_translated_whole_is_the_live_floor() -> None:
    live = first_parts([each for each in of_the_floor if not str(each.pattern).startswith("lab/")])
    assert live == IN_EVERY_LANGUAGE
    others = [
        each
        for each in get_resolver().url_patterns
        if not (isinstance(each, URLResolver) and each.app_name == "floor")
    ]
    assert not first_parts(others) & IN_EVERY_LANGUAGE


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_that_is_not_translated_is_english_and_says_so(
    language: str, settings: object
) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]
    client = reader(language)
    for at in ENGLISH:
        page = read(client, at)
        assert '<html lang="en">' in page, at
        assert ">Home</a>" in page, at
        assert re.search(r"More</summary>", page), at


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_that_is_translated_is_so_with_its_frame(language: str) -> None:
    for at in ("/floor/", "/practice/"):
        page = read(reader(language), at)
        assert f'<html lang="{language}"' in page
        assert ">Home</a>" not in page
        assert "More</summary>" not in page


@pytest.mark.django_db
def test_the_choice_of_a_language_shows_what_was_chosen_on_an_english_page() -> None:
    page = read(reader("ar"), "/me/")
    assert '<option value="ar" lang="ar" selected>' in page
    assert page.count(" selected>") == 1


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused_in_the_language_of_its_page() -> None:
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "de"})
    client.force_login(person(role="leader"))
    for at, said in (("/practice/", "zu alt"), ("/language/", "too old")):
        with override(None):
            answer = client.post(at)
        assert answer.status_code == 403
        assert said in answer.content.decode()


@pytest.mark.django_db
def test_what_broke_says_so_in_the_language_it_says_it_has(rf: object) -> None:
    with override("ar"):
        page = failed(rf.get("/")).content.decode()  # type: ignore[attr-defined]
    assert '<html lang="ar" dir="rtl">' in page
    assert "Something broke" not in page
