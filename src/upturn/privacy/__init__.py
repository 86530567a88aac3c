"""Nobody is singled out: who is counted together, and attacks that try to undo it."""

from upturn.privacy.blocks import Block, Frozen, PreBlock, Unit, WideBlock
from upturn.privacy.deniable import (
    added_sd,
    best_posterior,
    debias,
    local_epsilon,
    randomise,
)
from upturn.privacy.errors import (
    Missing,
    NoSuchWorld,
    PrivacyError,
    ThinCell,
    TooFewPeople,
)
from upturn.privacy.freezing import freeze_blocks, may_keep_wide, pre_blocks, wide_blocks
from upturn.privacy.guard import (
    guard_unanimous,
    outside_category,
    outside_end,
    without_thin,
)
from upturn.privacy.margins import Margin, audit_margin
from upturn.privacy.trends import may_show_trend

__all__ = [
    "Block",
    "Frozen",
    "Margin",
    "Missing",
    "NoSuchWorld",
    "PreBlock",
    "PrivacyError",
    "ThinCell",
    "TooFewPeople",
    "Unit",
    "WideBlock",
    "added_sd",
    "audit_margin",
    "best_posterior",
    "debias",
    "freeze_blocks",
    "guard_unanimous",
    "local_epsilon",
    "may_keep_wide",
    "may_show_trend",
    "outside_category",
    "outside_end",
    "pre_blocks",
    "randomise",
    "wide_blocks",
    "without_thin",
]
