"""Words of the charter's codes."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Said = str | Promise
LAYERS: Mapping[str, Said] = {
    "front_line": _("front line"),
    "team_leaders": _("team leaders"),
    "managers": _("managers"),
    "executives": _("executives"),
    "support": _("support"),
}
CLASSES: Mapping[str, Said] = {
    "practice": _("how it is done"),
    "opinion": _("what is thought"),
    "band": _("bands of sealed benchmarks"),
}
LACKS: Mapping[str, Said] = {
    "vision": _("The vision is one line of 140 letters at most. Write it, or shorten it."),
    "mission": _("The mission is missing. Say what you are here for."),
    "not_mission": _("The not-mission is missing. Say what you are not here for."),
    "scope": _("The scope is missing. Say whose work and which places it is about."),
    "topics": _("There is no topic. Write at least one, each on a line."),
    "both": _("A topic stands among what is never talked about too. Take it out of one list."),
    "data_classes": _("Nothing may be shared so. Tick at least one kind."),
    "minutes": _("A meeting takes from 10 to 240 minutes."),
    "chair_months": _("The chair goes on after 1 to 12 months."),
    "rules": _("All nineteen rules hold in every charter."),
}
