"""What is probably needed is noticed before the guest asks, and never twice."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.floor.engine.live_drawn import KINDS, cut_of
from upturn.floor.engine.drawing import draw_needs
from upturn.floor.engine.errors import BadSetting
from upturn.floor.engine.grid import grid
from upturn.floor.engine.live import LOOK, Opportunity, opportunities

FLOOR = grid(sections=2, tables=3, need_types=KINDS)
TABLES, _OWNERS = cut_of(FLOOR)
NOTICED = ("coffee", "clear")
moments = st.floats(0, 5000, allow_nan=False)
places = st.sampled_from(sorted(TABLES))


@st.composite
def shifts(draw: Any) -> dict[str, Any]:
    return {
        "tables": TABLES,
        "seated": draw(st.dictionaries(places, moments)),
        "last": draw(
            st.dictionaries(st.tuples(places, st.sampled_from(["bill", *NOTICED])), moments)
        ),
        "looked": draw(st.dictionaries(places, moments)),
        "waiting": draw(st.sets(st.tuples(places, st.sampled_from([LOOK, "bill", *NOTICED])))),
        "now_s": draw(st.floats(0, 9000)),
        "cadence_s": draw(st.floats(60, 2000)),
    }


def found(shift: dict[str, Any], **other: Any) -> tuple[Opportunity, ...]:
    return opportunities(FLOOR, **{**shift, **other})


@given(shifts())
def test_there_is_one_of_a_kind_at_a_table_with_guests_and_none_that_waits(
    shift: dict[str, Any],
) -> None:
    all_found = [(each.place, each.kind) for each in found(shift)]
    assert len(all_found) == len(set(all_found))
    assert not set(all_found) & shift["waiting"]
    assert not {p for p, kind in all_found if kind == LOOK} & {p for p, _kind in shift["waiting"]}
    assert {place for place, _kind in all_found} <= set(shift["seated"])
    assert {kind for _place, kind in all_found} <= {LOOK, *NOTICED}


@given(shifts(), st.floats(0, 5000))
def test_what_is_due_stays_due_with_its_number(shift: dict[str, Any], later_s: float) -> None:
    later = found(shift, now_s=shift["now_s"] + later_s)
    assert set(found(shift)) <= set(later)
    assert all(shift["now_s"] < each.due_s for each in set(later) - set(found(shift)))


@given(shifts(), st.floats(0, 1))
def test_the_sooner_the_cadence_the_sooner_the_look(shift: dict[str, Any], share: float) -> None:
    sooner = found(shift, cadence_s=max(1.0, shift["cadence_s"] * share))
    looks = {each.place: each.due_s for each in sooner if each.kind == LOOK}
    for each in found(shift):
        if each.kind == LOOK:
            assert looks[each.place] <= each.due_s


@given(shifts())
def test_once_met_or_looked_at_the_next_one_is_another_and_later(shift: dict[str, Any]) -> None:
    now_s = shift["now_s"]
    for each in found(shift):
        met = {**shift["last"], (each.place, each.kind): now_s}
        looked = {**shift["looked"], each.place: now_s}
        assert each not in found(shift, last=met, looked=looked)
        again = found(shift, last=met, looked=looked, now_s=now_s + 9000)
        later = [one for one in again if (one.place, one.kind) == (each.place, each.kind)]
        assert all(one.number != each.number and one.due_s > now_s for one in later)


def test_who_serves_a_table_has_looked_at_it() -> None:
    shift = {"tables": TABLES, "seated": {"1-1": 0.0}, "looked": {}, "waiting": set()}
    served = {**shift, "last": {("1-1", "bill"): 300.0}, "now_s": 490.0, "cadence_s": 480.0}
    assert LOOK not in {each.kind for each in found(served)}
    assert LOOK in {each.kind for each in found({**served, "last": {}})}
    assert LOOK not in {
        each.kind for each in found({**served, "last": {}, "looked": {"1-1": 20.0}})
    }
    assert [each.kind for each in found({**served, "now_s": 785.0})].count(LOOK) == 1


def test_a_cadence_of_nothing_is_refused() -> None:
    with pytest.raises(BadSetting, match="cadence_s is 0; give seconds above 0"):
        opportunities(
            FLOOR, tables={}, seated={}, last={}, looked={}, waiting=set(), now_s=0, cadence_s=0
        )


@dataclass
class Replay:
    """Two hours of empty cups, and whoever answers what the rhythm says within ten seconds."""

    cadence_s: float = 480.0
    is_used: bool = True

    def play(self) -> Iterator[tuple[float, bool]]:
        """Give for each need how long it was there, and whether the guest had to ask."""
        kinds = tuple(
            replace(kind, per_hour=0.0) if kind.name != "coffee" else kind for kind in KINDS
        )
        floor = grid(need_types=kinds)
        tables, _ = cut_of(floor)
        drawn = draw_needs(floor, hours=2, seed=3)
        seated = dict.fromkeys(tables, 0.0)
        last: dict[tuple[str, str], float] = {}
        looked: dict[str, float] = {}
        cups = [
            (floor.nodes[node].id, float(created_s), float(asks_s))
            for node, created_s, asks_s in zip(
                drawn.node, drawn.created_s, drawn.asks_s, strict=True
            )
        ]
        for now_s in np.arange(0.0, 9000.0, 10.0):
            due: tuple[Opportunity, ...] = ()
            if self.is_used:
                due = opportunities(
                    floor, tables=tables, seated=seated, last=last, looked=looked, waiting=set(),
                    now_s=now_s, cadence_s=self.cadence_s,
                )  # fmt: skip
            seen = {each.place for each in due}
            looked |= dict.fromkeys(seen, now_s)
            last |= {(each.place, each.kind): now_s for each in due}
            for cup in [
                cup for cup in cups if cup[2] <= now_s or (cup[1] <= now_s and cup[0] in seen)
            ]:
                cups.remove(cup)
                last[cup[0], "coffee"] = now_s
                yield now_s - cup[1], cup[2] <= now_s

    def share_before_asked(self) -> float:
        return 1.0 - float(np.mean([asked for _s, asked in self.play()]))

    def seconds_to_notice(self) -> float:
        return float(np.mean([seconds for seconds, _asked in self.play()]))


def test_in_a_replay_opportunities_come_before_the_guests_ask() -> None:
    assert Replay(is_used=False).share_before_asked() == 0.0
    assert Replay().share_before_asked() > 0.45


def test_in_a_replay_needs_are_noticed_sooner_the_sooner_the_cadence() -> None:
    seconds = [Replay(cadence_s).seconds_to_notice() for cadence_s in (120.0, 240.0, 480.0)]
    assert seconds == sorted(seconds)
    assert seconds[0] < 0.6 * seconds[-1]
    assert seconds[-1] < Replay(is_used=False).seconds_to_notice()
