"""Lists that have no end, and ideas that are written in silence, shown, and built upon."""

import pytest

from tests.loop.held import facilitator, hands_in, held_with, moves, phone, step
from upturn.loop.engine import MoveRefused, StageMove, StepKind
from upturn.loop.models import Card, Workshop
from upturn.loop.queries.cards import cards
from upturn.loop.queries.holders import Holder
from upturn.loop.queries.rooms import room

pytestmark = pytest.mark.django_db


def test_one_phone_lists_as_many_things_as_it_likes_and_nobody_votes() -> None:
    host = facilitator()
    workshop = held_with(host, step(StepKind.LIST_DISTINCTIVE, many=True))
    holder = phone(workshop)
    for number in range(120):
        told = hands_in(holder, words=f"Distinctive {number}", done=False)
        assert (told.handed, told.of) == (0, 1)
    assert not cards(host, workshop, 0).is_open
    moves(host, workshop, StageMove.OPEN_CARDS)
    workshop.refresh_from_db()
    read = cards(holder, workshop, 0).cards
    assert {card.words for card in read} == {f"Distinctive {number}" for number in range(120)}
    names = {field.name for field in Card._meta.fields}
    assert not {name for name in names if "vote" in name or "rank" in name}


def test_ideas_are_written_in_silence_shown_and_then_built_upon() -> None:
    host = facilitator()
    first, then = StepKind.BRAINSTORM, StepKind.BUILD
    workshop = held_with(host, step(first, many=True), step(then, many=True))
    one, other = phone(workshop), phone(workshop)
    hands_in(one, words="A bell at the pass", done=False)
    assert not _read(other, workshop, 0)
    with pytest.raises(MoveRefused):
        moves(host, workshop, StageMove.NEXT)
    moves(host, workshop, StageMove.OPEN_CARDS)
    assert _read(other, workshop, 0) == ["A bell at the pass"]
    moves(host, workshop, StageMove.NEXT)
    workshop.refresh_from_db()
    assert room(other, workshop).step == 1
    assert _read(other, workshop, 0) == ["A bell at the pass"]
    hands_in(other, 1, words="And a lamp beside it", done=False)
    assert not _read(one, workshop, 1)


def _read(viewer: Holder, workshop: Workshop, at: int) -> list[str]:
    workshop.refresh_from_db()
    return [card.words for card in cards(viewer, workshop, at).cards]
