"""What a contact centre promises its callers, and how sure it wants to be of keeping it."""

from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import ArrayLike

from upturn.floor.engine.erlang import service_levels
from upturn.floor.engine.errors import BadSetting
from upturn.floor.engine.laid import Floats, Ints

DAY_CV = 0.10
"""How far whole days stray from their forecast where nobody says; 5 to 10 % is typical."""
CV_LEAST = 0.001
"""Below, the gamma distribution has a shape beyond a million and is as good as its mean."""
HALVINGS = 60
AGENTS_MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class Standard:
    """A target, and the days on which it must hold.

    Parameters
    ----------
    target : (float, float)
        Share of all callers answered within so many seconds.
    confidence : float
        Share of days on which the target must hold.
    patience_s : float
        Mean patience of a caller; inf: nobody gives up.
    day_cv : float
        Spread over mean of a day's true volume around its forecast, gamma; 0: never wrong.
    """

    target: tuple[float, float] = (0.8, 20.0)
    confidence: float = 0.9
    patience_s: float = inf
    day_cv: float = DAY_CV

    def __post_init__(self) -> None:
        """Refuse numbers out of range by name."""
        share, seconds = self.target
        strays = self.day_cv == 0 or CV_LEAST <= self.day_cv <= 1
        checks = (
            ("target", self.target, 0 < share < 1 and 0 <= seconds < inf, "write it as 80/20"),
            ("confidence", self.confidence, 0 < self.confidence < 1, "give a share below 1"),
            ("patience_s", self.patience_s, self.patience_s > 0, "give seconds above 0"),
            ("day_cv", self.day_cv, strays, "give 0, or a share from 0.001 to 1"),
        )
        for name, value, fine, remedy in checks:
            if not fine:
                raise BadSetting(name, value, remedy)


def busy_rate(per_hour: ArrayLike, *, standard: Standard) -> Floats:
    """Give the rate that `confidence` of the days stay below.

    The service level falls as the rate rises, so it holds with that probability just when it
    holds at this rate.

    Examples
    --------
    >>> busy_rate([200], standard=Standard(confidence=0.9, day_cv=0.1)).round(3)
    array([226.021])
    """
    mean = np.asarray(per_hour, float)
    if standard.day_cv == 0:
        return mean
    from scipy.special import gammaincinv  # noqa: PLC0415 - SciPy is slow to load

    shape = standard.day_cv**-2
    return np.asarray(mean / shape * gammaincinv(shape, standard.confidence))


def agents_needed(per_hour: ArrayLike, *, aht_s: ArrayLike, standard: Standard) -> Ints:
    """Give the smallest staff that keeps the standard; of as many intervals as are given.

    Parameters
    ----------
    per_hour, aht_s : float arrays (intervals,)
        Forecast rate of calls, mean handling time in seconds.

    Returns
    -------
    int array (intervals,)

    Examples
    --------
    >>> agents_needed([200], aht_s=180, standard=Standard(patience_s=300, day_cv=0)).tolist()
    [13]
    """
    rate, each_s = np.broadcast_arrays(busy_rate(per_hour, standard=standard), aht_s)
    share, within_s = standard.target
    if not (rate * each_s / 3600 <= AGENTS_MOST).all():
        place = int((rate * each_s).argmax())
        raise BadSetting("per_hour", float(rate.flat[place]), "no staff of this size is known")

    def keeps(agents: Ints) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        level = service_levels(
            agents,
            per_hour=rate,
            aht_s=each_s,
            patience_s=standard.patience_s,
            within_s=within_s,
        )
        return np.asarray(level >= share)

    low = np.full(rate.shape, -1, np.int64)
    high = np.maximum(np.ceil(rate * each_s / 3600).astype(np.int64), 0)
    while (short := ~keeps(high)).any():
        low = np.where(short, high, low)
        high = np.where(short, high + np.maximum(2, high // 8), high)
        if high.max() > AGENTS_MOST:
            place = int(high.argmax())
            raise BadSetting("per_hour", float(rate.flat[place]), "no staff of this size is known")
    while (open_ := high - low > 1).any():
        middle = np.where(open_, (low + high) // 2, high)
        good = keeps(middle)
        high, low = np.where(good, middle, high), np.where(good, low, middle)
        low = np.minimum(low, high - 1)
    return np.asarray(high, np.int64)


def held_share(
    agents: ArrayLike, *, per_hour: ArrayLike, aht_s: ArrayLike, standard: Standard
) -> Floats:
    """Give the share of days on which the target holds with these agents.

    Notes
    -----
    Solves for the rate at which the service level meets the target, then takes the day factor's
    distribution function there: no draws, so no error of sampling.

    Examples
    --------
    >>> from math import inf
    >>> fifty = Standard(patience_s=120, day_cv=0.1)
    >>> held_share([46, 43], per_hour=2520, aht_s=60, standard=fifty).round(3)
    array([0.931, 0.771])
    """
    staff, mean, each_s = (
        np.asarray(part, float) for part in np.broadcast_arrays(agents, per_hour, aht_s)
    )
    if standard.day_cv == 0:
        share, within_s = standard.target
        level = service_levels(
            staff,
            per_hour=mean,
            aht_s=each_s,
            patience_s=standard.patience_s,
            within_s=within_s,
        )
        return np.asarray((level >= share).astype(float))
    from scipy.special import gammainc  # noqa: PLC0415 - SciPy is slow to load

    shape = standard.day_cv**-2
    most = most_rate(staff, aht_s=each_s, standard=standard)
    with np.errstate(over="ignore"):  # of a millionth of a call: every day keeps it
        factor = np.divide(most, mean, out=np.full(mean.shape, np.inf), where=mean > 0)
    return np.asarray(gammainc(shape, shape * factor))


def most_rate(agents: ArrayLike, *, aht_s: ArrayLike, standard: Standard) -> Floats:
    """Give the calls an hour at which these agents just meet the target."""
    staff, each_s = (np.asarray(part, float) for part in np.broadcast_arrays(agents, aht_s))
    share, within_s = standard.target
    pairs, back = np.unique(np.stack([staff.ravel(), each_s.ravel()]), axis=1, return_inverse=True)
    # Nobody answers more than all agents can: SL * rate <= agents * 3600 / aht.
    low, high = np.zeros(pairs.shape[1]), pairs[0] * 3600 / pairs[1] / share
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        level = service_levels(
            pairs[0],
            per_hour=middle,
            aht_s=pairs[1],
            patience_s=standard.patience_s,
            within_s=within_s,
        )
        low, high = np.where(level >= share, middle, low), np.where(level >= share, high, middle)
    return np.asarray(low[back.ravel()].reshape(staff.shape))
