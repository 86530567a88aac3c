"""What theory says of simple floors, to hold the simulation against.

All waits are seconds from when a need arises until its service begins, in the long run, unless a
function says otherwise. Rates are needs a second of everything together. `moment` is a second
moment: mean of the squared duration, 2 * mean**2 for exponential, mean**2 for constant ones.
"""

from collections.abc import Callable, Sequence
from math import inf, isfinite, sqrt

from upturn.floor.engine.errors import BadSetting
from upturn.floor.engine.shapes import Durations, Law


def second_moment(durations: Durations) -> float:
    """Give the mean of the squared duration.

    Examples
    --------
    >>> second_moment(Durations(20.0)), second_moment(Durations(20.0, Law.CONSTANT))
    (800.0, 400.0)
    """
    cv = {Law.EXPONENTIAL: 1.0, Law.CONSTANT: 0.0}.get(durations.law, durations.cv)
    return durations.mean_s**2 * (1 + cv**2)


def m_g_1_wait(rate: float, *, mean_s: float, moment: float) -> float:
    """Mean wait for one server, first come first served (Pollaczek & Khinchine).

    Parameters
    ----------
    rate : float
        Needs a second, Poisson.
    mean_s, moment : float
        Mean and second moment of the service.

    Returns
    -------
    float
        Seconds; inf when the server cannot keep up.

    Examples
    --------
    >>> round(m_g_1_wait(0.04, mean_s=20.0, moment=800.0), 9)  # M/M/1 at load .8
    80.0
    """
    load = offered_load(rate, mean_s)
    return inf if load >= 1 else rate * moment / (2 * (1 - load))


def priority_waits(
    rates: Sequence[float], *, means_s: Sequence[float], moments: Sequence[float]
) -> tuple[float, ...]:
    """Mean wait of each class at one server that always takes the most urgent, never interrupting.

    Parameters
    ----------
    rates, means_s, moments : sequence of float (classes,)
        Most urgent first.

    Returns
    -------
    tuple of float
        Seconds; inf from the first class on that cannot be kept up with.

    References
    ----------
    Cobham 1954.

    Examples
    --------
    >>> waits = priority_waits((0.2, 0.6), means_s=(1.0, 1.0), moments=(2.0, 2.0))
    >>> [round(wait + 1.0, 9) for wait in waits]  # time in system
    [2.0, 6.0]
    """
    loads = [offered_load(rate, mean) for rate, mean in zip(rates, means_s, strict=True)]
    under_way = sum(r * m for r, m in zip(rates, moments, strict=True)) / 2
    below = [1 - sum(loads[: k + 1]) for k in range(len(loads))]
    above = [1.0, *below]
    return tuple(
        under_way / (before * after) if after > 0 else inf
        for before, after in zip(above, below, strict=False)
    )


def return_to_station_wait(
    rate: float, *, walk_s: float, walk_moment: float, service: Durations
) -> float:
    """Mean seconds from need to start of service for one server who returns after each (S0.4).

    A trip lasts there, service and back: S = 2 d + s, and the queue is exactly M/G/1.

    Parameters
    ----------
    rate : float
        Needs a second of all the tables served.
    walk_s, walk_moment : float
        Mean and second moment of the walk from the station to where a need comes.
    service : Durations

    Returns
    -------
    float
        Wait at the station and the walk to the table; with the mean service added, Bertsimas &
        van Ryzin's system time.

    References
    ----------
    Bertsimas & van Ryzin 1991.

    Examples
    --------
    >>> there = return_to_station_wait(
    ...     0.7,
    ...     walk_s=0.382598,  # from the centre of a square of side 1
    ...     walk_moment=1 / 6,
    ...     service=Durations(0.3),
    ... )
    >>> round(there + 0.3, 4)
    2.4793
    """
    mean = 2 * walk_s + service.mean_s
    moment = 4 * walk_moment + 4 * walk_s * service.mean_s + second_moment(service)
    return m_g_1_wait(rate, mean_s=mean, moment=moment) + walk_s


def polling_wait(
    rate: float,
    *,
    tables: int,
    leg_s: float,
    service: Durations,
    gated: bool = False,
    leg_variance: float = 0.0,
) -> float:
    """Mean wait when one server walks round and round past equal tables (S0.5).

    Parameters
    ----------
    rate : float
        Needs a second of all tables together.
    tables : int
    leg_s, leg_variance : float
        Mean and variance of the walk from one table to the next.
    service : Durations
    gated : bool
        Serve those that were there on arrival; otherwise go on until none is left.

    Returns
    -------
    float
        Seconds; inf when the server cannot keep up.

    References
    ----------
    Takagi 1986, symmetric polling; exact.

    Examples
    --------
    >>> round(polling_wait(0.02, tables=7, leg_s=3.0, service=Durations(20.0)), 3)
    29.833
    >>> round(polling_wait(0.03, tables=7, leg_s=3.0, service=Durations(20.0)), 3)
    54.0
    >>> round(polling_wait(0.03, tables=7, leg_s=3.0, service=Durations(20.0), gated=True), 3)
    58.5
    >>> round(polling_wait(0.04, tables=28, leg_s=2.0, service=Durations(20.0), gated=True), 3)
    224.0
    """
    load = offered_load(rate, service.mean_s)
    if load >= 1:
        return inf
    cycle = tables * leg_s
    share = load / tables if gated else -load / tables
    queue = rate * second_moment(service) / (2 * (1 - load))
    spread = leg_variance / (2 * leg_s) if leg_s else 0.0
    return queue + cycle * (1 + share) / (2 * (1 - load)) + spread


def polling_sum(
    rates: Sequence[float],
    *,
    services: Sequence[Durations],
    cycle_s: float,
    cycle_variance: float = 0.0,
    gated: bool = False,
) -> float:
    """Sum over unequal tables of load times mean wait, walking round and round.

    Parameters
    ----------
    rates : sequence of float (tables,)
    services : sequence of Durations (tables,)
    cycle_s, cycle_variance : float
        Mean and variance of a whole round of walking, without services.
    gated : bool

    Returns
    -------
    float
        Seconds; single waits have no closed form, their weighted sum has.

    References
    ----------
    Boxma & Groenendijk 1987, the pseudo-conservation law.

    Examples
    --------
    >>> total = polling_sum((0.02 / 7,) * 7, services=(Durations(20.0),) * 7, cycle_s=21.0)
    >>> round(total / 0.4, 3)  # equal tables: load times polling_wait
    29.833
    """
    loads = [offered_load(r, s.mean_s) for r, s in zip(rates, services, strict=True)]
    load, squares = sum(loads), sum(one**2 for one in loads)
    if load >= 1:
        return inf
    queue = sum(r * second_moment(s) for r, s in zip(rates, services, strict=True))
    round_s = cycle_s / 2 + (cycle_variance / (2 * cycle_s) if cycle_s else 0.0)
    shared = cycle_s * (load**2 - squares) / (2 * (1 - load))
    left_behind = cycle_s * squares / (1 - load) if gated else 0.0
    return load * queue / (2 * (1 - load)) + load * round_s + shared + left_behind


def trip_batch_wait(rate: float, *, trip_s: float, capacity: int) -> float:
    """Mean wait when one trip serves up to `capacity` needs and nobody joins it under way.

    Parameters
    ----------
    rate : float
        Needs a second, Poisson.
    trip_s : float
        Mean of the exponential time of a trip, however many it serves.
    capacity : int

    Returns
    -------
    float
        Seconds; inf when trips cannot keep up.

    References
    ----------
    Gross & Harris, the bulk service queue M/M[K]/1.

    Examples
    --------
    >>> [round(trip_batch_wait(2.0, trip_s=1.0, capacity=4), 5),
    ...  round(trip_batch_wait(3.2, trip_s=1.0, capacity=4), 5),
    ...  round(trip_batch_wait(0.8, trip_s=1.0, capacity=1), 5)]
    [1.26843, 3.18062, 4.0]
    """
    if rate <= 0:
        return 0.0
    if offered_load(rate, trip_s) >= capacity:
        return inf
    trips = 1 / trip_s

    def balance(r: float) -> float:
        return trips * r ** (capacity + 1) - (rate + trips) * r + rate

    root = _root_below_one(balance)
    empty = 1 / (trips / rate + 1 / (1 - root))
    return empty * root / (1 - root) ** 2 / rate


def _root_below_one(balance: Callable[[float], float]) -> float:
    """Bisect a convex function that is positive at 0 and zero at 1 for its other zero."""
    low, high = 0.0, 1.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if balance(middle) > 0 else (low, middle)
    return low


def pooled_wins(load: float, *, slow_factor: float) -> bool:
    """Tell whether two servers sharing one queue beat two with a queue each.

    Parameters
    ----------
    load : float
        Of each server with a queue of its own.
    slow_factor : float
        How much longer a service takes where the queue is everybody's: 1.069 net in a supermarket.

    Returns
    -------
    bool
        By mean time in the system, Poisson needs and exponential services.

    References
    ----------
    M/M/2 against two M/M/1; the factors: Wang & Zhou 2018.

    Examples
    --------
    >>> pooled_wins(0.79, slow_factor=1.107), pooled_wins(0.8, slow_factor=1.107)
    (True, False)
    """
    return slow_factor * (1 - load) < 1 - (slow_factor * load) ** 2


def pooling_range(slow_factor: float) -> tuple[float, float] | None:
    """Give the loads between which `pooled_wins`; None when it never does.

    Examples
    --------
    >>> [round(load, 3) for load in pooling_range(1.069)]
    [0.07, 0.866]
    >>> [round(load, 3) for load in pooling_range(1.107)]
    [0.11, 0.793]
    >>> pooling_range(1.3) is None
    True
    """
    inside = 5 - 4 * slow_factor
    if inside <= 0:
        return None
    return (
        max(0.0, (1 - sqrt(inside)) / (2 * slow_factor)),
        (1 + sqrt(inside)) / (2 * slow_factor),
    )


def offered_load(rate: float, mean_s: float) -> float:
    """Servers kept busy on average.

    Raises
    ------
    BadSetting
        When a number is negative or none.
    """
    for name, value in (("rate", rate), ("mean", mean_s)):
        if not isfinite(value) or value < 0:
            raise BadSetting(name, value, "give a number of at least 0")
    return rate * mean_s
