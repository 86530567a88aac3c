"""The vision is rung by several companies, and other lines for it are suggested and go."""

from typing import Any

import pytest

from tests.exchange import factories as make
from tests.exchange.pages import browser_of, convener_of, guarded, text, url
from tests.exchange.talk import checked
from upturn.exchange.commands import charters, hosting, leaving, vision
from upturn.exchange.commands.refusals import NotOpen, NotYours, SignFirst, Suspended
from upturn.exchange.engine import Incomplete
from upturn.exchange.engine.errors import RulesBroken
from upturn.exchange.models import ExchangeParty, VisionLine, VisionTapped, VisionVoice
from upturn.exchange.queries import charters as read
from upturn.record.models import JournalEntry

pytestmark = pytest.mark.django_db

LINE = "Whoever calls is helped by the first who answers"


@pytest.fixture
def made() -> make.Made:
    return make.opened(names=make.NAMES[:4])


def tap(made: make.Made, *names: str, layer: str = "front_line", rings: bool = True) -> None:
    for name in names:
        vision.ring(made[name].sitting, layer=layer, rings=rings)


def rings(made: make.Made) -> dict[str, bool | None]:
    return read.vision_rings(made.convener, made.exchange)


def new_version(made: make.Made) -> None:
    text_ = make.charter_text(mission="Another one")
    charters.propose_charter(made.convener, made.exchange, text_, after=1, today=make.TODAY)


def suggest(made: make.Made, name: str, words: str = LINE) -> None:
    vision.suggest_line(made[name].sitting, words, checked())


def lines(viewer: Any, made: make.Made) -> list[tuple[str, str, bool]]:
    found = read.vision_lines(viewer, made.exchange)
    return [(each.words, each.party, each.mine) for each in found]


def test_taps_of_one_company_publish_nothing_however_many(made: make.Made) -> None:
    tap(made, *["Amber"] * 9)
    assert rings(made) == {"front_line": None}
    page = text(convener_of(made).get(url(made, "charter")))
    assert "not five taps from three companies yet" in page
    assert "rings with more than half" not in page


def test_five_taps_of_three_companies_do_and_two_layers_are_told_apart(made: make.Made) -> None:
    tap(made, "Amber", "Amber", "Birch", "Cedar")
    assert rings(made) == {"front_line": None}
    tap(made, "Amber", rings=False)
    tap(made, "Amber", "Birch", "Cedar", "Dune", layer="managers", rings=False)
    assert rings(made) == {"front_line": True, "managers": None}
    tap(made, "Client", layer="managers")
    assert rings(made) == {"front_line": True, "managers": False}
    with pytest.raises(NotYours):
        tap(made, "Amber", layer="Anna")


def test_companies_of_one_owner_count_once_and_the_steward_does_not(made: make.Made) -> None:
    owned = ExchangeParty.objects.filter(name__in=["Amber", "Birch"])
    owned.update(owner="One group")
    tap(made, "Amber", "Birch", "Birch", "Cedar", "Steward", "Steward")
    assert rings(made) == {"front_line": None}
    tap(made, "Dune")
    assert rings(made) == {"front_line": True}


def test_what_is_kept_of_who_tapped_is_two_companies_at_most_and_goes(made: make.Made) -> None:
    tap(made, "Amber", "Amber", "Birch", "Birch")
    kept = VisionTapped.objects.values_list("voice__layer", "party__name")
    assert set(kept) == {("front_line", "Amber"), ("front_line", "Birch")}
    fields = {field.name for field in VisionTapped._meta.concrete_fields}
    assert fields == {"id", "voice", "party"}
    tap(made, "Cedar")
    assert not VisionTapped.objects.exists()
    tap(made, "Dune", "Amber")
    assert not VisionTapped.objects.exists()
    assert VisionVoice.objects.get().companies == 3
    assert set(JournalEntry.objects.filter(verb="tap vision").values_list("detail")) == {("",)}


def test_which_company_tapped_goes_with_it_and_with_the_next_version(made: make.Made) -> None:
    tap(made, "Amber", "Birch")
    leaving.leave(made["Birch"].sitting, words_too=False, today=make.TODAY)
    assert [each.party.name for each in VisionTapped.objects.all()] == ["Amber"]
    new_version(made)
    assert not VisionTapped.objects.exists()
    assert rings(made) == {}


def test_a_line_is_one_each_replaced_and_taken_back(made: make.Made) -> None:
    suggest(made, "Amber", "Another line")
    suggest(made, "Amber", f"  {LINE} ")
    suggest(made, "Amber")
    suggest(made, "Birch", "Guests first")
    expected = [(LINE, "Amber", False), ("Guests first", "Birch", False)]
    assert lines(made.convener, made) == expected
    assert lines(made["Amber"].sitting, made)[0] == (LINE, "Amber", True)
    assert JournalEntry.objects.filter(verb="suggest vision line").count() == 3
    for _time in range(2):
        vision.withdraw_line(made["Amber"].sitting)
    assert lines(made.convener, made) == expected[1:]
    assert JournalEntry.objects.filter(verb="withdraw vision line").count() == 1


@pytest.mark.parametrize("words", ["", "  ", "x" * 141])
def test_a_line_is_bounded(words: str, made: make.Made) -> None:
    with pytest.raises(Incomplete):
        suggest(made, "Amber", words)
    assert not VisionLine.objects.exists()


def test_a_line_passes_the_guard(made: make.Made) -> None:
    with pytest.raises(RulesBroken):
        vision.suggest_line(made["Amber"].sitting, LINE, checked("hard"))
    assert not VisionLine.objects.exists()


def test_only_who_signed_and_does_not_pause_suggests_and_reads(made: make.Made) -> None:
    suggest(made, "Birch")
    ExchangeParty.objects.filter(name="Amber").update(suspended=True)
    with pytest.raises(Suspended):
        suggest(made, "Amber")
    gale = hosting.Invitation(name="Gale")
    invited = hosting.invite_party(made.convener, made.exchange, gale, today=make.TODAY)
    assert invited.party.rung == 1
    new_version(made)
    make.sign(made, made["Cedar"])
    suggest(made, "Cedar")
    with pytest.raises(SignFirst):
        suggest(made, "Birch")
    assert lines(made["Birch"].sitting, made) == []
    assert lines(made["Cedar"].sitting, made) == [(LINE, "Cedar", True)]


def test_while_it_rests_nobody_suggests_and_everybody_may_take_back(made: make.Made) -> None:
    suggest(made, "Amber")
    hosting.rest(made.convener, made.exchange)
    with pytest.raises(NotOpen):
        suggest(made, "Birch")
    vision.withdraw_line(made["Amber"].sitting)
    assert not VisionLine.objects.exists()


def test_lines_go_with_the_next_version_and_with_who_leaves(made: make.Made) -> None:
    suggest(made, "Amber")
    suggest(made, "Birch", "Guests first")
    leaving.leave(made["Amber"].sitting, words_too=False, today=make.TODAY)
    assert [each.words for each in VisionLine.objects.all()] == ["Guests first"]
    new_version(made)
    assert not VisionLine.objects.exists()


def test_a_line_is_suggested_on_the_charter_and_stands_beside_the_field(made: make.Made) -> None:
    amber, birch, host = browser_of(made["Amber"]), browser_of(made["Birch"]), convener_of(made)
    page, post = url(made, "charter"), url(made, "vision_line")
    assert "Nobody has suggested another line." in text(amber.get(page))
    assert "data-line=" not in text(host.get(url(made, "write_charter")))
    long = guarded(act="suggest", line="y" * 141)
    refused = amber.post(post, long)
    assert refused.status_code == 409
    assert "y" * 141 in text(refused)
    assert amber.post(post, guarded(act="suggest", line=LINE)).status_code == 302
    assert "Put it in place of the old" in text(amber.get(page))
    seen = text(birch.get(page))
    assert LINE in seen
    assert "Take it back" not in seen
    assert 'name="line"' not in text(host.get(page))
    write = text(host.get(url(made, "write_charter")))
    assert f'data-line="{LINE}"' in write
    assert "Amber" in write
    amber.post(post, {"act": "withdraw"})
    assert LINE not in text(birch.get(page))


def test_a_tap_is_told_to_be_counted_and_to_be_no_proof(made: make.Made) -> None:
    browser, post = browser_of(made["Amber"]), url(made, "ring")
    page = text(browser.get(url(made, "charter")))
    assert "is a courtesy; what stands here is no proof" in page
    assert "Counted." not in page
    tapped = browser.post(post, {"layer": "front_line", "rings": "yes"}, follow=True)
    assert "Counted. Hand the device to the next." in text(tapped)
    wrong = browser.post(post, {"layer": "owners", "rings": "yes"})
    assert wrong.status_code == 403
    assert "Counted." not in text(wrong)
