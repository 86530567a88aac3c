"""A whole round by pages: nobody's figures are in files, copies, logs or answers of the host."""

import logging
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.attacks.dump import dump
from tests.attacks.lines import written
from tests.exchange import factories as make
from tests.exchange import rounds
from tests.exchange.pages import browser_of, convener_of
from tests.exchange.test_benchmarks_hidden import FIGURES, found
from upturn.exchange.commands import closing_benchmarks
from upturn.house import export
from upturn.house.backup import back_up


class Pages(rounds.Round):
    """The round, sent message by message as browsers send it; every answer is kept."""

    answers: bytes = b""

    def send(self, name: str, kind: str, content: bytes) -> None:
        at = reverse("exchange:benchmark_send", args=[self.made.exchange.ref, self.ref, kind])
        answer = browser_of(self.made[name]).post(
            at, content, content_type="application/octet-stream"
        )
        assert answer.status_code == 200, answer.content
        self.answers += answer.content

    def look(self) -> None:
        for client in (convener_of(self.made), *map(browser_of, self.made.companies.values())):
            for name in ("benchmark", "benchmark_state", "benchmark_packet", "benchmark_bundle"):
                at = reverse(f"exchange:{name}", args=[self.made.exchange.ref, self.ref])
                answer = client.get(at)
                self.answers += answer.content + str(answer.headers).encode()


def everything(asked: Pages, folder: Path, caplog: pytest.LogCaptureFixture) -> bytes:
    """What the host has by now: tables, a backup, files of an export, log lines, answers."""
    asked.look()
    backup = back_up(folder / "host.upturn").read_bytes()
    exported = dict(export.write_everything(folder))
    files = b"".join((folder / name).read_bytes() for name in exported)
    return str(dump().tables).encode() + backup + files + caplog.text.encode() + asked.answers


@pytest.mark.django_db(transaction=True)
def test_no_figure_is_anywhere_after_a_round_by_pages(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    made = make.opened()
    now = timezone.now()
    drafted = rounds.drafted(
        made, opens_at=now - timedelta(hours=1), closes_at=now + timedelta(days=2)
    )
    asked = Pages(made, drafted.ref, drafted.devices)
    with written() as lines:
        for name in asked.devices:
            asked.send(name, "roster", made[name].key.sign(bytes(asked.row.roster)))
        for name, figures in FIGURES.items():
            asked.send(name, "ballot", asked.devices[name].seal(*figures))
        assert found(everything(asked, tmp_path, caplog)) == set()
        closing_benchmarks.close_due(now + timedelta(days=3))
        for name in asked.devices:
            asked.send(name, "confirmation", asked.devices[name].confirm())
        for name in asked.devices:
            if asked.row.state != "opened":
                asked.send(name, "sums", asked.devices[name].open())
    assert asked.row.state == "opened"
    content = everything(asked, tmp_path, caplog) + lines.getvalue().encode()
    assert found(content) == set()
    assert b"SQLite format 3" in content or b"PGDMP" in content
