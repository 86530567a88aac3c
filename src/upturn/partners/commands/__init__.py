"""Every write of this room."""

from upturn.partners.commands.ballots import cast, cast_together
from upturn.partners.commands.closing import (
    cancel_wave,
    check_end,
    close_wave,
    end_wave,
    erase_remains,
)
from upturn.partners.commands.invitations import cards_behind, cards_of, take_card
from upturn.partners.commands.opening import Opened, check_wave, open_wave
from upturn.partners.commands.signing import BlindToken, redeem, sign

__all__ = [
    "BlindToken",
    "Opened",
    "cancel_wave",
    "cards_behind",
    "cards_of",
    "cast",
    "cast_together",
    "check_end",
    "check_wave",
    "close_wave",
    "end_wave",
    "erase_remains",
    "open_wave",
    "redeem",
    "sign",
    "take_card",
]
