"""The cooperation loop of a relationship, scripts made here, and cards put together."""

import pytest

from tests import factories as f
from tests.loop.held import TODAY, draft, facilitator, held, held_with, moves, phone, script, step
from upturn.loop.commands import grouping, handing_in, loops, scripts
from upturn.loop.commands.loops import LoopDraft
from upturn.loop.commands.refusals import OtherCard
from upturn.loop.engine import (
    Incomplete,
    NotYours,
    Overtaken,
    ScriptRefused,
    StageMove,
    shipped_script,
    write_script,
)
from upturn.loop.models import CardGroup, LoopMove, StoredScript, Workshop
from upturn.loop.queries import scripts as reading
from upturn.loop.queries.cards import cards
from upturn.loop.queries.loops import loop_of
from upturn.people.models import Person, Role

pytestmark = pytest.mark.django_db


def test_a_loop_is_one_of_two_and_changes_by_what_was_noticed() -> None:
    kitchen, floor = f.party(), f.party()
    edge = f.serves(kitchen, floor)
    cook, server = f.member(kitchen), f.member(floor)
    empty = loop_of(cook, edge)
    assert empty and (empty.state, empty.turn) == (None, 0)
    given = LoopDraft(
        key="one", by_party_id=floor.pk, state="resistance", noticed="No reply", next_move="Go over"
    )
    first, again = (loops.notice(server, edge, given, turn=0, today=TODAY) for _ in range(2))
    assert first == again
    with pytest.raises(Overtaken):
        other = LoopDraft(key="two", by_party_id=kitchen.pk, state="cooperation", noticed="Came")
        loops.notice(cook, edge, other, turn=0, today=TODAY)
    loops.notice(cook, edge, other, turn=1, today=TODAY)
    loops.say_what_came(cook, edge, first.ref, came_of="They came over")
    seen = loop_of(server, edge)
    assert seen and seen.state == "cooperation"
    assert [move.came_of for move in seen.moves] == ["", "They came over"]


@pytest.mark.parametrize("role", list(Role))
def test_only_the_two_sides_say_how_it_goes_and_few_others_see_it(role: Role) -> None:
    edge = f.serves(f.party(), f.party())
    viewer = f.person(role=role)
    given = LoopDraft(key="k", by_party_id=edge.server_id, state="cooperation", noticed="Came")
    with pytest.raises(NotYours):
        loops.notice(viewer, edge, given, turn=0, today=TODAY)
    with pytest.raises(NotYours):
        loops.say_what_came(viewer, edge, "any", came_of="x")
    assert (loop_of(viewer, edge) is not None) == (role in {Role.EXECUTIVE, Role.FACILITATOR})


def test_a_loop_without_a_behaviour_or_with_a_third_state_is_refused() -> None:
    kitchen = f.party()
    edge = f.serves(kitchen, f.party())
    cook = f.member(kitchen)
    for how in ({"noticed": " "}, {"state": "both"}, {"key": ""}, {"next_move": "x" * 401}):
        given = {"key": "k", "by_party_id": kitchen.pk, "state": "cooperation", "noticed": "Came"}
        with pytest.raises(Incomplete):
            loops.notice(cook, edge, LoopDraft(**(given | how)), turn=0, today=TODAY)
    with pytest.raises(OtherCard):
        loops.say_what_came(cook, edge, "no such", came_of="x")
    assert not LoopMove.objects.exists()


def test_a_script_is_kept_changed_shared_and_dropped() -> None:
    host = facilitator()
    kept = scripts.keep_script(host, script(step()), key="one", today=TODAY)
    assert scripts.keep_script(host, script(step()), key="one", today=TODAY) == kept
    other = script(step(), step())
    changed = scripts.change_script(host, kept.ref, other, turn=0)
    assert reading.script_by_ref(host, kept.ref).script == other
    with pytest.raises(Overtaken):
        scripts.change_script(host, kept.ref, other, turn=0)
    file = write_script(reading.script_by_ref(host, kept.ref).script)
    brought = [scripts.bring_in_script(host, file, today=TODAY) for _ in range(2)]
    assert brought[0] == brought[1] != changed
    with pytest.raises(ScriptRefused):
        scripts.bring_in_script(host, b"\x00not a script", today=TODAY)
    workshop = held(host, script=kept.ref)
    scripts.drop_script(host, kept.ref)
    assert len(reading.script_of_workshop(workshop).steps) == 2
    assert len(reading.scripts(host)) == len(reading.SHIPPED) + 1
    with pytest.raises(NotYours):
        scripts.keep_script(f.person(), script(step()), key="two", today=TODAY)
    assert reading.scripts(f.person()) == ()
    with pytest.raises(StoredScript.DoesNotExist):
        reading.script_by_ref(f.person(), "huddle")


def test_the_shipped_script_is_opened_as_it_stands() -> None:
    workshop = held(script="solution_focused")
    assert reading.script_of_workshop(workshop) == shipped_script("solution_focused")


SAID = (
    "Hot dishes come on warm plates",
    "Plates are warm when dishes come hot",
    "The bill comes within two minutes",
    "The bill comes within three minutes",
    "Nobody smokes at the back door",
)


def read_out(host: Person) -> Workshop:
    workshop = held_with(host, step(many=True))
    holder = phone(workshop)
    phone(workshop)
    for words in SAID:
        handing_in.hand_in(holder, draft(words=words, done=False))
    with pytest.raises(Incomplete):
        grouping.group_cards(host, workshop, 0)
    return moves(host, workshop, StageMove.OPEN_CARDS)


def test_like_cards_are_put_together_and_the_facilitator_has_the_last_word() -> None:
    host = facilitator()
    workshop = read_out(host)
    assert grouping.group_cards(host, workshop, 0) == 2
    seen = cards(host, workshop, 0)
    assert sorted(len(group.cards) for group in seen.groups) == [2, 2]
    assert [card.words for card in seen.alone] == [SAID[4]]
    assert len(seen.cards) == 5
    first, second = seen.groups
    grouping.name_group(host, workshop, first.ref, name="Our plates")
    new = grouping.move_card(host, workshop, seen.alone[0].ref, to=grouping.NEW)
    grouping.move_card(host, workshop, second.cards[0].ref, to=new)
    assert grouping.group_cards(host, workshop, 0) == 3
    named = {group.name: len(group.cards) for group in cards(host, workshop, 0).groups}
    assert named["Our plates"] == 2 and sorted(named.values()) == [1, 2, 2]
    grouping.merge_groups(host, workshop, [second.ref, new], into=first.ref)
    (only,) = cards(host, workshop, 0).groups
    assert (only.name, len(only.cards)) == ("Our plates", 5)
    grouping.move_card(host, workshop, only.cards[0].ref, to=grouping.ALONE)
    assert len(cards(host, workshop, 0).alone) == 1
    grouping.split_group(host, workshop, first.ref)
    assert len(cards(host, workshop, 0).alone) == 5
    assert not CardGroup.objects.exists()


def test_only_who_holds_a_workshop_groups_and_only_within_it() -> None:
    host = facilitator()
    workshop, other = read_out(host), read_out(facilitator())
    stranger = facilitator()
    ref = cards(host, workshop, 0).alone[0].ref
    with pytest.raises(NotYours):
        grouping.group_cards(stranger, workshop, 0)
    with pytest.raises(NotYours):
        grouping.move_card(stranger, workshop, ref, to=grouping.NEW)
    with pytest.raises(OtherCard):
        grouping.move_card(host, workshop, ref, to="no such group")
    with pytest.raises(OtherCard):
        grouping.move_card(host, workshop, cards(host, other, 0).alone[0].ref, to=grouping.NEW)
    for name in (" ", "x" * 121):
        with pytest.raises(Incomplete):
            grouping.name_group(host, workshop, ref, name=name)
