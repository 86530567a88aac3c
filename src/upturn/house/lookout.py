"""The thread beside the server that looks again at open floors, and tells phones their rounds."""

import logging
import time

from django.utils import timezone

from upturn.floor.jobs.lookout import Listening, Lookouts, Say
from upturn.house.turns import Turns

PAUSE_S = 0.05
"""What happens on a floor within this time is planned for together."""
REST = 3.0
"""How many times as long as it looked a lookout rests, so that it holds a quarter of a core."""
AFTER_AN_ERROR_S = 5.0

log = logging.getLogger(__name__)


class Lookout(Turns):
    """An error is logged without the words of anybody, and the next turn looks again."""

    name = "lookout"
    pause_s = PAUSE_S

    def __init__(self, *, say: Say, listening: Listening) -> None:
        super().__init__()
        self._floors = Lookouts(say=say, listening=listening)

    def turn(self) -> bool:
        begun = time.monotonic()
        try:
            self._floors.look(timezone.now())
        except Exception as error:  # noqa: BLE001 - its text may hold what somebody wrote
            log.error("A floor could not be looked at (%s).", type(error).__name__)
            self.pause_s = AFTER_AN_ERROR_S
        else:
            self.pause_s = max(PAUSE_S, REST * (time.monotonic() - begun))
        return False
