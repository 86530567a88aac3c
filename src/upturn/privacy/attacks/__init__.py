"""Attacks on what is published, by somebody who reads all of it.

E1 `linear`, E2 `worlds`, E3 `insider`, E4 `over_time`, E5 `certainty`, with `utility` beside them;
`run_attacks` runs all. They need to know who is in which published cell, so they are run on an
organisation out of a generator, or on an example whose people are invented.
"""

from upturn.privacy.attacks.certainty import CertaintyFound, certainty
from upturn.privacy.attacks.insider import InsiderFound, insider
from upturn.privacy.attacks.linear import LinearFound, linear
from upturn.privacy.attacks.over_time import TimeFound, leaver_guess, over_time
from upturn.privacy.attacks.report import Gate, Report, run_attacks
from upturn.privacy.attacks.surface import Cell, Surface, surface_of, with_informers
from upturn.privacy.attacks.utility import Utility, utility
from upturn.privacy.attacks.worlds import WorldsFound, worlds

__all__ = [
    "Cell",
    "CertaintyFound",
    "Gate",
    "InsiderFound",
    "LinearFound",
    "Report",
    "Surface",
    "TimeFound",
    "Utility",
    "WorldsFound",
    "certainty",
    "insider",
    "leaver_guess",
    "linear",
    "over_time",
    "run_attacks",
    "surface_of",
    "utility",
    "with_informers",
    "worlds",
]
