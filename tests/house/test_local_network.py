"""Phones of one room reach the pages by this machine's own address, and by no other new one."""

import click
import pytest
import segno
from pytest_django import Settings

from upturn.house import local_network


def test_the_machines_own_address_is_let_in_and_nothing_else(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.HTTPS = False
    settings.ALLOWED_HOSTS = ["localhost"]
    monkeypatch.setattr(local_network, "own_address", lambda: "192.168.1.20")
    assert local_network.open_to_the_room(8000) == "http://192.168.1.20:8000/"
    local_network.open_to_the_room(8000)
    assert settings.ALLOWED_HOSTS == ["localhost", "192.168.1.20"]


def test_without_a_network_it_says_what_to_do(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.HTTPS = False
    monkeypatch.setattr(local_network, "own_address", lambda: "")
    with pytest.raises(click.ClickException, match="open a hotspot"):
        local_network.open_to_the_room(8000)


def test_pages_that_are_kept_to_https_are_not_served_in_the_open(settings: Settings) -> None:
    settings.HTTPS = True
    with pytest.raises(click.ClickException, match="UPTURN_HTTPS"):
        local_network.open_to_the_room(8000)


def test_the_code_in_the_terminal_is_that_of_the_address() -> None:
    address = "http://192.168.1.20:8000/w/"
    lines = local_network.code_in_the_terminal(address).splitlines()
    width = segno.make_qr(address, error="m").symbol_size(border=4)[0]
    assert {len(line) for line in lines if line} == {width}
