"""Questions go to LimeSurvey and come back unchanged; what is not carried is named."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upturn.partners import engine
from upturn.partners.engine import LimeQuestion, Loss, Side
from upturn.partners.engine.errors import ExchangeRefused, InstrumentRefused

NAMES = {"en": "Taken"}


def taken(*questions: LimeQuestion) -> engine.Taken:
    return engine.take(questions, key="taken", names=NAMES, licence="CC0")


def text(code: str = "Q1", words: str = "What would help?", **given: object) -> LimeQuestion:
    return LimeQuestion(**{"code": code, "kind": "T", "texts": {"en": words}, **given})


@pytest.mark.parametrize("key", engine.BUILT_IN)
def test_one_file_a_question_goes_there_and_back(key: str) -> None:
    made = engine.instrument(key)
    languages = list(made.texts)
    files = [engine.write_lsq(q, languages=languages) for q in engine.lime_questions(made)]
    read = [question for file in files for question in engine.read_xml(file)]
    back = engine.take(read, key=key, names={}, licence=made.licence)
    assert back.lost == ()
    assert back.instrument.items == made.items
    assert engine.changes(made, back.instrument) == ()


@pytest.mark.parametrize("key", engine.BUILT_IN)
def test_a_table_goes_there_and_back(key: str) -> None:
    made = engine.instrument(key)
    titles = {lang: engine.text_of(made, "name", language=lang) for lang in made.texts}
    table = engine.write_tsv(engine.lime_questions(made), titles=titles, languages=list(titles))
    questions, named = engine.read_tsv(table)
    assert named == titles
    back = engine.take(questions, key=key, names=named, licence=made.licence)
    assert back.lost == ()
    assert back.instrument.items == made.items
    assert engine.changes(made, back.instrument) == ()


LINES = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=1)


@given(LINES.filter(lambda words: not set(words) & set("{}<>&'[]")))
def test_any_words_survive_both_files(words: str) -> None:
    question = text(words=words)
    (read,) = engine.read_xml(engine.write_lsq(question, languages=["en"]))
    assert read.texts == {"en": words}
    table = engine.write_tsv([question], titles=NAMES, languages=["en"])
    (read,), _titles = engine.read_tsv(table)
    assert read.texts == {"en": words}


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_a_spreadsheet_reads_no_formula(start: str) -> None:
    table = engine.write_tsv([text(words=f"{start}1+1")], titles=NAMES, languages=["en"])
    cells = [cell for line in table.decode().splitlines() for cell in line.split("\t")]
    assert not [cell for cell in cells if cell.startswith(start)]
    (read,), _titles = engine.read_tsv(table)
    assert read.texts == {"en": f"{start}1+1"}


def test_codes_fit_into_what_limesurvey_takes() -> None:
    for key in engine.BUILT_IN:
        codes = [question.code for question in engine.lime_questions(engine.instrument(key))]
        assert len(set(codes)) == len(codes)
        assert all(code.isalnum() and code[0].isalpha() and len(code) <= 20 for code in codes)


# In the shape of LimeSurvey 6, whose subquestions carry their words and whose answers do not.
ARRAY = b"""<?xml version="1.0" encoding="UTF-8"?>
<document><LimeSurveyDocType>Question</LimeSurveyDocType><DBVersion>640</DBVersion>
<languages><language>en</language><language>de</language></languages>
<questions><rows><row><qid>7</qid><parent_qid>0</parent_qid><type><![CDATA[F]]></type>
<title><![CDATA[Team]]></title><other>N</other><mandatory><![CDATA[Y]]></mandatory>
<relevance><![CDATA[G1.NAOK == "Y"]]></relevance></row></rows></questions>
<subquestions><rows>
<row><qid>8</qid><parent_qid>7</parent_qid><title>SQ1</title>
<question><![CDATA[Plates come <b>in time</b>.]]></question><language>en</language></row>
<row><qid>8</qid><parent_qid>7</parent_qid><title>SQ1</title>
<question><![CDATA[Teller kommen rechtzeitig.]]></question><language>de</language></row>
<row><qid>9</qid><parent_qid>7</parent_qid><title>SQ2</title>
<question><![CDATA[Linen comes in time.]]></question><language>en</language></row>
</rows></subquestions>
<question_l10ns><rows><row><id>1</id><qid>7</qid><question><![CDATA[Our team]]></question>
<help><![CDATA[Think of last week]]></help><language>en</language></row></rows></question_l10ns>
<answers><rows><row><aid>1</aid><qid>7</qid><code>A1</code></row>
<row><aid>2</aid><qid>7</qid><code>A2</code></row></rows></answers>
<answer_l10ns><rows><row><aid>1</aid><answer>Often</answer><language>en</language></row>
<row><aid>2</aid><answer>Seldom</answer><language>en</language></row>
<row><aid>2</aid><answer>Selten</answer><language>de</language></row></rows></answer_l10ns>
</document>"""


def test_an_array_of_limesurvey_becomes_a_question_a_row() -> None:
    got = engine.take(engine.read_xml(ARRAY), key="taken", names=NAMES, licence="CC0")
    first, second = got.instrument.items
    assert (first.form, first.sides) == (engine.Form.CHOICE, (Side.SERVERS, Side.LEADERS))
    words = got.instrument.wording(first, side=Side.LEADERS, language="en")
    assert words == "Plates come in time ."
    assert got.instrument.wording(first, side=Side.SERVERS, language="de").startswith("Teller")
    assert engine.choice_names(got.instrument, second, language="de") == ("Often", "Selten")
    assert {each.loss for each in got.lost} == {
        Loss.MUST,
        Loss.CONDITION,
        Loss.HELP,
        Loss.MARKUP,
    }
    assert {each.where for each in got.lost} == {"Team"}


OLD = b"""<document><LimeSurveyDocType>Question</LimeSurveyDocType><questions><rows>
<row><qid>1</qid><parent_qid>0</parent_qid><type>L</type><title>Q</title>
<question>Who waits?</question><language>en</language></row></rows></questions>
<answers><rows><row><qid>1</qid><code>a</code><answer>Guests</answer><language>en</language></row>
<row><qid>1</qid><code>b</code><answer>We</answer><language>en</language></row></rows></answers>
</document>"""


def test_files_of_older_versions_carry_their_words_in_the_rows() -> None:
    (read,) = engine.read_xml(OLD)
    assert read.texts == {"en": "Who waits?"}
    assert [names["en"] for _code, names in read.answers] == ["Guests", "We"]


LOSSES = [
    (text(kind="N"), Loss.WHOLE_KIND),
    (text(kind="M"), Loss.WHOLE_KIND),
    (text(kind="K"), Loss.WHOLE_KIND),
    (text(kind="L", answers=(("A1", {"en": "one"}),)), Loss.WHOLE_CHOICES),
    (
        text(kind="L", answers=tuple((f"A{n}", {"en": str(n)}) for n in range(9))),
        Loss.WHOLE_CHOICES,
    ),
    (text(words="Dear {TOKEN:FIRSTNAME}, how was it?"), Loss.WHOLE_PERSON),
    (text(words="  "), Loss.WHOLE_WORDS),
    (text(must=True), Loss.MUST),
    (text(other=True), Loss.OTHER_ANSWER),
    (text(condition='Q0 == "Y"'), Loss.CONDITION),
    (text(helps={"en": "Think."}), Loss.HELP),
    (text(attributes={"em_validation_q": "len(this) > 3"}), Loss.CHECK),
    (text(words="<p>What?</p>"), Loss.MARKUP),
    (text(kind="O", answers=tuple((f"A{n}", {"en": str(n)}) for n in range(3))), Loss.COMMENT),
]


@pytest.mark.parametrize(("question", "loss"), LOSSES)
def test_whatever_stays_behind_is_named(question: LimeQuestion, loss: Loss) -> None:
    got = taken(text(code="Kept"), replace(question, code="Lost"))
    assert [(each.where, each.loss) for each in got.lost] == [("Lost", loss)]
    assert len(got.instrument.items) == (1 if loss.whole else 2)


def test_yes_and_no_five_points_and_a_sum_of_ten_are_carried() -> None:
    parts = (("a", {"en": "Guests"}), ("b", {"en": "Forms"}))
    got = taken(
        text(code="A", kind="Y"),
        text(code="B", kind="5"),
        text(code="C", kind="K", parts=parts, attributes={"equals_num_value": "10"}),
    )
    assert got.lost == ()
    assert [item.form.value for item in got.instrument.items] == [
        "choice",
        "agree",
        "split",
        "split",
    ]
    assert engine.choice_names(got.instrument, got.instrument.items[0], language="de") == (
        "Ja",
        "Nein",
    )


def test_without_english_another_language_stands_in_and_that_is_named() -> None:
    got = taken(replace(text(), texts={"de": "Was würde helfen?"}))
    assert [each.loss for each in got.lost] == [Loss.NO_ENGLISH]
    item = got.instrument.items[0]
    assert got.instrument.wording(item, side=Side.SERVERS, language="en") == "Was würde helfen?"


BOMB = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>
<document><LimeSurveyDocType>&b;</LimeSurveyDocType></document>"""
BAD_FILES = [b"", b"<", b"\xff\xfe\x00", b"<html/>", b"<document/>", BOMB, b"x" * 2_000_001]


@pytest.mark.parametrize("data", BAD_FILES)
def test_what_is_no_file_of_limesurvey_is_refused_with_what_helps(data: bytes) -> None:
    for read in (engine.read_xml, engine.read_tsv):
        with pytest.raises(ExchangeRefused, match=r"\. (Give|Export)"):
            read(data)


@given(st.binary(max_size=200))
def test_no_bytes_do_more_than_being_refused(data: bytes) -> None:
    for read in (engine.read_xml, engine.read_tsv):
        try:
            read(data)
        except ExchangeRefused:
            continue


@given(st.text(max_size=60), st.text(max_size=200))
def test_no_marks_of_a_foreign_file_do_more_than_being_refused(words: str, marks: str) -> None:
    for attributes in ({"cssclass": marks}, {"cssclass": f"upturn key-{marks} form-agree"}):
        try:
            taken(text(words=words, attributes=attributes))
        except (ExchangeRefused, InstrumentRefused):
            continue


def test_nothing_that_can_be_asked_is_a_refusal() -> None:
    with pytest.raises(ExchangeRefused, match="No question of this file can be asked here"):
        taken(text(kind="X"))
