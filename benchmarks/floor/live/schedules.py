"""Random shifts with everything that goes wrong: no need lost, none doubled, no owner changed.

Three to six phones a shift lose requests and answers, fall asleep, send taps twice, take the same
need at once and undo; meanwhile the server is killed with SIGKILL and started again. In the end
everybody comes back, queues run empty, and `judging.py` compares what is stored, what was told and
what every phone shows with what the answers promised.

`python -m benchmarks.floor.live.schedules` plays 500 of them, 25 at a time on one server. The
answer is 1 if a word was broken.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, perf_counter

from benchmarks.floor.live.house import House, OpenShift, hold, open_centre, open_shift
from benchmarks.floor.live.judging import Stored, judge, stored
from benchmarks.floor.live.phones import Heard, Phone
from upturn.stats.draws import generator

TAPS, PAUSE_S, AT_ONCE = 12, 1.4, 25
EACH_CENTRE = 5
"""Every fifth shift is that of a contact centre, where each caller is a need."""
KILL_AFTER, WAIT_MOST_S = (5, 120), 8.0


@dataclass
class Count:
    """What was found after all schedules."""

    schedules: int = 0
    centres: int = 0
    phones: int = 0
    kills: int = 0
    taps: int = 0
    answers: int = 0
    accepted: int = 0
    refused: int = 0
    faults: int = 0
    cut: int = 0
    streams: int = 0
    reloads: int = 0
    needs: int = 0
    broken: list[str] = field(default_factory=list)
    sentences: Counter[str] = field(default_factory=Counter)


@dataclass
class Schedule:
    """One shift, its phones, and how it stood at first."""

    name: str
    shift: OpenShift
    phones: list[Phone]
    before: Stored


def drawn(house: House, number: int, seed: int) -> Schedule:
    """Draw one schedule on a floor of its own."""
    name = f"schedule {seed} {number}"
    seats = int(generator(seed, "schedules", name).integers(3, 7))
    if number % EACH_CENTRE == EACH_CENTRE - 1:
        shift = open_centre(house.lead, name, agents=seats)
    else:
        shift = open_shift(house.lead, name, sections=seats, tables=3)
    heard: list[Heard] = []
    phones = [
        Phone(house.port, shift, seat, cookie, generator(seed, "schedules", name, seat), heard)
        for seat, cookie in hold(shift).items()
    ]
    return Schedule(name, shift, phones, stored(shift.ref))


async def kill_now_and_then(house: House, schedules: list[Schedule], kills: int) -> None:
    """Kill the server so often, each time after some answers more, and start it again."""
    draw = generator(house.kills, "kills")
    for _ in range(kills):
        upto = _answers(schedules) + int(draw.integers(*KILL_AFTER))
        until = monotonic() + WAIT_MOST_S
        while _answers(schedules) < upto and monotonic() < until:
            await asyncio.sleep(float(draw.uniform(0.0, 0.02)))
        await asyncio.to_thread(house.kill)
        await asyncio.to_thread(house.start)


def _answers(schedules: list[Schedule]) -> int:
    return sum(len(schedule.phones[0].heard) for schedule in schedules)


async def play(house: House, schedules: list[Schedule], count: Count, *, kills: int) -> None:
    """Play schedules at the same time, and judge each of them."""
    phones = [phone for schedule in schedules for phone in schedule.phones]
    for phone in phones:
        await phone.join()
    killing = asyncio.create_task(kill_now_and_then(house, schedules, kills))
    await asyncio.gather(*(phone.live(TAPS, PAUSE_S) for phone in phones), killing)
    for schedule in schedules:
        await settle(schedule, count)
    await asyncio.gather(*(phone.leave() for phone in phones))


async def settle(schedule: Schedule, count: Count) -> None:
    """Wait until every phone heard everything, then compare."""
    after = await asyncio.to_thread(stored, schedule.shift.ref)
    for phone in schedule.phones:
        if not await phone.caught_up(after.last):
            said = f"{phone.seat} heard up to {phone.last} of {after.last}"
            count.broken.append(f"{schedule.name}: {said}")
    broken = judge(schedule.shift, schedule.phones, schedule.before, after)
    count.broken += [f"{schedule.name} ({schedule.shift.ref}): {each}" for each in broken]
    add_up(schedule, after, count)


def add_up(schedule: Schedule, after: Stored, count: Count) -> None:
    """Add one schedule to what was counted."""
    heard = schedule.phones[0].heard
    count.schedules += 1
    count.centres += bool(schedule.shift.queues)
    count.needs += len(after.needs)
    count.answers += len(heard)
    count.accepted += len({h.body["key"] for h in heard if h.status == 200})
    count.refused += sum(h.status != 200 for h in heard)
    count.sentences.update(f"{h.status} {h.said['said']}" for h in heard if h.status != 200)
    for phone in schedule.phones:
        count.phones += 1
        count.taps += len(phone.keys)
        count.faults += phone.faults
        count.cut += phone.cut
        count.streams += phone.opened
        count.reloads += phone.reloads


def run(house: House, count: Count, *, schedules: int, kills: int, seed: int) -> None:
    """Play all schedules, so many at a time, with the kills spread evenly."""
    began = perf_counter()
    for start in range(0, schedules, AT_ONCE):
        numbers = range(start, min(schedules, start + AT_ONCE))
        batch = [drawn(house, number, seed) for number in numbers]
        now = kills * (start + len(batch)) // schedules - house.kills
        asyncio.run(play(house, batch, count, kills=now))
        done = f"{count.schedules} schedules, {house.kills} kills, {len(count.broken)} broken"
        sys.stderr.write(f"{done}, {perf_counter() - began:.0f} s\n")
    count.kills = house.kills


def main() -> int:
    """Play as often as asked and print what was counted."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--schedules", type=int, default=500)
    asked.add_argument("--kills", type=int, default=100)
    asked.add_argument("--seed", type=int, default=2026)
    asked.add_argument("--database", default="", help="postgresql://..., else SQLite in a folder")
    given = asked.parse_args()
    count = Count()
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as data, suppress(KeyboardInterrupt):
        house = House(Path(data), database=given.database)
        house.start()
        try:
            run(house, count, schedules=given.schedules, kills=given.kills, seed=given.seed)
        finally:
            house.stop()
    shown = vars(count) | {
        "sentences": count.sentences.most_common(12),
        "broken": count.broken[:20],
    }
    sys.stdout.write(json.dumps(shown | {"failures": len(count.broken)}) + "\n")
    return 1 if count.broken else 0


if __name__ == "__main__":
    os.nice(5)
    sys.exit(main())
