"""Lost networks, sleeping phones, doubled taps and a killed server: no need lost, none doubled.

The long form, with 500 shifts, is in benchmarks/floor/live/.
"""

import json
import os
import subprocess
import sys
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from benchmarks.floor.live.house import OpenShift
from benchmarks.floor.live.judging import Stored, judge
from benchmarks.floor.live.phones import Heard, Phone, mark_of
from upturn.stats.draws import generator

ROOT = Path(__file__).parents[2]
SEAT, OTHER = "server 1", "server 2"
RAISE, TAKE, DONE, AGAIN = (f"{n}" * 32 for n in range(1, 5))


def run(program: str, *arguments: str, data: Path) -> dict[str, Any]:
    environment = {n: v for n, v in os.environ.items() if not n.startswith("UPTURN_")}
    command = [sys.executable, "-m", f"benchmarks.floor.live.{program}", *arguments]
    done = subprocess.run(
        command,
        cwd=data,
        env=environment | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.slow
def test_ten_shifts_with_three_kills_lose_no_need_double_none_and_change_no_owner(
    tmp_path: Path,
) -> None:
    found = run("schedules", "--schedules", "10", "--kills", "3", data=tmp_path)
    assert found["broken"] == []
    assert (found["schedules"], found["kills"]) == (10, 3)
    assert found["phones"] >= 30
    assert found["accepted"] > 100
    assert found["refused"] > 10
    assert found["faults"] > 20


def need(**how: Any) -> dict[str, Any]:
    plain = {"ref": "n1", "place": "1-1", "kind": "coffee", "state": "open", "source": "colleague"}
    more = {"asked": True, "count": 1, "words": "", "raised_s": 1.0, "asked_s": 1.0}
    return plain | more | {"turn": 1, "mark": ""} | how


def heard(key: str, act: str, *, status: int = 200, seat: str = SEAT, **body: Any) -> Heard:
    said = {"ok": status == 200, "said": "", "missed": body.pop("missed", [])}
    return Heard(seat, {"key": key, "act": act, **body}, status, said)


ANSWERS = [
    heard(RAISE, "raise", need="n1", place="1-1", kind="coffee"),
    heard(TAKE, "take", needs=["n1"]),
    heard(DONE, "done", need="n1"),
    heard(DONE, "done", need="n1"),
    heard(AGAIN, "done", need="n1", status=409, seat=OTHER),
]


def kept() -> Stored:
    turns = [
        need(),
        need(state="taken", turn=2, mark=mark_of(TAKE)),
        need(state="done", turn=3),
    ]
    return Stored(
        needs={"n1": turns[-1] | {"taken_key": ""}},
        events=[{"kind": "need", "need": turn} for turn in turns],
        taps=[RAISE, TAKE, DONE],
        owners={"section 1": SEAT},
        tables={"1-1": "section 1"},
        seated={},
        last=3,
    )


def phones() -> list[Phone]:
    shift = OpenShift("ab12", "", (SEAT, OTHER), ("1-1",))
    made = [Phone(1, shift, seat, "", generator(1, seat), ANSWERS) for seat in shift.seats]
    made[0].keys, made[1].keys = [RAISE, TAKE, DONE], [AGAIN]
    for phone in made:
        phone.owners = kept().owners
    return made


def judged(after: Stored, seen: list[Phone] | None = None) -> list[str]:
    seen = seen or phones()
    return judge(seen[0].shift, seen, kept(), after)


def test_a_shift_that_kept_its_word_is_found_so() -> None:
    assert judged(kept()) == []


def _lost(after: Stored) -> None:
    after.needs.clear()


def _doubled(after: Stored) -> None:
    after.needs["n1"]["count"] = 2


def _undone(after: Stored) -> None:
    after.needs["n1"].update(state="open")


def _twice(after: Stored) -> None:
    after.taps.append(DONE)


def _unstored(after: Stored) -> None:
    after.taps.remove(TAKE)


def _refused_and_stored(after: Stored) -> None:
    after.taps.append(AGAIN)


def _untold(after: Stored) -> None:
    del after.events[1]


def _owned_otherwise(after: Stored) -> None:
    after.owners["section 1"] = OTHER


def _taken_by_nobody(after: Stored) -> None:
    after.needs["n2"] = need(ref="n2", place="1-2", state="taken", taken_key="f" * 32)
    after.events.append({"kind": "need", "need": need(ref="n2", place="1-2", state="taken")})


@pytest.mark.parametrize(
    "spoil",
    [
        _lost,
        _doubled,
        _undone,
        _twice,
        _unstored,
        _refused_and_stored,
        _untold,
        _owned_otherwise,
        _taken_by_nobody,
    ],
)
def test_every_broken_word_is_found(spoil: Any) -> None:
    after = deepcopy(kept())
    spoil(after)
    assert judged(after)


def test_a_phone_that_shows_something_else_is_found() -> None:
    seen = phones()
    seen[1].needs = {"n1": need()}
    assert judged(kept(), seen)


def test_a_tap_that_was_never_answered_is_found() -> None:
    seen = phones()
    seen[1].keys = [AGAIN, "5" * 32]
    assert judged(kept(), seen)
