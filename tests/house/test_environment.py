"""Every value of the environment is used, or refused by its name."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from tests.house.installed import Place, upturn
from upturn.house import environment, settings


@pytest.mark.parametrize("value", ["", " , ", "https://upturn.example", "upturn.example/path"])
def test_what_names_no_host_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("UPTURN_HOSTS", value)
    with pytest.raises(ImproperlyConfigured, match=r"UPTURN_HOSTS=.*without https://"):
        environment.hosts("UPTURN_HOSTS", "localhost")


def test_hosts_are_divided_by_commas_with_or_without_spaces(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("UPTURN_HOSTS", "a.example, .b.example,")
    assert environment.hosts("UPTURN_HOSTS", "localhost") == ["a.example", ".b.example"]


def test_a_file_wins_over_the_value_and_loses_its_line_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "secret"
    kept.write_text("from the file\n")
    monkeypatch.setenv("UPTURN_SECRET_KEY", "from the value")
    monkeypatch.setenv("UPTURN_SECRET_KEY_FILE", str(kept))
    assert environment.text("UPTURN_SECRET_KEY") == "from the file"
    kept.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ImproperlyConfigured, match=r"UPTURN_SECRET_KEY_FILE=.*it is not text"):
        environment.text("UPTURN_SECRET_KEY")


def test_a_misspelt_name_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPTURN_HOST", "a.example")
    assert environment.unknown() == ["UPTURN_HOST"]


@pytest.mark.parametrize(
    "url",
    ["postgresql://ann:hu/sh@db/upturn", "postgresql://ann:hush@db:port/upturn", "postgresql://["],
)
def test_an_address_of_a_database_that_cannot_be_read_is_named_without_its_password(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("UPTURN_DATABASE_URL", url)
    with pytest.raises(ImproperlyConfigured, match="UPTURN_DATABASE_URL") as refused:
        settings._database()
    assert "hu" not in str(refused.value)


def test_a_database_that_does_not_answer_is_a_sentence(place: Place) -> None:
    nobody = "postgresql://ann:hush@127.0.0.1:9/upturn"
    done = upturn(place, "serve", UPTURN_DATABASE_URL=nobody)
    assert done.returncode == 1
    assert "The database does not answer" in done.stderr
    assert "Traceback" not in done.stderr
    assert "hush" not in done.stderr
