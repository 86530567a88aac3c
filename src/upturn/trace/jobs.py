"""What the worker does for this room at each turn; it costs a look when there is nothing new."""

from datetime import date

from upturn.trace import commands, queries


def work(today: date) -> bool:
    """Write verdicts back and screen the week that ended; say whether there was anything to do."""
    closed = commands.close_from_verdicts(today=today)
    return _screen_when_due(today) or closed > 0


def _screen_when_due(today: date) -> bool:
    week = queries.week_to_screen(today)
    if week is None:
        return False
    try:
        commands.screen(week, today=today, tell=commands.note_progress(week))
    finally:
        commands.end_progress()
    return True
