"""M/M/c in SimPy: a process a customer, one resource; the draws are given."""

import simpy

from upturn.floor.engine.needs import Needs


def run_queue(needs: Needs, *, servers: int) -> list[tuple[float, float]]:
    """Give when each service began and ended."""
    world = simpy.Environment()
    desk = simpy.Resource(world, servers)
    records: list[tuple[float, float]] = []

    def customer(service_s: float):  # noqa: ANN202
        with desk.request() as turn:
            yield turn
            began = world.now
            yield world.timeout(service_s)
            records.append((began, world.now))

    def arrivals():  # noqa: ANN202
        now = 0.0
        for created_s, service_s in zip(
            needs.created_s.tolist(), needs.service_s.tolist(), strict=True
        ):
            yield world.timeout(created_s - now)
            now = created_s
            world.process(customer(service_s))

    world.process(arrivals())
    world.run()
    return records
