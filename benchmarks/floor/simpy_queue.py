"""M/M/c in SimPy: a process a customer, one resource."""

import numpy as np
import simpy

from upturn.floor.engine.needs import Needs


class QueueInSimPy:
    """First come, first served."""

    def __init__(self, *, servers: int) -> None:
        self.servers = servers

    def __call__(self, needs: Needs) -> list[tuple[float, float]]:
        """Serve given customers; give when each service began and ended."""
        self.open()
        gaps = np.diff(needs.created_s, prepend=0.0).tolist()
        pairs = zip(gaps, needs.service_s.tolist(), strict=True)
        self.world.process(self.arrivals(pairs))
        self.world.run()
        return self.records

    def draw_and_run(self, *, load: float, until_s: float, seed: int) -> list[tuple[float, float]]:
        """Draw them as they come; services take a second on average."""
        self.open()
        numbers, rate = np.random.default_rng(seed), load * self.servers

        def pairs():
            while self.world.now < until_s:
                yield numbers.exponential(1.0 / rate), numbers.exponential()

        self.world.process(self.arrivals(pairs()))
        self.world.run()
        return self.records

    def open(self) -> None:
        """Begin with an empty queue."""
        self.world = simpy.Environment()
        self.desk = simpy.Resource(self.world, self.servers)
        self.records: list[tuple[float, float]] = []

    def arrivals(self, pairs):
        """One after the other, each a process."""
        for gap, service_s in pairs:
            yield self.world.timeout(gap)
            self.world.process(self.customer(service_s))

    def customer(self, service_s: float):
        """Wait for a server, and be served."""
        with self.desk.request() as turn:
            yield turn
            began = self.world.now
            yield self.world.timeout(service_s)
            self.records.append((began, self.world.now))
