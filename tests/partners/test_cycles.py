"""Cycles: noticed at the front, owned by two levels, closed only by the side that raised them."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from tests import factories as f
from tests.factories import TODAY
from upturn.commitments.commands import draw_code
from upturn.graph.models import Kind
from upturn.partners.commands.cycles import CycleContent, CycleDraft, move_cycle, open_cycle
from upturn.partners.engine import (
    CLOSED,
    CYCLE_MOVES,
    CycleMove,
    CycleSide,
    CycleState,
    Incomplete,
    MoveClosed,
    Overtaken,
)
from upturn.partners.models import Cycle
from upturn.partners.queries.cycles import cycle_here, cycle_sides, cycles, front_share
from upturn.people.models import Person, Role
from upturn.record.models import JournalEntry
from upturn.stats import Figure, Withheld, share_interval

R, O, L = CycleSide.RAISING, CycleSide.CO_OWNING, CycleSide.LEADING  # noqa: E741 - three sides
TRUTH = {
    "noticed": {"join": ({L}, "shared"), "stop": ({R}, "stopped")},
    "shared": {
        "try": ({R, O}, "trying"),
        "step_back": ({O}, "noticed"),
        "stop": ({R}, "stopped"),
    },
    "trying": {
        "measure": ({R, O}, "measuring"),
        "step_back": ({R, O}, "shared"),
        "stop": ({R}, "stopped"),
    },
    "measuring": {
        "keep": ({R}, "kept"),
        "try_again": ({R, O}, "trying"),
        "stop": ({R}, "stopped"),
    },
    "kept": {"open_again": ({R}, "measuring")},
    "stopped": {"open_again": ({R}, "noticed")},
}


@pytest.mark.parametrize("state", CycleState)
@pytest.mark.parametrize("move", CycleMove)
@pytest.mark.parametrize("side", CycleSide)
def test_every_state_move_and_side_of_a_cycle(
    state: CycleState, move: CycleMove, side: CycleSide
) -> None:
    sides, after = TRUTH[state].get(move, (set(), ""))
    if side in sides:
        assert CYCLE_MOVES.after(state, move=move, sides=[side]) == after
    else:
        with pytest.raises(MoveClosed):
            CYCLE_MOVES.after(state, move=move, sides=[side])


def test_only_the_raising_side_closes_a_cycle() -> None:
    closers = {step.side for step in CYCLE_MOVES.steps if step.after in CLOSED}
    assert closers == {R}


@given(st.lists(st.sampled_from([(m, s) for m in CycleMove for s in CycleSide]), max_size=30))
def test_on_no_path_is_anything_tried_without_a_second_level(
    steps: list[tuple[CycleMove, CycleSide]],
) -> None:
    state, shared = CycleState.NOTICED, False
    for move, side in steps:
        if move not in CYCLE_MOVES.open(state, sides=[side]):
            continue
        before, state = state, CYCLE_MOVES.after(state, move=move, sides=[side])
        shared = move == CycleMove.JOIN or (shared and state != CycleState.NOTICED)
        if state in {CycleState.TRYING, CycleState.MEASURING, CycleState.KEPT}:
            assert shared, (before, move)


class House:
    """Floor serves guests, Kitchen serves Floor; Nadia leads the kitchen, a board leads all."""

    def __init__(self) -> None:
        guests = f.party("Guests", kind=Kind.CUSTOMERS)
        self.floor, self.kitchen = f.party("Floor"), f.party("Kitchen")
        self.board = f.party("Board", kind=Kind.LEADER)
        f.serves(self.floor, guests)
        self.edge = f.serves(self.kitchen, self.floor)
        f.serves(self.board, self.floor)
        self.waiter, self.other = f.member(self.floor), f.member(self.floor)
        self.cook = f.member(self.kitchen)
        self.head = f.member(self.floor, role=Role.LEADER, leads=True)
        self.chief = f.member(self.board, role=Role.EXECUTIVE)


@pytest.fixture
def house(db: None) -> House:
    return House()


def begun(by: Person, house: House, **how: Any) -> Cycle:
    whole = {"noticed": "Sides are missing", "code": draw_code(), "team_id": house.floor.pk}
    return open_cycle(by, CycleDraft(**whole | how), today=TODAY)


def took(by: Person, cycle: Cycle, move: str, **content: Any) -> Cycle:
    cycle.refresh_from_db()
    given = CycleContent(**{"turn": cycle.turn} | content)
    return move_cycle(by, cycle, move=CycleMove(move), content=given, today=TODAY)


def joined(house: House, cycle: Cycle) -> Cycle:
    return took(house.chief, cycle, "join", who="Ruth", party_id=house.board.pk)


TRIAL = {
    "trying": "A board with ticks",
    "front": "The runner ticks each side",
    "until": TODAY + timedelta(days=14),
}


def test_a_cycle_runs_from_notice_to_keep_with_both_levels_and_only_the_front_closes_it(
    house: House,
) -> None:
    cycle = joined(house, begun(house.waiter, house))
    with pytest.raises(Incomplete, match="front line"):
        took(house.waiter, cycle, "try", **TRIAL | {"front": " "})
    took(house.chief, cycle, "try", **TRIAL)
    took(house.waiter, cycle, "measure", sign="Plates sent back, counted on the board")
    for outsider in (house.chief, house.cook):
        with pytest.raises(MoveClosed):
            took(outsider, cycle, "keep", words="Done")
        with pytest.raises(MoveClosed):
            took(outsider, cycle, "stop", words="Enough")
    kept = took(house.other, cycle, "keep", words="The board stays; three plates instead of nine")
    assert (kept.state, kept.closed_on, kept.front) == ("kept", TODAY, TRIAL["front"])
    assert took(house.other, cycle, "open_again").closed_on is None
    verbs = [entry.verb for entry in JournalEntry.objects.filter(subject_ref=cycle.ref)]
    assert verbs == [
        "open cycle",
        "join cycle",
        "try cycle",
        "measure cycle",
        "keep cycle",
        "open again cycle",
    ]


def test_a_stopped_cycle_says_what_was_learned(house: House) -> None:
    cycle = begun(house.waiter, house)
    with pytest.raises(Incomplete, match="learned"):
        took(house.waiter, cycle, "stop")
    took(house.waiter, cycle, "stop", words="The till already prints it")
    page = f.signed_in(house.cook).get(f"/cycles/{cycle.ref}/").content.decode()
    assert "The till already prints it" in page
    assert took(house.waiter, cycle, "open_again").state == CycleState.NOTICED


def test_nobody_owns_both_sides(house: House) -> None:
    own = begun(house.head, house)
    with pytest.raises(MoveClosed):
        took(house.head, own, "join", who="I", party_id=house.floor.pk)
    cycle = took(
        house.head, begun(house.waiter, house), "join", who="Head", party_id=house.floor.pk
    )
    assert cycle_sides(house.head, cycle) == {O}, "who leads the team no longer closes it"
    assert cycle_sides(house.waiter, cycle) == {R}


def test_a_leader_joins_for_a_team_he_leads_and_can_step_back(house: House) -> None:
    cycle = begun(house.waiter, house)
    with pytest.raises(Incomplete):
        took(house.chief, cycle, "join", who="Ruth", party_id=house.kitchen.pk)
    with pytest.raises(MoveClosed):
        took(house.cook, cycle, "join", who="Cook", party_id=house.kitchen.pk)
    back = took(house.chief, joined(house, cycle), "step_back")
    assert (back.state, back.co_party, back.co_who) == ("noticed", None, "")


def test_on_an_ask_the_cycle_belongs_to_the_side_that_asked(house: House) -> None:
    ask = f.raised(house.waiter, house.edge)
    cycle = begun(house.cook, house, ask_ref=ask.ref, team_id=None)
    assert (cycle.raised_by, cycle.from_front) == (house.floor, False)
    assert cycle_here(house.waiter, cycle).waits_for_you is False
    assert R in cycle_sides(house.waiter, cycle)
    assert R not in cycle_sides(house.cook, cycle)
    with pytest.raises(Incomplete):
        begun(f.member(f.party()), house, ask_ref=ask.ref)
    page = f.signed_in(house.waiter).get(f"/cycles/{cycle.ref}/").content.decode()
    assert f"/asks/{ask.ref}/" in page
    hidden = f.signed_in(f.member(f.party())).get(f"/cycles/{cycle.ref}/").content.decode()
    assert f"/asks/{ask.ref}/" not in hidden


def test_a_cycle_is_opened_for_an_own_team_alone(house: House) -> None:
    for refused in ({"team_id": house.kitchen.pk}, {"team_id": None}, {"noticed": " "}):
        with pytest.raises(Incomplete):
            begun(house.waiter, house, **refused)


def test_nothing_is_tried_without_a_line_for_those_who_serve(house: House) -> None:
    cycle = begun(house.waiter, house)
    joined(house, cycle)
    for front in ("", "  "):
        with pytest.raises(Incomplete):
            took(house.chief, cycle, "try", **TRIAL | {"front": front})
    cycle.refresh_from_db()
    assert cycle.state == CycleState.SHARED
    with pytest.raises(IntegrityError), transaction.atomic():
        Cycle.objects.filter(pk=cycle.pk).update(state=CycleState.TRYING, tried_on=TODAY)
    took(house.chief, cycle, "try", **TRIAL)
    cycle.refresh_from_db()
    assert cycle.front == TRIAL["front"]


def test_the_share_opened_by_the_front_line_has_its_range_and_n(house: House) -> None:
    team = {"team_id": house.kitchen.pk}
    for _ in range(4):
        begun(house.waiter, house)
    assert front_share(house.cook) == Withheld("too_few_cycles", 5, 4)
    begun(house.head, house)
    begun(house.cook, house, **team)
    found = front_share(house.cook)
    assert found == share_interval(4, 6)
    assert isinstance(found, Figure)
    page = f.signed_in(house.cook).get("/cycles/").content.decode()
    assert "67 % (30–90 %, n 6)" in page


def test_of_two_who_move_a_cycle_one_wins(house: House) -> None:
    cycle = begun(house.waiter, house)
    joined(house, cycle)
    with pytest.raises(Overtaken):
        took(house.waiter, cycle, "stop", turn=0, words="late")


def test_the_pages_carry_a_cycle_and_the_file_holds_it(house: House) -> None:
    client, chief = f.signed_in(house.waiter), f.signed_in(house.chief)
    sent = {"noticed": "=Forks run out", "team": house.floor.pk, "code": draw_code()}
    assert client.post("/cycles/new/", sent).status_code == 302
    cycle = Cycle.objects.get()
    where = f"/cycles/{cycle.ref}"
    join = {"turn": 0, "party_id": house.board.pk, "who": "Ruth"}
    assert chief.post(f"{where}/join/", join).status_code == 302
    until = (TODAY + timedelta(days=4_000)).isoformat()
    trial = {"turn": 1, "trying": "A second tray", "front": "Maria counts", "until": until}
    assert client.post(f"{where}/try/", trial).status_code == 302
    seen = {"turn": 2, "sign": "Forks left at nine", "watch": ""}
    assert chief.post(f"{where}/measure/", seen).status_code == 302
    assert chief.get(f"{where}/keep/").status_code == 409
    page = client.get(f"{where}/").content.decode()
    for words in ("A second tray", "Maria counts", "Forks left at nine", "Ruth of Board owns it"):
        assert words in page
    assert len(cycles(house.cook).open) == 1
    table = client.get("/cycles/cycles.csv").getvalue().decode("utf-8-sig")
    assert table.splitlines()[1].startswith("'=Forks run out,Floor,yes,Board")
    assert client.post(f"{where}/step_back/", {"turn": 3}).status_code == 409
    assert client.post(f"{where}/keep/", {"turn": 3, "words": "Two trays"}).status_code == 302
