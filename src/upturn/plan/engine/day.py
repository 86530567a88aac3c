"""The customer's day: minutes after midnight, and what lies within."""

from upturn.plan.engine.errors import OutsideTheDay


def check_moment(at: int, *, day_from: int, day_until: int) -> None:
    """Refuse a moment outside the day; its first and its last minute belong to it.

    Parameters
    ----------
    at, day_from, day_until : int
        Minutes after midnight; a day that ends after midnight ends after 1,440.

    Raises
    ------
    OutsideTheDay
        With what to do about it.

    Examples
    --------
    >>> check_moment(430, day_from=420, day_until=1380)
    """
    if not day_from <= at <= day_until:
        raise OutsideTheDay(at, day_from=day_from, day_until=day_until)
