"""Work for the command line and for the thread that reads beside the server."""

from collections.abc import Callable

from upturn.voice import commands
from upturn.voice.queries import waiting

BATCH = 1_000
THEMES = 200  # whose quotes are chosen in one go; the next go takes the others
Progress = Callable[[int, int], None]


def read_unread(limit: int | None = None, *, progress: Progress | None = None) -> int:
    """Read what nobody has read, then what is to be read once more; how many comments that were.

    Every batch is stored whole before the next begins, so that a job that was stopped goes on where
    it was. With nothing to do it costs three small queries.

    Parameters
    ----------
    limit
        Comments at most, so that a thread can look up in between.
    progress
        Called with what is done and what there was to do.
    """
    total = waiting.unread_count() if progress else 0
    done = 0
    while batch := waiting.unread(_room(done, limit)):
        commands.flag_doubles(batch)
        commands.store_readings(commands.read(batch))
        done += len(batch)
        if progress:
            progress(done, max(done, total))
    left = waiting.afterwards()
    if left.lesson:
        commands.learn()
        left = waiting.afterwards()
    done += _read_again(left.again_before, _room(done, limit))
    commands.choose_quotes(most=THEMES)
    return done


def search_for_themes(*, progress: Progress | None = None) -> bool:
    """Once a week, search what is on no theme for themes; whether it was time to.

    It waits until everything is read, or it would find what only waits for its reading.
    """
    if not waiting.themes_are_due() or waiting.unread_count() or waiting.afterwards().again_before:
        return False
    commands.search_for_themes(progress=progress)
    return True


def _room(done: int, limit: int | None) -> int:
    return BATCH if limit is None else max(0, min(BATCH, limit - done))


def _read_again(before: int | None, most: int) -> int:
    """One batch of those that were read before the themes changed, the newest first."""
    if before is None or not most:
        return 0
    batch = waiting.again(before, most)
    if batch:
        commands.store_readings(commands.read(batch))
    commands.read_on(before=batch[-1].id if len(batch) == most else None)
    return len(batch)
