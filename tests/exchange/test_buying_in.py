"""Answers are sealed until all were called, and nobody learns whose was not yes."""

import pytest

from tests.exchange import factories as make
from upturn.exchange.commands import buying_in
from upturn.exchange.commands.refusals import NotOpen, NotYours
from upturn.exchange.engine import Answer, BadSeal, BuyInStanding, Incomplete
from upturn.exchange.models import BuyIn
from upturn.exchange.queries import before

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> make.Made:
    made = make.prepared(template="peers")
    for name in make.NAMES[:4]:
        make.come_in(made, name)
    return made


def _standing(made: make.Made) -> BuyInStanding:
    made.exchange.refresh_from_db()
    return before.buy_in(made.convener, made.exchange).standing


def test_it_goes_from_calling_to_asking_to_all_yes(made: make.Made) -> None:
    assert _standing(made) is BuyInStanding.CALLING
    assert len(before.to_call(made.convener, made.exchange)) == 4
    make.seal_answers(made)
    assert _standing(made) is BuyInStanding.ASKING
    assert not before.to_call(made.convener, made.exchange)
    make.hand_tokens(made)
    assert _standing(made) is BuyInStanding.ALL_YES


def test_what_is_kept_looks_the_same_whoever_said_no(made: make.Made) -> None:
    make.seal_answers(made, Cedar=Answer.NO)
    make.hand_tokens(made)
    assert _standing(made) is BuyInStanding.NOT_ALL
    kept = BuyIn.objects.values_list("opened", "salt", "exceptions")
    assert set(map(str, kept)) == {"('', '', [])"}
    assert {(len(row.commitment), len(row.token)) for row in BuyIn.objects.all()} == {(64, 64)}


def test_an_answer_is_sealed_once_and_opened_only_as_it_was(made: make.Made) -> None:
    make.seal_answers(made, Cedar=Answer.NOT_YET)
    cedar = made["Cedar"]
    own, token = before.own_buy_in(cedar.sitting)
    buying_in.seal_answer(cedar.sitting, own)
    assert token == ""
    with pytest.raises(NotYours):
        buying_in.seal_answer(cedar.sitting, "ab" * 32)
    salt = cedar.answer.salt.hex()
    for said in (
        buying_in.OpenedAnswer(answer="yes", salt=salt),
        buying_in.OpenedAnswer(answer="not_yet", salt="00" * 32),
        buying_in.OpenedAnswer(answer="maybe", salt=salt),
        buying_in.OpenedAnswer(answer="not_yet", salt="short"),
        buying_in.OpenedAnswer(answer="not_yet", salt=salt, leaves_out=("care",)),
    ):
        with pytest.raises(BadSeal):
            buying_in.open_answer(cedar.sitting, said)
    buying_in.open_answer(cedar.sitting, buying_in.OpenedAnswer(answer="not_yet", salt=salt))
    seen = {each.ref: each.answer for each in before.buy_in(cedar.sitting, made.exchange).leaders}
    assert seen.pop(cedar.row.ref) is Answer.NOT_YET
    assert set(seen.values()) == {None}


def test_tokens_are_of_this_time_of_asking_and_after_all_have_sealed(made: make.Made) -> None:
    amber = made["Amber"].sitting
    with pytest.raises(Incomplete):
        buying_in.hand_token(amber, "ab" * 32, asking=1)
    make.seal_answers(made)
    with pytest.raises(BadSeal):
        buying_in.hand_token(amber, "ab" * 32, asking=2)
    with pytest.raises(BadSeal):
        buying_in.hand_token(amber, "no", asking=1)
    make.hand_tokens(made)
    with pytest.raises(NotYours):
        buying_in.hand_token(amber, "ab" * 32, asking=1)


def test_asking_again_waits_for_somebody_who_opened(made: make.Made) -> None:
    make.seal_answers(made, Cedar=Answer.NO)
    with pytest.raises(Incomplete):
        buying_in.ask_again(made.convener, made.exchange)
    make.hand_tokens(made)
    cedar = made["Cedar"]
    said = buying_in.OpenedAnswer(answer="no", salt=cedar.answer.salt.hex())
    buying_in.open_answer(cedar.sitting, said)
    others = [each for each in make.answering(made) if each is not cedar]
    buying_in.ask_again(made.convener, made.exchange)
    make.hand_tokens(made, others)
    assert _standing(made) is BuyInStanding.ALL_YES
    with pytest.raises(NotYours):
        buying_in.hand_token(cedar.sitting, "ab" * 32, asking=2)


def test_somebody_new_is_asked_too_so_all_are_asked_anew(made: make.Made) -> None:
    make.seal_answers(made)
    make.hand_tokens(made)
    make.come_in(made, "Elder")
    assert _standing(made) is BuyInStanding.CALLING
    assert made.exchange.asking == 2
    assert not BuyIn.objects.exclude(token="").exists()


def test_nothing_is_sealed_once_it_is_open() -> None:
    made = make.opened(names=make.NAMES[:3])
    with pytest.raises(NotOpen):
        buying_in.seal_answer(made["Amber"].sitting, "ab" * 32)
