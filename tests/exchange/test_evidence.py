"""Rule 19 by construction: no act in an exchange that was opened erases evidence."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.exchange import factories as make
from tests.exchange import rounds
from upturn.exchange.commands import closing_benchmarks, hosting, leaving
from upturn.exchange.engine.acting_rules import EVIDENCE
from upturn.exchange.models import Benchmark, GuardRecord, SignOff

pytestmark = pytest.mark.django_db

KEPT: dict[str, Callable[[], list[Any]]] = {
    "roster": lambda: [bytes(each) for each in Benchmark.objects.values_list("roster", flat=True)],
    "sheet": lambda: [bytes(each) for each in Benchmark.objects.values_list("sheet", flat=True)],
    "sign_off": lambda: list(SignOff.objects.order_by("pk").values("rule", "counsel", "words")),
    "guard_record": lambda: list(GuardRecord.objects.order_by("pk").values("rule", "text_digest")),
}


def test_evidence_outlives_a_round_given_up_a_company_that_left_and_the_exchange() -> None:
    made = make.opened()
    word = hosting.CounselsWord(counsel="R. Okafor", words="Fine", rule=6, about="absence")
    given = hosting.sign_off(made.convener, made.exchange, word, today=make.TODAY)
    GuardRecord.objects.create(
        exchange=made.exchange,
        rule="mail-address",
        version="1",
        topic="personal",
        text_digest="0" * 64,
        stop="hard",
        action="left",
        on=make.TODAY,
    )
    ref = rounds.drafted(made).row.ref
    before = {kind: read() for kind, read in KEPT.items()}
    assert set(before) == EVIDENCE
    assert all(before.values())
    hosting.withdraw_sign_off(made.convener, made.exchange, given.pk, today=make.TODAY)
    closing_benchmarks.give_up(made.convener, ref)
    leaving.leave(made["Amber"].sitting, words_too=True, today=make.TODAY)
    hosting.close(made.convener, made.exchange)
    assert {kind: read() for kind, read in KEPT.items()} == before
