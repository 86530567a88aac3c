"""Figures of all companies are nowhere on the host: not in its files, log, journal or bundle."""

import logging
from pathlib import Path
from struct import pack

import pytest
from django.db import connection

from tests.attacks.dump import dump
from tests.exchange import factories as make
from tests.exchange import planting, rounds
from upturn.exchange.commands import closing_benchmarks
from upturn.exchange.models import SealedBox
from upturn.exchange.queries import benchmarks as seen

FIGURES = {
    "Amber": (8.273641, 1.918273),
    "Birch": (12.546372, 2.645281),
    "Cedar": (17.372819, 3.281936),
    "Dune": (22.819273, 4.372645),
    "Elder": (27.645382, 5.463728),
    "Fern": (33.918264, 0.281937),
}


def encodings(figure: float) -> set[bytes]:
    """The ways in which a figure could be written: text, its digits, floats, and those encoded."""
    text = str(figure)
    scaled = int(text.replace(".", ""))
    words = {text, text.replace(".", ","), str(scaled)}
    numbers = [pack(kind, figure) for kind in ("<d", ">d")]
    numbers += [pack(kind, scaled) for kind in ("<i", ">i", "<q", ">q")]
    texts = {way for word in words for way in planting.encodings(word)}
    hexes = {number.hex().encode() for number in numbers}
    wide = {text.encode("utf-16-le")}
    return texts | hexes | wide | set(numbers)


def on_the_host(ref: str, caplog: pytest.LogCaptureFixture, made: make.Made) -> bytes:
    """Everything that the host has: its files, its tables, what it logged, and what it gives."""
    content = str(dump().tables).encode() + caplog.text.encode()
    if connection.vendor == "sqlite":
        name = Path(str(connection.settings_dict["NAME"]))
        files = [name, name.with_name(name.name + "-wal"), name.with_name(name.name + "-shm")]
        content += b"".join(each.read_bytes() for each in files if each.exists())
    return content + (seen.bundle_of(made.convener, ref) or b"")


def found(content: bytes) -> set[float]:
    return {
        figure
        for own in FIGURES.values()
        for figure in own
        if any(way in content for way in encodings(figure))
    }


@pytest.mark.django_db(transaction=True)
def test_no_figure_is_on_the_host_at_any_moment_of_a_round(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    made = make.opened()
    asked = rounds.drafted(made)
    asked.sign()
    sent = asked.hand_in(FIGURES)
    assert found(on_the_host(asked.ref, caplog, made)) == set()
    asked.close()
    assert found(on_the_host(asked.ref, caplog, made)) == set()
    boxes = [bytes(each.content) for each in SealedBox.objects.all()]
    asked.confirm()
    asked.open()
    assert asked.row.state == "opened"
    content = on_the_host(asked.ref, caplog, made)
    assert found(content) == set()
    assert found(b"".join(sent.values())) == set()
    assert len(boxes) == 36
    assert not [box for box in boxes if box in content]


def test_the_search_sees_a_figure_however_it_is_written() -> None:
    for own in FIGURES.values():
        for figure in own:
            assert found(b"before" + pack("<d", figure) + b"after") == {figure}
            assert found(str(figure).encode()) == {figure}


@pytest.mark.django_db(transaction=True)
def test_a_round_that_is_refused_leaves_no_ballot_behind(
    caplog: pytest.LogCaptureFixture,
) -> None:
    made = make.opened()
    asked = rounds.drafted(made)
    asked.sign()
    asked.hand_in({name: FIGURES[name] for name in make.NAMES[:4]})
    boxes = [bytes(each.content) for each in SealedBox.objects.all()]
    closing_benchmarks.close_due(rounds.CLOSES)
    assert asked.row.refused_because == "rule_1"
    assert len(boxes) == 24
    content = on_the_host(asked.ref, caplog, made)
    assert not [box for box in boxes if box in content]
