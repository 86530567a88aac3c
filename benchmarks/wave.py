"""Two thousand people answer thirty questions by five hundred phones within a minute.

`python benchmarks/wave.py` opens a wave in an empty house, starts the server, and lets every phone
hand in the cards of four people, one after the other: open the sheet, think, send. Some tap twice.
Then the wave is closed and counted. The answer is 1 if a ballot was lost or counted twice.
"""

import argparse
import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from time import perf_counter, sleep
from typing import Any

import numpy as np

from upturn.stats.draws import generator

QUESTIONS, TEAM, LEADERS, TAPS_TWICE = 30, 10, 20, 0.1
HTML, FINE = "text/html", frozenset({200, 302, 303, 410})


@dataclass
class Heard:
    """What the phones heard, and how long they waited."""

    shown_ms: list[float] = field(default_factory=list)
    sent_ms: list[float] = field(default_factory=list)
    put: int = 0
    refused_twice: int = 0
    failed: list[str] = field(default_factory=list)


def set_up(data: str) -> None:
    """Let Django run on an empty house in this folder."""
    os.environ |= {
        "UPTURN_DATA": data,
        "DJANGO_SETTINGS_MODULE": "upturn.house.settings",
    }
    import django  # noqa: PLC0415 - the settings are in the environment now

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0)


def open_wave(people: int) -> tuple[str, list[str]]:
    """Fill the house and open a wave with thirty questions; return its reference and cards."""
    from django.utils import timezone  # noqa: PLC0415

    from upturn.graph.commands import touch  # noqa: PLC0415
    from upturn.graph.models import Party, Serves  # noqa: PLC0415
    from upturn.partners import commands, queries  # noqa: PLC0415
    from upturn.partners.commands.instruments import bring_in  # noqa: PLC0415
    from upturn.people.models import Membership, Person  # noqa: PLC0415

    boss = Person.objects.create(username="boss", display_name="Boss", role="executive")
    made = bring_in(boss, thirty(), today=timezone.localdate())
    teams = Party.objects.bulk_create(
        Party(key=f"team-{n}", name=f"Team {n}", kind="team", place=f"House {n // 20}")
        for n in range((people - LEADERS) // TEAM)
    )
    lead = Party.objects.create(key="lead", name="Direction", kind="leader")
    Serves.objects.bulk_create(Serves(server=one, served=lead) for one in teams)
    folk = Person.objects.bulk_create(
        Person(username=f"p{n}", display_name=f"P{n}", role="server") for n in range(people)
    )
    Membership.objects.bulk_create(
        Membership(person=one, party=lead if n < LEADERS else teams[(n - LEADERS) // TEAM])
        for n, one in enumerate(folk)
        if n < LEADERS or (n - LEADERS) // TEAM < len(teams)
    )
    touch()
    today = timezone.localdate()
    draft = queries.Draft(
        title="Load",
        instrument=made.key,
        relations="all",
        closes_on=today + timedelta(days=1),
    )
    opened = commands.open_wave(boss, draft=draft, today=today)
    return opened.ref, [token for cards in opened.cards.values() for token in cards]


def thirty() -> Any:
    """An instrument of thirty plain questions for both sides."""
    from upturn.partners.engine import Form, Instrument, Item, Side  # noqa: PLC0415

    both = (Side.SERVERS, Side.LEADERS)
    items = tuple(
        Item(key=f"own-{n}", form=Form.AGREE, sides=both, measures="own") for n in range(QUESTIONS)
    )
    words = {f"own-{n}.{side}": f"Things go well, part {n}." for n in range(30) for side in both}
    return Instrument(
        key="thirty",
        version=1,
        per_relation=False,
        items=items,
        texts={"en": {"name": "Thirty", **words}},
    )


async def ask(port: int, method: str, path: str, body: bytes = b"") -> tuple[int, float]:
    """Send one request on a connection of its own; return the status and the milliseconds."""
    began = perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n"
        f"Accept: {HTML}\r\nContent-Length: {len(body)}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
    )
    writer.write(head.encode() + body)
    await writer.drain()
    answer = await reader.read()
    writer.close()
    return int(answer.split(b" ", 2)[1]), (perf_counter() - began) * 1000


async def phone(
    port: int, cards: list[str], heard: Heard, *, rng: np.random.Generator, seconds: float
) -> None:
    """Hand in a few cards, spread over the time."""
    pause = seconds / (len(cards) + 1)
    await asyncio.sleep(float(rng.uniform(0, pause)))
    for token in cards:
        began = perf_counter()
        status, waited = await ask(port, "GET", f"/answer/{token}/")
        heard.shown_ms.append(waited)
        if status != 200:
            heard.failed.append(f"shown {status}")
        await asyncio.sleep(float(rng.uniform(0.2, 0.6)) * pause)
        answers = rng.integers(1, 6, QUESTIONS)
        body = "&".join(f"q.own-{n}={value}" for n, value in enumerate(answers)).encode()
        taps = 2 if rng.random() < TAPS_TWICE else 1
        done = await asyncio.gather(
            *(ask(port, "POST", f"/answer/{token}/", body) for _ in range(taps))
        )
        good = sum(status < 400 for status, _waited in done)
        heard.put += good
        heard.refused_twice += sum(status == 410 for status, _waited in done)
        heard.sent_ms += [waited for _status, waited in done]
        heard.failed += [
            f"sent {status}" for status, _ in done if status not in {200, 302, 303, 410}
        ]
        await asyncio.sleep(max(0.0, pause - (perf_counter() - began)))


async def all_phones(port: int, cards: list[str], *, phones: int, seconds: float) -> Heard:
    """Let all phones hand in their cards at the same time."""
    heard, draw = Heard(), generator(2026, "phones")
    rngs = [np.random.default_rng(draw.integers(2**63)) for _ in range(phones)]
    await ask(port, "GET", f"/answer/{cards[0]}/")  # the first page of a server loads its parts
    await asyncio.gather(
        *(
            phone(port, cards[n::phones], heard, rng=rng, seconds=seconds)
            for n, rng in enumerate(rngs)
            if n < len(cards)
        )
    )
    return heard


def free_port() -> int:
    """Find a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def serving(port: int) -> subprocess.Popen[bytes]:
    """Start the server and wait until it answers."""
    command = [sys.executable, "-m", "upturn.house.cli", "serve", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            break
        except OSError:
            sleep(0.1)
    return process


def main() -> int:
    """Print how long people waited, and what was counted in the end."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--people", type=int, default=2000)
    asked.add_argument("--phones", type=int, default=500)
    asked.add_argument("--seconds", type=float, default=60)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as data:
        set_up(data)
        began = perf_counter()
        ref, cards = open_wave(given.people)
        opened_s = perf_counter() - began
        port = free_port()
        process = serving(port)
        began = perf_counter()
        try:
            heard = asyncio.run(all_phones(port, cards, phones=given.phones, seconds=given.seconds))
        finally:
            took_s = perf_counter() - began
            process.terminate()
            process.wait()
        found = counted(ref)
    waits = {
        name: [round(float(np.percentile(ms, at)), 1) for at in (50, 95, 99, 100)]
        for name, ms in (("shown_ms", heard.shown_ms), ("sent_ms", heard.sent_ms))
    }
    told = asdict(heard) | waits | found | {"cards": len(cards), "opened_s": opened_s}
    sys.stdout.write(json.dumps(told | {"took_s": took_s, "failed": heard.failed[:5]}) + "\n")
    return int(found["answered"] != heard.put or heard.put != len(cards) or bool(heard.failed))


def counted(ref: str) -> dict[str, Any]:
    """Close the wave and say how many ballots and answers it has."""
    from django.utils import timezone  # noqa: PLC0415

    from upturn.partners import commands, queries  # noqa: PLC0415
    from upturn.people.queries import by_username  # noqa: PLC0415

    boss, began = by_username()["boss"], perf_counter()
    commands.close_wave(boss, ref, today=timezone.localdate())
    closed_s = perf_counter() - began
    found = queries.published(boss, ref)
    return {
        "answered": found.answered,
        "answers": int(found.counts.sum()),
        "groups": len(found.groups),
        "closed_s": closed_s,
    }


if __name__ == "__main__":
    sys.exit(main())
