"""The public form, ten seconds, no account and no cookie; and the form for a theme."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from upturn.record.limits import is_over
from upturn.voice import commands
from upturn.voice.engine.intake import Comment

SALT = "voice.say"
OPEN_FOR_S = 2 * 3600
WORDS_MAX = 2_000
BODY_BYTES_MAX = 40_000
A_MINUTE_PER_CODE = 120
A_MINUTE = 1_200
SKIPPED_MAX = 100
# The form is posted with "preview" while somebody writes, and a part of the page is drawn anew.
TRY_WHILE_TYPING = {
    "hx-post": "",
    "hx-trigger": "input changed delay:400ms",
    "hx-include": "closest form",
    "hx-vals": '{"preview": "1"}',
    "hx-target": "#preview",
    "hx-swap": "outerHTML",
}


class ThemeForm(forms.Form):
    """A thing customers speak of, as the reader is to look for it."""

    name = forms.CharField(label=_("What customers speak of"), max_length=80)
    descriptions = forms.CharField(
        label=_("In plain sentences, one a line"),
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 4, **TRY_WHILE_TYPING}),
        help_text=_("As customers would put it. The reader compares every comment with these."),
    )
    examples = forms.CharField(
        label=_("Comments that belong here, one a line (optional)"),
        max_length=40_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Some twenty teach the reader more than any description."),
    )


class FoundThemeForm(forms.Form):
    """A theme of what was found in the words: a name and a sentence."""

    name = forms.CharField(max_length=80)
    descriptions = forms.CharField(max_length=4_000)


class UnsaidForm(forms.Form):
    """Words that tell nothing here."""

    words = forms.CharField(
        label=_("Words that tell nothing here"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Names of brands, dishes or offers, with blanks between. No theme shows them."),
    )


class SentenceForm(forms.Form):
    """What a moment is about, as the reader is to know it."""

    description = forms.CharField(
        label=_("This moment in one sentence"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, **TRY_WHILE_TYPING}),
        help_text=_("As customers would put it: we waited for the bill, the card did not work."),
    )


@dataclass(frozen=True, slots=True)
class State:
    """Where somebody stands in the list of comments to confirm.

    ``skipped`` are left for later, ``last`` was confirmed just now, ``first`` is to be shown first.
    """

    skipped: tuple[int, ...] = ()
    last: int | None = None
    first: int | None = None

    def without(self, number: int) -> "State":
        """The state after a comment was left for later."""
        return State(tuple(dict.fromkeys([*self.skipped, number]))[-SKIPPED_MAX:], self.last)

    def after(self, number: int) -> "State":
        """The state after a comment was confirmed."""
        return State(self.skipped, number)

    def at(self, number: int) -> "State":
        """The state after a confirmation was taken back: the comment comes first again."""
        return State(tuple(one for one in self.skipped if one != number), None, number)

    def as_query(self) -> dict[str, str]:
        """The state as the end of an address."""
        given = {"skipped": self.skipped_text, "last": self.last, "first": self.first}
        return {name: str(value) for name, value in given.items() if value}

    @property
    def skipped_text(self) -> str:
        """The numbers with commas between them."""
        return ",".join(map(str, self.skipped))


def state_of(given: Mapping[str, str]) -> State:
    """Read the state out of an address or a form; what cannot be read is left out."""
    skipped = [n for part in given.get("skipped", "").split(",") if (n := _number(part))]
    return State(
        tuple(skipped[-SKIPPED_MAX:]), _number(given.get("last")), _number(given.get("first"))
    )


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


class ConfirmForm(forms.Form):
    """What somebody says a comment speaks of; empty for no theme and for no touchpoint."""

    feedback = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    theme = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    touchpoint = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    polarity = forms.IntegerField(required=False, min_value=-1, max_value=1)

    def understood(self) -> commands.Understood:
        """What was said, for the command."""
        given = self.cleaned_data
        return commands.Understood(given["touchpoint"], given["theme"], given["polarity"] or 0)


class SayForm(forms.Form):
    """What a customer says. ``visit`` is signed and works once, in place of a cookie."""

    words = forms.CharField(
        label=_("In your words"),
        max_length=WORDS_MAX,
        widget=forms.Textarea(attrs={"rows": 4, "autofocus": True, "dir": "auto"}),
        error_messages={
            "required": _("Write a word or two, then send it."),
            "max_length": _("Up to %(limit_value)d characters fit. Yours has %(show_value)d."),
        },
    )
    score = forms.TypedChoiceField(
        label=_("How well did it go?"),
        choices=[(str(n), str(n)) for n in range(11)],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    visit = forms.CharField(widget=forms.HiddenInput, max_length=200, required=False)
    # Programs fill in every field they find; people do not see this one.
    website = forms.CharField(
        required=False,
        label=pgettext_lazy("trap", "Leave this empty"),
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, code: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.code = code

    @property
    def is_trapped(self) -> bool:
        return bool(self.data.get("website"))

    def clean_visit(self) -> bytes:
        """The fingerprint of this visit: a second tap brings the same one."""
        try:
            code, nonce = signing.loads(self.cleaned_data["visit"], salt=SALT, max_age=OPEN_FOR_S)
        except (signing.BadSignature, ValueError, TypeError):
            code, nonce = "", ""
        if code != self.code:
            raise forms.ValidationError(
                _("This page was open for a long time. Your words are still here: send them again.")
            )
        return blake2b(f"visit {nonce}".encode(), digest_size=16).digest()

    def renewed(self) -> "SayForm":
        """The same words and errors with a visit that can still be sent."""
        if "visit" in self.errors:
            self.data = {**self.data, "visit": new_visit(self.code)}
        return self

    def comment(self, *, now: datetime) -> Comment:
        """What was said, ready to be stored."""
        given = self.cleaned_data
        rated = given["score"] is not None
        return Comment(
            row=0,
            text=given["words"],
            score=given["score"],
            score_raw=str(given["score"]) if rated else "",
            scale="0-10" if rated else "",
            at=now,
            touchpoint="",
            place="",
            channel="form",
            external_id="",
            language="",
            fingerprint=given["visit"],
        )


def new_visit(code: str) -> str:
    """What the form carries instead of a cookie: signed, good for two hours and for one ask."""
    return signing.dumps([code, secrets.token_urlsafe(12)], salt=SALT)


def too_many(code: str) -> bool:
    """Whether this process takes no more this minute, from this code or from all together."""
    return is_over({"say": A_MINUTE, f"say:{code}": A_MINUTE_PER_CODE})
