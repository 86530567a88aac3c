"""Whatever happens on an evening, each need is proposed to one seat that may meet it."""

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.floor.evening import Evening, memory_of, needs_of
from upturn.floor.commands import (
    TapRefused,
)
from upturn.floor.jobs.lookout import RHYTHM_S
from upturn.floor.models import NeedState, ShiftNeed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_is_known")]

ACTS = st.sampled_from(["raise", "take", "done", "decline", "at", "hold", "away", "back", "wait"])
STEPS = st.lists(st.tuples(ACTS, st.integers(0, 2), st.integers(0, 8)), max_size=25)


@settings(
    max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(steps=STEPS)
def test_after_any_evening_each_need_is_proposed_to_one_seat_that_may_meet_it(
    steps: list[tuple[str, int, int]],
) -> None:
    """S0.8, S0.9, S0.10, S0.14."""
    evening = Evening("server 1", "server 2")
    declined: set[tuple[str, str]] = set()
    for act, which, at in steps:
        seat = f"server {which % 2 + 1}"
        _play(evening, act, seat, at, declined)
        evening.look(1.0)
    evening.open = {evening.topic(seat) for seat in evening.phones}
    evening.look(RHYTHM_S)
    proposed: list[str] = []
    for seat in evening.phones:
        known = memory_of(evening, seat)
        refs = needs_of(known.round)
        proposed += refs
        assert not {(seat, ref) for ref in refs if ref not in known.claims} & declined
        for need in ShiftNeed.objects.filter(shift=evening.shift, ref__in=refs):
            mine = known.claims.get(need.ref)
            assert need.state == NeedState.OPEN or mine == need.taken_key
            owner = f"server {need.place[0]}"
            assert need.kind != "bill" or owner == seat
    assert len(proposed) == len(set(proposed))


def _play(evening: Evening, act: str, seat: str, at: int, declined: set[tuple[str, str]]) -> None:
    waiting = list(
        evening.shift.needs.filter(state__in=("open", "taken")).values_list("ref", flat=True)
    )
    refs = (waiting[at % len(waiting)],) if waiting else ()
    place, kind = f"{at % 2 + 1}-{at % 3 + 1}", ("coffee", "bill", "crumbs")[at // 3]
    taps = {"at": {"place": place}, "hold": {"item": "pot", "left": at % 5}}
    taps |= {name: {"needs": refs} for name in ("take", "done", "decline") if refs}
    if act == "raise":
        evening.calls(seat, place, kind)
        declined.clear()  # what is asked anew is proposed anew
    elif act in taps:
        with suppress(TapRefused):
            evening.tap(seat, act, **taps[act])
        if act == "decline" and refs[0] not in memory_of(evening, seat).claims:
            declined.add((seat, refs[0]))
    else:
        _wait(evening, act, seat, at)


def _wait(evening: Evening, act: str, seat: str, at: int) -> None:
    if act == "away":
        evening.open.discard(evening.topic(seat))
    elif act == "back":
        evening.open.add(evening.topic(seat))
    else:
        evening.look(60.0 * at)
