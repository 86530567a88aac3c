"""At a queue each caller is a need: one agent takes one call, and what is met is that one call."""

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.db import transaction
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.floor.centre import AGENTS, KIND, QUEUE, TOML, PhoneSystem, opened, states
from tests.floor.drawn import leader
from tests.floor.live import key, moment, phone, raised, tap
from upturn.floor import commands, queries
from upturn.floor.commands import BadTap, Claimed, Retold, SeatTaken, TapRefused
from upturn.floor.commands.returning import give_back
from upturn.floor.models import NeedState, Shift, ShiftNeed, memory
from upturn.floor.queries.rounds import round_of
from upturn.house.cli_shift import shift_

pytestmark = pytest.mark.django_db


def refs(shift: Shift, state: str = "open") -> list[str]:
    rows = ShiftNeed.objects.filter(shift=shift, state=state)
    return list(rows.order_by("raised_s", "pk").values_list("ref", flat=True))


def test_each_agent_takes_one_call_and_the_others_wait_on() -> None:
    shift, system = opened()
    one, other = phone(shift, "agent 1"), phone(shift, "agent 2")
    system.waits(3)
    first, *_ = refs(shift)
    tap(one, "take", need=first)
    assert states(shift) == {"open": 2, "taken": 1, "done": 0, "gone": 0}
    tap(one, "done", need=first)
    assert states(shift) == {"open": 2, "taken": 0, "done": 1, "gone": 0}
    tap(other, "done", need=refs(shift)[0])
    assert states(shift) == {"open": 1, "taken": 0, "done": 2, "gone": 0}


def test_two_agents_who_tap_at_once_get_two_calls_and_the_third_is_told() -> None:
    shift, system = opened()
    one, two, three = (phone(shift, seat) for seat in AGENTS)
    system.waits(2)
    shown, other = refs(shift)
    tap(one, "take", need=shown)
    took = key()
    answer = tap(two, "take", need=shown, key=took)
    assert answer.missed == ()
    assert [(need["ref"], need["state"]) for need in answer.needs] == [(other, "taken")]
    again = tap(two, "take", need=shown, key=took)
    assert (again.again, again.missed, again.needs) == (True, (), answer.needs)
    with pytest.raises(TapRefused, match="Somebody took “billing call” at billing a moment ago"):
        tap(three, "take", need=shown)
    known = memory.of(shift.ref)
    assert [known.taker_of(ref) for ref in (shown, other)] == ["agent 1", "agent 2"]


def test_a_phone_that_was_out_of_reach_speaks_of_the_call_it_got() -> None:
    """It knows the first call by name, and its taps wait: the house gave it another."""
    shift, system = opened()
    one, two = phone(shift, "agent 1"), phone(shift, "agent 2")
    system.waits(3)
    shown, got, _last = refs(shift)
    tap(one, "take", need=shown)
    took = key()
    tap(two, "take", need=shown, key=took)
    tap(two, "done", need=shown)
    assert refs(shift, "done") == [got]
    assert refs(shift, "taken") == [shown], "the call of the colleague is left alone"
    tap(two, "take", need=shown, key=(took := key()))
    tap(two, "put_back", need=shown, undoes=took)
    assert states(shift) == {"open": 1, "taken": 1, "done": 1, "gone": 0}


def test_one_tap_takes_one_call() -> None:
    shift, system = opened()
    one = phone(shift, "agent 1")
    system.waits(3)
    answer = tap(one, "take", needs=tuple(refs(shift)))
    assert len(answer.missed) == 2
    assert answer.said.startswith("One call at a time")
    assert states(shift)["taken"] == 1


def test_nobody_is_sent_to_a_call_that_is_meant_for_a_colleague() -> None:
    shift, system = opened()
    held = [phone(shift, seat) for seat in AGENTS]
    system.waits(5)
    rounds = [round_of(holder, now=moment(5), budget_ms=1.0) for holder in held]
    needs = [[stop["need"] for stop in each["stops"]] for each in rounds if each]
    assert [len(each) for each in needs] == [1, 1, 1]
    assert len({ref for (ref,) in needs}) == 3
    tap(held[0], "take", need=needs[0][0])
    taken = round_of(held[0], now=moment(6), budget_ms=1.0)
    assert taken
    assert (taken["taken"], [stop["need"] for stop in taken["stops"]]) == (True, needs[0])


def test_not_now_is_said_once_to_all_who_wait() -> None:
    shift, system = opened()
    one = phone(shift, "agent 1")
    system.waits(3)
    tap(one, "decline", needs=(refs(shift)[0],))
    assert memory.of(shift.ref).seat("agent 1").declined == set(refs(shift))
    assert round_of(one, now=moment(61), budget_ms=1.0) is None
    system.waits(4)
    assert round_of(one, now=moment(62), budget_ms=1.0), "who comes later is another"


def test_a_kind_comes_in_at_its_own_queue() -> None:
    shift, _system = opened()
    one = phone(shift, "agent 1")
    kinds = {
        kind["name"]: kind["queues"] for kind in queries.board_state(one, now=moment(1))["kinds"]
    }
    assert kinds == {"billing call": ["billing"], "sales call": ["sales"]}
    with pytest.raises(BadTap, match="“billing call” does not come in at sales"):
        raised(one, "sales", KIND)
    for _ in range(2):
        raised(one, QUEUE, KIND)
    assert states(shift)["open"] == 2, "two callers are two needs"


def test_the_totals_of_a_shift_count_calls() -> None:
    shift, system = opened()
    held = [phone(shift, seat) for seat in AGENTS]
    system.waits(4, moment(10))
    for holder, at_s in zip(held, (20.0, 30.0, 50.0), strict=True):
        tap(holder, "take", need=refs(shift)[0], at_s=at_s)
    for holder, ref in zip(held, refs(shift, "taken"), strict=True):
        tap(holder, "done", need=ref, at_s=100.0)
    closed = commands.close_shift(leader(), shift, now=moment(3600))
    found = queries.totals_of(leader(), closed)
    assert (found.needs, found.met) == (4, 3)
    assert (found.to_notice.median_s, found.to_notice.n) == (20.0, 3)
    assert (found.to_meet.median_s, found.to_meet.n) == (90.0, 3)


def test_a_replay_says_plainly_that_it_plays_no_contact_centre(tmp_path: Path) -> None:
    file = tmp_path / "centre.toml"
    file.write_text(TOML, encoding="utf-8")
    result = CliRunner().invoke(shift_, ["replay", str(file)])
    assert result.exit_code == 1
    assert "Two queues is a contact centre, and a replay is of guests at tables." in result.output


def test_a_seat_of_a_contact_centre_reads_of_queues_and_of_no_table() -> None:
    shift, system = opened()
    client, code = Client(), queries.seat_code(leader(), shift, 0)
    before = client.get(f"/seat/{code}/").content.decode()
    client.post(f"/seat/{code}/", {"seat": "agent 1"})
    quiet = client.get("/board/").content.decode()
    system.waits(3)
    tap(phone(shift, "agent 2"), "take", need=refs(shift)[0])
    board = client.get("/board/").content.decode()
    assert "its queues" in before
    assert "Who comes in at a queue shows here" in quiet
    assert "billing call: 2 wait, 1 is somebody’s" in board
    for page in (before, quiet, board):
        shown = re.sub(r'data-\w+="[^"]*"', "", page)
        shown = re.sub(
            r"<(figure|section|details)[^>]* hidden>.*?</\1>", "", shown, flags=re.DOTALL
        )
        assert "table" not in re.sub(r"<[^>]+>", "", shown)


STEP = st.tuples(
    st.sampled_from(
        (
            *(
                "comes",
                "comes",
                "raise",
                "take",
                "take",
                "take",
                "done",
                "done",
                "put back",
                "undo",
            ),
            *("hangs up", "met elsewhere", "waits", "leave", "give back", "restart"),
        )
    ),
    st.integers(0, 2),
    st.integers(0, 12),
)
Delta = dict[str, int]


@dataclass
class Centre:
    """A shift of three phones and a phone system, and what their answers promised."""

    shift: Shift
    system: PhoneSystem
    now_s: float = 0.0
    phones: dict[str, Claimed] = field(default_factory=dict)
    came: list[str] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    took: dict[str, tuple[str, str]] = field(default_factory=dict)
    taps: list[str] = field(default_factory=list)
    calls: int = 0

    def arrive(self, seat: str) -> None:
        try:
            self.phones[seat] = commands.claim(self.shift, seat, now=moment(self.now_s))
        except SeatTaken:
            self.phones.pop(seat, None)

    def step(self, act: str, who: int, number: int) -> None:
        self.now_s += 1.0
        before = states(self.shift)
        seat = AGENTS[who]
        self.named += [ref for ref in refs(self.shift) if ref not in self.named]
        expected = self.expected(act, seat, number, before)
        now = states(self.shift)
        assert {name: now[name] - before[name] for name in now} in expected, (act, before, now)
        self.check()

    def expected(self, act: str, seat: str, number: int, before: Delta) -> list[Delta]:
        """Do it, and give how the numbers may have changed by it."""
        if act in ("comes", "raise", "waits"):
            return [self.more(act, seat, number, before)]
        if act in ("hangs up", "met elsewhere"):
            return self.ended(number, met=act == "met elsewhere", before=before)
        if act in ("leave", "give back", "restart"):
            return self.let_go(act, seat, before)
        return self.tapped(act, seat, number, before)

    def more(self, act: str, seat: str, number: int, before: Delta) -> Delta:
        now = moment(self.now_s)
        if act == "comes":
            self.came.append(self.system.comes(now))
        elif act == "raise":
            raised(self.phones[seat].holder, QUEUE, KIND, at_s=self.now_s)
        else:
            self.system.waits(number, now)
            more = number - before["open"]
            self.calls += max(0, more)
            return delta(open=more, gone=max(0, -more))
        self.calls += 1
        return delta(open=1)

    def ended(self, number: int, *, met: bool, before: Delta) -> list[Delta]:
        if not self.came:
            return [delta()]
        ref = self.came[number % len(self.came)]
        waits = ShiftNeed.objects.filter(shift=self.shift, ref=ref).exclude(
            state__in=[NeedState.DONE, NeedState.GONE]
        )
        state = waits.first().state if waits else ""
        for _ in "twice":
            self.system.ends(ref, met=met, now=moment(self.now_s))
        if not state:
            return [delta()]
        self.came.remove(ref)
        if met:
            return [delta(done=1, **{state: -1})]
        raised_here = self.shift.needs.filter(source="colleague", state="open").count()
        is_free = state == "open" or before["open"] > raised_here
        return [delta(gone=1, **{"open" if is_free else "taken": -1})]

    def let_go(self, act: str, seat: str, before: Delta) -> list[Delta]:
        now = moment(self.now_s)
        taken = {n.ref: n.taken_key for n in self.shift.needs.filter(state="taken")}
        mine = {ref: mark for ref, mark in taken.items() if self.took.get(mark, ("",))[0] == seat}
        if act == "restart":
            memory.forget(self.shift.ref)
            for name, claimed in self.phones.items():
                own = {ref: mark for ref, mark in taken.items() if self.took[mark][0] == name}
                commands.hello(claimed.holder, Retold(claims=own), now=now)
            return [delta()]
        if act == "leave":
            commands.leave(self.phones[seat].holder, now=now)
            self.arrive(seat)
        else:
            give_back(self.shift.pk, mine, now=now)
        return [delta(open=len(mine), taken=-len(mine))]

    def tapped(self, act: str, seat: str, number: int, before: Delta) -> list[Delta]:
        """Send a tap twice; a refusal changes nothing, and neither does the second time."""
        mark, holder = key(), self.phones[seat].holder
        ref = [*self.named, "no-need"][-1 - number % min(6, len(self.named) + 1)]
        own = [m for m, (name, _ref) in self.took.items() if name == seat]
        how = {"need": ref}
        if act == "put back":
            mine = own[number % len(own)] if own else "nothing-yet"
            how = {"need": self.took.get(mine, ("", ref))[1], "undoes": mine}
        elif act == "undo":
            how = {"undoes": [*self.taps, "nothing-yet"][-1 - number % min(4, len(self.taps) + 1)]}
        try:
            tap(holder, act.replace(" ", "_"), key=mark, at_s=self.now_s, **how)
        except TapRefused:
            refused_rightly = act != "take" or ref == "no-need" or before["open"] == 0
            assert refused_rightly, "a call waits, and nobody may take it"
            return [delta()]
        after = states(self.shift)
        assert tap(holder, act.replace(" ", "_"), key=mark, at_s=self.now_s, **how).again
        assert states(self.shift) == after
        self.taps.append(mark)
        if act == "take":
            self.took[mark] = (seat, ref)
            assert self.shift.needs.filter(taken_key=mark).count() == 1
        return {
            "take": [delta(open=-1, taken=1)],
            "done": [delta(open=-1, done=1), delta(taken=-1, done=1)],
            "put back": [delta(open=1, taken=-1)],
            "undo": [
                delta(open=1, taken=-1),
                delta(open=1, done=-1),
                delta(taken=1, done=-1),
                delta(open=-1, taken=1),
            ],
        }[act]

    def check(self) -> None:
        assert sum(states(self.shift).values()) == self.calls, "a call was lost or doubled"
        known = memory.of(self.shift.ref)
        for need in self.shift.needs.all():
            taker = self.took[need.taken_key][0] if need.taken_key else ""
            assert known.taker_of(need.ref) == taker


def delta(**changed: int) -> Delta:
    return {"open": 0, "taken": 0, "done": 0, "gone": 0} | changed


@settings(max_examples=40)
@given(steps=st.lists(STEP, min_size=6, max_size=30))
def test_whatever_is_tapped_calls_in_are_calls_met_waiting_and_hung_up(
    steps: list[tuple[str, int, int]],
) -> None:
    with transaction.atomic():
        shift, system = opened()
        centre = Centre(shift, system)
        for seat in AGENTS:
            centre.arrive(seat)
        for step in steps:
            centre.step(*step)
        memory.forget(shift.ref)
        transaction.set_rollback(True)
