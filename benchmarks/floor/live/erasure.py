"""What is left of who did what after a shift: every byte of the installation is searched.

A shift over HTTP with words that occur nowhere else: nicknames, tokens, keys of taps, names of
needs, what a guest said. Copies and an export are made in the middle and at the end. Then every
file is searched: database, write-ahead log, shared memory, copies, export, and what was printed.

`python -m benchmarks.floor.live.erasure`. The answer is 1 if anything is found that must not be.
"""

import argparse
import asyncio
import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID

from benchmarks.floor.live.calls import NETWORK, Answer, Caller
from benchmarks.floor.live.house import House, OpenShift, open_shift, sign_in
from benchmarks.floor.live.phones import mark_of
from upturn.stats.draws import generator

PHONES, TABLES, LEAST = 4, 4, 12
FORM = "application/x-www-form-urlencoded"
Words = Mapping[str, set[bytes]]
Found = dict[str, list[str]]


class Shift:
    """A shift that is really served; `said` collects every word that must not outlast it."""

    def __init__(self, house: House, shift: OpenShift, seed: int) -> None:
        self.shift = shift
        self.said: dict[str, set[bytes]] = {}
        self._house = house
        self._draw = generator(seed, "erasure")
        self._phones: dict[str, Caller] = {}
        self._listening: list[asyncio.Task[None]] = []
        name, _, session = sign_in(house.lead).partition("=")
        self._lead = Caller(house.port, {name: session})

    async def begin(self) -> None:
        """Let everybody scan the code and pick a seat."""
        for seat in self.shift.seats[:PHONES]:
            caller = self._phones[seat] = Caller(self._house.port)
            nickname = self._word("nickname", "nick")
            await self._submit(caller, f"/seat/{self.shift.code}/", nickname=nickname, seat=seat)
            if "seat" not in caller.cookies:
                raise SystemExit(f"{seat} was not given")
            token = caller.cookies["seat"].partition(".")[2]
            self._note("token", token)
            self._note("hash of a token", hashlib.sha256(token.encode()).hexdigest())
            self._note("cookie", caller.cookies["seat"])
            await caller.get("/board/")
            self._listening.append(asyncio.create_task(self._listen(caller)))

    async def _listen(self, caller: Caller) -> None:
        """Hold the stream open, as a phone does until the shift is closed."""
        with suppress(*NETWORK):
            async for _ in caller.listen(f"/live/?topic=shift:{self.shift.ref}", 0):
                pass

    async def serve(self) -> None:
        """Tap everything there is, by every phone."""
        for seat, caller in self._phones.items():
            for table in self.shift.tables[:3]:
                need = self._draw.bytes(8).hex()
                self._note("name of a need", need)
                words = self._word("words about a need", "words")
                asks = {"need": need, "place": table, "kind": "coffee", "words": words}
                await self._tap(caller, "raise", **asks)
            await self._tap(caller, "seated", place=self.shift.tables[0])
            await self._tap(caller, "at", place=self.shift.tables[1])
            await self._tap(caller, "hold", item="pot", left=3)
            state = (await caller.get("/board/state.json")).json()
            opened = [need["ref"] for need in state["needs"] if need["state"] == "open"]
            await self._tap(caller, "decline", needs=opened[:1])
            await self._tap(caller, "take", needs=opened[:2])
            await self._tap(caller, "done", need=opened[0])
            nickname = self._word("nickname", "nick")
            told = {"nickname": nickname, "language": "en", "hands": {"pot": 2}, "at": "1-1"}
            await caller.post("/board/hello/", told | {"claims": {}})
            await caller.get("/board/")
            await caller.get(f"/seat/{self.shift.code}/?{seat}")

    async def close(self) -> Answer:
        """Let the lead close it."""
        answer = await self._submit(self._lead, f"/floor/shift/{self.shift.ref}/close/")
        for task in self._listening:
            task.cancel()
        return answer

    async def _tap(self, caller: Caller, act: str, **more: object) -> None:
        raw = self._draw.bytes(16)
        key = UUID(bytes=raw, version=4)
        self._note("key of a tap", str(key))
        self.said["key of a tap"].add(key.bytes)
        self._note("mark of a take", mark_of(str(key)))
        answer = await caller.post("/board/tap/", {"key": str(key), "act": act, **more})
        if answer.status not in {200, 409}:
            raise SystemExit(f"{act}: {answer.status} {answer.body[:500]!r}")

    async def _submit(self, caller: Caller, path: str, **fields: str) -> Answer:
        await caller.get(path)
        form = fields | {"csrfmiddlewaretoken": caller.cookies.get("csrf", "")}
        answer = await caller.ask("POST", path, urlencode(form).encode(), kind=FORM)
        if answer.status not in {200, 302, 303}:
            raise SystemExit(f"{path}: {answer.status} {answer.body[:2000]!r}")
        return answer

    def _word(self, what: str, begin: str) -> str:
        word = begin + self._draw.bytes(6).hex()
        self._note(what, word)
        return word

    def _note(self, what: str, word: str) -> None:
        """Look for a long word by each of its halves too, of which one may be left."""
        half = len(word) // 2
        parts = {word, word[:half], word[half:]} if half >= LEAST else {word}
        self.said.setdefault(what, set()).update(part.encode() for part in parts)


def upturn(*arguments: str) -> None:
    """Run a command on the same data, as a timer would."""
    words = [sys.executable, "-m", "upturn.house.cli", *arguments]
    subprocess.run(words, check=True, capture_output=True)


def search(folder: Path, words: Words, *, database: str) -> Found:
    """Name, for each file, the kinds of words in it."""
    found: Found = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        for content in _readings(path, database):
            kinds = [what for what, said in words.items() if any(word in content for word in said)]
            if kinds:
                found[str(path.relative_to(folder))] = kinds
    return found


def _readings(path: Path, database: str) -> Iterator[bytes]:
    """Give the bytes of a file, and those of a PostgreSQL copy as it would be read back."""
    yield path.read_bytes()
    if database and path.suffix == ".upturn":
        words = ["pg_restore", "--file=-", str(path)]
        yield subprocess.run(words, check=True, capture_output=True).stdout


async def from_open_to_close(shift: Shift, data: Path, *, rounds: int, database: str) -> Found:
    """Serve, copy, serve on, and close; give what was found before the close."""
    await shift.begin()
    for _ in range(rounds):
        await shift.serve()
    await asyncio.to_thread(upturn, "backup", str(data / "middle.upturn"))
    await asyncio.to_thread(upturn, "export", str(data / "export-middle"))
    for _ in range(rounds):
        await shift.serve()
    found = await asyncio.to_thread(search, data, shift.said, database=database)
    await shift.close()
    return found


def play(data: Path, *, rounds: int, database: str, seed: int) -> dict[str, Found]:
    """Serve a shift and close it; give what is found while it lasts and at each moment after."""
    house = House(data, database=database)
    opened = open_shift(house.lead, "erasure", sections=PHONES, tables=TABLES)
    house.start()
    found: dict[str, Found] = {}
    try:
        shift = Shift(house, opened, seed)
        lasting = from_open_to_close(shift, data, rounds=rounds, database=database)
        found["while it lasts"] = asyncio.run(lasting)
        found["closed, the server running"] = search(data, shift.said, database=database)
        upturn("backup", str(data / "closed.upturn"))
        upturn("export", str(data / "export-closed"))
        found["copied again"] = search(data, shift.said, database=database)
    finally:
        house.stop()
    found["the server ended"] = search(data, shift.said, database=database)
    return found


def judge(found: dict[str, Found]) -> list[str]:
    """Say what was found that must not be, and what the search should have found and did not."""
    lasting = found["while it lasts"]
    wrong = [
        f"{moment}: {path} holds {', '.join(kinds)}"
        for moment, files in found.items()
        for path, kinds in files.items()
        if moment != "while it lasts" or not path.startswith("upturn.sqlite3")
    ]
    if any("nickname" in kinds or "token" in kinds for kinds in lasting.values()):
        wrong.append(f"a nickname or token is written while the shift lasts: {lasting}")
    return wrong


def main() -> int:
    """Serve, close, search, and print what was found."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rounds", type=int, default=5, help="before and after the copies")
    asked.add_argument("--seed", type=int, default=2026)
    asked.add_argument("--database", default="", help="postgresql://..., else SQLite in a folder")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        found = play(Path(folder), rounds=given.rounds, database=given.database, seed=given.seed)
    wrong = judge(found)
    sys.stdout.write(json.dumps({"found": found, "wrong": wrong}) + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
