"""One step of a script as a form: its kind, its minutes, and its words in each language."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from upturn.commitments.commands import draw_code
from upturn.loop.engine.script import WORDS_OF_A_CARD, Script, Step, StepKind
from upturn.loop.engine.script_reading import LETTERS_MOST, MINUTES_MOST, WORDS_MOST, WORKSHEET_MOST

KINDS: dict[StepKind, Promise] = {
    StepKind.QUESTION: _("a question"),
    StepKind.EXPERTS: _("who is doing it already"),
    StepKind.LIST_DISTINCTIVE: _("a list of what is distinctive"),
    StepKind.LIST_WELL_ENOUGH: _("a list of what works well enough"),
    StepKind.HUNDRED_DAYS: _("statements for day 100"),
    StepKind.PAIRS: _("pairs, with a worksheet"),
    StepKind.TASK: _("one small task each"),
    StepKind.BRAINSTORM: _("ideas, in silence"),
    StepKind.BUILD: _("building on the ideas of others"),
    StepKind.READ: _("reading"),
}
TEXTS = {
    "ask": _("What it asks"),
    "lead": _("Said before it (optional)"),
    "then": _("The second question (optional)"),
    "hint": _("How to answer (optional)"),
}
FLAGS = {
    "many": _("Several cards each"),
    "experts_first": _("Those who do it already speak first"),
    "sign": _("Answers are signs: by what it will be noticed"),
    "specific": _("Nudge towards who, when and what words"),
    "task": _("Everybody also takes a small task along"),
}
IN_A_PLAN = {
    "": _("nothing: they stay on the wall"),
    "moment": _("moments of the customer’s day"),
    "be": _("what those who serve need to be"),
    "do": _("what they need to do"),
    "have": _("what they need to have"),
}


@dataclass(frozen=True, slots=True)
class InLanguage:
    """The words of a step in one language."""

    code: str
    name: str
    is_own: bool
    fields: tuple[BoundField, ...]


class StepForm(forms.Form):
    """Everything of a step; words in other languages may stay empty."""

    kind = forms.ChoiceField(
        label=_("What people do"), choices=[(k.value, w) for k, w in KINDS.items()]
    )
    minutes = forms.FloatField(
        label=_("Minutes (optional)"),
        min_value=0.5,
        max_value=MINUTES_MOST,
        required=False,
        help_text=_("After them cards open by themselves; without, you open them."),
    )
    words = forms.IntegerField(
        label=_("Words on a card, at most"),
        min_value=1,
        max_value=WORDS_MOST,
        initial=WORDS_OF_A_CARD,
    )
    plan = forms.ChoiceField(
        label=_("In a plan begun with them, its cards are"),
        choices=list(IN_A_PLAN.items()),
        required=False,
    )
    key = forms.CharField(max_length=40, widget=forms.HiddenInput)
    turn = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, script: Script, step: Step | None = None, **how: Any) -> None:
        self.step, self.own = step, script.language
        self.spoken = {self.own: self.own, **dict(settings.LANGUAGES)}
        how["initial"] = {"key": draw_code(), **_told(step, self.spoken), **how.get("initial", {})}
        super().__init__(*args, **how)
        for name, label in FLAGS.items():
            self.fields[name] = forms.BooleanField(label=label, required=False)
        for code in self.spoken:
            for name, label in TEXTS.items():
                needed = name == "ask" and code == self.own
                self.fields[f"{name}-{code}"] = _text(label, code, needed=needed)
            self.fields[f"worksheet-{code}"] = _worksheet(code)

    def plain(self) -> Iterator[BoundField]:
        """Give what is the same in every language."""
        return (self[name] for name in ("kind", "minutes", "words", "plan", *FLAGS))

    def hidden(self) -> Iterator[BoundField]:
        """Give what nobody fills in."""
        return (self[name] for name in ("key", "turn"))

    def languages(self) -> tuple[InLanguage, ...]:
        """Give the words language by language, the script's own first."""
        names = (*TEXTS, "worksheet")
        return tuple(
            InLanguage(code, name, code == self.own, tuple(self[f"{n}-{code}"] for n in names))
            for code, name in self.spoken.items()
        )

    def made(self) -> Step:
        """Give the step; `script_editing` looks whether it can stand in its script."""
        given = self.cleaned_data
        told: dict[str, Any] = {name: self._texts(name) for name in TEXTS}
        told |= {name: given[name] for name in (*FLAGS, "minutes", "words", "plan")}
        return Step(kind=StepKind(given["kind"]), worksheet=self._worksheet(), **told)

    def _texts(self, name: str) -> dict[str, str]:
        """Give what was written, and what stands in languages that the form does not know."""
        before: Mapping[str, str] = getattr(self.step, name) if self.step else {}
        kept = {code: words for code, words in before.items() if code not in self.spoken}
        said = {code: " ".join(self.cleaned_data[f"{name}-{code}"].split()) for code in self.spoken}
        return {code: words for code, words in (said | kept).items() if words}

    def _worksheet(self) -> tuple[dict[str, str], ...]:
        lines = {code: _lines(self.cleaned_data[f"worksheet-{code}"]) for code in self.spoken}
        longest = max(map(len, lines.values()), default=0)
        return tuple(
            {code: rows[at] for code, rows in lines.items() if at < len(rows)}
            for at in range(longest)
        )


def _lines(text: str) -> list[str]:
    rows = (" ".join(row.split()) for row in text.splitlines())
    return [row for row in rows if row]


def _told(step: Step | None, spoken: Mapping[str, str]) -> dict[str, Any]:
    if step is None:
        return {}
    told: dict[str, Any] = {"kind": step.kind.value, "minutes": step.minutes, "words": step.words}
    told |= {name: getattr(step, name) for name in (*FLAGS, "plan")}
    for code in spoken:
        told |= {f"{name}-{code}": getattr(step, name).get(code, "") for name in TEXTS}
        told[f"worksheet-{code}"] = "\n".join(texts.get(code, "") for texts in step.worksheet)
    return told


def _text(label: Any, code: str, *, needed: bool) -> forms.CharField:
    look = forms.Textarea(attrs={"rows": 2, "dir": "auto", "lang": code})
    return forms.CharField(label=label, max_length=LETTERS_MOST, required=needed, widget=look)


def _worksheet(code: str) -> forms.CharField:
    return forms.CharField(
        label=_("Worksheet of pairs, a question a line (optional)"),
        max_length=LETTERS_MOST * WORKSHEET_MOST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto", "lang": code}),
    )
