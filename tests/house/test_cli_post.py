"""``upturn post`` checks words on their author's machine and sends nothing that was stopped."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from upturn.house import cli_post
from upturn.house.ballot_host import Host, HostRefused
from upturn.house.cli import main

ADDRESS = "https://host.example/exchanges/ab12/rounds/cd34/"
FINE = "We thank each other after every shift, and people stay to listen."


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, str]]:
    """What would go to the host."""
    found: list[dict[str, str]] = []

    def ask(_host: Host, method: str, path: str, body: bytes = b"") -> bytes:
        assert (method, path) == ("POST", "/api/exchange/talk/cd34/")
        found.append(json.loads(body))
        return b"{}"

    monkeypatch.setattr(Host, "ask", ask)
    return found


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "company.key"
    content = {"upturn-key": 1, "company": "Amber", "seed": "11" * 32, "party": "ef56"}
    path.write_text(json.dumps(content))
    return path


def post(key: Path, words: str, *more: str) -> Result:
    given = ["post", "--to", ADDRESS, "--key", str(key), *more]
    return CliRunner().invoke(main, given, input=words)


def test_words_that_pass_are_handed_in_with_the_key_that_takes_them_back(
    sent: list[dict[str, str]], key: Path
) -> None:
    assert post(key, FINE).exit_code == 0
    [said] = sent
    assert said["words"] == FINE
    assert said["guard_stop"] == "none"
    [kept] = key.parent.glob("*.post")
    assert json.loads(kept.read_text()) == {"ref": said["ref"], "key": said["key"]}
    assert kept.stat().st_mode & 0o077 == 0


def test_a_hard_stop_sends_nothing_whatever_is_said(sent: list[dict[str, str]], key: Path) -> None:
    done = post(key, "We pay 13.40 euros an hour, and you?", "--fine")
    assert done.exit_code == 1
    assert "Nothing was sent" in done.output
    assert "13.40" in done.output
    assert sent == []
    assert not list(key.parent.glob("*.post"))


def test_a_private_word_stops_softly_and_never_leaves(
    sent: list[dict[str, str]], key: Path, tmp_path: Path
) -> None:
    own = tmp_path / "private.txt"
    own.write_text("Bluebird\n\n")
    words = "Our Bluebird way of thanking people works after every shift."
    assert post(key, words, "--private", str(own)).exit_code == 1
    assert sent == []
    assert post(key, words, "--private", str(own), "--fine").exit_code == 0
    assert (sent[0]["guard_stop"], sent[0]["guard_reason"]) == ("soft", "yes")
    assert "private" not in json.dumps({name: sent[0][name] for name in sent[0] if name != "words"})


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("https://host.example/elsewhere/", "not the address of a round"),
        ("http://host.example/exchanges/a/rounds/b/", "does not begin with https://"),
        ("ftp://host.example/exchanges/a/rounds/b/", "does not begin with https://"),
        ("http://localhost:1/exchanges/a/rounds/b/", "does not answer"),
    ],
)
def test_an_address_that_cannot_be_is_said(key: Path, address: str, sentence: str) -> None:
    done = CliRunner().invoke(main, ["post", "--to", address, "--key", str(key)], input=FINE)
    assert done.exit_code == 1
    assert sentence in done.output


def test_a_key_file_that_names_no_party_is_said(key: Path) -> None:
    content = json.loads(key.read_text())
    key.write_text(json.dumps({name: content[name] for name in content if name != "party"}))
    done = post(key, FINE)
    assert done.exit_code == 1
    assert "does not say which party" in done.output


def test_a_refusal_of_the_host_is_its_sentence(key: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_given: object) -> bytes:
        raise HostRefused("Writing time is over, so this was not handed in. It stays here.")

    monkeypatch.setattr(Host, "ask", refuse)
    done = post(key, FINE)
    assert done.exit_code == 1
    assert "Writing time is over" in done.output
    assert cli_post.post_.name == "post"
