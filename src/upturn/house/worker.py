"""The thread beside the server: it reads new comments, traces falls and clears events away."""

import logging
from typing import TYPE_CHECKING

from django.utils import timezone

from upturn.house.turns import Turns

if TYPE_CHECKING:
    from upturn.house.work import Work

log = logging.getLogger(__name__)


class Worker(Turns):
    """An error is logged and the work taken up again at the next turn."""

    name = "worker"
    first_s = 5.0
    pause_s = 3.0

    def __init__(self) -> None:
        super().__init__()
        self._work: Work | None = None

    def turn(self) -> bool:
        try:
            if self._work is None:
                from upturn.house.work import Work  # noqa: PLC0415 - half a second, after the start

                self._work = Work()
            return self._work.turn(timezone.localdate())
        except Exception:
            log.exception("The worker could not finish its turn; it tries again.")
            return False
