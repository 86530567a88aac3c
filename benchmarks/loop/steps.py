"""How soon 500 phones of a workshop hear that the facilitator went on.

The facilitator's key is pressed in another process through the same command, from before it is
handed in until each phone has the new stage; this process is all 500 phones and the facilitator,
niced behind the server.

`python -m benchmarks.loop.steps`. The answer is 1 if the bar is missed or a move unheard.
"""

import argparse
import asyncio
import gc
import os
import sys
import tempfile
from pathlib import Path
from time import monotonic_ns, process_time
from typing import Any

from benchmarks.floor.live.house import House
from benchmarks.floor.live.latency import cpu_s, spread
from benchmarks.loop.room import Room, listen, open_room

PHONES, SETTLE_S, PAUSE_S, P99_MS = 500, 10.0, 0.2, 250.0


def _press(lead: Any, ref: str) -> tuple[int, int]:
    """Go on by one move; give the turn it led to, and when it was pressed."""
    from django.utils import timezone  # noqa: PLC0415 - Django is set up by now

    from upturn.loop.commands import stages  # noqa: PLC0415
    from upturn.loop.engine import StageMove  # noqa: PLC0415
    from upturn.loop.models import Workshop  # noqa: PLC0415

    workshop = Workshop.objects.get(ref=ref)
    key = StageMove.NEXT if workshop.phase == "read" else StageMove.OPEN_CARDS
    pressed = monotonic_ns()
    moved = stages.move(lead, workshop, key, turn=workshop.turn, now=timezone.now())
    return moved.turn, pressed


async def measure(house: House, room: Room, moves: int) -> int:
    """Listen, press, compare; give 1 if the bar is missed or a phone did not hear."""
    phones = await listen(house.port, room)
    await asyncio.sleep(SETTLE_S)  # until what a house does once after its start is done
    pressed: dict[int, int] = {}
    used, ours = cpu_s(house.process), process_time()
    for _move in range(moves):
        turn, at = await asyncio.to_thread(_press, house.lead, room.ref)
        pressed[turn] = at
        await asyncio.sleep(PAUSE_S)
    await asyncio.sleep(2.0)
    each_ms = (cpu_s(house.process) - used) / moves * 1000
    ours = process_time() - ours
    heard = [
        {said["turn"]: (at - pressed[said["turn"]]) / 1e6 for at, _, said in phone.heard("stage")}
        for phone in phones
    ]
    unheard = sum(each.keys() != pressed.keys() for each in heard)
    p99 = spread(f"a move to one of {PHONES} phones", [w for each in heard for w in each.values()])
    spread("a move to the last of them", [max(each[t] for each in heard) for t in pressed])
    sys.stdout.write(
        f"{unheard} phones missed one; a move takes the server {each_ms:.1f} ms of a processor, all"
        f" of them the phones {ours:.2f} s; load of the machine {os.getloadavg()[0]:.1f}\n"
    )
    return 1 if unheard or p99 > P99_MS else 0


def main() -> int:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--moves", type=int, default=78)
    asked.add_argument("--database", default="", help="postgresql://..., else SQLite in a folder")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as data:
        house = House(Path(data), database=given.database)
        room = open_room(house.lead, phones=PHONES, steps=given.moves // 2 + 1)
        house.start()
        try:
            os.nice(5)
            gc.disable()  # a pause of the phones is none of the server
            return asyncio.run(measure(house, room, given.moves))
        finally:
            house.stop()


if __name__ == "__main__":
    sys.exit(main())
