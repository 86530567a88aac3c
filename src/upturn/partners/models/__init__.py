"""Waves, what is published of them, rules, improvement cycles and own instruments."""

from upturn.partners.models.cycles import Cycle, CycleLine
from upturn.partners.models.instruments import StoredInstrument
from upturn.partners.models.published import (
    PublishedCount,
    PublishedGroup,
    PublishedRelation,
    PublishedWave,
    PublishedWide,
    PublishedWords,
)
from upturn.partners.models.rules import NamedBarrier, OwnWord, Rule, RuleLine
from upturn.partners.models.waves import (
    Seated,
    State,
    Wave,
    WaveRelation,
    WaveSeat,
)

__all__ = [
    "Cycle",
    "CycleLine",
    "NamedBarrier",
    "OwnWord",
    "PublishedCount",
    "PublishedGroup",
    "PublishedRelation",
    "PublishedWave",
    "PublishedWide",
    "PublishedWords",
    "Rule",
    "RuleLine",
    "Seated",
    "State",
    "StoredInstrument",
    "Wave",
    "WaveRelation",
    "WaveSeat",
]
