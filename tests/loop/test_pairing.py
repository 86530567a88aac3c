"""Pairs stand once they are drawn: after a restart, after going back, whoever comes or goes."""

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.loop.held import facilitator, held_with, moves, phone, step
from upturn.loop.commands.joining import leave
from upturn.loop.engine import StageMove, StepKind
from upturn.loop.models import Workshop
from upturn.loop.queries.holders import Holder
from upturn.loop.queries.pairs import pair_of
from upturn.record.kept import forget
from upturn.record.writer import writer

pytestmark = pytest.mark.django_db

PAIRS = step(StepKind.PAIRS, worksheet=({"en": "When did it go well?"},))


@pytest.fixture(autouse=True)
def ended() -> Iterator[None]:
    yield
    writer.stop()


def numbers(workshop: Workshop, phones: list[Holder]) -> list[int | None]:
    workshop = Workshop.objects.get(pk=workshop.pk)
    found = [pair_of(each, workshop, workshop.step) for each in phones]
    return [each.number if each else None for each in found]


def drawn() -> tuple[Workshop, list[Holder], list[int | None]]:
    host = facilitator()
    workshop = held_with(host, step(), PAIRS, step())
    phones = [phone(workshop) for _n in range(7)]
    moves(host, workshop, StageMove.OPEN_CARDS, StageMove.NEXT)
    return workshop, phones, numbers(workshop, phones)


def test_everybody_who_is_in_gets_one_pair_and_one_of_them_is_three() -> None:
    _workshop, _phones, found = drawn()
    assert sorted(Counter(found).values()) == [2, 2, 3]
    assert None not in found


def test_a_restart_with_others_in_the_room_changes_no_pair() -> None:
    workshop, phones, found = drawn()
    leave(phones[0])
    late = phone(workshop)
    forget()
    assert numbers(workshop, phones) == found
    assert numbers(workshop, [late]) == [None]


def test_going_back_and_on_again_changes_no_pair() -> None:
    workshop, phones, found = drawn()
    host = workshop.hosts.get().person
    moves(host, workshop, StageMove.BACK)
    assert numbers(workshop, phones) == [None] * 7
    phone(workshop)
    moves(host, workshop, StageMove.NEXT)
    assert numbers(workshop, phones) == found


def test_a_single_phone_waits_until_the_next_move_finds_another() -> None:
    host = facilitator()
    workshop = held_with(host, step(), PAIRS)
    alone = phone(workshop)
    moves(host, workshop, StageMove.OPEN_CARDS, StageMove.NEXT)
    assert numbers(workshop, [alone]) == [None]
    second = phone(workshop)
    moves(host, workshop, StageMove.BACK, StageMove.NEXT)
    assert numbers(workshop, [alone, second]) == [1, 1]
