"""What a phone says in German, Spanish and Arabic: every word, each place for a name kept."""

import io

import pytest
from babel.messages.mofile import write_mo

from tests.floor.translated import (
    HOUSE,
    catalogue,
    holes,
    po,
    read_by_gettext,
    translated,
)
from tests.loop.pages.said import LANGUAGES, LOOP, messages


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_for_people_without_an_account_is_translated_and_nothing_else(
    language: str,
) -> None:
    have, elsewhere = set(translated(language, LOOP)), set(translated(language))
    elsewhere |= set(translated(language, HOUSE))
    assert len(messages()) > 140
    assert messages() - have - elsewhere == set(), "msgids without a translation"
    assert have - messages() == set(), "translations of what no page says any more"
    assert have & elsewhere == set(), "said twice, and perhaps differently"


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_translation_keeps_its_places_for_names_and_numbers(language: str) -> None:
    assert [each.id for each in catalogue(language, LOOP) if each.id and each.fuzzy] == []
    for said, forms in translated(language, LOOP).items():
        assert all(form.strip() for form in forms), said
        assert holes(forms[0]) == holes(said.single), said


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_gettext_reads_of_workshops_is_made_of_what_people_read(language: str) -> None:
    fresh = io.BytesIO()
    write_mo(fresh, catalogue(language, LOOP))
    fresh.seek(0)
    with po(language, LOOP).with_suffix(".mo").open("rb") as file:
        assert read_by_gettext(file) == read_by_gettext(fresh), "install Upturn again"
