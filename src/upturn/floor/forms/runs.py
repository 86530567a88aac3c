"""What somebody chooses for a run: policies, three sliders, how much of it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from upturn.floor.commands import Order, draw_code
from upturn.floor.engine.lab.trial import (
    BUSY,
    DETOUR_S,
    HOURS_MOST,
    LOAFING,
    REPS_LEAST,
    REPS_MOST,
    codes_for,
    is_centre,
)
from upturn.floor.engine.shapes import Floor

POLICIES = {
    "one-at-a-time": gettext_lazy("One at a time"),
    "scan": gettext_lazy("Scan the section"),
    "own-the-whole": gettext_lazy("Own the whole"),
    "pooled": gettext_lazy("Pooled"),
    "skills": gettext_lazy("By preference"),
    "skills:by-preference=no": gettext_lazy("Longest waiting first"),
}
IN_A_LINE = {
    "one-at-a-time": gettext_lazy("see, go, do, and back to the station; a trip for every need"),
    "scan": gettext_lazy("look around on every trip and meet what waits at the own tables"),
    "own-the-whole": gettext_lazy("own tables first, then help a neighbour on the way"),
    "pooled": gettext_lazy("no sections, everybody serves every table and takes longer over it"),
    "skills": gettext_lazy("who becomes free takes what he or she is best at"),
    "skills:by-preference=no": gettext_lazy("who becomes free takes whoever waited longest"),
}


class Slider(forms.NumberInput):
    """A slider; without a script its number does not show, so its ends stand beside it."""

    input_type = "range"


def _slider(label: Any, help_text: Any, ends: tuple[float, float], step: float) -> forms.FloatField:
    return forms.FloatField(
        label=label,
        help_text=help_text,
        min_value=ends[0],
        max_value=ends[1],
        widget=Slider(attrs={"step": step, "data-shows": ""}),
    )


class RunForm(forms.Form):
    policies = forms.MultipleChoiceField(
        label=gettext_lazy("What is compared"), widget=forms.CheckboxSelectMultiple
    )
    busy = _slider(
        gettext_lazy("How busy, per cent of the needs in the floor"),
        gettext_lazy("50 is half as busy, 130 nearly a third busier."),
        (BUSY[0] * 100, BUSY[1] * 100),
        5,
    )
    loafing = _slider(
        gettext_lazy("How much slower when a queue belongs to everybody, per cent"),
        gettext_lazy("Measured in a supermarket: 6.9. Set 0 if you do not believe in it."),
        (LOAFING[0] * 100, LOAFING[1] * 100),
        0.1,
    )
    detour = _slider(
        gettext_lazy("How many seconds of extra walking help may cost"),
        gettext_lazy("0: only what lies on the way, with what is in hand."),
        DETOUR_S,
        1,
    )
    hours = forms.FloatField(
        label=gettext_lazy("Hours of a shift"), min_value=0.5, max_value=HOURS_MOST, initial=4
    )
    reps = forms.IntegerField(
        label=gettext_lazy("How many such shifts"),
        min_value=REPS_LEAST,
        max_value=REPS_MOST,
        initial=100,
        help_text=gettext_lazy("More shifts give narrower ranges, and take longer."),
    )
    code = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, floor: Floor, given: Any = None) -> None:
        codes = codes_for(floor)
        start = {
            "policies": codes,
            "busy": 100,
            "loafing": round(floor.behaviour.loafing_share * 100, 1),
            "detour": 6,
            "code": draw_code(),
        }
        super().__init__(given, initial=start)
        choices = [(code, POLICIES[code]) for code in codes]
        self.fields["policies"].choices = choices  # type: ignore[attr-defined]
        if is_centre(floor):  # nobody walks there, and nothing is pooled that was apart
            for name in ("loafing", "detour"):
                self.fields[name].required = False
                self.fields[name].widget = forms.HiddenInput()

    def order(self) -> Order:
        """Give what is to be run."""
        given = self.cleaned_data
        return Order(
            policies=tuple(given["policies"]),
            busy_share=given["busy"] / 100,
            loafing_share=(given["loafing"] or 0) / 100,
            detour_s=given["detour"] or 0,
            hours=given["hours"],
            reps=given["reps"],
            code=given["code"],
        )
