"""How long ``upturn --help`` takes, and how long the demo takes from the command to its first page.

Beside them, in the same run, a bare Python that does nothing. The demo starts each time from an
empty folder, so it makes its tables and draws and stores the whole example before the first page.
Run `python benchmarks/start.py` in an environment where Upturn is installed; it is no timed test.
"""

import os
import resource
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from urllib.error import URLError
from urllib.request import urlopen

HELPS, DEMOS = 10, 5
UPTURN = Path(sys.executable).with_name("upturn")
PLAIN = {name: value for name, value in os.environ.items() if not name.startswith("UPTURN_")}


def bare() -> None:
    """Start Python and end it."""
    subprocess.run([sys.executable, "-c", ""], check=True)


def ask_for_help() -> None:
    """Print the help to nobody."""
    subprocess.run([UPTURN, "--help"], check=True, stdout=subprocess.DEVNULL, env=PLAIN)


def open_the_demo() -> None:
    """Run the demo in an empty folder until its first page has come, and end it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        command = [UPTURN, "demo", "--port", str(port)]
        demo = subprocess.Popen(command, cwd=folder, env=PLAIN, stdout=subprocess.DEVNULL)
        while not _page_comes(f"http://127.0.0.1:{port}/demo/"):
            try:
                demo.wait(0.02)
            except subprocess.TimeoutExpired:
                continue
            raise SystemExit("The demo ended before its first page.")
        STOPPED.append(perf_counter())
        demo.terminate()
        demo.wait()


STOPPED: list[float] = []


def _page_comes(address: str) -> bool:
    try:
        with urlopen(address, timeout=30) as answer:  # noqa: S310 - our own server
            return b"</html>" in answer.read()
    except URLError:
        return False


def measure(name: str, what: Callable[[], None], *, times: int) -> float:
    """Print the median, the least and the most of ``times`` runs, and the processor's share."""
    took, spent = [], []
    for _ in range(times):
        STOPPED.clear()
        before, begun = _processor_s(), perf_counter()
        what()
        took.append((STOPPED or [perf_counter()])[0] - begun)
        spent.append(_processor_s() - before)
    middle = median(took)
    spread = f"{min(took):.2f}-{max(took):.2f}"
    print(f"{name:28} {middle:6.2f} s ({spread}, n {times}), processor {median(spent):.2f} s")  # noqa: T201
    return middle


def _processor_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Measure all three."""
    least = measure("bare python", bare, times=HELPS)
    helps = measure("upturn --help", ask_for_help, times=HELPS)
    measure("upturn demo, first page", open_the_demo, times=DEMOS)
    print(f"help is {helps / least:.1f} times a bare start")  # noqa: T201


if __name__ == "__main__":
    main()
