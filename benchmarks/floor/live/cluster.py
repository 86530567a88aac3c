"""A PostgreSQL server of its own, for a while: its files may be searched, and it is deleted."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

DATABASE, OWNER = "erasure", "upturn"
GUIDE = Path(__file__).parents[3] / "docs" / "guides" / "live-floor.md"


@dataclass(frozen=True, slots=True)
class Cluster:
    """A server as Debian starts one; `upturn` owns its database and may do nothing else."""

    folder: Path
    port: int

    @property
    def url(self) -> str:
        """Give the address, as the product takes it."""
        return f"postgresql://{OWNER}@127.0.0.1:{self.port}/{DATABASE}"

    @property
    def files(self) -> Path:
        """Everything the server keeps, and its log."""
        return self.folder / "data"

    def begin(self) -> None:
        """Make the server, start it, and make the database."""
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres")
        made = ("-A", "trust", "-U", "keeper", "-E", "UTF8", "--locale", "C.UTF-8")
        self._run("initdb", "-D", str(self.files), *made)
        options = f"-p {self.port} -h 127.0.0.1 -k {self.folder}"
        log = ("-l", str(self.files / "log"))
        self._run("pg_ctl", "-D", str(self.files), "-w", *log, "-o", options, "start")
        self.ask(f"CREATE ROLE {OWNER} LOGIN", database="postgres")
        self.ask(f"CREATE DATABASE {DATABASE} OWNER {OWNER}", database="postgres")

    def ask(self, *questions: str, database: str = DATABASE) -> bytes:
        """Ask as the keeper of the server, who may do everything."""
        where = ("-h", "127.0.0.1", "-p", str(self.port), "-U", "keeper", "-d", database)
        each = [word for question in questions for word in ("-c", question)]
        return self._run("psql", *where, "-At", "-v", "ON_ERROR_STOP=1", *each)

    def end(self) -> None:
        """Stop the server in order; everything it holds is written by then."""
        if (self.files / "postmaster.pid").exists():
            self._run("pg_ctl", "-D", str(self.files), "-m", "fast", "-w", "stop")

    def _run(self, program: str, *words: str) -> bytes:
        found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))
        command = [str(found[-1]) if found else program, *words]
        # PostgreSQL does not run as root.
        who = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        with tempfile.TemporaryFile() as said:  # a pipe would stay open as long as the server
            done = subprocess.run([*who, *command], stdout=said, stderr=said, cwd="/", check=False)
            said.seek(0)
            if done.returncode:
                raise SystemExit(f"{program}: {said.read().decode()}")
            return said.read()


def asked_of_the_keeper() -> list[str]:
    """Give the statements that the guide on live floors asks of whoever keeps a server."""
    _, _, block = GUIDE.read_text(encoding="utf-8").partition("```sql\n")
    return block.partition("```")[0].split("\n")[:-1]


@contextmanager
def cluster(*, prepared: bool) -> Iterator[Cluster]:
    """Give a server as it is set up by default, or as the guide asks, and delete it after."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="upturn-postgresql-") as folder:
        made = Cluster(Path(folder), port)
        try:
            made.begin()
            if prepared:
                made.ask(*asked_of_the_keeper())
            yield made
        finally:
            made.end()
