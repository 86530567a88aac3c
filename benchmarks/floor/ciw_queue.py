"""M/M/c in Ciw."""

import ciw


def run_queue(*, servers: int, load: float, until_s: float, seed: int) -> list[float]:
    """Give the waiting times of all who were served until then."""
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(rate=load * servers)],
        service_distributions=[ciw.dists.Exponential(rate=1.0)],
        number_of_servers=[servers],
    )
    ciw.seed(seed)
    world = ciw.Simulation(network)
    world.simulate_until_max_time(until_s)
    return [record.waiting_time for record in world.get_all_records()]
