"""What one side of a relationship noticed."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from upturn.commitments.commands import draw_code
from upturn.graph import queries as graph
from upturn.loop.commands.loops import NOTICED_MAX, LoopDraft
from upturn.loop.models import LoopState


class NoticeForm(forms.Form):
    """A loop changes by a behaviour that somebody noticed, and by nothing else."""

    noticed = forms.CharField(
        label=_("What did you notice?"),
        max_length=NOTICED_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A behaviour: what somebody did or said. Not what kind of people they are."),
    )
    state = forms.ChoiceField(
        label=_("Which loop does it show?"), choices=LoopState.choices, widget=forms.RadioSelect
    )
    by_party_id = forms.TypedChoiceField(label=_("Who noticed it"), coerce=int)
    next_move = forms.CharField(
        label=_("Your own next move (optional)"),
        max_length=NOTICED_MAX,
        required=False,
        help_text=_("What your side does next, not theirs."),
    )
    key = forms.CharField(max_length=40, widget=forms.HiddenInput)
    turn = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, sides: Sequence[graph.PartyRow], turn: int = 0, **how: Any
    ) -> None:
        how["initial"] = {"key": draw_code(), "turn": turn, **how.get("initial", {})}
        super().__init__(*args, **how)
        named = [(each.id, graph.full_name(each)) for each in sides]
        self.fields["by_party_id"].choices = named  # type: ignore[attr-defined]

    def draft(self) -> LoopDraft:
        """Give what was noticed."""
        given = self.cleaned_data
        names = ("key", "by_party_id", "state", "noticed", "next_move")
        return LoopDraft(**{name: given[name] for name in names})
