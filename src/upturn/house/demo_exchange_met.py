"""Meetings that the example exchange had: agenda, minutes, and which conditions held in each."""

from typing import TYPE_CHECKING

from upturn.exchange.commands import meetings
from upturn.exchange.commands.guarding import Checked
from upturn.exchange.queries.guarding import guard_version

if TYPE_CHECKING:
    from upturn.house.demo_exchange import DemoExchange

STEWARD = "steward"


def hold_meetings(made: "DemoExchange") -> None:
    """Hold each, from the first on: what all said held, and what the first half of them said."""
    checked = Checked(guard_version())
    for told in made.told["met"]:
        draft = meetings.MeetingDraft(at=made.at(told["before"], 10), agenda=told["agenda"])
        ref = meetings.plan_meeting(made.convener, made.exchange, draft, checked).ref
        meetings.begin(made.parties[made.told[STEWARD]].sitting, ref)
        for at, member in enumerate(made.members):
            some = told["half"] if 2 * at < len(made.members) else []
            meetings.enter(member.sitting, ref, accepts=True)
            meetings.take_task(member.sitting, ref)
            meetings.say_what_held(member.sitting, ref, [*told["all"], *some])
        meetings.end(made.convener, ref, checked, minutes=told["minutes"])
