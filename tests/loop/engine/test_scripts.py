"""Scripts: those that ship, and files that people bring."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upturn.loop.engine import (
    SHIPPED,
    NoSuchScript,
    Script,
    ScriptRefused,
    StepKind,
    read_script,
    script_as_table,
    script_of,
    shipped_script,
    write_script,
)

LANGUAGES = {"en", "de", "es", "ar"}
OPENING = [
    "What do you want the customers to do?",
    "What do you want your reaction to be to the customer?",
    "When customers & you are doing this…how will you notice?",
    "When this is being done and you are noticing…what will be better about your work?",
    "When this is being done and you are noticing…what will be better about their work?",
    "How will you know you are delivering great customer service?",
]
EXERCISES = [
    (
        "Who is doing what you want them to do?",
        "How did you manage to make that happen?",
        (
            "Share with the team as specifically as possible how you get the cooperation and "
            "continue to have a useful working relationship with the people who you need "
            "cooperation from."
        ),
    ),
    (
        "What is distinctive about the services your team & you provide to customers?",
        "",
        (
            "List as many distinctive (what makes your work, customers, services, etc… unique and "
            "special) things as possible."
        ),
    ),
    (
        "What is working well enough with the services your team & you provide to customers?",
        "",
        (
            "List as many things that are working ‘well enough’ meaning they do not need any "
            "massive re-work or changes and serve as a point of pride."
        ),
    ),
    (
        "In 100 days what is better about the services your team & you provide to customers?",
        "",
        (
            "Pretend we meet again in 100 days. List, as clearly and concretely as possible "
            "specific examples and improvements your team and you have made to the customer "
            "experience."
        ),
    ),
]
HEAD = 'name = "Own"\n'
STEP = '[[step]]\nkind = "question"\nask = "What went well?"\n'


@pytest.fixture
def own_words() -> Script:
    return shipped_script("solution_focused")


@pytest.mark.parametrize(("at", "question"), list(enumerate(OPENING)))
def test_the_six_questions_come_first_in_their_order_and_words(
    own_words: Script, at: int, question: str
) -> None:
    step = own_words.steps[at]
    assert (step.kind, step.ask["en"]) == (StepKind.QUESTION, question)


def test_the_questions_are_opened_as_the_text_opens_them(own_words: Script) -> None:
    assert own_words.steps[0].lead["en"] == "Start by asking:"


@pytest.mark.parametrize("at", [2, 5])
def test_what_one_will_notice_becomes_a_sign(own_words: Script, at: int) -> None:
    assert own_words.steps[at].sign
    assert sum(step.sign for step in own_words.steps) == 2


@pytest.mark.parametrize(("at", "said"), list(enumerate(EXERCISES)))
def test_the_four_exercises_follow_in_their_order_and_words(
    own_words: Script, at: int, said: tuple[str, str, str]
) -> None:
    step = own_words.steps[6 + at]
    assert (step.ask["en"], step.then.get("en", ""), step.hint["en"]) == said


def test_there_are_six_questions_and_four_exercises_and_nothing_else(own_words: Script) -> None:
    assert [step.kind for step in own_words.steps] == [
        *[StepKind.QUESTION] * 6,
        StepKind.EXPERTS,
        StepKind.LIST_DISTINCTIVE,
        StepKind.LIST_WELL_ENOUGH,
        StepKind.HUNDRED_DAYS,
    ]


def test_those_who_do_it_already_speak_first_and_as_specifically_as_possible(
    own_words: Script,
) -> None:
    finder = own_words.steps[6]
    assert finder.experts_first and finder.specific


def test_lists_have_no_end(own_words: Script) -> None:
    assert all(step.many for step in own_words.steps[6:])
    assert not any(step.many for step in own_words.steps[:6])


def test_an_objection_is_met_and_answered_by_the_first_question(own_words: Script) -> None:
    assert own_words.objection["en"] == "Wow…that sounds challenging."
    asked = own_words.steps[own_words.objection_step]
    assert asked.ask["en"] == OPENING[0]


def test_people_part_with_the_texts_invitation_to_practise(own_words: Script) -> None:
    assert own_words.farewell["en"] == (
        "What do you think? Share your responses and practice being Solution-Focused."
    )


def test_nobody_leaves_any_script_without_a_task_of_their_own() -> None:
    for key in SHIPPED:
        assert any(s.task or s.kind is StepKind.TASK for s in shipped_script(key).steps), key


def test_the_huddle_fits_into_fifteen_minutes_at_the_counter() -> None:
    assert sum(step.minutes or 0 for step in shipped_script("huddle").steps) <= 15


def test_in_pairs_the_one_who_seeks_asks() -> None:
    (talk,) = [s for s in shipped_script("appreciative_pairs").steps if s.worksheet]
    assert talk.kind is StepKind.PAIRS
    assert [row["en"] for row in talk.worksheet[:2]] == [
        "I would like to get better at …",
        "When did that last go well for you?",
    ]


def test_the_exchange_asks_the_five_questions_of_its_text() -> None:
    script = shipped_script("exchange_round")
    asked = [step.ask["en"] for step in script.steps if step.kind is StepKind.QUESTION]
    assert asked == [
        "How do you inspire call center reps to care deeply about customers?",
        "What’s the secret to finding time to coach when the queue’s backed up?",
        "How do you build better leadership in a young front-line team?",
        "How are you leveraging technology to communicate more effectively?",
        "What can my team do to be more helpful as the “client?”",
    ]


@pytest.mark.parametrize("key", ["exchange_round", "strategy_session"])
def test_ideas_are_written_in_silence_then_shown_then_built_upon(key: str) -> None:
    kinds = [step.kind for step in shipped_script(key).steps]
    assert kinds[kinds.index(StepKind.BRAINSTORM) + 1] is StepKind.BUILD


def test_the_strategy_session_goes_from_a_customers_day_to_be_do_and_have() -> None:
    asked = [step.ask["en"] for step in shipped_script("strategy_session").steps]
    places = [
        next(at for at, ask in enumerate(asked) if words in ask)
        for words in ("day in the life", "who of us serves", "need to be", "to do", "to have")
    ]
    assert places == sorted(places)


@pytest.mark.parametrize("key", SHIPPED)
def test_a_shipped_script_is_whole_in_four_languages(key: str) -> None:
    script = shipped_script(key)
    assert set(script.languages) == LANGUAGES
    for texts in script.texts():
        assert len(set(texts.values())) == len(texts), texts


@pytest.mark.parametrize("key", SHIPPED)
def test_every_script_is_the_same_after_a_file_and_after_the_database(key: str) -> None:
    script = shipped_script(key)
    assert read_script(write_script(script)) == script
    assert script_of(json.loads(json.dumps(script_as_table(script)))) == script
    assert read_script(json.dumps(script_as_table(script)).encode()) == script


def test_a_language_that_is_missing_is_shown_in_that_of_the_script() -> None:
    script = read_script(b'language = "de"\nname = "Runde"\n[[step]]\nkind = "read"\nask = "Gut?"')
    assert script.say(script.steps[0].ask, language="ar") == "Gut?"
    assert script.say(script.steps[0].hint, language="ar") == ""
    assert script.languages == ("de",)


def test_a_half_translated_script_does_not_claim_the_language() -> None:
    half = '[[step]]\nkind = "read"\nask.en = "Good?"\nask.de = "Gut?"'
    assert read_script((HEAD + half).encode()).languages == ("en",)


def test_a_regional_language_finds_its_own() -> None:
    script = shipped_script("own")
    assert script.say(script.name, language="de-AT") == "Ein eigenes Skript"


def test_an_unknown_script_is_refused_with_those_there_are() -> None:
    with pytest.raises(NoSuchScript, match="solution_focused"):
        shipped_script("miracle")


@pytest.mark.parametrize(
    ("content", "line", "says"),
    [
        (b"name = ", 1, "TOML"),
        (HEAD.encode() + b"\xff\xfe", 2, "UTF-8"),
        (b'{"name": 3,,}', 1, "JSON"),
        ((HEAD + STEP + '[[step]]\nkind = "vote"\nask = "?"').encode(), 5, "question, experts"),
        ((HEAD + STEP + "minutes = 0").encode(), 2, "from 0.5 to 240"),
        ((HEAD + STEP + "minutes = true").encode(), 2, "from 0.5"),
        ((HEAD + STEP + "words = 1.5").encode(), 2, "from 1 to 200"),
        ((HEAD + STEP + "many = 1").encode(), 2, "true or false"),
        ((HEAD + STEP + 'voting = "yes"').encode(), 2, "Known are"),
        ((HEAD + STEP + "hint = 3").encode(), 2, "Write words"),
        ((HEAD + STEP + 'hint.de = "Gut?"').encode(), 2, "“en” too"),
        ((HEAD + STEP + 'hint.EN_us = "Good?"').encode(), 2, "a code such as"),
        ((HEAD + STEP + f'hint = "{"a" * 601}"').encode(), 2, "Keep to 600"),
        ((HEAD + STEP + 'hint = "\\u202e"').encode(), 2, "plain words"),
        ((HEAD + STEP + 'worksheet = ["Why?"]').encode(), 2, "Only pairs"),
        ((HEAD + STEP.replace("question", "pairs")).encode(), 2, "the one who seeks asks"),
        ((HEAD + STEP.replace("question", "build")).encode(), 2, "after a brainstorm"),
        ((HEAD + STEP + "[[step]]\n").encode(), 5, "what the step asks"),
        (STEP.encode(), 0, "Give the script a name"),
        (HEAD.encode(), 0, "one to 40"),
        ((HEAD + STEP * 41).encode(), 0, "one to 40"),
        ((HEAD + "step = [3]").encode(), 0, "Write a table"),
        ((HEAD + "objection_step = 2\n" + STEP).encode(), 0, "from 1 to 1"),
        (b"a = " + b"[" * 100_000, 0, "two levels"),
        (b" " * 200_001, 0, "200,000 bytes"),
    ],
)
def test_what_is_wrong_is_named_with_its_line_and_what_helps(
    content: bytes, line: int, says: str
) -> None:
    with pytest.raises(ScriptRefused) as refused:
        read_script(content)
    assert any(says in str(each) for each in refused.value.problems), str(refused.value)
    assert line in {each.line for each in refused.value.problems}


def test_everything_that_is_wrong_is_named_at_once() -> None:
    with pytest.raises(ScriptRefused) as refused:
        read_script(b'name = 3\n[[step]]\nkind = "vote"\nminutes = -1\n[[step]]\nask = ["?"]')
    places = [each.place for each in refused.value.problems]
    assert len(places) >= 5
    assert {"step 1, kind", "step 1, minutes", "step 1, ask", "step 2, kind"} <= set(places)


plain = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=30
)
texts = st.fixed_dictionaries({"en": plain}, optional={"de": plain, "ar": plain})
steps = st.fixed_dictionaries(
    {"kind": st.sampled_from(sorted(set(StepKind) - {"pairs", "build"})), "ask": texts},
    optional={
        "hint": texts,
        "minutes": st.floats(0.5, 240) | st.integers(1, 240),
        "words": st.integers(1, 200),
        "many": st.booleans(),
        "experts_first": st.booleans(),
        "sign": st.booleans(),
    },
)


@settings(max_examples=40)
@given(name=texts, rows=st.lists(steps, min_size=1, max_size=4))
def test_whatever_words_a_script_has_its_file_brings_it_back(
    name: dict[str, str], rows: list[dict[str, object]]
) -> None:
    script = script_of({"name": name, "step": rows})
    assert read_script(write_script(script)) == script


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_no_file_does_more_than_be_refused(content: bytes) -> None:
    with pytest.raises(ScriptRefused):
        read_script(content)


values = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9)
values |= st.just({"en": "Good?"}) | st.just({3: 4}) | st.lists(st.just("?"), max_size=3)
rows = st.dictionaries(
    st.sampled_from(["kind", "ask", "hint", "worksheet", "minutes", "words", "many"]),
    values | st.sampled_from(StepKind),
    max_size=7,
)
parts = ["name", "language", "purpose", "objection_step", "source", "licence", "farewell"]


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from(parts), values, max_size=7), values | st.lists(rows))
def test_stored_values_of_any_shape_are_read_or_refused(
    table: dict[str, object], steps: object
) -> None:
    try:
        script = script_of(table | {"step": steps})
    except ScriptRefused as refused:
        assert refused.problems
    else:
        assert read_script(write_script(script)) == script


def test_the_page_on_script_files_names_every_key_and_kind() -> None:
    page = Path(__file__).parents[3] / "docs" / "reference" / "script-files.md"
    said = page.read_text(encoding="utf-8")
    table = script_as_table(shipped_script("solution_focused"))
    assert isinstance(table["step"], list)
    named = {*table, *(key for step in table["step"] for key in step), "worksheet", "source"}
    assert [key for key in sorted(named | set(StepKind)) if f"`{key}`" not in said] == []


@pytest.mark.parametrize("key", SHIPPED)
def test_german_and_spanish_speak_to_one_person_as_phones_do(key: str) -> None:
    formal = re.compile(r"\b(Sie|Ihr|Ihre|Ihren|Ihrem|Ihrer|Ihnen|ustede?s?|vosotr[oa]s)\b")
    for texts in shipped_script(key).texts():
        assert not formal.search(f"{texts.get('de', '')} {texts.get('es', '')}"), texts
