"""Words of the bands a company says of itself, and of the teams a practice was made for."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Said = str | Promise
MATTERS: Mapping[str, tuple[Said, Mapping[str, Said]]] = {
    "size": (
        _("Your teams for this client"),
        {
            "small": _("up to fifty people"),
            "middle": _("fifty to two hundred"),
            "large": _("more than two hundred"),
        },
    ),
    "tenure": (
        _("How long most have been there"),
        {
            "under_a_year": _("under a year"),
            "one_to_three": _("one to three years"),
            "longer": _("longer"),
        },
    ),
    "channel": (
        _("How they are reached"),
        {
            "phone": _("mostly by phone"),
            "writing": _("mostly in writing"),
            "in_person": _("mostly in person"),
            "mixed": _("by several ways"),
        },
    ),
}
"""By matter its question and its bands, on the own page alone."""
ALIKE: Mapping[str, Said] = {
    "size": _("same size"),
    "tenure": _("same tenure"),
    "channel": _("same channel"),
}
"""What a hint says of a matter: that it is the same, never which band."""
TEAMS: Mapping[str, tuple[Said, Said]] = {
    "under_a_year": (_("a young team: under a year"), _("made for a young team")),
    "one_to_three": (_("one to three years"), _("made for a team of one to three years")),
    "longer": (_("longer than three years"), _("made for a team of long standing")),
    "any": (_("any team"), _("made for any team")),
}
"""Of a card: how long most people it was made for have been there, and what the card then says."""
TEAM_CHOICES = [(code, said) for code, (said, _made_for) in TEAMS.items()]
