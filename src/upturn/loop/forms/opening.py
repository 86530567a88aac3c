"""What a facilitator fills in to open a workshop."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from upturn.commitments.commands import draw_code
from upturn.graph import queries as graph
from upturn.loop.commands.opening import NAME_MAX, WorkshopDraft
from upturn.loop.queries.scripts import scripts

if TYPE_CHECKING:
    from upturn.people.models import Person


def _choices(viewer: "Person") -> list[tuple[str, str]]:
    return [
        (each.ref, each.script.say(each.script.name, language=each.script.language))
        for each in scripts(viewer)
    ]


def parties_seen(viewer: "Person") -> list[tuple[str, str]]:
    """Parties the viewer may see, by name, none first."""
    party = graph.snapshot().party
    seen = graph.visible_parties(viewer)
    found = sorted((graph.full_name(party[each]), str(each)) for each in seen if each in party)
    return [("", "–"), *((key, name) for name, key in found)]


class OpenForm(forms.Form):
    """A script and a name; the rest is filled in."""

    name = forms.CharField(
        label=_("What you call it"),
        max_length=NAME_MAX,
        help_text=_("People read it on their phones; on day 100 you find it by this."),
    )
    script = forms.ChoiceField(label=_("Script"), widget=forms.Select)
    party_id = forms.ChoiceField(label=_("Whose workshop it is (optional)"), required=False)
    language = forms.ChoiceField(
        label=_("Language on the screen"),
        choices=settings.LANGUAGES,
        help_text=_("Each phone shows the workshop in its own."),
    )
    key = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, viewer: "Person", **how: Any) -> None:
        how["initial"] = {"key": draw_code(), "language": "en", **how.get("initial", {})}
        super().__init__(*args, **how)
        self.fields["script"].choices = _choices(viewer)  # type: ignore[attr-defined]
        self.fields["party_id"].choices = parties_seen(viewer)  # type: ignore[attr-defined]

    def draft(self) -> WorkshopDraft:
        """Give the workshop to open."""
        given = self.cleaned_data
        return WorkshopDraft(
            key=given["key"],
            script=given["script"],
            name=given["name"],
            party_id=int(given["party_id"]) if given["party_id"] else None,
            language=given["language"],
        )
