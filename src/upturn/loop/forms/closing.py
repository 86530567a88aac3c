"""Before people stand up: who carries a statement, what comes first, and by what it is noticed."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from upturn.graph import queries as graph
from upturn.loop.commands.closing import OWNER_MAX, SIGN_MAX, STEP_MAX, Ownership
from upturn.loop.commands.hundred import EVIDENCE_MAX, Judgement
from upturn.loop.forms.opening import parties_seen
from upturn.loop.models import StatementVerdict
from upturn.loop.queries.statements import StatementSeen

if TYPE_CHECKING:
    from upturn.people.models import Person

DAYS_OFF_LETTERS = 20_000


def edges_seen(viewer: "Person") -> list[tuple[str, str]]:
    """Relationships the viewer may see: who serves whom, none first."""
    now = graph.snapshot()
    rows = [now.edge[each] for each in graph.visible_edges(viewer)]
    name = {pk: graph.full_name(row) for pk, row in now.party.items()}
    said = sorted((f"{name[e.server_id]} → {name[e.served_id]}", str(e.id)) for e in rows)
    return [("", "–"), *((key, words) for words, key in said)]


def _words(label: Any, most: int, help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=label, max_length=most, required=False, help_text=help_text)


class OwnerForm(forms.Form):
    """One statement, carried by somebody; what is not known yet may stay empty."""

    owner = _words(_("Who carries it"), OWNER_MAX)
    first_step = _words(_("The first small step"), STEP_MAX, _("Small enough for this week."))
    sign = _words(_("The sign"), SIGN_MAX, _("By what those who are served will notice."))
    sign.widget.attrs["list"] = "signs"
    edge_id = forms.ChoiceField(label=_("Who serves whom by it"), required=False)
    owner_party_id = forms.ChoiceField(label=_("The owner’s party"), required=False)
    turn = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, viewer: "Person", statement: StatementSeen | None = None, **how: Any
    ) -> None:
        if statement is not None:
            how["initial"] = {
                "owner": statement.owner,
                "first_step": statement.first_step,
                "sign": statement.sign,
                "edge_id": statement.edge_id or "",
                "owner_party_id": statement.owner_party.id if statement.owner_party else "",
                "turn": statement.turn,
            }
            how["auto_id"] = f"id_{statement.ref[:12]}_%s"
        super().__init__(*args, **how)
        self.fields["edge_id"].choices = edges_seen(viewer)  # type: ignore[attr-defined]
        self.fields["owner_party_id"].choices = parties_seen(viewer)  # type: ignore[attr-defined]

    def ownership(self) -> Ownership:
        """Give who carries it."""
        given = self.cleaned_data
        return Ownership(
            owner=given["owner"],
            first_step=given["first_step"],
            sign=given["sign"],
            owner_party_id=int(given["owner_party_id"]) if given["owner_party_id"] else None,
            edge_id=int(given["edge_id"]) if given["edge_id"] else None,
        )


class CloseForm(forms.Form):
    """When the room meets again."""

    day_100_on = forms.DateField(
        label=_("You meet again on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The hundredth day; after a weekend or a holiday, the next working day."),
    )
    without_tasks = forms.BooleanField(
        label=_("Some leave without a small task of their own"), required=False
    )
    turn = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class MoveDayForm(forms.Form):
    """Another day to meet on."""

    day = forms.DateField(
        label=_("You meet again on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    turn = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    @classmethod
    def standing(cls, day: date | None, turn: int) -> "MoveDayForm":
        """Give the form as it stands."""
        return cls(initial={"day": day, "turn": turn})


class DaysOffForm(forms.Form):
    """Days on which nobody meets: a date a line."""

    days = forms.CharField(
        label=_("A date a line"),
        max_length=DAYS_OFF_LETTERS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        help_text=_("The date first, then what day it is: 2026-12-25 Christmas."),
    )
    read = forms.CharField(max_length=16, widget=forms.HiddenInput)


class JudgeForm(forms.Form):
    """What became of a statement, and what shows it."""

    verdict = forms.ChoiceField(
        label=_("What became of it"), choices=StatementVerdict.choices, widget=forms.RadioSelect
    )
    evidence = forms.CharField(label=_("What shows it"), max_length=EVIDENCE_MAX)
    turn = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, statement: StatementSeen | None = None, **how: Any) -> None:
        if statement is not None:
            given = {name: getattr(statement, name) for name in ("verdict", "evidence", "turn")}
            how |= {"initial": given, "auto_id": f"id_{statement.ref[:12]}_%s"}
        super().__init__(*args, **how)

    def judgement(self) -> Judgement:
        """Give the verdict."""
        given = self.cleaned_data
        return Judgement(verdict=given["verdict"], evidence=given["evidence"], turn=given["turn"])
