"""A house with live floors in a folder of its own, served by a process that may be killed."""

import os
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from upturn.floor.engine.shapes import Floor
    from upturn.people.models import Person

SERVE = ("-m", "upturn.house.cli", "serve")
STARTS_WITHIN_S = 180.0


@dataclass(frozen=True, slots=True)
class OpenShift:
    """A shift on a floor of its own: its address and the seats drawn on it."""

    ref: str
    code: str
    seats: tuple[str, ...]
    tables: tuple[str, ...]
    queues: tuple[str, ...] = ()


class House:
    """The database, floors drawn on it, and the server.

    Parameters
    ----------
    data
        An empty folder.
    database
        An address such as `postgresql://...`; empty for SQLite in the folder.
    serve
        What the Python process of the server is to run, save `--port`.
    """

    def __init__(self, data: Path, *, database: str = "", serve: tuple[str, ...] = SERVE) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.data = data
        self.kills = 0
        self._serve = serve
        self._process: subprocess.Popen[bytes] | None = None
        os.environ |= {
            "UPTURN_DATA": str(data),
            "UPTURN_DATABASE_URL": database or f"sqlite:///{data}/upturn.sqlite3",
            "DJANGO_SETTINGS_MODULE": "upturn.house.settings",
        }
        self.lead = _set_up()

    @property
    def process(self) -> int:
        """The number of the server's process."""
        assert self._process is not None  # noqa: S101 - for the type checker
        return self._process.pid

    @property
    def printed(self) -> Path:
        """Everything the server ever printed."""
        return self.data / "printed"

    def start(self) -> None:
        """Start the server and wait until it takes connections."""
        words = [sys.executable, *self._serve, "--port", str(self.port)]
        with self.printed.open("ab") as printed:
            self._process = subprocess.Popen(words, stdout=printed, stderr=printed)
        until = monotonic() + STARTS_WITHIN_S
        while not self._answers():
            if self._process.poll() is not None or monotonic() > until:
                raise SystemExit(self.printed.read_text())
            sleep(0.02)

    def kill(self) -> None:
        """End the server in the middle of whatever it does."""
        assert self._process is not None  # noqa: S101
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        self.kills += 1

    def stop(self) -> None:
        """End the server in order."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(30)

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port)).close()
        except OSError:
            return False
        return True


def _set_up() -> "Person":
    """Make the tables and somebody who leads; return them."""
    import django  # noqa: PLC0415 - the settings are in the environment now

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    from upturn.people.commands import create_organisation_owner  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    return create_organisation_owner(
        organisation="Live",
        username="lead",
        password="only for this run",  # noqa: S106
    )


def open_shift(lead: "Person", name: str, *, sections: int, tables: int) -> OpenShift:
    """Draw a floor in sections of tables, with one seat a section, and open a shift on it."""
    from upturn.floor.engine.grid import grid  # noqa: PLC0415 - Django is set up by now

    made = grid(sections=sections, tables=tables, need_types=_kinds(), hands={"pot": 4})
    return _opened(lead, replace(made, name=name))


def open_centre(lead: "Person", name: str, *, agents: int) -> OpenShift:
    """Open a shift on a contact centre of two queues, with so many seats."""
    from upturn.floor.engine.shapes import (  # noqa: PLC0415
        Durations,
        Floor,
        Kind,
        NeedType,
        Node,
        Server,
    )

    queues = ("billing", "sales")
    floor = Floor(
        nodes=tuple(Node(queue, Kind.QUEUE, 0.0, 0.0) for queue in queues),
        servers=tuple(Server(f"agent {number}") for number in range(1, agents + 1)),
        need_types=tuple(
            NeedType(f"{queue} call", 10.0, Durations(120.0), due_s=20.0, at=(queue,))
            for queue in queues
        ),
        table_lock=False,
        name=name,
    )
    return _opened(lead, floor)


def _opened(lead: "Person", floor: "Floor") -> OpenShift:
    from django.utils import timezone  # noqa: PLC0415 - Django is set up by now

    from upturn.floor import commands, queries  # noqa: PLC0415

    now = timezone.now()
    drawn = commands.draw_floor(lead, floor, code=floor.name, today=now.date())
    shift: Any = commands.open_shift(lead, drawn, now=now)
    return OpenShift(
        ref=shift.ref,
        code=queries.seat_code(lead, shift, 0),
        seats=tuple(server.id for server in floor.servers),
        tables=tuple(node.id for node in floor.nodes if node.kind == "table"),
        queues=tuple(node.id for node in floor.nodes if node.kind == "queue"),
    )


def hold(shift: OpenShift) -> dict[str, str]:
    """Let a phone hold each seat; give what it shows to prove it."""
    from django.utils import timezone  # noqa: PLC0415

    from upturn.floor import commands  # noqa: PLC0415
    from upturn.floor.models import Shift  # noqa: PLC0415

    opened, now = Shift.objects.get(ref=shift.ref), timezone.now()
    return {seat: commands.claim(opened, seat, now=now).cookie for seat in shift.seats}


def _kinds() -> tuple[Any, ...]:
    from upturn.floor.engine.shapes import Durations, NeedType  # noqa: PLC0415

    return (
        NeedType("coffee", 1.0, Durations(20.0), due_s=240.0, item="pot"),
        NeedType("water", 1.0, Durations(15.0), due_s=300.0),
        NeedType("bill", 0.5, Durations(40.0), due_s=180.0, owner_only=True),
        NeedType("crumbs", 0.2, Durations(15.0), asks_after=Durations(400.0)),
    )


def sign_in(lead: "Person") -> str:
    """Return the cookie of a signed-in lead."""
    from django.conf import settings  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    client = Client()
    client.force_login(lead)
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={client.cookies[name].value}"
