"""The server as a process: it answers, streams, shares its port with nobody, and ends when told."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest

from upturn.house.server import serve

SERVING = """
import sys, django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from upturn.house import live
async def everybody(scope):
    return {"organisation"}
live.authorise = everybody
from upturn.house.server import serve
serve(host="127.0.0.1", port=int(sys.argv[1]))
print("ended in order")
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(port: int, data: Path) -> "Iterator[subprocess.Popen[str]]":
    own = {
        "UPTURN_DATA": str(data),
        "UPTURN_DATABASE_URL": f"sqlite:///{data}/upturn.sqlite3",
        "DJANGO_SETTINGS_MODULE": "upturn.house.settings",
    }
    command = [sys.executable, "-c", SERVING, str(port)]
    process = subprocess.Popen(command, env=os.environ | own, stdout=subprocess.PIPE, text=True)
    try:
        while not answers(port):
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(timeout=0.05)
        yield process
    finally:
        process.kill()
        process.communicate()


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


def ask(port: int, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
    with closing(HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        headers = {"content-type": "application/x-www-form-urlencoded"} if body else {}
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()


def test_phones_that_come_back_do_not_wait_for_what_they_do_not_need(tmp_path: Path) -> None:
    late = ("ninja", "psycopg", "scipy", "numba", "onnxruntime", "upturn.voice.engine")
    own = ("upturn.house.urls", "upturn.house.demo", "upturn.house.work", "upturn.house.backup")
    program = (
        "import sys\n"
        "from upturn.house.cli import main\n"
        "main.get_command(None, 'serve')\n"
        "import upturn.house.asgi\n"
        f"print([name for name in {(*late, *own)!r} if name in sys.modules])\n"
    )
    place = {"UPTURN_DATA": str(tmp_path), "UPTURN_DATABASE_URL": f"sqlite:///{tmp_path}/x.sqlite3"}
    command = [sys.executable, "-c", program]
    ran = subprocess.run(
        command, env=os.environ | place, capture_output=True, text=True, check=True
    )
    assert ran.stdout == "[]\n"


def test_a_server_from_its_start_to_its_end(tmp_path: Path) -> None:
    port = free_port()
    with serving(port, tmp_path) as process:
        assert ask(port, "GET", "/healthz")[0] == 200
        assert ask(port, "HEAD", "/healthz") == (200, b"")
        form = b"username=ann&password=" + b"x" * 99_999
        assert ask(port, "POST", "/account/login/", form)[0] == 403
        with pytest.raises(SystemExit, match=rf"127\.0\.0\.1:{port}.* Give another --port"):
            serve(host="127.0.0.1", port=port)
        with closing(HTTPConnection("127.0.0.1", port, timeout=30)) as stream:
            stream.request("GET", "/live/events?topic=organisation")
            told = stream.getresponse()
            assert told.readline().startswith(b"id: ")
            process.send_signal(signal.SIGINT)
            said, _ = process.communicate(timeout=10)
            assert told.read() == b"event: open\ndata: {}\n\n"
        assert (said, process.returncode) == ("ended in order\n", 0)
