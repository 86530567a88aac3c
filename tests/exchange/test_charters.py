"""The charter is signed anew on every version, and its lights show no more than they say."""

from datetime import timedelta

import pytest

from tests.exchange import factories as make
from upturn.exchange.commands import charters
from upturn.exchange.commands.refusals import BadSignature, NotReady, NotYours, Overtaken
from upturn.exchange.engine import CHARTER, BadSeal, charter_of, to_sign
from upturn.exchange.models import CharterSignature
from upturn.exchange.queries import charters as read
from upturn.record.models import JournalEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> make.Made:
    made = make.prepared(template="peers")
    for name in make.NAMES[:3]:
        make.come_in(made, name)
    make.all_sign(made)
    return made


def _propose(made: make.Made, after: int, **changes: object) -> None:
    text = make.charter_text(**changes)
    charters.propose_charter(made.convener, made.exchange, text, after=after, today=make.TODAY)


def test_a_new_version_unsigns_everybody_at_once(made: make.Made) -> None:
    amber = made["Amber"]
    assert amber.sitting.charter_signed
    _propose(made, 1, mission="Another one")
    assert not amber.sitting.charter_signed
    seen = read.charter_now(amber.sitting, made.exchange)
    assert seen is not None
    assert (seen.number, seen.signed, seen.unsigned) == (2, (), make.NAMES[:3])
    make.sign(made, amber)
    make.sign(made, amber)
    assert amber.sitting.charter_signed
    assert CharterSignature.objects.count() == 4


def test_the_same_text_again_is_no_new_version(made: make.Made) -> None:
    _propose(made, 1)
    assert len(read.versions(made.convener, made.exchange)) == 1


def test_two_who_change_it_at_once_notice(made: make.Made) -> None:
    _propose(made, 1, mission="One")
    with pytest.raises(Overtaken):
        _propose(made, 1, mission="Two")


def test_what_a_charter_lacks_is_said(made: make.Made) -> None:
    with pytest.raises(NotReady) as refused:
        _propose(made, 1, not_mission="", minutes=600)
    assert refused.value.missing == ("not_mission", "minutes")


@pytest.mark.parametrize("wrong", ["key", "number", "old"])
def test_only_the_own_key_over_this_version_signs(wrong: str, made: make.Made) -> None:
    old = made.exchange.charters.get()
    _propose(made, 1, mission="Another one")
    last = made.exchange.charters.get(number=2)
    key = made["Birch" if wrong == "key" else "Amber"].key
    number = "1" if wrong == "number" else "2"
    said = to_sign(CHARTER, made.exchange.ref, number, last.digest)
    digest = old.digest if wrong == "old" else last.digest
    with pytest.raises((BadSignature, Overtaken)):
        charters.sign_charter(
            made["Amber"].sitting,
            digest=digest,
            signature=key.sign(said).hex(),
            today=make.TODAY,
        )
    assert not made["Amber"].sitting.charter_signed


def test_machines_read_a_version_as_it_was_written(made: make.Made) -> None:
    data = read.as_file(made["Amber"].sitting, made.exchange, number=1)
    assert charter_of(data) == make.charter_text()


def test_the_light_says_only_whether_all_have_a_gain_of_their_own(made: make.Made) -> None:
    *most, last = made.members
    for company in most:
        charters.state_gain(company.sitting, "ab" * 32)
    assert not read.all_gain(last.sitting, made.exchange)
    charters.state_gain(last.sitting, "cd" * 32)
    assert read.all_gain(most[0].sitting, made.exchange)
    assert read.own_gain(last.sitting) == "cd" * 32
    entries = JournalEntry.objects.filter(verb="state gain")
    assert set(entries.values_list("detail", "actor_id")) == {("", None)}
    with pytest.raises(BadSeal):
        charters.state_gain(last.sitting, "more customers")


def test_the_chair_goes_round_and_only_whoever_leads_passes_it_early(made: make.Made) -> None:
    amber, birch, cedar = (company.row.ref for company in made.members)
    day = make.TODAY
    assert charters.pass_chair(made.convener, made.exchange, today=day) == amber
    with pytest.raises(NotYours):
        charters.pass_chair(made["Birch"].sitting, made.exchange, today=day)
    with pytest.raises(NotReady):
        charters.pass_chair(made.convener, made.exchange, today=day)
    day += timedelta(days=1)
    assert charters.pass_chair(made["Amber"].sitting, made.exchange, today=day) == birch
    day += timedelta(days=100)
    assert charters.pass_chair(made.convener, made.exchange, today=day) == cedar
    assert read.lead(made.convener, made.exchange).next == "Amber"
