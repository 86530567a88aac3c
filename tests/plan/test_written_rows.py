"""Rows that Python writes say what the parts of templates would, and no word of anybody acts."""

import pytest
from django.template.loader import render_to_string

from tests import factories as f
from tests.plan import measured as m
from tests.plan import planned as p
from upturn.graph import queries as graph
from upturn.graph.models import Kind
from upturn.people.models import Person
from upturn.plan.models import Outcome, Plan
from upturn.plan.templatetags.plan_group import party_words

pytestmark = pytest.mark.django_db
SHARP = "<i>\"a\" & 'b'</i>"
WRITTEN = "&lt;i&gt;&quot;a&quot; &amp; &#x27;b&#x27;&lt;/i&gt;"


def page(viewer: Person, plan: Plan, path: str) -> str:
    return f.signed_in(viewer).get(f"/plans/{plan.ref}/{path}").content.decode()


@pytest.mark.parametrize("link", [False, True])
def test_a_party_is_written_as_the_house_writes_it(link: bool) -> None:
    for kind in Kind:
        f.party(f"{kind} {SHARP}", kind=kind, place="Mill & Sons" if link else "")
    rows = graph.snapshot().party.values()
    assert len(rows) == len(Kind)
    for party in rows:
        asked = {"party": party, "link": link}
        assert party_words(party, link=link) == render_to_string("house/_party.html", asked).strip()


def test_names_in_a_group_are_words_only() -> None:
    here = p.Setting()
    kitchen = f.party(f"party {SHARP}")
    f.serves(kitchen, here.floor)
    plan = p.plan_of(here.leader, here.guests)
    f.member(kitchen, name=f"called {SHARP}", role="leader", leads=True)
    Person.objects.filter(pk=here.leader.pk).update(display_name=f"seated {SHARP}")
    shown = page(here.leader, plan, "group/")
    for words in ("called", "seated", "party"):
        assert f"{words} {WRITTEN}" in shown
    assert SHARP not in shown


def test_names_and_units_of_targets_are_words_only() -> None:
    m.houses(8, starts={0: 20, 1: 20, 2: 12, 3: 12})
    viewer, plan = m.a_plan()
    m.pair(viewer, plan, money=True)
    figures = {"baseline": 1.0, "baseline_low": 1.0, "baseline_high": 2.0, "baseline_n": 9}
    Outcome.objects.filter(plan=plan).update(name=f"name {SHARP}", unit=f"unit {SHARP}", **figures)
    Plan.objects.filter(pk=plan.pk).update(figures_version=99)
    shown = page(viewer, plan, "targets/")
    for words in ("name", "unit"):
        assert f"{words} {WRITTEN}" in shown
    assert SHARP not in shown
    ref = plan.outcomes.earliest("pk").ref
    sent = {"act": "wish", "wish": SHARP, "wish_by": "2030-01-01", "key": "k", "turn": "0"}
    refused = f.signed_in(viewer).post(f"/plans/{plan.ref}/targets/{ref}/", sent).content.decode()
    assert f'value="{WRITTEN}"' in refused
    assert refused.count("<details open>") == 1
    assert SHARP not in refused


def test_words_of_lines_and_names_of_parties_in_forms_are_words_only() -> None:
    here = p.Setting()
    kitchen = f.party(f"party {SHARP}")
    plan = p.plan_of(here.leader, here.guests)
    at = p.moment(here.leader, plan)
    p.line(here.leader, at, here.floor, words="Warm plates", provider_id=kitchen.pk)
    do = p.line(here.leader, at, kitchen, "do", words=f"do {SHARP}")
    have = p.line(here.leader, at, kitchen, words=f"have {SHARP}", enables=do.ref)
    address = f"moments/{at.ref}/"
    added = page(here.leader, plan, address)
    changed = page(here.leader, plan, f"{address}?change={have.ref}")
    assert f'<option value="{do.ref}">do {WRITTEN}</option>' in added
    assert f'<option value="{do.ref}" selected>do {WRITTEN}</option>' in changed
    assert f'required value="have {WRITTEN}">' in changed
    assert f'<span class="vh">: party {WRITTEN}</span></button>' in added
    assert f'<option value="{kitchen.pk}">party {WRITTEN}</option>' in added
    assert SHARP not in added + changed
