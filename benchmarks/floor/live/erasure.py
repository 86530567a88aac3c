"""What is left of who did what after a shift: every byte of the installation is searched.

A shift over HTTP with words that occur nowhere else: nicknames, tokens, keys of taps, names of
needs, what a guest said. Copies and an export are made in the middle and at the end. Then every
file is searched: database, write-ahead log, shared memory, copies, export, and what was printed.

`python -m benchmarks.floor.live.erasure`. With `--postgresql plain` the tables are on a PostgreSQL
server of its own as it is set up by default, with `prepared` on one whose keeper did what
docs/guides/live-floor.md says; all its files are searched, and what its connections last asked.
The answer is 1 if anything is found that must not be.
"""

import argparse
import asyncio
import hashlib
import json
import subprocess
import sys
import tempfile
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID

from benchmarks.floor.live.calls import NETWORK, Answer, Caller
from benchmarks.floor.live.cluster import Cluster, cluster
from benchmarks.floor.live.house import House, OpenShift, open_shift, sign_in
from benchmarks.floor.live.phones import mark_of
from benchmarks.floor.live.searching import Found, Search, Words, search
from upturn.stats.draws import generator

PHONES, TABLES, LEAST = 4, 4, 12
FORM = "application/x-www-form-urlencoded"
SERVER, LASTING = "postgresql/", "while it lasts"
NEVER = {"nickname", "token", "cookie"}
ACTIVITY, ASKED = "pg_stat_activity", {"hash of a token"}
"""A phone that comes back asks by its hash, and an idle connection's last question stays known to
the keeper of the server, in memory, until the next. Nothing else may stand there."""


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
        self.said["key of a tap"] |= {key.bytes, key.hex.encode()}
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


@dataclass(frozen=True, slots=True)
class Place:
    """Where words may be left: the folder of the data, and a PostgreSQL server's, if there is."""

    data: Path
    server: Cluster | None

    def search(self, words: Words) -> Found:
        """Say which kinds of words stand where; a copy of PostgreSQL is also read back."""
        found = search(self.data, words)
        if self.server:
            server = search(self.server.files, words)
            found |= {f"{SERVER}{path}": kinds for path, kinds in server.items()}
            for path in sorted(self.data.glob("*.upturn")):
                command = ["pg_restore", "--file=-", str(path)]
                read = subprocess.run(command, check=True, capture_output=True)
                found |= {f"{path.name} read back": Search(words).count(read.stdout)}
        return {path: kinds for path, kinds in found.items() if kinds}

    def asked(self, words: Words) -> Found:
        """Say what still stands among the last questions of PostgreSQL's connections."""
        if self.server is None:
            return {}
        kinds = Search(words).count(self.server.ask("SELECT query FROM pg_stat_activity"))
        return {ACTIVITY: kinds} if kinds else {}


async def from_open_to_close(shift: Shift, place: Place, *, rounds: int) -> Found:
    """Serve, copy, serve on, and close; give what was found before the close."""
    await shift.begin()
    for _ in range(rounds):
        await shift.serve()
    await asyncio.to_thread(upturn, "backup", str(place.data / "middle.upturn"))
    await asyncio.to_thread(upturn, "export", str(place.data / "export-middle"))
    if place.server:  # as the server does by itself where more is written
        await asyncio.to_thread(place.server.ask, "ANALYZE", "CHECKPOINT")
    for _ in range(rounds):
        await shift.serve()
    found = await asyncio.to_thread(place.search, shift.said)
    await shift.close()
    return found


def play(place: Place, *, rounds: int, seed: int) -> dict[str, Found]:
    """Serve a shift and close it; give what is found while it lasts and at each moment after."""
    house = House(place.data, database=place.server.url if place.server else "")
    opened = open_shift(house.lead, "erasure", sections=PHONES, tables=TABLES)
    house.start()
    found: dict[str, Found] = {}
    try:
        shift = Shift(house, opened, seed)
        found[LASTING] = asyncio.run(from_open_to_close(shift, place, rounds=rounds))
        found["closed, the server running"] = place.search(shift.said) | place.asked(shift.said)
        upturn("backup", str(place.data / "closed.upturn"))
        upturn("export", str(place.data / "export-closed"))
        found["copied again"] = place.search(shift.said)
    finally:
        house.stop()
    if place.server:
        place.server.end()
    found["the server ended"] = place.search(shift.said)
    return found


def judge(found: dict[str, Found]) -> list[str]:
    """Say what was found that must not be, and what the search should have found and did not."""
    lasting = found[LASTING]
    wrong = [
        f"{moment}: {path} holds {', '.join(kinds)}"
        for moment, files in found.items()
        for path, kinds in files.items()
        if not (moment == LASTING and path.startswith(("upturn.sqlite3", SERVER)))
        and not (path == ACTIVITY and kinds.keys() <= ASKED)
    ]
    everywhere = [kinds for files in found.values() for kinds in files.values()]
    if any(NEVER & kinds.keys() for kinds in everywhere):
        wrong.append(f"a nickname or token was written: {lasting}")
    return wrong


def main() -> int:
    """Serve, close, search, and print what was found."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rounds", type=int, default=5, help="before and after the copies")
    asked.add_argument("--seed", type=int, default=2026)
    asked.add_argument("--postgresql", choices=("plain", "prepared"), help="else SQLite")
    given = asked.parse_args()
    with ExitStack() as stack:
        data = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=Path.cwd())))
        server = None
        if given.postgresql:
            server = stack.enter_context(cluster(prepared=given.postgresql == "prepared"))
        found = play(Place(data, server), rounds=given.rounds, seed=given.seed)
    wrong = judge(found)
    sys.stdout.write(json.dumps({"found": found, "wrong": wrong}) + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
