"""A floor of the example organisation in the lab, with a run that is made beside the pages."""

from datetime import date

from upturn.floor import commands, queries
from upturn.people import queries as people

WHO = "nadia"
POLICIES = ("one-at-a-time", "scan", "own-the-whole", "pooled")


def store_floor(*, today: date) -> None:
    """Draw the example restaurant and order one run on it."""
    viewer = people.by_username()[WHO]
    floor = queries.example()
    drawn = commands.draw_floor(viewer, floor, code="example", today=today)
    version = drawn.versions.get(number=1)
    order = commands.Order(policies=POLICIES, reps=60, code="example")
    commands.order_run(viewer, version, floor, order, today=today)
