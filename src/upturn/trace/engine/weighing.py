"""Before and after, and how far a trace may be believed."""

from dataclasses import dataclass
from math import sqrt

import numpy as np

from upturn.trace.engine.ready import Ready
from upturn.trace.engine.region import reached_from
from upturn.trace.engine.series import carry_over
from upturn.trace.engine.shapes import (
    Confidence,
    Floats,
    Moved,
    Ranking,
    Reason,
)

SHARE_SURE, OWN_SURE = 0.97, 4.0  # measured: at most 2 of 100 worlds without a cause pass both
SHARE_LIKELY, SHARE_AGREED = 0.8, 0.3
CHANCE_MOST = 0.2  # a fall that quiet weeks show more often than this is none
COMMON_MOST, COMMON_MOST_FEW = 0.5, 0.25
OTHERS_LEAST = 3


@dataclass(frozen=True, slots=True)
class Facts:
    """What the confidence rests on; nodes are numbers of the whole graph."""

    walk: Ranking
    signature: Ranking
    serving: Ranking
    """The signature's parties that serve the touchpoint."""
    own: float
    measured: bool
    common: float | None
    """Share of the fall that a movement common to most accounts for."""
    few: bool
    """Whether the neighbourhood is too small to tell a common factor well."""
    wider: bool = False
    """Whether more touchpoints out of its reach fell in the same weeks than chance makes."""

    @property
    def share(self) -> float:
        """Posterior share of the likeliest party that serves the touchpoint."""
        return self.serving.score[0] if self.serving.score else 0.0

    @property
    def others(self) -> float:
        """Posterior share of all other parties; what is left then goes to "nothing happened"."""
        return sum(self.signature.score) - self.share

    @property
    def agree(self) -> bool:
        """Whether both methods name the same party."""
        return self.walk.first is not None and self.walk.first == self.serving.first


def judge(facts: Facts) -> tuple[Confidence, tuple[Reason, ...]]:
    """Say which class a trace belongs to, and why it is not a surer one.

    Examples
    --------
    >>> one, other = Ranking("walk", (4,), (0.8,)), Ranking("signature", (4, 2), (0.98, 0.01))
    >>> judge(Facts(one, other, other, own=5.0, measured=True, common=0.1, few=False))[0].value
    'two_agree'
    """
    chance = 1 - facts.share - facts.others
    unsure = facts.share < SHARE_SURE
    doubts = {
        Reason.ELSEWHERE: facts.serving.first != facts.signature.first,
        Reason.DISAGREE: not facts.agree,
        Reason.OTHERS_FIT: unsure and facts.others >= chance,
        Reason.NEAR_CHANCE: facts.own < OWN_SURE or (unsure and facts.others < chance),
        Reason.ALSO_FELL: facts.wider,
        Reason.SUSPECT_UNMEASURED: not facts.measured,
        Reason.COMMON_FACTOR: facts.common is None
        or facts.common > (COMMON_MOST_FEW if facts.few else COMMON_MOST),
    }
    reasons = tuple(reason for reason, holds in doubts.items() if holds)
    if not reasons:
        return Confidence.TWO_AGREE, ()
    likely = facts.share >= (SHARE_AGREED if facts.agree else SHARE_LIKELY)
    return (Confidence.ONE_ONLY if likely else Confidence.CANNOT_TELL), reasons


def moved(series: Floats, onset: int) -> Moved | None:
    """Compare the weeks before with those from the onset on, allowing for carry-over.

    Parameters
    ----------
    series : float array (weeks,)
        In its own unit; nan where nothing was measured.
    onset : int

    Returns
    -------
    Moved or None
        None with fewer than two weeks on a side. The interval takes the onset as given.

    References
    ----------
    Student (1908), doi:10.1093/biomet/6.1.1; the widening by sqrt((1 + r) / (1 - r)) after
    Bayley and Hammersley (1946), doi:10.2307/2983560.
    """
    from scipy.special import stdtrit  # noqa: PLC0415 - half a second at the start

    parts = [part[~np.isnan(part)] for part in (series[:onset], series[onset:])]
    n_before, n_after = (len(part) for part in parts)
    if min(n_before, n_after) < 2:
        return None
    before, after = (float(part.mean()) for part in parts)
    within = np.concatenate([part - part.mean() for part in parts])
    carried = float(carry_over(within[:, None])[0])
    variance = float(within @ within) / (len(within) - 2)
    widened = (1 / n_before + 1 / n_after) * (1 + carried) / (1 - carried)
    half = float(stdtrit(len(within) - 2, 0.975)) * sqrt(variance * widened)
    change = after - before
    return Moved(before, after, change - half, change + half, n_before, n_after)


def common_share(ready: Ready, suspect: int) -> float | None:
    """Share of the touchpoint's fall that a movement common to most accounts for, 0..1.

    Among few nodes one change reaches most of them; there, the median fall of those whom the
    suspect does not serve stands for the common movement. None with fewer than three of these.
    """
    start = ready.region.start
    if ready.factor is not None:
        return _share(ready, ready.scaled[:, start] - ready.alone[:, start])
    others = ready.usable & ~reached_from(ready.region.serves, suspect, steps=len(ready.usable))
    if others.sum() < OTHERS_LEAST:
        return None
    return _share(ready, np.asarray(np.median(ready.scaled[:, others], axis=1)))


def share_on_path(ready: Ready, suspect: int, lag: int) -> float | None:
    """Share of the touchpoint's fall that moved together with the suspect, 0..1.

    The touchpoint is regressed on the suspect, so many weeks before, both without the common
    factor. An association: it includes what else began in the same weeks.
    """
    if not ready.usable[suspect]:
        return None
    weeks = len(ready.alone)
    before = np.maximum(np.arange(weeks) - lag, 0)
    server = ready.alone[before, suspect]
    server = server - server.mean()
    slope = server @ ready.alone[:, ready.region.start] / max(float(server @ server), 1e-12)
    return _share(ready, slope * server)


def _share(ready: Ready, part: Floats) -> float | None:
    series, onset = ready.scaled[:, ready.region.start], ready.onset
    fall = series[onset:].mean() - series[:onset].mean()
    if fall >= 0:
        return None
    return float(np.clip((part[onset:].mean() - part[:onset].mean()) / fall, 0, 1))
