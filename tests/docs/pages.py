"""Runs what a page of the docs says, command by command, and compares what it quotes."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from tests.house.installed import PHRASE, answers, still_runs

ROOT = Path(__file__).parents[2]
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
QUESTION = re.compile(r"\[y/N\]: ?(?P<answer>\w?)")
PORT = "8000"


class Example(NamedTuple):
    """The commands of a block, and the lines that the page quotes below it."""

    commands: tuple[str, ...]
    quoted: tuple[str, ...]

    @property
    def answers(self) -> str:
        """What the page types at the questions it quotes."""
        found = (QUESTION.search(line) for line in self.quoted)
        return "".join(f"{match['answer']}\n" for match in found if match)


def examples(page: str) -> list[Example]:
    blocks = FENCE.findall((ROOT / page).read_text(encoding="utf-8"))
    following = [*blocks[1:], ("", "")]
    return [
        Example(tuple(_commands(content)), tuple(after.splitlines() if kind == "text" else ()))
        for (language, content), (kind, after) in zip(blocks, following, strict=True)
        if language == "sh"
    ]


def _commands(block: str) -> Iterator[str]:
    for line in block.splitlines():
        command = line.split("  #", 1)[0].rstrip()
        if command and not command.startswith("#"):
            yield command


def settle(folder: Path) -> Path:
    """Make a folder look like a checkout after the first command of the README."""
    bin_ = folder / ".venv" / "bin"
    bin_.mkdir(parents=True)
    for name in ("python", "upturn"):
        wrapper = bin_ / name
        wrapper.write_text(f'#!/bin/sh\nexec "{Path(sys.executable).with_name(name)}" "$@"\n')
        wrapper.chmod(0o700)
    (folder / "examples").symlink_to(ROOT / "examples")
    return folder


def run(example: Example, folder: Path, **environment: str) -> str:
    """Run every command; servers are opened, looked at, and ended, a replay plays to its end."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("UPTURN_")}
    given = ours | {"UPTURN_OWNER_PASSWORD": PHRASE} | environment
    printed = []
    for command in example.commands:
        if command.endswith((" demo", " serve")):
            printed.append(_open_and_end(command, folder, given))
        elif " shift replay" in command:
            port = _free_port()
            told = _run_to_its_end(f"{command} --port {port}", folder, given, answers="")
            printed.append(told.replace(f":{port}", f":{PORT}"))
        else:
            printed.append(_run_to_its_end(command, folder, given, answers=example.answers))
    return "".join(printed)


def _run_to_its_end(
    command: str, folder: Path, environment: Mapping[str, str], *, answers: str
) -> str:
    done = subprocess.run(
        ["bash", "-c", command],  # noqa: S607
        cwd=folder,
        env=environment,
        input=answers,
        capture_output=True,
        text=True,
        check=False,
    )
    declined = "n\n" in answers
    assert done.returncode == (1 if declined else 0), f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout.replace("[y/N]: ", "[y/N]:\n")


def _open_and_end(command: str, folder: Path, environment: Mapping[str, str]) -> str:
    port = _free_port()
    with (folder / "printed").open("w+") as printed:
        server = subprocess.Popen(
            ["bash", "-c", f"exec {command} --port {port}"],  # noqa: S607
            cwd=folder,
            env=environment,
            stdout=printed,
            stderr=subprocess.STDOUT,
        )
        try:
            while not answers(f"http://127.0.0.1:{port}"):
                assert still_runs(server), (folder / "printed").read_text()
        finally:
            server.terminate()
            ended = server.wait(60)
    assert ended == 0, (folder / "printed").read_text()
    return (folder / "printed").read_text().replace(f":{port}", f":{PORT}")


def _free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def check_quotes(example: Example, printed: str) -> None:
    """Fail unless the quoted lines were printed, in this order; … stands for anything."""
    lines = iter(printed.splitlines())
    for quoted in example.quoted:
        wanted = QUESTION.sub("[y/N]:", quoted).rstrip()
        pattern = ".*".join(map(re.escape, wanted.split("…")))
        found = any(re.fullmatch(pattern, line.rstrip()) for line in lines)
        assert found, f"the page quotes {quoted!r}; printed was:\n{printed}"
