"""Every code of the engine has its sentence."""

import pytest

from upturn.trace.engine import Confidence, Reason, Remark, Wanted
from upturn.trace.models import Finding
from upturn.trace.templatetags import trace


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        (Confidence, trace.CONFIDENCES),
        (Reason, trace.REASONS),
        (Remark, trace.REMARKS),
        (Wanted, trace.WANTED),
        (Finding, trace.FINDINGS),
    ],
)
def test_every_code_has_a_sentence_and_no_sentence_is_left_over(codes, words) -> None:
    assert {str(code.value) for code in codes} == {str(key) for key in words}


def test_lags_and_shares_are_said_in_words() -> None:
    assert trace.lag_words(0) == "in the same week"
    assert trace.lag_words(1) == "1 week earlier"
    assert trace.lag_words(2) == "2 weeks earlier"
    assert trace.per_cent(0.614) == "61 %"
