"""The model with which devices compare texts by their meaning: packed once, then kept for good."""

import gzip
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import factories as f
from tests.exchange import factories as make
from tests.exchange import talk
from tests.exchange.pages import browser_of
from upturn.exchange.commands import guarding, rounds
from upturn.exchange.commands import meaning as packing
from upturn.exchange.commands.refusals import GuardStopped
from upturn.exchange.engine.guard import check_text, stop_for
from upturn.exchange.engine.guard.scoring import meaning_weights
from upturn.exchange.models import Rung
from upturn.exchange.queries import meaning
from upturn.house.work import Work
from upturn.voice.engine.errors import ModelAbsent
from upturn.voice.engine.multilingual import DIGEST, load_multilingual
from upturn.voice.engine.packed_model import PACKED_DIGEST

pytestmark = pytest.mark.django_db
HARD_BY_WORDS = "We bought pens for five dollars and the wall is full."
"""Whose words alone stop it hard, and whose meaning does not."""
HARD = "We bill them 0,83 € per call since March. And you?"


@pytest.fixture
def made(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> make.Made:
    settings.DATA = tmp_path
    monkeypatch.setattr(packing, "_is_installed", lambda: True)
    return make.opened(rung=Rung.SHARE_PRACTICE)


@pytest.fixture
def packed(made: make.Made, monkeypatch: pytest.MonkeyPatch) -> make.Made:
    monkeypatch.setattr(packing, "pack_for_browsers", lambda: b"numbers" * 1000)
    monkeypatch.setattr(meaning, "lacks", lambda *_args, **_how: "")
    assert packing.pack_due()
    return made


def side(made: make.Made) -> dict[str, Any]:
    at = reverse("exchange:guard_device", args=[made.exchange.ref])
    found: dict[str, Any] = browser_of(made["Amber"]).get(at).json()
    return found


def test_it_is_packed_once_where_there_is_an_exchange(packed: make.Made) -> None:
    assert gzip.decompress(meaning.place_of_model().read_bytes()) == b"numbers" * 1000
    assert not packing.pack_due()
    meaning.place_of_model().unlink()
    packed.exchange.__class__.objects.all().delete()
    assert not packing.pack_due()


def test_the_worker_packs_it_when_nothing_else_waits(
    made: make.Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "pack_for_browsers", lambda: b"numbers")
    worker, today = Work(), timezone.localdate()
    for _turn in range(20):
        if not worker.turn(today):
            break
    assert gzip.decompress(meaning.place_of_model().read_bytes()) == b"numbers"


def test_a_device_learns_where_it_is_and_keeps_it_for_good(packed: make.Made) -> None:
    told = side(packed)["meaning"]
    assert told["bytes"] == 7000
    answer = browser_of(packed["Amber"]).get(told["model"])
    assert answer["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.content) == b"numbers" * 1000
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Set-Cookie" not in answer
    other = reverse("exchange:guard_model", args=[PACKED_DIGEST[::-1]])
    assert browser_of(packed["Amber"]).get(other).status_code == 404


def test_a_browser_that_has_no_business_here_does_not_get_it(packed: make.Made) -> None:
    at = side(packed)["meaning"]["model"]
    assert Client().get(at).status_code == 404
    assert f.signed_in(packed.convener).get(at).status_code == 200
    assert browser_of(packed["Amber"]).head(at).content == b""


def test_without_it_a_device_counts_words(made: make.Made) -> None:
    assert side(made)["meaning"] is None
    gone = reverse("exchange:guard_model", args=[PACKED_DIGEST])
    assert browser_of(made["Amber"]).get(gone).status_code == 404


def test_what_reads_it_must_be_what_was_published(
    packed: make.Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meaning, "lacks", lambda *_args, **_how: "published")
    assert side(packed)["meaning"] is None


def test_words_stopped_hard_are_read_without_the_package_that_packed_it(
    packed: make.Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> None:
        raise ModelAbsent

    monkeypatch.setattr(guarding, "load_multilingual", gone)
    row = talk.asked(packed)
    with pytest.raises(GuardStopped):
        rounds.hand_in(
            packed["Amber"].sitting, row.ref, talk.post(HARD_BY_WORDS), talk.checked(), now=talk.NOW
        )


def test_half_of_it_is_never_offered(made: make.Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "pack_for_browsers", lambda: b"numbers")
    monkeypatch.setattr(Path, "replace", lambda *_args: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        packing.pack_due()
    assert list(meaning.place_of_model().parent.iterdir()) == []
    assert side(made)["meaning"] is None


def test_the_weights_that_ship_go_with_this_model() -> None:
    assert meaning_weights().model == DIGEST


def test_words_that_their_device_read_by_meaning_are_not_stopped_by_the_host(
    packed: make.Made,
) -> None:
    assert stop_for(check_text(HARD_BY_WORDS)) == "hard"
    assert not check_text(HARD_BY_WORDS, embed=load_multilingual())
    row = talk.asked(packed)
    amber = packed["Amber"].sitting
    with pytest.raises(GuardStopped):
        rounds.hand_in(amber, row.ref, talk.post(HARD), talk.checked(), now=talk.NOW)
    meaning.place_of_model().rename(meaning.place_of_model().with_suffix(".away"))
    with pytest.raises(GuardStopped):
        rounds.hand_in(amber, row.ref, talk.post(HARD_BY_WORDS), talk.checked(), now=talk.NOW)
    meaning.place_of_model().with_suffix(".away").rename(meaning.place_of_model())
    rounds.hand_in(amber, row.ref, talk.post(HARD_BY_WORDS), talk.checked(), now=talk.NOW)
