"""What people fill in when they write a rule down, question it, keep it or let it go."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from upturn.commitments.commands import draw_code
from upturn.graph import queries as graph
from upturn.graph.engine import UnknownParty
from upturn.partners.commands import barriers, rules
from upturn.partners.commands.watches import WEEKS
from upturn.partners.engine import Barrier, RuleMove
from upturn.partners.models.rules import BARRIERS
from upturn.people import queries as people

if TYPE_CHECKING:
    from upturn.people.models import Person

NONE = ("", _("none that we know of"))
NAME_HELP = _("As it is called in the pyramid, with its place where others are called the same.")


class PartyField(forms.CharField):
    """A party by its name; what is not found comes back with the nearest names."""

    def __init__(self, viewer: "Person", **how: Any) -> None:
        super().__init__(max_length=170, **how)
        self.viewer = viewer

    def clean(self, value: Any) -> Any:
        name = super().clean(value)
        if not name:
            return None
        try:
            return graph.party_called(self.viewer, name).id
        except UnknownParty as unknown:
            raise forms.ValidationError(str(unknown)) from unknown


def _area(label: Any, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=rules.WORDS_MAX,
        required=required,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=help_text,
    )


def _day(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"})
    return forms.DateField(label=label, required=required, widget=widget, help_text=help_text)


def own_team(viewer: "Person") -> str:
    """Full name of the viewer's only team; empty with none, or several."""
    own, party = people.parties_of(viewer), graph.snapshot().party
    names = [graph.full_name(party[each]) for each in own if each in party]
    return names[0] if len(names) == 1 else ""


class RuleForm(forms.Form):
    words = _area(_("The rule"), help_text=_("As it is said to those who have to keep it."))
    code = forms.CharField(max_length=23, widget=forms.HiddenInput)
    looked_at = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, viewer: "Person", today: date, **how: Any) -> None:
        start = {"code": draw_code(), "keeper": own_team(viewer), "ends_on": rules.usual_end(today)}
        how["initial"] = start | how.get("initial", {})
        super().__init__(*args, **how)
        self.fields["keeper"] = PartyField(
            viewer, label=_("Which team keeps it, and answers for it"), help_text=NAME_HELP
        )
        self.fields["why"] = _area(
            _("Why there is this rule (optional for a rule of others)"),
            required=False,
            help_text=_("Whom it serves, and how. The team that keeps it is asked for it."),
        )
        self.fields["for_whom"] = PartyField(
            viewer, label=_("Whom it is for (optional)"), required=False
        )
        self.fields["barrier"] = forms.ChoiceField(
            label=_("Which of the six barriers it is (optional)"),
            choices=[NONE, *BARRIERS],
            required=False,
        )
        self.fields["ends_on"] = _day(
            _("Until when it holds"), help_text=_("It ends then, unless somebody says why not.")
        )

    def draft(self) -> rules.RuleDraft:
        given = self.cleaned_data
        return rules.RuleDraft(
            words=given["words"],
            keeper_id=given["keeper"],
            code=given["code"],
            why=given["why"],
            barrier=given["barrier"],
            for_whom_id=given["for_whom"],
            ends_on=given["ends_on"],
        )


class RuleMoveForm(forms.Form):
    """Only the fields that one move needs."""

    turn = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, watches: Iterable[tuple[str, str]] = (), **how: Any) -> None:
        super().__init__(*args, **how)
        if "watch" in self.fields:
            self.fields["watch"].choices = [("", _("nothing")), *watches]  # type: ignore[attr-defined]

    def content(self) -> rules.RuleContent:
        given = {name: value for name, value in self.cleaned_data.items() if value}
        return rules.RuleContent(**{**given, "turn": self.cleaned_data["turn"]})


class QuestionForm(RuleMoveForm):
    words = _area(
        _("Why it should go"), help_text=_("Whom does it keep from serving, and when was that?")
    )
    unnamed = forms.BooleanField(
        label=_("Without my name"),
        required=False,
        help_text=_(
            "Then nothing stored ties this to you, and you cannot take it back. "
            "No name is printed either way."
        ),
    )


class KeepForm(RuleMoveForm):
    words = _area(
        _("Why it is needed now"), help_text=_("In new words: whom does it serve today, and how?")
    )
    ends_on = _day(_("Until when it holds"))


class RetireForm(RuleMoveForm):
    words = _area(_("What changes for those who kept it (optional)"), required=False)
    watch = forms.ChoiceField(
        label=_("What to watch afterwards"),
        required=False,
        help_text=_("One thing that would get worse if the rule was needed after all."),
    )
    watch_weeks = forms.IntegerField(
        label=_("For how many weeks"),
        min_value=WEEKS[0],
        max_value=WEEKS[1],
        initial=8,
        required=False,
    )


RULE_FORMS: dict[RuleMove, type[RuleMoveForm]] = {
    RuleMove.QUESTION: QuestionForm,
    RuleMove.TAKE_BACK: RuleMoveForm,
    RuleMove.KEEP: KeepForm,
    RuleMove.BRING_BACK: KeepForm,
    RuleMove.RETIRE: RetireForm,
}


class BarrierForm(forms.Form):
    barrier = forms.ChoiceField(label=_("Which of the six"), choices=BARRIERS)
    words = _area(
        _("What stands in the way"), help_text=_("One thing, with the last time you met it.")
    )
    code = forms.CharField(max_length=23, widget=forms.HiddenInput)

    def __init__(self, *args: Any, viewer: "Person", **how: Any) -> None:
        how["initial"] = {"code": draw_code()} | how.get("initial", {})
        super().__init__(*args, **how)
        self.fields["at"] = PartyField(
            viewer,
            label=_("At which team, system or process (optional)"),
            required=False,
            help_text=NAME_HELP,
        )
        self.fields["unnamed"] = forms.BooleanField(
            label=_("Without my name"),
            required=False,
            help_text=_("Then nothing stored ties this to you, and you cannot take it back."),
        )

    def draft(self) -> barriers.BarrierDraft:
        given = self.cleaned_data
        return barriers.BarrierDraft(
            barrier=Barrier(given["barrier"]),
            words=given["words"],
            code=given["code"],
            at_id=given["at"],
            unnamed=given["unnamed"],
        )


class PlainForm(forms.Form):
    text = forms.CharField(
        label=_("A text for those who serve"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Read once and forgotten: nothing of it is stored."),
    )
    language = forms.ChoiceField(
        label=_("Its language"),
        choices=[("en", _("English")), ("de", _("German")), ("es", _("Spanish"))],
    )
