"""Rows of targets, written in one go: as parts of a template they cost four times as much."""

from dataclasses import dataclass
from datetime import date
from html import escape
from secrets import token_urlsafe
from typing import TYPE_CHECKING

from django import template
from django.template import Context
from django.template.defaulttags import CsrfTokenNode
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from upturn.plan.models import PlanState
from upturn.plan.templatetags.plan_results import outcome_name, plain, side_words, weeks_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from upturn.plan.queries.targets import TargetRow

register = template.Library()


@register.simple_tag(takes_context=True)
def outcome_row(context: Context, each: "TargetRow") -> SafeString:
    """An outcome with its baseline and target; whoever may edit can measure the one, set the other.

    What was typed and refused stands in its fields again.
    """
    row, said = each.row, _said(each)
    if not context["may_edit"]:
        return SafeString(f'<li id="{row.ref}">{said}\n</li>')
    refused = context.get("refused_at") == row.ref
    sending = _Sending(
        reverse("plan:outcome", args=[context["plan"].ref, row.ref]),
        CsrfTokenNode().render(context),
        token_urlsafe(12),
        row.turn,
    )
    wrote = context["wrote"] if refused else None
    wish = _wish_form(each, sending, wrote=wrote) if each.baseline else ""
    drops = context["plan"].state == PlanState.DRAFT
    measure = _baseline_form(each, sending, drops=drops)
    return SafeString(f'<li id="{row.ref}">{said}\n{wish}\n{measure}</li>')


@dataclass(frozen=True, slots=True)
class _Sending:
    """What each form of a row sends, beside what is typed."""

    address: str
    token: str
    key: str
    turn: int

    def hidden(self, *, suffix: str = "") -> str:
        """Keys of two forms are never the same."""
        return (
            f'{self.token}<input type="hidden" name="key" value="{self.key}{suffix}">'
            f'<input type="hidden" name="turn" value="{self.turn}">'
        )


def _said(each: "TargetRow") -> str:
    row, baseline = each.row, each.baseline
    name = f"<b>{escape(side_words(row.side))}: {escape(outcome_name(row))}</b>"
    if not baseline:
        waits = _("baseline not measured yet")
        return f'<p class="pair">{name}<span class="held">{waits}</span></p>\n'
    weeks = _("Baseline, weeks from %(first)s to %(last)s.") % {
        "first": _day(row.baseline_from),
        "last": _day(row.baseline_until),
    }
    wish = _("No target yet.")
    if row.wish is not None:
        told = {"wish": plain(row.wish), "by": _day(row.wish_by)}
        wish = _("Target: %(wish)s by %(by)s.") % told
    return (
        f'<p class="pair">{name}<span class="num"><b>{plain(baseline.value)}</b> '
        f"{escape(row.unit)} <small>{plain(baseline.low)}–{plain(baseline.high)}, "
        f"{weeks_words(baseline.n)}</small></span></p>\n"
        f'<p class="aside">{weeks} {wish}</p>'
    )


def _day(day: date | None) -> str:
    return date_format(day, "j F Y") if day else ""


def _wish_form(each: "TargetRow", sending: _Sending, *, wrote: "Mapping[str, str] | None") -> str:
    ref, opened = each.row.ref, " open" if wrote is not None else ""
    does = _("Set a target") if each.row.wish is None else _("Change the target")
    return (
        f'<details{opened}><summary>{does}</summary><form method="post" '
        f'action="{sending.address}">{sending.hidden()}\n'
        f'<div class="field"><label for="w-{ref}">{_("Target")}</label><input type="number" '
        f'step="any" name="wish" id="w-{ref}" required{_typed(wrote, "wish")}></div>'
        f'<div class="field"><label for="b-{ref}">{_("by")}</label><input type="date" '
        f'name="wish_by" id="b-{ref}" required{_typed(wrote, "wish_by")}></div>'
        f'<p class="acts"><button class="btn" name="act" value="wish">{_("Set the target")}'
        "</button></p></form></details>"
    )


def _typed(wrote: "Mapping[str, str] | None", name: str) -> str:
    return "" if wrote is None else f' value="{escape(wrote[name])}"'


def _baseline_form(each: "TargetRow", sending: _Sending, *, drops: bool) -> str:
    again = _("Measure the baseline again") if each.baseline else _("Measure the baseline")
    out = f'<button class="btn plain" name="act" value="drop">{_("Take it out")}</button>'
    return (
        f'<form class="acts" method="post" action="{sending.address}">'
        f'{sending.hidden(suffix="b")}<button class="btn" name="act" value="baseline">{again}'
        f"</button>{out if drops else ''}</form>"
    )
