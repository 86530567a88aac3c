"""Six barriers, always six; each teaches where it is empty and leads to something to do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import factories as f
from tests.factories import TODAY
from upturn.commitments.commands import draw_code
from upturn.partners.commands.barriers import (
    BarrierDraft,
    mark_word,
    name_barrier,
    spare_word,
    take_back_barrier,
)
from upturn.partners.commands.cycles import CycleDraft, open_cycle
from upturn.partners.engine import Barrier, Incomplete, MoveClosed, by_barrier
from upturn.partners.models import NamedBarrier
from upturn.partners.queries.barriers import inventory, jargon, own_words
from upturn.partners.templatetags.partners_rules import BEGIN, MEANING
from upturn.record.models import JournalEntry

SEED = (
    "status symbols",
    "hierarchy",
    "bureaucracy",
    "departmentalism",
    "technical elitism",
    "language",
)


@given(st.lists(st.tuples(st.sampled_from([*Barrier, ""]), st.integers())))
def test_all_six_are_always_there_and_nothing_is_lost(named: list[tuple[str, int]]) -> None:
    found = by_barrier(named)
    assert [each.value.replace("_", " ") for each in found] == list(SEED)
    kept = [each for rows in found.values() for each in rows]
    assert sorted(kept) == sorted(each for key, each in named if key)


def draft(**how: object) -> BarrierDraft:
    whole = {"barrier": Barrier.HIERARCHY, "words": "Every refund climbs.", "code": draw_code()}
    return BarrierDraft(**whole | how)  # type: ignore[arg-type]


@pytest.mark.django_db
def test_the_empty_page_shows_six_questions_and_an_action_for_each() -> None:
    page = f.signed_in(f.person()).get("/barriers/").content.decode()
    for barrier in Barrier:
        assert f'id="{barrier}"' in page
        assert f"/barriers/name/?barrier={barrier}" in page
        assert str(BEGIN[barrier]) in page.replace("&#x27;", "'")
        assert str(MEANING[barrier]) in page


@pytest.mark.django_db
def test_what_was_named_leads_to_an_ask_and_to_a_cycle() -> None:
    office, floor = f.party("Office"), f.party("Floor")
    edge = f.serves(office, floor)
    waiter = f.member(floor)
    named = name_barrier(waiter, draft(at_id=office.pk), today=TODAY)
    (here,) = (b for b in inventory(waiter, today=TODAY) if b.barrier == Barrier.HIERARCHY)
    assert here.named[0].ask_on == (edge.pk,)
    page = f.signed_in(waiter).get("/barriers/").content.decode()
    assert f"/edge/{edge.pk}/ask/" in page
    assert f"/cycles/new/?barrier={named.ref}" in page
    cycle = open_cycle(
        waiter,
        CycleDraft(noticed="Refunds", code=draw_code(), team_id=floor.pk, barrier_ref=named.ref),
        today=TODAY,
    )
    page = f.signed_in(waiter).get("/barriers/").content.decode()
    assert f"/cycles/{cycle.ref}/" in page
    assert waiter.display_name not in page.replace(f">{waiter.display_name}</a>", "")


@pytest.mark.django_db
def test_without_a_name_nothing_ties_it_to_anybody_and_it_cannot_be_taken_back() -> None:
    someone = f.person()
    named = name_barrier(someone, draft(unnamed=True), today=TODAY)
    assert named.named_by is None
    assert JournalEntry.objects.get(verb="name").actor_id is None
    with pytest.raises(MoveClosed):
        take_back_barrier(someone, named)


@pytest.mark.django_db
def test_only_whoever_named_it_takes_it_back() -> None:
    someone = f.person()
    named = name_barrier(someone, draft(), today=TODAY)
    f.signed_in(f.person()).post(f"/barriers/{named.ref}/take-back/")
    assert NamedBarrier.objects.count() == 1
    f.signed_in(someone).post(f"/barriers/{named.ref}/take-back/")
    assert NamedBarrier.objects.count() == 0


@pytest.mark.django_db
def test_words_are_needed() -> None:
    with pytest.raises(Incomplete):
        name_barrier(f.person(), draft(words="  "), today=TODAY)


@pytest.mark.django_db
def test_own_words_and_names_of_parties_are_no_jargon() -> None:
    f.party("KDS")
    someone = f.person()
    text = "Leverage the KDS and the POS"
    assert [word for word, _mark in jargon(someone, text, language="en").marked] == [
        "Leverage",
        "POS",
    ]
    spare_word(someone, "  POS ")
    assert own_words(someone) == ["pos"]
    assert [word for word, _mark in jargon(someone, text, language="en-gb").marked] == ["Leverage"]
    mark_word(someone, "pos")
    assert len(jargon(someone, text, language="en").marked) == 2


@pytest.mark.django_db
def test_a_pasted_text_is_marked_and_not_stored() -> None:
    client = f.signed_in(f.person())
    entries = JournalEntry.objects.count()
    sent = {"text": "Going forward, utilise <b>it</b>.", "language": "en"}
    page = client.post("/plain-words/", sent).content.decode()
    assert "<mark>Going forward</mark>, <mark>utilise</mark> &lt;b&gt;it&lt;/b&gt;." in page
    assert "later" in page
    assert JournalEntry.objects.count() == entries
    assert "Going forward" not in client.get("/plain-words/").content.decode()


@pytest.mark.django_db
def test_the_parts_of_a_marked_text_are_the_text() -> None:
    text = "In order to leverage,\nask the GM."
    found = jargon(f.person(), text, language="en")
    assert "".join(part for part, _mark in found.parts) == text
