"""The thread beside the server that opens the cards of workshops when writing time is over."""

import logging

from django.utils import timezone

from upturn.house.turns import Turns
from upturn.loop import jobs

AFTER_AN_ERROR_S = 5.0
PAUSE_S = 0.25
"""How late cards may open; a look costs two questions to the database."""
IDLE_S = 2.0
"""How late it may be seen that writing time runs, which it does for half a minute or more."""

log = logging.getLogger(__name__)


class Bell(Turns):
    """An error is logged without the words of anybody, and the next turn looks again."""

    name = "bell"
    pause_s = PAUSE_S

    def turn(self) -> bool:
        try:
            found, is_needed = jobs.open_cards(timezone.now()), jobs.is_needed()
        except Exception as error:  # noqa: BLE001 - its text may hold what somebody wrote
            log.error("Time of a workshop could not be looked at (%s).", type(error).__name__)
            self.pause_s = AFTER_AN_ERROR_S
            return False
        self.pause_s = PAUSE_S if is_needed else IDLE_S
        return found
