"""The peers in C: compiled here with `gcc -O3`, given the same arrays as the engine."""

import subprocess
from ctypes import CDLL, Structure, byref, c_double, c_int64, c_void_p
from functools import cache
from hashlib import sha256
from math import inf
from pathlib import Path
from tempfile import gettempdir

import numpy as np

from upturn.floor.engine.laid import Laid
from upturn.floor.engine.needs import Needs
from upturn.floor.engine.policy import OneAtATime, OwnTheWhole, Policy, Pooled, ScanSection
from upturn.floor.engine.runs import Records, Work

HERE = Path(__file__).parent
KINDS = {OneAtATime: 0, ScanSection: 1, OwnTheWhole: 2, Pooled: 3}
FLOOR = (
    "walk_s", "slow", "work_rate", "starts_s", "ends_s", "due_s", "weight", "mean_s", "load_x",
    "load_y", "owner", "stations", "home", "own_section", "capacity", "rank", "item", "together",
    "tours", "tour_at", "owner_only", "adjacent",
)  # fmt: skip
NEEDS = ("created_s", "node", "kind", "service_s", "patience_s", "asks_s")
OUT = (
    "known", "started", "ended", "server", "trip", "outcome", "walk", "busy", "trips", "in_vain",
)  # fmt: skip


def _numbers(*names: str) -> list[tuple[str, type]]:
    return [(name, c_int64) for name in names]


class _Floor(Structure):
    _fields_ = [
        *_numbers("nodes", "kinds", "servers", "items", "places", "points"),
        *[(name, c_void_p) for name in FLOOR],
        ("look_s", c_double), ("loafing_share", c_double), ("help_cost_share", c_double),
        ("table_lock", c_int64),
    ]  # fmt: skip


class _Policy(Structure):
    _fields_ = [
        ("kind", c_int64), ("cadence_s", c_double), ("detour_s", c_double),
        ("own_first_s", c_double), *_numbers("when_free", "adjacent"),
    ]  # fmt: skip


class _Needs(Structure):
    _fields_ = [("count", c_int64), *[(name, c_void_p) for name in NEEDS]]


class _Out(Structure):
    _fields_ = [(name, c_void_p) for name in OUT]


@cache
def library(name: str) -> CDLL:
    """Compile `name`.c once for its text, without contracting sums that Python would round."""
    source = HERE / f"{name}.c"
    mark = sha256(source.read_bytes()).hexdigest()[:12]
    built = Path(gettempdir()) / f"upturn-benchmark-{name}-{mark}.so"
    if not built.exists():
        command = ["gcc", "-O3", "-ffp-contract=off", "-shared", "-fPIC", "-o", str(built)]
        subprocess.run([*command, str(source), "-lm"], check=True)
    return CDLL(str(built))


def _at(array: np.ndarray) -> int:
    return array.ctypes.data


class FloorInC:
    """One floor and policy, ready to run on any needs."""

    def __init__(self, laid: Laid, policy: Policy) -> None:
        self.laid, self.library = laid, library("floor")
        self.library.lay_out.restype = c_void_p
        self.held = [np.ascontiguousarray(getattr(laid, name)) for name in FLOOR]
        kinds, servers = len(laid.item), len(laid.home)
        self.floor = _Floor(
            len(laid.section), kinds, servers, laid.capacity.shape[1], len(laid.stations),
            len(laid.load_x), *map(_at, self.held), laid.look_s, laid.loafing_share,
            laid.help_cost_share, laid.table_lock,
        )  # fmt: skip
        self.policy = _Policy(
            KINDS[type(policy)], getattr(policy, "cadence_s", inf),
            getattr(policy, "detour_s", 0.0), getattr(policy, "own_first_s", 0.0),
            getattr(policy, "when_free", False), getattr(policy, "adjacent", False),
        )  # fmt: skip

        self.walks = c_void_p(self.library.lay_out(byref(self.floor)))
        if not self.walks:
            message = "the peer in C takes at most 64 places"
            raise ValueError(message)

    def __del__(self) -> None:
        """Give the memory back."""
        self.library.release(self.walks)

    def __call__(self, needs: Needs, *, closes_s: float = inf) -> tuple[Records, Work]:
        """Run one replication; records and work as the engine gives them."""
        rows, servers = len(needs.created_s), len(self.laid.home)
        known, started, ended = np.empty((3, rows))
        server, trip, outcome = np.empty((3, rows), np.int64)
        walk, busy = np.zeros((2, 1, servers))
        trips, in_vain = np.zeros((2, 1, servers), np.int64)
        out = _Out(
            *map(_at, (known, started, ended, server, trip, outcome, walk, busy, trips, in_vain))
        )
        given = _Needs(rows, *(_at(getattr(needs, name)) for name in NEEDS))
        self.library.run_floor(
            byref(self.floor), self.walks, byref(self.policy), byref(given), byref(out),
            c_double(closes_s),
        )  # fmt: skip
        records = Records(
            np.zeros(rows, np.int64), needs.created_s, needs.node, needs.kind, needs.asks_s,
            known, started, ended, server, self.laid.owner[needs.node], trip, outcome,
        )  # fmt: skip
        return records, Work(walk, busy, trips, in_vain)


class QueueInC:
    """M/M/c, drawn and served in C."""

    def __init__(self, *, servers: int, load: float, until_s: float) -> None:
        self.servers, self.rate, self.until_s = servers, load * servers, until_s
        self.library = library("m_m_c")
        self.library.draw.restype = c_int64
        self.room = int(self.rate * until_s * 1.1) + 1000

    def draw(self, seed: int, replication: int = 0) -> Needs:
        """Draw one replication."""
        created, service, patience, asks = np.empty((4, self.room))
        node, kind = np.empty((2, self.room), np.int64)
        columns = created, node, kind, service, patience, asks
        rows = self.library.draw(
            c_int64(seed), replication, c_double(self.rate), c_double(1.0), c_double(self.until_s),
            c_int64(self.room), *map(c_void_p, map(_at, columns)),
        )  # fmt: skip
        return Needs(*(column[:rows] for column in columns))

    def serve(self, needs: Needs, how: str = "event_loop") -> tuple[np.ndarray, ...]:
        """Serve them by "event_loop" or "recursion"; give known, started, ended, server."""
        rows = len(needs.created_s)
        known, started, ended = np.empty((3, rows))
        server, trip, outcome = np.empty((3, rows), np.int64)
        work = np.empty(self.servers)
        columns = (
            needs.created_s,
            needs.service_s,
            known,
            started,
            ended,
            server,
            trip,
            outcome,
            work,
        )
        getattr(self.library, how)(
            c_int64(rows), c_int64(self.servers), *map(c_void_p, map(_at, columns))
        )
        return known, started, ended, server
