"""The many can be trusted: nothing of the product goes hunting for the few."""

import re
from pathlib import Path

from django.apps import apps
from django.db import models

from upturn.house.api import api
from upturn.people.models import Person

SOURCE = Path(__file__).parents[2] / "src" / "upturn"
HUNTING = re.compile(
    r"\b(ranked|ranking|leader ?board|league table|bottom (three|five|ten|\d+)|weakest|worst"
    r"|under-?perform\w*|outliers?|low performers?|poor performers?|top performers?)\b",
    re.IGNORECASE,
)
SPEAKS_OF_ITSELF = {
    "keeps.html": "says that there is no ranking",
    "_record.html": "says in which invented worlds the tracer does worst",
}
COUNTED = (models.IntegerField, models.FloatField, models.DecimalField)
# What has a person and a number beside it, and why that number says nothing about the person.
SAYS_NOTHING = {
    "uses_left": "how many more an invitation lets in",
    "turn": "which of two moves at once came first",
    "rows": "rows of a file",
    "position": "the order of a page",
    "watch_weeks": "how long a figure of a party is looked at",
    "words_k": "from how many answers words are shown",
    "k": "from how many answers figures are shown",
    "people": "how many a wave asked",
    "size": "bytes of every sealed ballot",
    "deniable": "the share of drawn answers",
    "version": "of a set of questions",
    "figures_version": "how often outcomes, units or results of a plan changed",
    "day_from": "minutes after midnight at which a plan's day of a customer begins",
    "day_until": "and ends",
}


def _texts() -> list[tuple[str, str]]:
    pages = [path for path in SOURCE.rglob("*.html") if path.name not in SPEAKS_OF_ITSELF]
    words = [path for path in SOURCE.rglob("partners/engine/data/*.toml") if path.stem != "jargon"]
    return [(str(path), path.read_text(encoding="utf-8")) for path in pages + words]


def test_no_page_and_no_question_looks_for_the_worst() -> None:
    assert len(_texts()) > 100
    assert HUNTING.search("our bottom 5 and the worst team")
    found = [(path, match[0]) for path, text in _texts() for match in HUNTING.finditer(text)]
    assert found == []


def test_no_table_keeps_a_number_about_a_person() -> None:
    about = [
        (model._meta.label, field.name)
        for model in apps.get_models()
        if model.__module__.startswith("upturn.")
        and (model is Person or any(f.related_model is Person for f in model._meta.fields))
        for field in model._meta.concrete_fields
        if isinstance(field, COUNTED) and not field.is_relation and not field.primary_key
    ]
    assert len(about) > 3
    assert [(label, name) for label, name in about if name not in SAYS_NOTHING] == []


def test_no_address_of_the_programming_interface_names_a_person() -> None:
    paths = list(api.get_openapi_schema()["paths"])
    assert len(paths) > 5
    assert [path for path in paths if re.search(r"person|people|user|agent|server", path)] == []
