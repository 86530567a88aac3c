"""What somebody fills in to add questions, or to bring some in from another tool."""

from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from upturn.partners import engine
from upturn.partners.engine import Form, Instrument, OwnQuestion, Side
from upturn.partners.engine.limesurvey_files import BYTES_MOST

_SALT = "partners.instrument"
_FORMS = [
    (Form.AGREE.value, _("how far one agrees, five steps")),
    (Form.HOW_WELL.value, _("how well, five steps")),
    (Form.HOW_MUCH.value, _("how much, five steps")),
    (Form.CHOICE.value, _("one of several choices")),
    (Form.WORDS.value, _("own words")),
]


class NameForm(forms.Form):
    name = forms.CharField(label=_("What the copy is called"), max_length=40)


class QuestionForm(forms.Form):
    """One question; an empty one is left out."""

    wording_en = forms.CharField(label=_("The question in English"), required=False)
    wording_de = forms.CharField(label=_("in German"), required=False)
    wording_es = forms.CharField(label=_("in Spanish"), required=False)
    wording_ar = forms.CharField(label=_("in Arabic"), required=False)
    form = forms.ChoiceField(label=_("How it is answered"), choices=_FORMS)
    side = forms.ChoiceField(label=_("Who is asked"), required=False)
    choices = forms.CharField(
        label=_("Choices, one a line, two to eight"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, made: Instrument, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sides = dict.fromkeys(side for item in made.items for side in item.sides)
        names = {
            Side.SERVERS: _("only those who serve"),
            Side.LEADERS: _("only those who lead"),
            Side.SERVING: _("only the serving side"),
            Side.SERVED: _("only the served side"),
        }
        self.sides = tuple(sides)
        self.fields["side"] = forms.ChoiceField(
            label=_("Who is asked"),
            required=False,
            choices=[("", _("both sides")), *((side.value, names[side]) for side in sides)],
        )
        for name in ("wording_de", "wording_es", "wording_ar"):
            self.fields[name].help_text = _("Where it is empty, English is shown.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        words = [line for line in cleaned.get("choices", "").splitlines() if line.strip()]
        cleaned["choices"] = tuple(line.strip() for line in words)
        others = any(cleaned.get(f"wording_{code}") for code in engine.LANGUAGES)
        if others and not cleaned.get("wording_en"):
            self.add_error("wording_en", _("Write it in English too: it stands in for the rest."))
        if cleaned.get("form") == Form.CHOICE and others and not 2 <= len(words) <= 8:
            self.add_error("choices", _("Write two to eight choices, one a line."))
        return cleaned

    def question(self) -> OwnQuestion | None:
        """What was asked for, or nothing."""
        given = self.cleaned_data
        wording = {code: given.get(f"wording_{code}", "").strip() for code in engine.LANGUAGES}
        if not wording["en"]:
            return None
        chosen = given.get("form") == Form.CHOICE
        return OwnQuestion(
            form=Form(given["form"]),
            sides=(Side(given["side"]),) if given["side"] else self.sides,
            wording={code: words for code, words in wording.items() if words},
            choices={"en": given["choices"]} if chosen else {},
        )


class BringInForm(forms.Form):
    name = forms.CharField(label=_("What it will be called here"), max_length=40)
    licence = forms.CharField(
        label=_("Under which licence these questions may be used"),
        max_length=400,
        help_text=_("It stands below the questions. Ask first if you do not know."),
    )
    file = forms.FileField(
        label=_("The file"),
        help_text=_("From LimeSurvey: .lsq, .lsg, .lss, or its tab-separated structure (.txt)."),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > BYTES_MOST:
            raise forms.ValidationError(_("The file is larger than 2 MB. Export fewer questions."))
        return file


def sealed(made: Instrument) -> str:
    """Carry an instrument through the page that shows it, unchanged and unstored."""
    return signing.dumps(engine.table_of(made), salt=_SALT, compress=True)


def unsealed(text: str) -> Instrument:
    """Open what `sealed` wrote.

    Raises
    ------
    BadSignature
        If it was changed, or is older than an hour.
    """
    return engine.instrument_of(signing.loads(text, salt=_SALT, max_age=3600))
