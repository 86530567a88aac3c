"""Forms of a moment's page, written in one go: as parts of a template they cost far more."""

from collections.abc import Iterable
from functools import partial
from html import escape
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Any

from django import template
from django.template import Context
from django.template.defaulttags import CsrfTokenNode
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from upturn.plan.models import Column
from upturn.record.kept import keep

if TYPE_CHECKING:
    from upturn.plan.forms.day import MomentForm
    from upturn.plan.queries.at_moment import LineHere

register = template.Library()
THEY: dict[str, Promise] = {
    Column.BE: gettext_lazy("They are"),
    Column.DO: gettext_lazy("They do"),
    Column.HAVE: gettext_lazy("They have"),
}


@register.simple_tag
def touchpoint_options(form: "MomentForm") -> SafeString:
    """Write the touchpoints to choose from; kept while they are called the same."""
    chosen = str(form["touchpoint"].value() or "")
    choices = ((str(each), words) for each, words in form.touchpoints())
    return keep(
        ("touchpoints to choose", form.plan.pk, get_language()),
        as_of=(tuple(form.points), form.plan.place, chosen),
        read=lambda: SafeString(_options(choices, chosen)),
    )


def _options(choices: Iterable[tuple[int | str, Any]], chosen: int | str | None) -> str:
    return "".join(
        f'<option value="{escape(str(each))}"{" selected" if each == chosen else ""}>'
        f"{escape(str(words))}</option>"
        for each, words in choices
    )


@register.simple_tag(takes_context=True)
def add_form(context: Context, column: str) -> SafeString:
    """Write the form of a new line of a party; `data-fresh` empties it once it was sent."""
    party, address = context["each"].party, context["add_at"]
    at = f"{column}-{party.id}"
    part = f' hx-post="{address}" hx-target="#part" hx-swap="innerMorph" data-fresh'
    return SafeString(
        f'<form id="f-{at}" method="post" action="{address}"{part}>{_token(context)}'
        f"{_of_line(column, party.id)}{_turn(0)}\n{_words(at, str(THEY[column]), '')}\n"
        f"{_kept_choices(context, at) if column == Column.HAVE else ''}\n\n"
        f'<div class="acts"><button class="btn">{_("Add")}'
        f'<span class="vh">: {escape(party.name)}</span></button></div></form>'
    )


@register.simple_tag(takes_context=True)
def change_form(context: Context, line: "LineHere") -> SafeString:
    """Write the form of a line that stands, and one that takes it out."""
    plan, moment, party = context["plan"], context["moment"], context["each"].party
    at, refs = f"{line.ref}-{party.id}", [plan.ref, moment.ref]
    here, turn = reverse("plan:moment", args=refs), _turn(line.turn)
    value = f'value="{escape(line.words)}"'
    asked = _("It is to stay. Why touch it all the same?")
    asked_out = _("It is to stay. Why take it out all the same?")
    return SafeString(
        f'<form id="f-{at}" method="post" action="{reverse("plan:line", args=[*refs, line.ref])}">'
        f"{_token(context)}{_of_line(line.column, party.id)}{turn}\n"
        f"{_words(at, _('Change the words'), value)}\n"
        f"{_choices(context, at, line) if line.column == Column.HAVE else ''}\n"
        f"{_why(f'a-{line.ref}', asked) if moment.well_enough else ''}\n"
        f'<div class="acts"><button class="btn">{_("Keep it")}'
        f'<span class="vh">: {escape(party.name)}</span></button>'
        f'<a class="btn plain" href="{here}#l-{line.ref}">{_("Leave it as it is")}</a></div></form>'
        f'<form method="post" action="{reverse("plan:line_drop", args=[*refs, line.ref])}">'
        f"{_token(context)}{turn}"
        f"{_why(f'd-{line.ref}', asked_out) if moment.well_enough else ''}"
        f'<button class="btn plain">{_("Take it out")}'
        f'<span class="vh">: {escape(line.words)}</span></button></form>'
    )


def _token(context: Context) -> str:
    """What shows whose form it is, and a key: under it a change is made once, if sent twice."""
    key = f'<input type="hidden" name="key" value="{token_urlsafe(12)}">'
    return f"{CsrfTokenNode().render(context)}{key}"


def _turn(turn: int) -> str:
    return f'<input type="hidden" name="turn" value="{turn}">'


def _of_line(column: str, party_id: int) -> str:
    return (
        f'<input type="hidden" name="column" value="{column}">'
        f'<input type="hidden" name="party" value="{party_id}">'
    )


def _words(at: str, label: str, value: str) -> str:
    return (
        f'<div class="field"><label for="w-{at}">{label}</label>'
        f'<input id="w-{at}" name="words" maxlength="300" required {value}></div>'
    )


def _why(at: str, asked: str) -> str:
    return (
        f'<div class="field"><label for="{at}">{asked}</label>'
        f'<input id="{at}" name="anyway" maxlength="300" required></div>'
    )


def _kept_choices(context: Context, at: str) -> str:
    """Write the choices of a new line; the same for whoever may choose from the same."""
    return keep(
        ("choices of a line", context["plan"].pk, context["moment"].ref, at, get_language()),
        as_of=(context["providers"], context["promises"]),
        read=partial(_choices, context, at),
    )


def _choices(context: Context, at: str, standing: "LineHere | None" = None) -> str:
    """Who gives a HAVE and what it makes possible; a promise of another moment stays chosen."""
    served, provider, enables = context["each"].party.id, None, None
    promises = list(context["promises"])
    if standing:
        provider = standing.provider.id if standing.provider else None
        enables = standing.enables
        if enables and enables not in dict(promises):
            promises.append((enables, standing.enables_words))
    providers = [each for each in context["providers"] if each[0] != served]
    return (
        f'<div class="field"><label for="v-{at}">{_("From whom")}</label>'
        f'<select id="v-{at}" name="provider"><option value="">{_("nobody yet")}</option>'
        f"{_options(providers, provider)}</select></div>\n"
        f'<div class="field"><label for="e-{at}">{_("So that they can")}</label>'
        f'<select id="e-{at}" name="enables"><option value="">{_("not said yet")}</option>'
        f"{_options(promises, enables)}</select></div>\n"
    )
