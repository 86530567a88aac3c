"""The browser's half of blind tokens, in a browser, against the server's."""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders

from tests.journeys.alone import page_with
from upturn.house.cli_doctor import _blind_tokens
from upturn.partners.queries import strong_mode
from upturn.privacy.blind_tokens import (
    BROWSER_SHA256,
    PrivateKey,
    blind_sign,
    fingerprint,
    new_key,
    public_to_spki,
    verify,
)

ASK = """async ([name, key, printed, held, signed]) => {
    const half = await import("/blind_tokens.js");
    const bytes = (text) => Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
    const text = (value) => btoa(String.fromCharCode(...value));
    const given = held && { prepared: bytes(held.prepared), inverse: bytes(held.inverse) };
    const asked = [bytes(key), printed, ...(held ? [given, bytes(signed)] : [])];
    const found = await half[name](...asked);
    return Object.fromEntries(Object.entries(found).map(([name, each]) => [name, text(each)]));
}"""


@pytest.fixture
def code() -> Path:
    place = finders.find(strong_mode.BROWSER_CODE)
    if not isinstance(place, str):
        pytest.skip("blind_tokens.js was not built: no npm registry")
    return Path(place)


@pytest.fixture
def page(code: Path) -> Iterator[Any]:
    with page_with({code.name: code}) as opened:
        yield opened


def ask(page: Any, name: str, key: PrivateKey, *more: Any, printed: str = "") -> dict[str, bytes]:
    spki = base64.b64encode(public_to_spki(key.public)).decode()
    sent = [name, spki, printed or fingerprint(key.public), *more]
    found = page.evaluate(ASK, [*sent, *[None] * (5 - len(sent))])
    return {each: base64.b64decode(value) for each, value in found.items()}


def text(value: bytes) -> str:
    return base64.b64encode(value).decode()


@pytest.mark.browser
def test_a_browser_and_the_server_make_a_token_together(page: Any) -> None:
    key, other = new_key(), new_key()
    begun = ask(page, "startToken", key)
    assert set(begun) == {"prepared", "blinded", "inverse"}
    assert len(begun["prepared"]) == 64
    signed = blind_sign(key, begun["blinded"])
    held = {name: text(begun[name]) for name in ("prepared", "inverse")}
    token = ask(page, "finishToken", key, held, text(signed))
    assert set(token) == {"prepared", "signature"}
    assert verify(key.public, token["prepared"], signature=token["signature"])
    assert not verify(other.public, token["prepared"], signature=token["signature"])
    assert token["prepared"] == begun["prepared"]

    with pytest.raises(Exception, match="not the one printed"):
        ask(page, "startToken", key, printed=fingerprint(other.public))
    with pytest.raises(Exception, match="invalid signature"):
        ask(page, "finishToken", key, held, text(bytes(256)))


def test_what_was_built_has_the_published_hash(code: Path) -> None:
    assert strong_mode.strong_mode_lacks() == ""
    assert BROWSER_SHA256 in _blind_tokens().what
    licences = code.read_text(encoding="utf-8")
    assert "Apache License" in licences
    assert "Redistribution and use in source and binary forms" in licences


def test_without_the_code_or_with_another_strong_mode_cannot_be_chosen(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    changed = tmp_path / "blind_tokens.js"
    changed.write_text("export const startToken = () => {};")
    monkeypatch.setattr(finders, "find", lambda _name: str(changed))
    assert strong_mode.strong_mode_lacks() == "published"
    assert not _blind_tokens().fine
    monkeypatch.setattr(finders, "find", lambda _name: None)
    assert strong_mode.strong_mode_lacks() == "code"
    assert _blind_tokens().fine
