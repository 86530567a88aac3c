"""Every change of who is in, where, and with which keys; each with its journal entry."""

from upturn.people.commands.accounts import (
    change_role,
    close_account,
    create_organisation_owner,
    end_membership,
    erase_person,
    name_organisation,
    open_account,
    place,
    seat,
    speak,
)
from upturn.people.commands.invitations import (
    DAYS_MAX,
    USES_MAX,
    check_invite,
    choose_password,
    invite,
    join,
    join_as,
    offer_way_back,
    take_back,
)
from upturn.people.commands.keys import end_token, make_token
from upturn.people.commands.refusals import (
    Refused,
    Spent,
    Taken,
    check_password,
    check_username,
    plain_username,
)

__all__ = [
    "DAYS_MAX",
    "USES_MAX",
    "Refused",
    "Spent",
    "Taken",
    "change_role",
    "check_invite",
    "check_password",
    "check_username",
    "choose_password",
    "close_account",
    "create_organisation_owner",
    "end_membership",
    "end_token",
    "erase_person",
    "invite",
    "join",
    "join_as",
    "make_token",
    "name_organisation",
    "offer_way_back",
    "open_account",
    "place",
    "plain_username",
    "seat",
    "speak",
    "take_back",
]
