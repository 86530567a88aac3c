"""The pages of phones in German, Spanish and Arabic: every word, and no English sentence left."""

import ast
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from gettext import GNUTranslations, c2py
from html import unescape
from pathlib import Path
from typing import IO, NamedTuple

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.template.loader import get_template
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.test import Client
from django.utils import timezone
from django.utils.translation import ngettext as counted
from django.utils.translation import override, trim_whitespace

from tests.floor.drawn import leader
from tests.floor.live import key, opened
from upturn.floor import commands, queries
from upturn.floor.models import Shift
from upturn.floor.queries import rhythm
from upturn.floor.views import board as views

FLOOR = Path(queries.__file__).parents[1]
TEMPLATES = FLOOR / "templates" / "floor"
LANGUAGES = ("ar", "de", "es")
FRAMES = ("_phone.html", "_guest.html")
FOR_LEADS = ("lab.py", "shifts.py")
"""Commands whose refusals are read on no phone."""
MODULES = (
    *sorted(path for path in (FLOOR / "commands").glob("*.py") if path.name not in FOR_LEADS),
    *(FLOOR / "forms" / f"{name}.py" for name in ("guests", "taps")),
    *(FLOOR / "queries" / f"{name}.py" for name in ("kinds", "rhythm", "round_words", "rounds")),
    *(FLOOR / "views" / f"{n}.py" for n in ("board", "helped", "joining", "practice", "tables")),
    FLOOR / "templatetags" / "floor_board.py",
)
CALLS = {"_", "gettext", "gettext_lazy", "gettext_noop", "later", "ngettext"}
CALLS |= {"pgettext", "pgettext_lazy"}
HOLE = re.compile(r"%\(\w+\)[sd]|\{\w+\}|</?b>")
NUMBER = {"%(n)s", "%(seconds)d"}
ENDS = str.maketrans({"؟": "?", "…": "."})


class Message(NamedTuple):
    """What is to be translated."""

    single: str
    plural: str = ""
    context: str = ""


def phone_templates() -> list[str]:
    """The pages in the frames of phones, what they include, and the cards."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in TEMPLATES.glob("*.html")}
    found = {
        name for name, text in texts.items() if any(f'"floor/{one}"' in text for one in FRAMES)
    }
    waiting = sorted(found | {*FRAMES, "practice.html"})
    reached: list[str] = []
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.append(name)
            waiting += re.findall(r'include "floor/([\w.]+)"', texts[name])
    return reached


def in_template(name: str) -> Iterator[Message]:
    nodes = get_template(f"floor/{name}").template.nodelist
    for node in nodes.get_nodes_by_type(TranslateNode):
        assert node.message_context is None
        yield Message(str(node.filter_expression.var.literal))
    for node in nodes.get_nodes_by_type(BlockTranslateNode):
        assert node.trimmed, name
        parts = [node.render_token_list(tokens)[0] for tokens in (node.singular, node.plural)]
        yield Message(*map(trim_whitespace, parts))


def in_code(tree: ast.AST) -> Iterator[Message]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
            texts = [a.value for a in node.args if isinstance(a, ast.Constant)]
            said = [str(text) for text in texts if isinstance(text, str)]
            if node.func.id.startswith("pgettext"):
                yield Message(said[1], context=said[0])
            elif said:
                yield Message(*said)


def minutes_of_guests() -> ast.AST:
    """The one sentence on a guest's page that stands among words of the lead."""
    whole = ast.parse((FLOOR / "templatetags" / "floor_shifts.py").read_text(encoding="utf-8"))
    return next(n for n in whole.body if isinstance(n, ast.FunctionDef) and n.name == "minutes_ago")


@cache
def messages() -> frozenset[Message]:
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in MODULES]
    code = {each for tree in (*trees, minutes_of_guests()) for each in in_code(tree)}
    return frozenset(code | {each for name in phone_templates() for each in in_template(name)})


def po(language: str) -> Path:
    return FLOOR / "locale" / language / "LC_MESSAGES" / "django.po"


@cache
def catalogue(language: str) -> Catalog:
    with po(language).open("rb") as file:
        return read_po(file, abort_invalid=True)


@cache
def translated(language: str) -> dict[Message, tuple[str, ...]]:
    """Every message of a catalogue with its forms; one form where there is nothing to count."""
    found: dict[Message, tuple[str, ...]] = {}
    for each in catalogue(language):
        if each.id:
            ids = [each.id] if isinstance(each.id, str) else list(each.id)
            said = Message(ids[0], *ids[1:], context=each.context or "")
            forms = (each.string,) if isinstance(each.string, str) else tuple(each.string)
            found[said] = forms
    return found


def read_by_gettext(file: IO[bytes]) -> dict[object, str]:
    """All messages; not the head, in which Babel notes the time and itself."""
    read: dict[object, str] = GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    return {said: words for said, words in read.items() if said}


def holes(text: str) -> Counter[str]:
    return Counter(HOLE.findall(text))


def classes(language: str) -> list[list[int]]:
    """The numbers below a thousand that each plural form is for."""
    plural = re.search(r"plural=([^;]+);", catalogue(language).plural_forms)
    assert plural
    form_for = c2py(plural[1])
    forms: list[list[int]] = [[] for _ in range(catalogue(language).num_plurals)]
    for n in range(1000):
        forms[form_for(n)].append(n)
    return forms


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_the_phones_is_translated_and_nothing_else(language: str) -> None:
    assert len(messages()) > 150
    have = set(translated(language))
    assert messages() - have == set(), "msgids without a translation"
    assert have - messages() == set(), "translations of what no page says any more"
    assert catalogue(language).obsolete == {}
    assert [each.id for each in catalogue(language) if each.id and each.fuzzy] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_form_is_there_with_its_places_for_names_and_numbers(language: str) -> None:
    numbers = classes(language)
    for said, forms in translated(language).items():
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


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_stays_a_sentence(language: str) -> None:
    for said, forms in translated(language).items():
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


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_gettext_reads_is_made_of_what_people_read(language: str) -> None:
    fresh = io.BytesIO()
    write_mo(fresh, catalogue(language))
    fresh.seek(0)
    compiled = po(language).with_suffix(".mo")
    assert compiled.exists(), "install Upturn again: that compiles the translations"
    with compiled.open("rb") as file:
        assert read_by_gettext(file) == read_by_gettext(fresh), "install Upturn again"


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_are_kept_apart_in_arabic_alone(language: str) -> None:
    """Where ``apart`` in round_words does not do it, the sentence does; always both marks."""
    for said, forms in translated(language).items():
        for form in forms:
            opens, closes = len(re.findall("[\u2066-\u2068]", form)), form.count("\u2069")
            assert opens == closes, said
            assert language == "ar" or opens == 0, said
    if language == "ar":
        words = translated(language)
        assert "\u2068%(owner)s\u2069" in words[Message("%(owner)s’s alone")][0]


def test_arabic_counts_as_arabic_does() -> None:
    forms = {0: "الآن", 1: "قبل دقيقة", 2: "قبل دقيقتين", 5: "قبل 5 دقائق", 11: "قبل 11 دقيقة"}
    with override("ar"):
        for n, said in forms.items():
            assert counted("%(n)s min ago", "%(n)s min ago", n) % {"n": n} == said


# ---- pages


def in_language(language: str) -> Client:
    return Client(headers={"accept-language": language})


def shown(answer: object) -> tuple[str, str]:
    """A page, and what of it one can read."""
    page = answer.content.decode()  # type: ignore[attr-defined]
    return page, unescape(re.sub(r"<[^>]*>", "\n", re.sub(r"(?s)<style.*?</style>", "", page)))


def assert_no_english(text: str, language: str) -> None:
    """No message of two words or more stands there in English."""
    for said in messages():
        for whole in (said.single, said.plural):
            for part in HOLE.split(whole):
                if len(part.split()) > 1 and part not in " ".join(
                    translated(language).get(said, ())
                ):
                    assert part.strip() not in text, f"still English: {said.single}"


def page_of(client: Client, at: str, language: str, status: int = 200) -> str:
    with override(None):
        answer = client.get(at)
    assert answer.status_code == status
    page, text = shown(answer)
    assert f'<html lang="{language}"' in page
    assert ('dir="rtl"' in page) == (language == "ar")
    assert_no_english(text, language)
    return page


def says(page: str, language: str, *single: str) -> None:
    for each in single:
        assert translated(language)[Message(each)][0] in unescape(page), each


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
