"""The live floor in German, Spanish and Arabic: every word, and no English sentence left."""

import io
import json
import re
from html import unescape
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from django.test import Client
from django.utils import timezone
from django.utils.translation import ngettext as counted
from django.utils.translation import override

from tests.floor.drawn import leader
from tests.floor.live import key, opened
from tests.floor.translated import (
    FLOOR,
    HOUSE,
    LANGUAGES,
    Message,
    assert_no_english,
    catalogue,
    classes,
    holes,
    in_language,
    live_templates,
    messages,
    messages_of_the_frame,
    page_of,
    po,
    read_by_gettext,
    says,
    shown,
    translated,
)
from upturn.floor import commands, queries
from upturn.floor.models import Shift
from upturn.floor.queries import rhythm
from upturn.floor.views import board as views

NUMBER = {"%(n)s", "%(seconds)d"}
ENDS = str.maketrans({"؟": "?", "…": "."})
in_both_rooms = pytest.mark.parametrize("room", (FLOOR, HOUSE), ids=lambda room: room.name)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_the_live_floor_is_translated_and_nothing_else(language: str) -> None:
    assert len(messages()) > 300
    assert {"floor/shift.html", "floor/_board.html", "floor/_guest.html"} < {*live_templates()}
    have = set(translated(language))
    assert messages() - have == set(), "msgids without a translation"
    assert have - messages() == set(), "translations of what no page says any more"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_around_a_page_is_translated_once(language: str) -> None:
    have, on_the_floor = set(translated(language, HOUSE)), set(translated(language))
    assert messages_of_the_frame() - have - on_the_floor == set(), "msgids without a translation"
    assert have - messages_of_the_frame() == set(), "translations of what no page says any more"
    assert have & on_the_floor == set(), "said twice, and perhaps differently"


@in_both_rooms
@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_left_a_translation_to_be_looked_at(room: Path, language: str) -> None:
    assert catalogue(language, room).obsolete == {}
    assert [each.id for each in catalogue(language, room) if each.id and each.fuzzy] == []


@in_both_rooms
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_form_is_there_with_its_places_for_names_and_numbers(
    room: Path, language: str
) -> None:
    numbers = classes(language)
    for said, forms in translated(language, room).items():
        assert all(form.strip() for form in forms), said
        if not said.plural:
            assert len(forms) == 1
            assert holes(forms[0]) == holes(said.single), said
            continue
        assert len(forms) == len(numbers), said
        for form, of in zip(forms, numbers, strict=True):
            missing = holes(said.plural) - holes(form)
            assert not holes(form) - holes(said.plural), (said, form)
            assert set(missing) <= (NUMBER if len(of) == 1 or of == [0] else set()), (said, form)


@in_both_rooms
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_stays_a_sentence(room: Path, language: str) -> None:
    for said, forms in translated(language, room).items():
        for form in forms:
            end, source = form.translate(ENDS)[-1], said.single[-1]
            assert (end in ".?") == (source in ".?") or form.endswith("Min."), (said, form)
            assert not re.search(r"\s\s|^\s|['\"]|!", form) or said.context, (said, form)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_says_once_that_nothing_is_lost(language: str) -> None:
    lost = translated(language)[Message("Nothing is lost.")][0]
    ending = [said for said in messages() if said.single.endswith("Nothing is lost.")]
    assert len(ending) > 3
    assert [s for s in ending if not translated(language)[s][0].endswith(lost)] == []


@in_both_rooms
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_gettext_reads_is_made_of_what_people_read(room: Path, language: str) -> None:
    fresh = io.BytesIO()
    write_mo(fresh, catalogue(language, room))
    fresh.seek(0)
    compiled = po(language, room).with_suffix(".mo")
    assert compiled.exists(), "install Upturn again: that compiles the translations"
    with compiled.open("rb") as file:
        assert read_by_gettext(file) == read_by_gettext(fresh), "install Upturn again"


@in_both_rooms
@pytest.mark.parametrize("language", LANGUAGES)
def test_names_are_kept_apart_in_arabic_alone(room: Path, language: str) -> None:
    """Where ``apart`` in round_words does not do it, the sentence does; always both marks."""
    for said, forms in translated(language, room).items():
        for form in forms:
            opens, closes = len(re.findall("[\u2066-\u2068]", form)), form.count("\u2069")
            assert opens == closes, said
            assert language == "ar" or opens == 0, said


def test_a_name_in_an_arabic_sentence_is_kept_apart() -> None:
    words = translated("ar")
    assert "\u2068%(owner)s\u2069" in words[Message("%(owner)s’s alone")][0]


def test_arabic_counts_as_arabic_does() -> None:
    forms = {0: "الآن", 1: "قبل دقيقة", 2: "قبل دقيقتين", 5: "قبل 5 دقائق", 11: "قبل 11 دقيقة"}
    with override("ar"):
        for n, said in forms.items():
            assert counted("%(n)s min ago", "%(n)s min ago", n) % {"n": n} == said


# ---- pages


def evening(language: str) -> tuple[Shift, Client, Client]:
    """A shift on which this phone, and one more that reads English, hold a seat."""
    shift = opened()
    code = queries.seat_code(leader(), shift, 0)
    phones = in_language(language), in_language("en")
    with override(None):
        for phone, seat in zip(phones, ("server 1", "server 2"), strict=True):
            phone.post(f"/seat/{code}/", {"seat": seat, "nickname": f"Zoë {seat[-1]}"})
    return shift, *phones


def send(client: Client, act: str, **how: object) -> dict[str, str]:
    body = {"key": key(), "act": act, **how}
    with override(None):
        answer = client.post("/board/tap/", json.dumps(body), content_type="application/json")
    told: dict[str, str] = answer.json()
    return told


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_board_speaks(language: str) -> None:
    shift, mine, other = evening(language)
    for number, (table, kind) in enumerate(
        (table, kind) for table in shift.tables for kind in ("coffee", "bill", "crumbs")
    ):
        send(other, "raise", need=f"n-{number}", place=table, kind=kind, asked=kind != "crumbs")
    page = page_of(mine, "/board/", language)
    says(page, language, "My section", "Beside you", "Take the round", "Not now", "Undo")
    says(page, language, "I looked: all is well", "nobody asked yet", "just now")
    held = re.search('data-words="([^"]*)"', page)
    assert held
    words = json.loads(unescape(held[1]))
    assert words["another"] == translated(language)[Message("somebody is on the way")][0]


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refused_tap_says_so_in_the_language_of_the_phone(language: str) -> None:
    shift, mine, other = evening(language)
    send(other, "raise", need="n", place=next(iter(shift.tables)), kind="coffee")
    send(other, "done", need="n")
    said = send(mine, "done", need="n")["said"]
    lost = translated(language)[Message("Nothing is lost.")][0]
    assert said.endswith(lost)
    assert said.count(lost) == 1
    assert "coffee" in said
    assert "Nothing is lost" in send(other, "done", need="n")["said"]


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_promise_and_the_end_speak(language: str) -> None:
    shift, mine, _other = evening(language)
    code = queries.seat_code(leader(), shift, 1)
    page = page_of(in_language(language), f"/seat/{code}/", language)
    says(page, language, "What is stored", "How long", "Who can see it", "taken", "Another seat")
    commands.close_shift(leader(), shift, now=timezone.now())
    says(page_of(mine, "/board/", language, 410), language, "What helped today?")
    page = page_of(mine, f"/helped/{shift.ref}/", language)
    says(page, language, "Put it on a practice card", "You met {n} at your own tables")
    page_of(in_language(language), f"/seat/{code}/", language, 410)
    page_of(in_language(language), "/seat/nothing/", language, 404)


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_guests_page_speaks(language: str) -> None:
    shift = opened()
    guest = in_language(language)
    at = f"/table/{queries.table_code(leader(), shift.floor, 1)}/"
    page = page_of(guest, at, language)
    says(page, language, "What would you like? <b>One tap, and we know.</b>")
    with override(None):
        guest.post(at, {"key": key(), "kind": "coffee"})
        refused = guest.post(at, {"key": key(), "kind": "a boat"})
    says(page_of(guest, at, language), language, "just now", "Take it back", "Something else")
    assert_no_english(shown(refused)[1], language)
    page_of(guest, "/table/nothing/", language, 404)


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_quiet_minutes_are_offered_in_the_language_of_the_seat(language: str) -> None:
    built_in = (*rhythm.FOR_TABLES, *rhythm.FOR_QUEUES, *rhythm.FOR_ALL)
    assert all(Message(card) in translated(language) for card in built_in)


def test_other_words_are_another_version_of_what_phones_keep(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a phone without network would show the words of before an update."""
    kept = tmp_path / "templates" / "floor"
    words = tmp_path / "locale" / "de" / "LC_MESSAGES"
    for room in (kept, words):
        room.mkdir(parents=True)
    (kept / "board.html").write_text("a board")
    monkeypatch.setattr(views, "TEMPLATES", kept)
    versions = set()
    for text in ("Runde nehmen", "Runde nehmen", "Los"):
        (words / "django.po").write_text(text)
        versions.add(views._version.__wrapped__())
    assert len(versions) == 2
