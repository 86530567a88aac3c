"""By whatever door words come in, numbers of cards and accounts stay outside."""

import io
from datetime import UTC, datetime

import pytest
from django.test import Client

from tests import factories as f
from tests.voice.said import comment
from tests.voice.test_api import post, token
from tests.voice.test_say import moment, say
from upturn.graph.engine.tabular import RowProblem, describe, open_table
from upturn.voice import commands
from upturn.voice.api.plain import plain_comment
from upturn.voice.commands import SaidByServers
from upturn.voice.engine import ColumnMap, Comment, Field, check_rows
from upturn.voice.models import Feedback

pytestmark = pytest.mark.django_db
CARD = "4111 1111 1111 1111"
SAID = f"Charged twice on {CARD}, nobody answers"
KEPT = "Charged twice on [number removed], nobody answers"


def kept_once() -> None:
    (row,) = Feedback.objects.all()
    assert (row.text, row.masked) == (KEPT, 1)


def test_the_public_form() -> None:
    assert say(Client(), moment(), words=SAID).status_code == 200
    kept_once()


def test_the_interface_also_when_a_request_is_repeated() -> None:
    token()
    for _ in range(2):
        assert post("feedback", {"text": SAID}, Idempotency_Key="one").status_code == 200
    kept_once()


def test_what_another_program_posts() -> None:
    token()
    assert post("webhook", {"review": SAID}).status_code == 200
    kept_once()


def test_the_short_lane() -> None:
    read = plain_comment(b'{"text": "%s"}' % SAID.encode())
    assert read is not None
    assert (read.text, read.masked) == (KEPT, 1)
    assert commands.hand_in_all([read]) == [True]
    kept_once()


def test_a_file_says_so_before_anything_is_stored() -> None:
    table = open_table(io.BytesIO(f"review;day\n{SAID};2026-11-03\n".encode()), name="a.csv")
    columns = ColumnMap({Field.TEXT: "review", Field.AT: "day"})
    now = datetime(2026, 11, 21, tzinfo=UTC)
    remark, read = check_rows(table, columns, zone=UTC, now=now)
    assert isinstance(remark, RowProblem)
    assert not remark.problem.stops
    assert "Numbers of cards or accounts in the words: 1" in describe(remark)
    assert CARD not in remark.value
    assert isinstance(read, Comment)
    commands.store_feedback([read], origin=None, by=None)
    kept_once()


def test_words_that_were_drawn_or_said_by_servers() -> None:
    commands.store_feedback([comment(SAID)], origin=None, by=None)
    kept_once()
    Feedback.objects.all().delete()
    kitchen = f.party("Kitchen")
    commands.store_servers_words(None, [SaidByServers(kitchen.key, SAID, datetime.now(UTC))])
    kept_once()
