"""What people fill in when they ask, answer and judge."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from upturn.commitments.commands import WORDS_MAX, Content
from upturn.commitments.engine import Move, Outcome, RaisedAs
from upturn.commitments.models import RAISED_AS

OUTCOMES = [
    (Outcome.BETTER.value, _("better")),
    (Outcome.SAME.value, _("the same")),
    (Outcome.WORSE.value, _("worse")),
    (Outcome.OTHER.value, _("another good thing")),
]


class AskForm(forms.Form):
    words = forms.CharField(
        label=_("What would help you serve?"),
        max_length=WORDS_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One thing, as you would say it to them at the pass or over the counter."),
    )
    because = forms.CharField(
        label=_("What it comes from (optional)"),
        max_length=200,
        required=False,
        help_text=_("For instance: from 31 customers’ words about missing sides since October."),
    )
    raised_as = forms.ChoiceField(
        label=_("Ask"), choices=RAISED_AS, initial=RaisedAs.TEAM.value, widget=forms.RadioSelect
    )
    code = forms.CharField(max_length=23, widget=forms.HiddenInput)
    touchpoint = forms.CharField(max_length=80, required=False, widget=forms.HiddenInput)


class MoveForm(forms.Form):
    """Only the fields that one move needs."""

    turn = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    code = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)

    def content(self) -> Content:
        given: dict[str, Any] = {k: v for k, v in self.cleaned_data.items() if v and k != "code"}
        given["turn"] = self.cleaned_data["turn"]
        if "outcome" in given:
            given["outcome"] = Outcome(given["outcome"])
        return Content(**given)


def _words(label: Any, *, required: bool, help_text: Any = "") -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(
        label=label, required=required, max_length=WORDS_MAX, widget=area, help_text=help_text
    )


class PromiseForm(MoveForm):
    what = forms.CharField(label=_("What you will do"), max_length=400)
    who = forms.CharField(
        label=_("Who does it"),
        max_length=80,
        help_text=_("A name or a role; whoever runs the pass is fine."),
    )
    due_on = forms.DateField(label=_("By when"), widget=forms.DateInput(attrs={"type": "date"}))
    sign = forms.CharField(
        label=_("The sign by which they will notice"),
        max_length=400,
        help_text=_("Something they can see or hear, without asking you."),
    )


class DateMoveForm(MoveForm):
    due_on = forms.DateField(label=_("New date"), widget=forms.DateInput(attrs={"type": "date"}))
    words = _words(_("What came between"), required=True)


class VerdictForm(MoveForm):
    outcome = forms.ChoiceField(
        label=_("Is it better?"), choices=OUTCOMES, widget=forms.RadioSelect
    )
    words = _words(_("What you noticed (optional)"), required=False)


class TalkForm(MoveForm):
    words = _words(_("Your words"), required=True)


class DeclineForm(MoveForm):
    words = _words(
        _("Your answer"),
        required=True,
        help_text=_("What stands in the way, and what would have to be different."),
    )


class ThanksForm(MoveForm):
    words = forms.CharField(
        label=_("Your thanks"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Goes to the team that kept this promise, and is counted nowhere."),
    )


class TicketForm(forms.Form):
    code = forms.CharField(
        label=_("The code you wrote down"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )


FORMS: dict[Move, type[MoveForm]] = {
    Move.PROMISE: PromiseForm,
    Move.ASK_BACK: TalkForm,
    Move.REPLY: TalkForm,
    Move.DECLINE: DeclineForm,
    Move.INSIST: TalkForm,
    Move.ACCEPT: MoveForm,
    Move.MOVE_DATE: DateMoveForm,
    Move.SAY_DONE: MoveForm,
    Move.JUDGE: VerdictForm,
    Move.JUDGE_DAY_100: VerdictForm,
    Move.ASK_AGAIN: TalkForm,
    Move.WITHDRAW: MoveForm,
}
