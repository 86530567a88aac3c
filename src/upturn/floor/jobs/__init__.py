"""What runs beside the pages: the laboratory, and the second look at open floors."""

from upturn.floor.jobs.lab import begin_again, make_practice_ready, work
from upturn.floor.queries.ready import announce, is_made_ready

__all__ = ["announce", "begin_again", "is_made_ready", "make_practice_ready", "work"]
