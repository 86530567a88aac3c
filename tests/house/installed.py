"""A real installation in a folder of its own, driven by its command line, on either database."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen
from uuid import uuid4

import psycopg
import pysqlite3

SERVER = os.environ.get("UPTURN_DATABASE_URL", "")
PHRASE = "correct horse battery"
OWNER = {
    "UPTURN_ORGANISATION": "Acme",
    "UPTURN_OWNER": "ann",
    "UPTURN_OWNER_PASSWORD": PHRASE,
}
HEAPS = "SELECT relname FROM pg_class WHERE relkind='r' AND relnamespace='public'::regnamespace"


class Place:
    """Where one installation lives."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.url = f"sqlite:///{data}/upturn.sqlite3"
        if SERVER.startswith("postgres"):
            self.url = f"{SERVER.rpartition('/')[0]}/place_{uuid4().hex[:12]}"
            _on_server(f"CREATE DATABASE {self.name}")

    @property
    def name(self) -> str:
        return self.url.rpartition("/")[2]

    @property
    def is_sqlite(self) -> bool:
        return self.url.startswith("sqlite")

    @property
    def environment(self) -> dict[str, str]:
        ours = {name: value for name, value in os.environ.items() if not name.startswith("UPTURN_")}
        return ours | {"UPTURN_DATA": str(self.data), "UPTURN_DATABASE_URL": self.url}

    def like(self, other: "Place") -> "Place":
        """This place with everything that the other one holds."""
        shutil.copytree(other.data, self.data, dirs_exist_ok=True)
        if not self.is_sqlite:
            _on_server(f"DROP DATABASE {self.name}")
            _on_server(f"CREATE DATABASE {self.name} TEMPLATE {other.name}")
        return self

    def forget(self) -> None:
        if not self.is_sqlite:
            _on_server(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")


def _on_server(statement: str) -> None:
    with psycopg.connect(SERVER.rpartition("/")[0] + "/postgres", autocommit=True) as server:
        server.execute(statement.encode())


def upturn(
    place: Place, *arguments: str | Path, typed: str = "", **environment: str
) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "upturn.house.cli", *arguments],
        env=place.environment | environment,
        input=typed,
        capture_output=True,
        text=True,
        check=False,
    )


@contextmanager
def serving(place: Place, command: str = "serve") -> "Iterator[str]":
    """Run the server at a free port until the block ends, and give its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    words = [sys.executable, "-m", "upturn.house.cli", command, "--port", str(port)]
    with (place.data / "printed").open("w") as printed:
        server = subprocess.Popen(words, env=place.environment, stdout=printed, stderr=printed)
    try:
        while not answers(address):
            assert still_runs(server), (place.data / "printed").read_text()
        yield address
    finally:
        server.terminate()
        assert server.wait(30) == 0


def answers(address: str) -> bool:
    try:
        with urlopen(f"{address}/readyz", timeout=5) as answer:  # noqa: S310 - our own server
            return bool(answer.status == 200)
    except (URLError, TimeoutError):
        return False


def still_runs(server: "subprocess.Popen[bytes]") -> bool:
    try:
        server.wait(0.1)
    except subprocess.TimeoutExpired:
        return True
    return False


def tables(place: Place) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, in the order of the keys."""
    if place.is_sqlite:
        with closing(pysqlite3.connect(place.url.removeprefix("sqlite:///"))) as database:
            found = "SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite%'"
            names = [name for (name,) in database.execute(found)]
            return {name: database.execute(_all(name)).fetchall() for name in names}
    with psycopg.connect(place.url) as server:
        names = [name for (name,) in server.execute(HEAPS)]
        return {name: server.execute(_all(name).encode()).fetchall() for name in names}


def _all(name: str) -> str:
    return f"SELECT * FROM {name} ORDER BY 1"  # noqa: S608 - a table of our own
