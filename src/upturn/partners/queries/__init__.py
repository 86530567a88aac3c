"""What there is to read of this room; whoever looks comes first."""

from upturn.partners.queries.drafts import Draft, Plan, PlannedRelation, PlannedSeat
from upturn.partners.queries.published import published
from upturn.partners.queries.seating import edges_to_ask, may_open_waves, plan
from upturn.partners.queries.sheets import Refused, sheet
from upturn.partners.queries.waves import (
    OpenWave,
    due,
    may_end,
    open_waves_for,
    own_seat,
    seats,
    turnout,
    wave,
    waves,
)

__all__ = [
    "Draft",
    "OpenWave",
    "Plan",
    "PlannedRelation",
    "PlannedSeat",
    "Refused",
    "due",
    "edges_to_ask",
    "may_end",
    "may_open_waves",
    "open_waves_for",
    "own_seat",
    "plan",
    "published",
    "seats",
    "sheet",
    "turnout",
    "wave",
    "waves",
]
