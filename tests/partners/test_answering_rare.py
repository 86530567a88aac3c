"""Words that may show who wrote them are marked, and most ordinary words are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upturn.partners import engine
from upturn.partners.engine import Rarity

KNOWN = {
    language: engine.known_words(language, house=["Dish room"]) for language in engine.LANGUAGES
}
PLANTED = [
    ("en", "We wait for Tadeusz in the dish room.", "Tadeusz", Rarity.NAME),
    ("en", "Zorblatt leaks all over the floor.", "Zorblatt", Rarity.RARE),
    ("en", "I waited 47 minutes.", "47", Rarity.NUMBER),
    ("en", "It broke on Mondays in March.", "Mondays", Rarity.DATE),
    ("en", "At 14:30 nobody was there.", "14:30", Rarity.DATE),
    ("en", "I am the only one at night.", "i am the only", Rarity.ALONE),
    ("en", "My wife waits at home.", "my wife", Rarity.ALONE),
    ("de", "Wir fragen Szczepan nach Tellern.", "Szczepan", Rarity.RARE),
    ("de", "Nur ich mache die Bestellung.", "nur ich", Rarity.ALONE),
    ("de", "Seit 3.10. fehlt das Werkzeug.", "3.10.", Rarity.DATE),
    ("es", "Le preguntamos a Ximena siempre.", "Ximena", Rarity.NAME),
    ("es", "Solo yo limpio por la noche.", "solo yo", Rarity.ALONE),
    ("ar", "نسأل تاديوش عن الأطباق.", "تاديوش", Rarity.RARE),
    ("ar", "أنا فقط أعمل في الليل.", "انا فقط", Rarity.ALONE),
]
# Written after the lists were, by nobody in particular.
ORDINARY = {
    "en": [
        "Managers change the rota without asking and then wonder why people leave.",
        "The new till is slow and crashes when we are busy, so guests wait for the bill.",
        "We throw away good food because the portions are too big.",
        "A second person at the door would calm everything down on weekends.",
    ],
    "de": [
        "Die neue Kasse ist langsam und stürzt ab, wenn viel los ist.",
        "Wir werfen gutes Essen weg, weil die Portionen zu groß sind.",
        "Am Wochenende fehlt uns jemand an der Tür.",
    ],
    "es": [
        "La caja nueva es lenta y se bloquea cuando hay mucha gente.",
        "Tiramos comida buena porque las raciones son demasiado grandes.",
        "Los fines de semana falta alguien en la puerta.",
    ],
    "ar": [
        "لا نعرف متى تأتي المجموعات الكبيرة فلا نجهز الطعام.",
        "الزبائن ينتظرون طويلا لأن المطبخ صغير والعمال قليلون.",
        "القادة لا يشرحون لنا لماذا تتغير القواعد كل شهر.",
        "نريد ملابس عمل أفضل وأحذية لا تنزلق.",
    ],
}


@pytest.mark.parametrize(("language", "text", "words", "rarity"), PLANTED)
def test_what_may_show_somebody_is_marked(
    language: str, text: str, words: str, rarity: Rarity
) -> None:
    marks = engine.rare_marks(text, language=language, known=KNOWN[language])
    assert (words, rarity) in [(mark.words, mark.rarity) for mark in marks]


@pytest.mark.parametrize("language", engine.LANGUAGES)
def test_at_most_one_ordinary_word_in_five_is_marked(language: str) -> None:
    words = sum(len(text.split()) for text in ORDINARY[language])
    marks = [
        mark
        for text in ORDINARY[language]
        for mark in engine.rare_marks(text, language=language, known=KNOWN[language])
    ]
    assert len(marks) / words <= 0.2, marks
    assert not [mark for mark in marks if mark.rarity in {Rarity.NAME, Rarity.ALONE}]


@pytest.mark.parametrize("language", engine.LANGUAGES)
def test_the_questions_themselves_hold_no_rare_word(language: str) -> None:
    for key in engine.BUILT_IN:
        for text in engine.instrument(key).texts[language].values():
            words = text.replace("{other}", "")
            assert engine.rare_marks(words, language=language, known=KNOWN[language]) == ()


def test_the_names_of_parties_are_the_house_s_own_words() -> None:
    text = "The dish room helps us, the Dish room too."
    assert engine.rare_marks(text, language="en", known=KNOWN["en"]) == ()
    without = engine.rare_marks("Go to Zum Adler.", language="en", known=KNOWN["en"])
    assert [mark.words for mark in without] == ["Zum", "Adler"]


@given(st.text(max_size=80), st.sampled_from(engine.LANGUAGES))
def test_every_mark_is_a_part_of_the_text_and_comes_once(text: str, language: str) -> None:
    marks = engine.rare_marks(text, language=language, known=KNOWN[language])
    assert len({(mark.words, mark.rarity) for mark in marks}) == len(marks)
    assert all(mark.words in text or mark.rarity is Rarity.ALONE for mark in marks)
