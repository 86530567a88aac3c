"""What somebody fills in to open a wave."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from upturn.graph import queries as graph
from upturn.partners.engine import text_of
from upturn.partners.queries import Draft, edges_to_ask
from upturn.partners.queries.drafts import K_LEAST
from upturn.partners.queries.instruments import instruments

if TYPE_CHECKING:
    from upturn.people.models import Person

K_MOST = 20
DAYS = 14
DENIABLE = (
    ("0", gettext_lazy("no")),
    ("0.1", gettext_lazy("one in ten")),
    ("0.2", gettext_lazy("one in five")),
)
MODES = (
    (
        "cards",
        gettext_lazy(
            "A card. Nobody can tell whose it is; only two copies of the box around one answer "
            "would join that answer to a card."
        ),
    ),
    (
        "blind",
        gettext_lazy(
            "A card and a blind signature. Then not even such copies join a card and an answer, "
            "and an answer can be changed until the wave ends. Each phone needs JavaScript and "
            "an address that begins with https."
        ),
    ),
)


class WaveForm(forms.Form):
    title = forms.CharField(
        label=gettext_lazy("What it is called"),
        max_length=80,
        help_text=gettext_lazy("It stands on every card, for instance: Autumn, both sides."),
    )
    instrument = forms.ChoiceField(label=gettext_lazy("What is asked"), widget=forms.RadioSelect)
    place = forms.ChoiceField(
        label=gettext_lazy("Where"),
        required=False,
        help_text=gettext_lazy(
            "All relationships there, as far as five fit on each sheet, unless you choose below."
        ),
    )
    edges = forms.MultipleChoiceField(
        label=gettext_lazy("Which relationships"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    closes_on = forms.DateField(
        label=gettext_lazy("Last day to answer"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("Two weeks are enough for most. Nothing is shown before it ends."),
    )
    k = forms.IntegerField(
        label=gettext_lazy("Fewest answers shown together"),
        min_value=K_LEAST,
        max_value=K_MOST,
        initial=K_LEAST,
    )
    deniable = forms.ChoiceField(
        label=gettext_lazy("Replace some answers by drawn ones"),
        choices=DENIABLE,
        initial="0",
        required=False,
        help_text=gettext_lazy(
            "Then nobody can be held to an answer, not even by whoever steals the box. "
            "Figures allow for it and become less exact."
        ),
    )

    mode = forms.ChoiceField(
        label=gettext_lazy("What admits an answer"),
        choices=MODES,
        initial="cards",
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, viewer: "Person", given: Any, *, today: date, initial: Any = None) -> None:
        usual = {"instrument": "pulse", "closes_on": today + timedelta(days=DAYS)}
        super().__init__(given, initial={**usual, **(initial or {})})
        self.edges_shown = edges_to_ask(viewer)
        language = get_language() or "en"
        names = [(i.key, text_of(i, "name", language=language)) for i in instruments(viewer)]
        self._choose("instrument", names)
        party = graph.snapshot().party
        places = sorted({self._place(edge) for edge in self.edges_shown} - {""})
        self._choose("place", [("", _("everywhere")), *((each, each) for each in places)])
        self._choose(
            "edges",
            [
                (str(edge.id), " → ".join(graph.full_name(party[end]) for end in _ends(edge)))
                for edge in self.edges_shown
            ],
        )

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    @staticmethod
    def _place(edge: graph.EdgeRow) -> str:
        party = graph.snapshot().party
        return party[edge.server_id].place or party[edge.served_id].place

    def draft(self) -> Draft:
        """Give the draft; a form that is not whole yet is filled up, so that seats can be seen."""
        given = self.cleaned_data
        chosen = tuple(int(edge) for edge in given.get("edges", ()))
        if not chosen:
            place = given.get("place")
            there = [e for e in self.edges_shown if not place or self._place(e) == place]
            chosen = tuple(edge.id for edge in there)
        return Draft(
            title=given.get("title") or _("without a title yet"),
            instrument=given.get("instrument") or "pulse",
            relations=chosen,
            closes_on=given.get("closes_on") or self.initial["closes_on"],
            k=given.get("k") or K_LEAST,
            deniable=float(given.get("deniable") or 0),
            mode="blind" if given.get("mode") == "blind" else "cards",
            as_many_as_fit=not given.get("edges"),
        )


def _ends(edge: graph.EdgeRow) -> tuple[int, int]:
    return edge.server_id, edge.served_id
