"""Words of a script, text by text, in one language; and the whole of it as a file."""

from collections.abc import Iterator
from typing import Any, NamedTuple, cast

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from upturn.commitments.commands import draw_code
from upturn.loop.engine.script import Script
from upturn.loop.engine.script_reading import script_of
from upturn.loop.engine.script_writing import script_as_table

MOST_LETTERS, MOST_OF_A_FILE = 1_200, 200_000
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)


class Text(NamedTuple):
    """One text of a script: where it stands, and its words by language."""

    key: str
    of: str
    step: int
    words: dict[str, str]


def texts_of(table: dict[str, Any]) -> Iterator[Text]:
    """Give the texts of a script's table in order; what is set in `words` is set in the table."""
    for name in ("name", "purpose", "objection", "farewell"):
        if name in table:
            yield Text(name, name, 0, table[name])
    for number, step in enumerate(table["step"], start=1):
        for name in ("lead", "ask", "then", "hint"):
            if name in step:
                yield Text(f"{number}-{name}", name, number, step[name])
        for at, words in enumerate(step.get("worksheet", ())):
            yield Text(f"{number}-worksheet-{at}", "worksheet", number, words)


class WordsForm(forms.Form):
    """Every text of a script in one language, the script's own words beside it."""

    key = forms.CharField(max_length=40, widget=forms.HiddenInput)
    turn = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, script: Script, language: str, **how: Any) -> None:
        self.script, self.language = script, language
        how["initial"] = {"key": draw_code(), **how.get("initial", {})}
        super().__init__(*args, **how)
        for text in texts_of(_table(script)):
            own = text.words.get(script.language, "")
            field = forms.CharField(
                label=own,
                max_length=MOST_LETTERS,
                required=language == script.language,
                initial=text.words.get(language, ""),
                widget=forms.Textarea(attrs={"rows": 2, "dir": "auto", "lang": language}),
            )
            self.fields[text.key] = field

    def changed_script(self) -> Script:
        """Give the script with these words.

        Raises
        ------
        ScriptRefused
        """
        table = _table(self.script)
        for text in texts_of(table):
            given = " ".join(self.cleaned_data[text.key].split())
            text.words.pop(self.language, None)
            if given:
                text.words[self.language] = given
        return script_of(table)


def _table(script: Script) -> dict[str, Any]:
    return cast("dict[str, Any]", script_as_table(script))


class FileForm(forms.Form):
    """A script as text, to be changed as a whole or brought in."""

    content = forms.CharField(
        label=_("The script as a file"),
        max_length=MOST_OF_A_FILE,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false", "dir": "ltr"}),
    )
    key = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    turn = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **how: Any) -> None:
        how["initial"] = {"key": draw_code(), **how.get("initial", {})}
        super().__init__(*args, **how)
