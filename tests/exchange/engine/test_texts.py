"""What ships in words is there in every language, and says the same in each."""

import re
from collections.abc import Iterator
from importlib.resources import files
from itertools import pairwise
from string import Formatter
from typing import Any

import pytest

from upturn.exchange.engine import METRICS, UNITS, AskedPage, AskedPromise, check_page, speaks_of
from upturn.exchange.engine import check_promise as promised
from upturn.exchange.engine.lists import shipped

LANGUAGES = ["en", "de", "es", "ar"]
FILES = sorted(
    path.name.removesuffix(".toml")
    for path in files("upturn.exchange.engine").joinpath("data").iterdir()
    if path.name.endswith(".toml")
)
ARABIC, LETTERS = re.compile(r"[\u0600-\u06ff]"), re.compile(r"[^\W\d_]")


def texts(at: str, data: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Walk through a file of data and give all that is said in languages, with its place."""
    if isinstance(data, list):
        for number, each in enumerate(data):
            yield from texts(f"{at}.{number}", each)
    elif isinstance(data, dict) and "en" in data:
        yield at, data
    elif isinstance(data, dict):
        for name, each in data.items():
            yield from texts(f"{at}.{name}", each)


def parts(said: str | list[str]) -> list[str]:
    return [said] if isinstance(said, str) else said


def braces(said: str) -> set[str]:
    return {name for _text, name, _form, _how in Formatter().parse(said) if name}


def outside_braces(said: str) -> str:
    return re.sub(r"\{\w*\}", "", said)


EVERYTHING = [(at, said) for name in FILES for at, said in texts(name, shipped(name))]
IN_WORDS = [
    (at, said)
    for at, said in EVERYTHING
    if any(LETTERS.search(outside_braces(part)) for part in parts(said["en"]))
]


def test_all_that_is_said_is_looked_at() -> None:
    assert {"found", "lists", "metrics", "rules"} <= set(FILES)
    assert len(IN_WORDS) > 180


@pytest.mark.parametrize(("at", "said"), IN_WORDS, ids=[at for at, _said in IN_WORDS])
def test_words_exist_in_every_language(at: str, said: dict[str, Any]) -> None:
    assert list(said) == LANGUAGES
    for language in LANGUAGES:
        here = parts(said[language])
        assert len(here) == len(parts(said["en"]))
        assert all(part == part.strip() != "" and "!" not in part for part in here)
        assert all(bool(ARABIC.search(part)) == (language == "ar") for part in here)
    assert all(said[one] != said[other] for one, other in pairwise(LANGUAGES))


@pytest.mark.parametrize(("at", "said"), EVERYTHING, ids=[at for at, _said in EVERYTHING])
def test_values_stand_in_the_same_braces_in_every_language(at: str, said: dict[str, Any]) -> None:
    for language in set(said) & set(LANGUAGES):
        for part, first in zip(parts(said[language]), parts(said["en"]), strict=True):
            assert braces(part) == braces(first)


def test_a_sentence_ends_as_it_does_in_english() -> None:
    ends = {".": ".", "?": "?؟"}
    for at, said in IN_WORDS:
        for language in LANGUAGES:
            for part, first in zip(parts(said[language]), parts(said["en"]), strict=True):
                if (end := first.rstrip("”")[-1]) in ends:
                    assert part.rstrip("»“”")[-1] in ends[end], (at, language)


def test_every_unit_of_the_allow_list_is_said() -> None:
    assert set(UNITS) == {metric.unit for metric in METRICS.values()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_allowed_metric_speaks_of_a_forbidden_matter_in_any_language(language: str) -> None:
    spoken = {code: speaks_of(metric.name[language]) for code, metric in METRICS.items()}
    assert {code: topic for code, topic in spoken.items() if topic} == {}
    assert not any(speaks_of(said[language]) for said in UNITS.values())
    assert speaks_of("per cent") == ""
    assert speaks_of("cents a contact") == "money"


@pytest.mark.parametrize(
    ("topic", "names"),
    [
        ("price", ["Precio por contacto", "Descuentos concedidos", "سعر المكالمة", "رسوم الخدمة"]),
        ("cost", ["Coste por contacto", "Gastos del centro", "تكلفة الاتصال", "هامش الربح"]),
        ("money", ["Dólares por hora", "Pesos al mes", "ما يُدفع بالدولار", "يورو لكل اتصال"]),
        ("wage", ["Sueldo medio", "Comisiones pagadas", "متوسط الأجر", "رواتب الموظفين"]),
        ("capacity", ["Capacidad instalada", "Plantilla prevista", "الطاقة الاستيعابية"]),
        ("volume", ["Número de llamadas", "Volumen mensual", "عدد المكالمات", "كمية الطلبات"]),
        ("market_share", ["Cuota de mercado", "الحصة السوقية"]),
        ("bid", ["Ofertas ganadas", "Licitaciones", "مناقصات", "عروض أسعار"]),
        ("forecast", ["Previsión para otoño", "Presupuesto", "توقّعات", "الربع القادم", "ميزانية"]),
        ("hiring", ["Plan de contratación", "خطة التوظيف"]),
    ],
)
def test_forbidden_matters_are_seen_in_spanish_and_arabic(topic: str, names: list[str]) -> None:
    found = {name: speaks_of(name) for name in names}
    assert all(found.values()), found
    assert topic in found.values()


@pytest.mark.parametrize(
    "words",
    [
        "Ninguno de nosotros contratará.",
        "Acordamos la misma tarifa.",
        "Todas debemos hacerlo.",
        "Un boicot al proveedor.",
        "اتفقنا على عدم التوظيف.",
        "اتّفقنا على ذلك.",
        "جميعنا نفعل ذلك.",
        "مقاطعة المورّد.",
        "يجب على الجميع أن يفعلوا.",
    ],
)
def test_a_joint_undertaking_is_seen_in_spanish_and_arabic(words: str) -> None:
    assert promised(AskedPromise(companies=("Amber",), words=words)).numbers == (18,)


@pytest.mark.parametrize(
    "words",
    ["Acompañamos quince minutos al día.", "ندرّب ربع ساعة كل يوم.", "Lo probamos en marzo."],
)
def test_an_own_promise_passes_in_spanish_and_arabic(words: str) -> None:
    assert promised(AskedPromise(companies=("Amber",), words=words)).passed == (18,)


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("La mejor de las empresas", (11,)),
        ("Clasificación de proveedores", (11,)),
        ("ترتيب الشركات", (11,)),
        ("الأسوأ هذا العام", (11,)),
        ("La mitad de las empresas está en esta franja.", ()),
        ("نصف الشركات في هذا النطاق.", ()),
    ],
)
def test_keeping_score_is_seen_in_spanish_and_arabic(words: str, numbers: tuple[int, ...]) -> None:
    assert check_page(AskedPage(figures=(), words=words)).numbers == numbers
