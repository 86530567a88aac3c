"""What those who lead answer to the questions of a month, and what their team says to it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from upturn.plan.commands.leaders import ANSWER_MAX, Answer
from upturn.plan.models import Question

LARGEST = 2**31 - 1


class AnswerForm(forms.Form):
    """An answer to one question, for one party."""

    party_id = forms.IntegerField(min_value=1, max_value=LARGEST)
    question = forms.ChoiceField(choices=Question.choices)
    words = forms.CharField(label=_("Your answer"), max_length=ANSWER_MAX)
    turn = forms.IntegerField(min_value=-1, max_value=LARGEST)

    def answer(self) -> Answer:
        return Answer(**self.cleaned_data)


class TeamForm(forms.Form):
    """That it is so, or how the team puts it."""

    otherwise = forms.BooleanField(required=False)
    words = forms.CharField(label=_("How you put it"), max_length=ANSWER_MAX, required=False)
    turn = forms.IntegerField(min_value=0, max_value=LARGEST)
