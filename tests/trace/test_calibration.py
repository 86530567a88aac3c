"""Track records: the prior while there is little, the site's own traces later."""

import pytest

from upturn.trace.engine import Confidence, Prior, PriorRefused, calibrate

TWO = Confidence.TWO_AGREE


def test_without_closed_traces_the_prior_speaks_and_says_so() -> None:
    record = calibrate([])[TWO]
    assert record.from_prior
    assert record.n == 0
    assert record.low < 0.5 < record.share < record.high


def test_many_closed_traces_outweigh_the_prior() -> None:
    record = calibrate([(TWO, at % 2 == 0) for at in range(400)])[TWO]
    assert record.share == pytest.approx(0.5, abs=0.01)
    assert not record.from_prior
    assert 0.44 < record.low < record.high < 0.56


def test_the_interval_is_that_of_a_beta_law() -> None:
    """Jeffreys' interval of 7 of 10, Brown, Cai and DasGupta (2001), doi:10.1214/ss/1009213286."""
    closed = [(TWO, at < 7) for at in range(10)]
    record = calibrate(closed, prior={TWO: Prior(share=0.5, worth=1)})[TWO]
    assert (record.low, record.high) == pytest.approx((0.394, 0.907), abs=5e-4)


def test_other_classes_do_not_count() -> None:
    closed = [(Confidence.CANNOT_TELL, False), (Confidence.ONE_ONLY, False)] * 50
    assert calibrate(closed)[TWO] == calibrate([])[TWO]


@pytest.mark.parametrize(("share", "worth"), [(0, 5), (1, 5), (0.5, 0), (float("nan"), 1)])
def test_an_impossible_prior_is_refused(share: float, worth: float) -> None:
    with pytest.raises(PriorRefused, match="impossible"):
        Prior(share=share, worth=worth)
