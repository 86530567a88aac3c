"""How fast needs can be met at best where servers walk: the travelling repairman."""

from math import inf, log, pi, sqrt

from upturn.floor.engine.checks.oracles import offered_load

UNIT_SQUARE_MEAN = (sqrt(2) + log(1 + sqrt(2))) / 6
"""Mean distance from the centre of a square of side 1 to a point in it: 0.382598."""
UNIT_SQUARE_MOMENT = 1 / 6
BEST_TOUR = 0.7124
"""Length of the shortest tour through n random points of area A: this times sqrt(n A)."""
WEAK_BOUND = 2 / (3 * sqrt(2 * pi))


def repairman_bound(
    rate: float, *, servers: int, area_m2: float, speed_m_s: float, service_s: float, walk_s: float
) -> float:
    """Seconds from need to its end that no policy can beat on an open floor.

    Parameters
    ----------
    rate : float
        Needs a second, Poisson in time, uniform over the floor.
    servers : int
    area_m2, speed_m_s : float
    service_s : float
        Mean time at the table.
    walk_s : float
        Mean walk to the nearest of `servers` waiting places that are placed as well as can be.

    Returns
    -------
    float
        The larger of the bounds for light and for heavy traffic; inf at a load of 1.

    References
    ----------
    Bertsimas & van Ryzin 1991, 1993.

    Examples
    --------
    >>> square = {"servers": 1, "area_m2": 1.0, "speed_m_s": 1.0, "service_s": 0.3}
    >>> round(repairman_bound(0.1, walk_s=UNIT_SQUARE_MEAN, **square), 4)
    0.6826
    >>> round(repairman_bound(3.2, walk_s=UNIT_SQUARE_MEAN, **square), 2)
    141.61
    """
    load = offered_load(rate, service_s) / servers
    if load >= 1:
        return inf
    light = walk_s + service_s
    if load == 0:
        return light
    spread = rate * area_m2 / (servers * speed_m_s * (1 - load)) ** 2
    return max(light, WEAK_BOUND**2 * spread - service_s * (1 - 2 * load) / (2 * load))


def repairman_best(
    rate: float, *, servers: int, area_m2: float, speed_m_s: float, service_s: float
) -> float:
    """Seconds from need to its end under the best policy known, as the load nears 1.

    Tours through halves of the floor in turn; half of what one tour through all that waits gives,
    which is the factor 2 of 1993. An approximation, never a bound at a middling load.

    References
    ----------
    Bertsimas & van Ryzin 1993.

    Examples
    --------
    >>> round(repairman_best(3.2, servers=1, area_m2=1.0, speed_m_s=1.0, service_s=0.3), 1)
    507.5
    """
    load = offered_load(rate, service_s) / servers
    if load >= 1:
        return inf
    return BEST_TOUR**2 / 2 * rate * area_m2 / (servers * speed_m_s * (1 - load)) ** 2


def depot_load(
    rate: float, *, servers: int, service_s: float, station_s: float, capacity: int
) -> float:
    """Share of their time that servers need at least, with `capacity` needs a trip.

    Parameters
    ----------
    rate : float
    servers : int
    service_s : float
    station_s : float
        Mean walk from the station to where needs come.
    capacity : int
        Needs that what is carried is enough for.

    Returns
    -------
    float
        Service and walking; at 1 or above no policy keeps up.

    References
    ----------
    Bertsimas & van Ryzin 1993: with trips from a depot the geometry decides.

    Examples
    --------
    >>> round(depot_load(0.056, servers=4, service_s=20.0, station_s=9.107, capacity=1), 4)
    0.535
    >>> round(depot_load(0.056, servers=4, service_s=20.0, station_s=9.107, capacity=6), 4)
    0.3225
    """
    return offered_load(rate, service_s + 2 * station_s / capacity) / servers
