"""Rows of a plan's group, written in one go: as parts of a template they cost ten times as much."""

from collections import defaultdict
from html import escape
from typing import TYPE_CHECKING

from django import template
from django.template import Context
from django.template.defaulttags import CsrfTokenNode
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from upturn.graph import queries as graph

if TYPE_CHECKING:
    from collections.abc import Iterable

    from upturn.plan.queries.groups import GroupHere

register = template.Library()
MARKS = {"customers": "guests", "system": "system", "leader": "leads"}  # the house's own


def party_words(party: graph.PartyRow, *, link: bool = False) -> str:
    """Write what `house/_party.html` writes."""
    mark, name = MARKS.get(party.kind, ""), escape(graph.full_name(party))
    if not link:
        return f'<span class="party {mark}">{name}</span>'
    address = reverse("house:party", args=[party.key])
    return f'<a class="party {mark}" href="{address}">{name}</a>'


@register.simple_tag
def function_rows(group: "GroupHere", may_edit: bool) -> SafeString:  # noqa: FBT001 - a tag
    """Who is here, function by function; whoever may edit can take a seat away."""
    names, away = defaultdict(list), _("Take the seat away")
    for seat in group.seated:
        name = escape(seat.name)
        button = (
            f'<button class="btn plain" form="leave" name="seat" value="{seat.seat_id}">{away}'
            f'<span class="vh">: {name}</span></button>'
        )
        names[seat.party.id].append(
            f'<div class="pair"><span>{name}</span>{button if may_edit else ""}</div>'
        )
    return SafeString(
        "".join(
            f'<li><p class="pair">{party_words(party, link=True)}<small>'
            f"{ngettext('%(n)s seat', '%(n)s seats', count) % {'n': count}}</small></p>"
            f"{''.join(names[party.id])}</li>"
            for party, count in group.functions
        )
    )


@register.simple_tag
def missing_parties(parties: "Iterable[graph.PartyRow]") -> SafeString:
    """Functions that nobody is there for, behind each other."""
    return SafeString(", ".join(map(party_words, parties)))


@register.simple_tag(takes_context=True)
def invited_rows(context: Context, group: "GroupHere") -> SafeString:
    """Whom to give a seat, each by a tap."""
    token, give = CsrfTokenNode().render(context), _("Give a seat")
    return SafeString(
        "".join(
            f'<li class="pair"><span>{(name := escape(each.name))} '
            f'<small>{party_words(each.party)}</small></span><form method="post">{token}'
            f'<input type="hidden" name="username" value="{escape(each.username)}">'
            f'<input type="hidden" name="party_id" value="{each.party.id}">'
            f'<button class="btn{" go" if group.few and not n else ""}">{give}'
            f'<span class="vh">: {name}</span></button></form></li>'
            for n, each in enumerate(group.invited)
        )
    )
