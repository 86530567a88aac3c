"""The pages on which people tell the reader what words mean."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories as f
from tests.voice.said import comment, heard, stored, theme, weeks_ago
from tests.voice.test_pages import floor_of_mill, text_of
from upturn.graph.models import Touchpoint
from upturn.record.models import JournalEntry, ReadingLog
from upturn.stats.draws import generator
from upturn.voice import commands, jobs
from upturn.voice.models import (
    Confirmation,
    Feedback,
    FoundTheme,
    Lesson,
    Reading,
    Tally,
    Theme,
)

pytestmark = pytest.mark.django_db
LIST = "/themes/confirm/"


def chief() -> Client:
    return f.signed_in(f.person(role="leader"))


def doubts(number: int = 3) -> tuple[Touchpoint, list[Reading]]:
    _, _, point = floor_of_mill()
    for at in range(number):
        heard(point, [5.0], week=weeks_ago(1), text=f"The till was cold, number {at}")
    Reading.objects.update(theme_confidence=0.3)
    return point, list(Reading.objects.order_by("-pk"))


def shown(client: Client, address: str = LIST) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return text_of(response.content.decode())


def test_a_comment_is_confirmed_without_script() -> None:
    cold, (point, rows), client = theme(), doubts(), chief()
    given = {"feedback": rows[0].pk, "theme": cold.pk, "touchpoint": point.pk, "polarity": "-1"}
    response = client.post(LIST, given | {"keep": "1"}, follow=True)
    page = text_of(response.content.decode())
    assert "Kept." in page
    assert "19 more, and the reader learns" in page
    assert "number 2" not in page
    assert Reading.objects.get(pk=rows[0].pk).theme == cold
    assert JournalEntry.objects.filter(subject_ref=str(rows[0].pk)).exists()


def test_with_script_only_the_list_comes_back() -> None:
    _, rows = doubts()
    client = chief()
    response = client.post(
        LIST, {"feedback": rows[0].pk, "keep": "1"}, headers={"HX-Request": "true"}
    )
    assert response.content.decode().startswith('<div id="confirming">')
    assert not Reading.objects.get(pk=rows[0].pk).touchpoint


def test_later_leaves_it_and_taking_back_shows_it_first() -> None:
    (_, rows), client = doubts(), chief()
    page = client.post(LIST, {"feedback": rows[0].pk, "later": "1"}, follow=True)
    assert "number 2" not in page.content.decode()
    assert not Confirmation.objects.exists()
    client.post(LIST, {"feedback": rows[2].pk, "keep": "1", "polarity": "1"})
    assert Reading.objects.get(pk=rows[2].pk).polarity == 1
    back = client.post(LIST, {"feedback": rows[2].pk, "back": "1"}, follow=True)
    words = text_of(back.content.decode())
    assert words.index("number 0") < words.index("number 2") < words.index("number 1")
    assert Reading.objects.get(pk=rows[2].pk).polarity == 0


@pytest.mark.parametrize(
    "given",
    [{}, {"feedback": "x"}, {"feedback": "9" * 40}, {"feedback": "1", "theme": "9" * 40}],
)
def test_what_nobody_can_mean_changes_nothing(given: dict[str, str]) -> None:
    doubts()
    response = chief().post(LIST, given)
    assert response.status_code in {302, 404}
    assert not Confirmation.objects.exists()


def test_an_address_that_was_meddled_with_shows_the_list() -> None:
    _, rows = doubts()
    last = "?skipped=1,a,-2," + "7" * 400 + f",{rows[0].pk}&last=²&first=x"
    assert "number 1" in shown(chief(), LIST + last)


def test_a_comment_that_was_taken_back_meanwhile_is_told() -> None:
    assert chief().post(LIST, {"feedback": 10**9, "keep": "1"}).status_code == 404


def test_reading_the_list_is_noted_and_servers_may_not_open_it() -> None:
    doubts()
    shown(chief())
    assert ReadingLog.objects.filter(ref="_confirm").exists()
    assert f.signed_in(f.person()).get(LIST).status_code == 403


def test_the_list_asks_no_more_often_when_there_is_more() -> None:
    counted = []
    for number in (2, 30):
        doubts(number)
        client = chief()
        shown(client)
        with CaptureQueriesContext(connection) as captured:
            shown(client)
        counted.append(len(captured))
    assert max(counted) <= 12


def test_flags_stand_beside_the_words() -> None:
    doubts()
    Feedback.objects.update(near_duplicate=True, bot_like=True, masked=1)
    page = shown(chief())
    for flag in ("says almost the same as another", "looks machine-made", "a number was removed"):
        assert flag in page


def test_what_the_last_lesson_changed_is_told() -> None:
    doubts()
    lesson = Lesson.objects.create(upto=10**6, confirmations=20)
    assert "It is learning from 20 confirmed comments just now." in shown(chief())
    Lesson.objects.filter(pk=lesson.pk).update(looked_at=100, otherwise=12)
    assert "12 of the next 100 are understood otherwise" in shown(chief())


def test_markup_in_words_stays_words() -> None:
    doubts()
    Feedback.objects.update(text="<script>alert(1)</script> & <b>cold</b>")
    assert "<script>alert" not in chief().get(LIST).content.decode()


def test_a_sentence_shows_what_it_would_find_before_it_is_kept() -> None:
    theme("cold", "Cold food", words="the soup was cold")
    stored(comment("Nowhere to leave the dog"), comment("The soup was cold"), comment("👍"))
    given = {"name": "Dogs", "descriptions": "our dog was welcome", "preview": "1"}
    page = text_of(chief().post("/themes/", given).content.decode())
    assert "1 of the newest 3 comments would be read so" in page
    assert "Nowhere to leave the dog" in page
    assert Theme.objects.count() == 1
    part = chief().post("/themes/", given, headers={"HX-Request": "true"}).content.decode()
    assert part.startswith('<div id="preview"')


def test_a_theme_that_is_being_changed_is_not_its_own_rival() -> None:
    theme("cold", "Cold food", words="the soup was cold")
    stored(comment("The soup was cold"))
    given = {"name": "Cold", "descriptions": "the soup was cold", "preview": "1"}
    page = text_of(chief().post("/themes/cold/", given).content.decode())
    assert "1 of the newest 1 comment" in page


def test_one_sentence_places_words_about_a_moment_that_its_name_does_not_say() -> None:
    guests, floor, point = floor_of_mill()
    f.touchpoint("Arriving", customers=guests, servers=(floor,), place="Mill")
    stored(comment("The card machine did not work", place="Mill"))
    jobs.read_unread()
    assert Reading.objects.get().touchpoint is None
    client, address = chief(), f"/customers/{point.key}/sentence/"
    given = {"description": "the bill, the card machine, the receipt"}
    preview = text_of(client.post(address, given | {"preview": "1"}).content.decode())
    assert "1 of the newest 1 comment" in preview
    assert client.post(address, given).status_code == 302
    jobs.read_unread()
    assert Reading.objects.get().touchpoint == point
    assert f.signed_in(f.person()).get(address).status_code == 403


def found_parking() -> FoundTheme:
    """Words on no theme, alike enough to be found by the weekly search."""
    rng = generator(11)
    ends = [f"number {n}" for n in rng.permutation(400)]
    lots = ["No space left in the car park, {}", "We could not park the car anywhere, {}"]
    damp = ["The towels in our room were damp, {}", "Damp bathroom, wet towels, {}"]
    said = [text.format(ends.pop()) for text in [*lots, *damp] for _ in range(50)]
    stored(*(comment(text) for text in said))
    theme()
    rows = Feedback.objects.order_by("pk")
    commands.store_readings(
        [
            Reading(
                feedback=row,
                touchpoint_confidence=0,
                theme_confidence=0,
                polarity=0,
                week=row.week,
            )
            for row in rows
        ]
    )
    assert jobs.search_for_themes()
    return FoundTheme.objects.order_by("-count").first() or FoundTheme()


def test_themes_are_found_shown_and_named() -> None:
    found = found_parking()
    assert 2 <= FoundTheme.objects.count() <= 6
    assert len(set(found.nearest)) == 3
    client = chief()
    page = shown(client, "/themes/")
    assert "Found in the words, no name yet" in page
    assert found.words in page
    given = {"name": "Parking", "descriptions": "No space in the car park"}
    assert client.post(f"/themes/found/{found.pk}/", given).status_code == 302
    found.refresh_from_db()
    assert found.named == Theme.objects.get(name="Parking")
    assert found.words not in shown(client, "/themes/")
    assert client.post(f"/themes/found/{found.pk}/", given).status_code == 404


def test_a_found_theme_keeps_its_identity_and_the_search_rests_for_a_week() -> None:
    before = set(found_parking().__class__.objects.values_list("pk", flat=True))
    assert not jobs.search_for_themes()
    Tally.objects.update(themes_week=weeks_ago(1))
    assert jobs.search_for_themes()
    after = set(FoundTheme.objects.values_list("pk", flat=True))
    assert before & after


def test_words_left_unsaid_name_no_theme() -> None:
    found_parking()
    client = chief()
    assert client.post("/themes/unsaid/", {"words": "Park  towels\ncar"}).status_code == 302
    assert Tally.objects.get().unsaid == "Park\ntowels\ncar"
    assert jobs.search_for_themes()
    said = " ".join(FoundTheme.objects.values_list("words", flat=True))
    assert not {"park", "towels", "car"} & set(said.replace(",", "").split())
