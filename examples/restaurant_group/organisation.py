"""Draws the whole of Four Hearths."""

from datetime import date

from .asks import draw_asks
from .comments import draw_feedback
from .measures import draw_measures
from .parties import draw_parties, draw_serves, draw_themes, draw_touchpoints
from .people import draw_people
from .servers import draw_servers_words
from .shapes import Organisation
from .sources import words
from .stories import planted


def draw(today: date, *, seed: int = 7, comments: int = 12_000) -> Organisation:
    """Draw the example organisation as it stands on the morning of ``today``.

    Parameters
    ----------
    today : date
        Comments cover the 182 days before it, weekly figures the 26 whole weeks before its week.
    seed : int
        The same seed and day give the same organisation, to the letter.
    comments : int
        How many guests wrote something.

    Returns
    -------
    Organisation
        Every word and figure of it is generated.
    """
    plan = words("organisation")
    people = draw_people(seed)
    touchpoints = draw_touchpoints()
    feedback, truths = draw_feedback(touchpoints, today=today, seed=seed, count=comments)
    return Organisation(
        name=plan["name"],
        note=plan["note"],
        today=today,
        seed=seed,
        parties=draw_parties(),
        serves=draw_serves(),
        touchpoints=touchpoints,
        themes=draw_themes(),
        people=people,
        feedback=feedback,
        truths=truths,
        planted=tuple(planted().values()),
        servers_words=draw_servers_words(today=today, seed=seed),
        measures=draw_measures(people, today=today, seed=seed),
        asks=draw_asks(people, today=today),
    )
