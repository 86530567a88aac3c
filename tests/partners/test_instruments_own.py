"""A house adds its own questions to a copy; what asks for a person is refused with the reason."""

import io
import zipfile
from typing import Any

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests import factories as f
from upturn.partners import engine
from upturn.partners.commands import instruments as commands
from upturn.partners.engine import Form, OwnQuestion, Side, WhyNot
from upturn.partners.engine.errors import InstrumentRefused, QuestionRefused
from upturn.partners.models import StoredInstrument
from upturn.partners.queries import instruments as queries
from upturn.people.models import Person, Role
from upturn.record.models import JournalEntry

BOTH = (Side.SERVERS, Side.LEADERS)
FINE = "Plates reach the tables in time."
KNOWN = {
    language: engine.known_words(language, house=["Dish room", "Mill"])
    for language in engine.LANGUAGES
}


def asked(words: str = FINE, *, form: Form = Form.AGREE, **given: Any) -> OwnQuestion:
    return OwnQuestion(**{"form": form, "sides": BOTH, "wording": {"en": words}, **given})


REFUSED = [
    ("What is your name?", "en", WhyNot.NAME),
    ("Who is hard to work with?", "en", WhyNot.NAME),
    ("Which colleague helps you most?", "en", WhyNot.NAME),
    ("Does your boss listen to you?", "en", WhyNot.PERSON),
    ("The shift leader plans well.", "en", WhyNot.PERSON),
    ("He treats us well.", "en", WhyNot.PERSON),
    ("How long have you worked here?", "en", WhyNot.IDENTITY),
    ("What is your job title?", "en", WhyNot.IDENTITY),
    ("We are glad that Tadeusz is back.", "en", WhyNot.NAMED),
    ("Is it clean? Is it dry?", "en", WhyNot.TWO),
    ("Clean", "en", WhyNot.SHORT),
    ("Clean plates " * 20, "en", WhyNot.LONG),
    ("Welche Kollegin hilft Ihnen?", "de", WhyNot.NAME),
    ("Hört Ihre Chefin zu?", "de", WhyNot.PERSON),
    ("Wie alt sind Sie?", "de", WhyNot.IDENTITY),
    ("¿Quién le ayuda más?", "es", WhyNot.NAME),
    ("¿Le escucha su jefe?", "es", WhyNot.PERSON),
    ("¿Cuántos años tiene usted?", "es", WhyNot.IDENTITY),
    ("ما اسم زميلك في العمل؟", "ar", WhyNot.NAME),
    ("هل يسمعك مديرك؟", "ar", WhyNot.PERSON),
    ("كم عمرك الآن؟", "ar", WhyNot.IDENTITY),
]


@pytest.mark.parametrize(("words", "language", "why"), REFUSED)
def test_what_asks_for_a_person_cannot_be_asked(words: str, language: str, why: WhyNot) -> None:
    assert engine.why_not(words, language=language, known=KNOWN[language]) is why


@pytest.mark.parametrize("key", engine.BUILT_IN)
def test_what_ships_would_pass_its_own_gate(key: str) -> None:
    made = engine.instrument(key)
    for language in engine.LANGUAGES:
        for item in made.items:
            for side in item.sides:
                words = made.wording(item, side=side, language=language)
                why = engine.why_not(
                    words.replace("{other}", "Mill"), language=language, known=KNOWN[language]
                )
                assert why is None, (language, words)


def test_own_questions_come_before_the_last_one_and_fall_back_to_english() -> None:
    signs = engine.instrument("signs")
    choices = asked("How do you get here?", form=Form.CHOICE, choices={"en": ["on foot", "by bus"]})
    made = engine.with_own(signs, [asked(), choices], key="ours", version=1, name="Ours")
    assert [item.key for item in made.items[-3:]] == ["own-1", "own-2", "words"]
    assert made.items[:-3] == signs.items[:-1]
    assert made.wording(made.items[-3], side=Side.LEADERS, language="de") == FINE
    assert engine.choice_names(made, made.items[-2], language="ar") == ("on foot", "by bus")
    assert engine.text_of(made, "name", language="es") == "Ours"


def test_adding_again_replaces_the_own_questions() -> None:
    signs = engine.instrument("signs")
    once = engine.with_own(signs, [asked()] * 5, key="ours", version=1, name="Ours")
    again = engine.with_own(once, [asked("The linen is dry.")], key="ours", version=2, name="Ours")
    assert sum(item.measures == "own" for item in again.items) == 1


def test_a_sixth_question_is_one_too_many() -> None:
    with pytest.raises(InstrumentRefused, match="Add 5 at most"):
        engine.with_own(engine.instrument("keys"), [asked()] * 6, key="k", version=1, name="K")


def leader() -> Person:
    return f.member(f.party("Kitchen"), role=Role.LEADER, leads=True)


@pytest.mark.django_db
def test_a_leader_keeps_a_copy_and_then_its_next_version() -> None:
    one = leader()
    first = commands.add_questions(
        one, base="keys", questions=[asked()], name="Our keys", today=f.TODAY
    )
    assert (first.key, first.version) == ("our-keys", 1)
    again = commands.add_questions(
        one, base="our-keys", questions=[], name="Our keys", today=f.TODAY
    )
    assert again.version == 2
    assert queries.instrument("our-keys") == again
    assert queries.instrument("our-keys", version=1) == first
    assert [made.key for made in queries.instruments(one)] == [*engine.BUILT_IN, "our-keys"]
    assert queries.versions(one, "our-keys") == (again, first)
    written = JournalEntry.objects.filter(subject_kind="instrument").order_by("pk")
    assert [entry.subject_ref for entry in written] == ["our-keys", "our-keys"]
    assert engine.instrument_hash(again)[:12] in written[1].detail


@pytest.mark.django_db
def test_nothing_is_kept_of_a_refused_question() -> None:
    with pytest.raises(QuestionRefused, match="who would then have a figure"):
        commands.add_questions(
            leader(), base="keys", questions=[asked("Your boss listens to you.")], name="Ours",
            today=f.TODAY,
        )  # fmt: skip
    assert not StoredInstrument.objects.exists()


@pytest.mark.django_db
def test_the_name_of_a_party_is_no_name_of_a_person() -> None:
    one = leader()
    f.party("Old Bakery")
    made = commands.add_questions(
        one, base="keys", questions=[asked("Bread from Old Bakery is fresh.")], name="Ours",
        today=f.TODAY,
    )  # fmt: skip
    assert made.version == 1


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["Signs", "  ", "Ours"])
def test_a_name_that_is_taken_or_empty_is_refused(name: str) -> None:
    one = leader()
    commands.add_questions(one, base="keys", questions=[asked()], name="Ours", today=f.TODAY)
    with pytest.raises(InstrumentRefused):
        commands.add_questions(one, base="keys", questions=[asked()], name=name, today=f.TODAY)


@pytest.mark.django_db
def test_who_opens_no_waves_adds_no_questions() -> None:
    someone = f.member(f.party("Kitchen"))
    with pytest.raises(InstrumentRefused, match="you open no waves"):
        commands.add_questions(someone, base="keys", questions=[], name="Ours", today=f.TODAY)


def filled(*questions: str, name: str = "Our signs") -> dict[str, str]:
    fields = {"name": name, "form-TOTAL_FORMS": "5", "form-INITIAL_FORMS": "0"}
    for n in range(5):
        words = questions[n] if n < len(questions) else ""
        fields |= {f"form-{n}-wording_en": words, f"form-{n}-form": "agree", f"form-{n}-side": ""}
    return fields


@pytest.mark.django_db
def test_the_page_keeps_questions_and_shows_them_in_every_language() -> None:
    browser = f.signed_in(leader())
    page = browser.get("/instruments/signs/own/")
    assert page.content.count(b"<summary>Question ") == 5
    done = browser.post("/instruments/signs/own/", filled(FINE))
    assert done.url == "/instruments/our-signs/"
    for language in engine.LANGUAGES:
        shown = browser.get(f"/instruments/our-signs/?language={language}").content.decode()
        assert FINE in shown
        assert "CC BY" in shown
        assert engine.scale(Form.AGREE, language=language)[0] in shown
    assert 'dir="rtl"' in shown


@pytest.mark.django_db
def test_the_page_says_why_a_question_is_refused_and_keeps_what_was_written() -> None:
    browser = f.signed_in(leader())
    page = browser.post("/instruments/signs/own/", filled(FINE, "Does your boss listen?"))
    assert page.status_code == 400
    shown = page.content.decode()
    assert "who would then have a figure" in shown
    assert FINE in shown


@pytest.mark.django_db
def test_the_difference_of_two_versions_is_shown() -> None:
    one = leader()
    commands.add_questions(one, base="signs", questions=[asked()], name="Ours", today=f.TODAY)
    commands.add_questions(one, base="ours", questions=[], name="Ours", today=f.TODAY)
    shown = f.signed_in(one).get("/instruments/ours/").content.decode()
    assert "<b>own-1</b> <span>left out: not comparable over the two" in shown


def lime(browser: Client, data: bytes, *, file: str = "q.lsq") -> Any:
    given = {"name": "Theirs", "licence": "CC0", "file": SimpleUploadedFile(file, data)}
    return browser.post("/instruments/bring-in/", given)


@pytest.mark.django_db
def test_a_file_of_limesurvey_is_looked_at_before_it_is_kept() -> None:
    browser = f.signed_in(leader())
    archive = browser.get("/instruments/keys/questions.zip").content
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        data = opened.read(opened.namelist()[0])
    looked = lime(browser, data)
    assert "Nothing has been stored yet" in looked.content.decode()
    assert not StoredInstrument.objects.exists()
    done = browser.post("/instruments/bring-in/", {"sealed": looked.context["sealed"]})
    assert done.url == "/instruments/theirs/"
    kept = queries.instrument("theirs")
    assert kept.items == engine.instrument("keys").items[:1] or len(kept.items) == 1
    assert kept.licence == "CC0"


@pytest.mark.django_db
def test_a_table_of_limesurvey_brings_all_its_questions_in() -> None:
    browser = f.signed_in(leader())
    table = browser.get("/instruments/pulse/structure.txt").content
    looked = lime(browser, table, file="structure.txt")
    browser.post("/instruments/bring-in/", {"sealed": looked.context["sealed"]})
    assert queries.instrument("theirs").items == engine.instrument("pulse").items


@pytest.mark.django_db
def test_what_stays_behind_stands_on_the_page() -> None:
    questions = [
        engine.LimeQuestion(code="Kept", kind="T", texts={"en": "What would help?"}),
        engine.LimeQuestion(code="Gone", kind="N", texts={"en": "How many plates?"}),
    ]
    table = engine.write_tsv(questions, titles={"en": "T"}, languages=["en"])
    shown = lime(f.signed_in(leader()), table, file="s.txt").content.decode()
    assert "this kind is not asked here" in shown
    assert '<th scope="row">Gone</th>' in shown


@pytest.mark.django_db
def test_a_question_from_elsewhere_passes_the_same_gate() -> None:
    question = engine.LimeQuestion(code="Q", kind="T", texts={"en": "What is your name, really?"})
    browser = f.signed_in(leader())
    looked = lime(browser, engine.write_lsq(question, languages=["en"]))
    kept = browser.post("/instruments/bring-in/", {"sealed": looked.context["sealed"]})
    assert kept.status_code == 400
    assert "It asks for a name" in kept.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("data", [b"<html/>", b"\xff\xff", b"a\tb\n1\t2\n"])
def test_a_file_that_cannot_be_read_comes_back_with_what_helps(data: bytes) -> None:
    page = lime(f.signed_in(leader()), data)
    assert page.status_code == 400
    assert 'id="id_file_error"' in page.content.decode()


@pytest.mark.django_db
def test_a_page_that_was_changed_on_the_way_is_not_kept() -> None:
    forged = signing.dumps(engine.table_of(engine.instrument("keys")), salt="another")
    page = f.signed_in(leader()).post("/instruments/bring-in/", {"sealed": forged})
    assert page.status_code == 400
    assert not StoredInstrument.objects.exists()
