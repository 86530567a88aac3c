"""How often was each class right? The site's closed traces, with synthetic worlds as the prior."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from upturn.trace.engine.errors import PriorRefused
from upturn.trace.engine.shapes import Confidence, TrackRecord


@dataclass(frozen=True, slots=True)
class Prior:
    """What is believed of a class before the site has closed any trace.

    Parameters
    ----------
    share : float
        How often right, between 0 and 1, both excluded.
    worth : float
        For how many closed traces of the site this counts.

    Raises
    ------
    PriorRefused
        If a share is not between 0 and 1, or the worth is not positive.
    """

    share: float
    worth: float

    def __post_init__(self) -> None:
        if not 0 < self.share < 1 or not self.worth > 0:
            raise PriorRefused(self.share, self.worth)


WORLDS: Mapping[Confidence, Prior] = {
    Confidence.TWO_AGREE: Prior(share=0.75, worth=5),
    Confidence.ONE_ONLY: Prior(share=0.5, worth=5),
}
"""The worst family of synthetic worlds, rounded down: a site need not be like any of them."""
WORLDS_DRAWN, WORLDS_KINDS = 1040, 13  # docs/background/tracing.md: 80 a family with a cause


def calibrate(
    closed: Sequence[tuple[Confidence, bool]], *, prior: Mapping[Confidence, Prior] = WORLDS
) -> dict[Confidence, TrackRecord]:
    """Say how often each class was right.

    Parameters
    ----------
    closed : sequence of (Confidence, bool)
        Closed traces, and whether the asking side confirmed them. Those that named nobody cannot
        be right or wrong and are not counted.
    prior : mapping of Confidence to Prior

    Returns
    -------
    dict of Confidence to TrackRecord
        One for each class of the prior. The interval is the middle 95 % of the posterior.

    References
    ----------
    Gelman et al. (2013), Bayesian Data Analysis, section 2.4 (beta prior, binomial data).

    Examples
    --------
    >>> record = calibrate([(Confidence.TWO_AGREE, True)] * 9 + [(Confidence.TWO_AGREE, False)] * 5)
    >>> two = record[Confidence.TWO_AGREE]
    >>> round(two.share, 2), round(two.low, 2), round(two.high, 2), two.n, two.from_prior
    (0.67, 0.45, 0.86, 14, False)
    """
    from scipy.special import betaincinv  # noqa: PLC0415 - half a second at the start

    records = {}
    for confidence, before in prior.items():
        outcomes = [right for which, right in closed if which is confidence]
        hits = before.share * before.worth + sum(outcomes)
        misses = before.worth + len(outcomes) - hits
        low, high = (float(betaincinv(hits, misses, end)) for end in (0.025, 0.975))
        share = hits / (hits + misses)
        few = len(outcomes) < before.worth
        records[confidence] = TrackRecord(share, low, high, len(outcomes), few)
    return records
