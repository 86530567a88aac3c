"""What one says of a program that may bring needs in."""

from django import forms
from django.utils.translation import gettext_lazy

from upturn.floor.commands import NAME_MOST


class HookForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Which program sends needs"),
        max_length=NAME_MOST,
        help_text=gettext_lazy("For you alone, such as “the till” or “the phone queue”."),
    )
    code = forms.CharField(max_length=40, widget=forms.HiddenInput)
