"""No programme is live without the client's signed GO on this very version."""

from dataclasses import replace

import pytest

from tests.exchange import factories as make
from tests.exchange import talk
from upturn.exchange.commands import leaving, outside, programmes
from upturn.exchange.commands.refusals import BadSignature, GuardStopped, NotYours, Overtaken
from upturn.exchange.engine import Incomplete, MoveRefused, Part, Verb, to_sign
from upturn.exchange.models import OutsiderPage, Programme, ProgrammeWord
from upturn.exchange.queries import outside as told
from upturn.exchange.queries import programmes as seen

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> make.Made:
    return make.opened(names=make.NAMES[:3])


def begun(made: make.Made) -> Programme:
    return programmes.new_programme(
        made["Amber"].sitting, talk.checked(), key="p1", name="A warm first week"
    )


def do(made: make.Made, row: Programme, name: str, verb: Verb, **given: object) -> Programme:
    asked = programmes.ProgrammeMove(verb=verb, **given)  # type: ignore[arg-type]
    return programmes.make_move(
        made[name].sitting, row.ref, asked, talk.checked(), today=make.TODAY
    )


def part(made: make.Made, code: str, owner: str) -> Part:
    return Part(code, "A talk on the first day", made[owner].row.ref)


def consented(made: make.Made, row: Programme) -> Programme:
    do(made, row, "Client", Verb.EXPECT, words="People know whom they serve.")
    do(made, row, "Amber", Verb.BUILD)
    do(made, row, "Amber", Verb.CHANGE, part=part(made, "talk", "Amber"))
    do(made, row, "Birch", Verb.CHANGE, part=part(made, "walk", "Birch"))
    return ask_all(made, row)


def ask_all(made: make.Made, row: Programme) -> Programme:
    row = do(made, row, "Amber", Verb.ASK_CONSENT)
    for company in made.members:
        do(made, row, company.name, Verb.CONSENT, on=row.version)
    return do(made, row, "Amber", Verb.PUT_TO_CLIENT)


def signed_go(made: make.Made, row: Programme, name: str = "Client") -> str:
    row = Programme.objects.select_related("exchange").get(pk=row.pk)
    return made[name].key.sign(seen.go_to_sign(row)).hex()


def go(made: make.Made, row: Programme) -> Programme:
    return do(made, row, "Client", Verb.GO, on=row.version, signature=signed_go(made, row))


def test_from_expectations_to_a_signed_go(made: make.Made) -> None:
    row = begun(made)
    assert begun(made).pk == row.pk
    with pytest.raises(MoveRefused) as refused:
        do(made, row, "Amber", Verb.BUILD)
    assert refused.value.code == "no_expectation"
    row = consented(made, row)
    assert seen.programme_seen(made["Client"].sitting, row.ref).may >= {Verb.GO, Verb.NO}
    assert Verb.GO not in seen.programme_seen(made["Amber"].sitting, row.ref).may
    row = go(made, row)
    view = seen.programme_seen(made.convener, row.ref)
    assert (view.stage, view.live_version, view.may) == ("live", 1, frozenset())
    word = ProgrammeWord.objects.get(said="go")
    said = to_sign("go", made.exchange.ref, row.ref, "1", view.digest)
    assert word.signature == made["Client"].key.sign(said).hex()


def test_a_go_is_the_clients_signed_and_on_this_version(made: make.Made) -> None:
    row = consented(made, begun(made))
    for signature in ("", "zz", "00" * 64, signed_go(made, row, "Amber")):
        with pytest.raises(BadSignature):
            do(made, row, "Client", Verb.GO, on=row.version, signature=signature)
    with pytest.raises(MoveRefused) as refused:
        do(made, row, "Client", Verb.GO, on=2, signature=signed_go(made, row))
    assert refused.value.code == "other_version"
    with pytest.raises(MoveRefused):
        do(made, row, "Amber", Verb.GO, on=1, signature=signed_go(made, row, "Amber"))
    with pytest.raises(NotYours):
        do(made, row, "Steward", Verb.GO, on=1)
    row.refresh_from_db()
    assert (row.state, row.live_version) == ("decides", None)


def test_a_change_needs_all_consents_and_a_new_go_while_the_old_version_lives(
    made: make.Made,
) -> None:
    row = go(made, consented(made, begun(made)))
    old = signed_go(made, row)
    row = do(
        made, row, "Birch", Verb.CHANGE, part=replace(part(made, "walk", "Birch"), words="Two")
    )
    assert (row.state, row.version, row.live_version) == ("building", 2, 1)
    view = seen.programme_seen(made["Cedar"].sitting, row.ref)
    assert [(each.code, each.now and each.now.words) for each in view.changed] == [("walk", "Two")]
    assert view.words == ()
    row = ask_all(made, row)
    with pytest.raises(BadSignature):
        do(made, row, "Client", Verb.GO, on=2, signature=old)
    row = go(made, row)
    assert (row.state, row.live_version) == ("live", 2)


def test_an_objection_and_unread_dissent_keep_it_from_the_client(made: make.Made) -> None:
    row = begun(made)
    do(made, row, "Client", Verb.EXPECT, words="People know whom they serve.")
    do(made, row, "Amber", Verb.BUILD)
    do(made, row, "Amber", Verb.CHANGE, part=part(made, "talk", "Amber"))
    do(made, row, "Amber", Verb.ASK_CONSENT)
    do(made, row, "Amber", Verb.CONSENT, on=1)
    with pytest.raises(Incomplete):
        do(made, row, "Amber", Verb.OBJECT, on=1)
    do(made, row, "Amber", Verb.OBJECT, on=1, words="Too long.")
    for name in ("Birch", "Cedar"):
        do(made, row, name, Verb.CONSENT, on=1)
    codes = []
    for fixed in (Verb.CONSENT, Verb.READ_DISSENT):
        with pytest.raises(MoveRefused) as refused:
            do(made, row, "Amber", Verb.PUT_TO_CLIENT)
        codes.append(refused.value.code)
        do(made, row, "Amber", fixed, on=1)
    assert codes == ["objection", "dissent_unread"]
    assert do(made, row, "Amber", Verb.PUT_TO_CLIENT).state == "decides"


def test_a_no_needs_no_reason_and_offers_what_would_make_it_a_go(made: make.Made) -> None:
    row = consented(made, begun(made))
    row = do(made, row, "Client", Verb.NO, on=1)
    assert row.state == "stopped"
    do(made, row, "Client", Verb.WOULD_MAKE_GO, words="A shorter one.")
    assert seen.programme_seen(made["Amber"].sitting, row.ref).words[-1].words == "A shorter one."
    assert do(made, row, "Amber", Verb.TAKE_UP).version == 2


def test_an_owner_who_leaves_takes_it_out_of_force(made: make.Made) -> None:
    row = go(made, consented(made, begun(made)))
    leaving.leave(made["Cedar"].sitting, words_too=False, today=make.TODAY)
    row.refresh_from_db()
    assert (row.state, row.live_version) == ("live", 1)
    leaving.leave(made["Birch"].sitting, words_too=False, today=make.TODAY)
    row.refresh_from_db()
    assert (row.state, row.version, row.live_version) == ("building", 2, None)
    view = seen.programme_seen(made["Amber"].sitting, row.ref)
    assert {code: owner for code, _words, owner in view.parts} == {"talk": "Amber", "walk": ""}


def test_words_and_parts_pass_the_guard_and_owners_are_members(made: make.Made) -> None:
    row = begun(made)
    do(made, row, "Client", Verb.EXPECT, words="People know whom they serve.")
    do(made, row, "Amber", Verb.BUILD)
    mine = part(made, "talk", "Amber")
    with pytest.raises(GuardStopped):
        do(made, row, "Amber", Verb.CHANGE, part=replace(mine, words="It costs 40 euros a head."))
    for wrong in (replace(mine, owner=made["Client"].row.ref), replace(mine, code="")):
        with pytest.raises(Incomplete):
            do(made, row, "Amber", Verb.CHANGE, part=wrong)
    with pytest.raises(Incomplete):
        do(made, row, "Client", Verb.EXPECT, words=" ")


def test_without_a_client_nothing_begins(made: make.Made) -> None:
    leaving.leave(made["Client"].sitting, words_too=False, today=make.TODAY)
    with pytest.raises(NotYours):
        begun(made)


STORY = outside.PageDraft(
    story="Three houses learn from each other.",
    numbers=("Three companies", "Two practices adopted", "One year"),
)


def test_people_outside_read_what_all_cleared_and_only_while_they_do(made: make.Made) -> None:
    page = outside.write_page(made.convener, made.exchange, STORY, talk.checked(), today=make.TODAY)
    names = (*make.NAMES[:3], "Client")
    for name in names:
        with pytest.raises(OutsiderPage.DoesNotExist):
            told.outside_page(made.exchange.ref, page.number)
        outside.clear_page(made[name].sitting, 1, digest=page.digest, today=make.TODAY)
    assert told.outside_page(made.exchange.ref, 1).story == STORY.story
    assert told.pages(made["Amber"].sitting, made.exchange)[0].waits_for == 0
    outside.take_back_clearance(made["Birch"].sitting, 1)
    with pytest.raises(OutsiderPage.DoesNotExist):
        told.outside_page(made.exchange.ref, 1)
    with pytest.raises(NotYours):
        outside.clear_page(made["Steward"].sitting, 1, digest=page.digest, today=make.TODAY)
    with pytest.raises(Overtaken):
        outside.clear_page(made["Birch"].sitting, 1, digest="0" * 64, today=make.TODAY)


def test_a_page_outside_is_whole_and_a_changed_one_is_cleared_anew(made: make.Made) -> None:
    for wrong in (replace(STORY, story=" "), replace(STORY, numbers=("One",))):
        with pytest.raises(Incomplete):
            outside.write_page(
                made.convener, made.exchange, wrong, talk.checked(), today=make.TODAY
            )
    first = outside.write_page(
        made.convener, made.exchange, STORY, talk.checked(), today=make.TODAY
    )
    second = outside.write_page(
        made.convener, made.exchange, replace(STORY, story="Another"), talk.checked(),
        today=make.TODAY,
    )  # fmt: skip
    assert (first.number, second.number) == (1, 2)
    assert told.pages(made["Amber"].sitting, made.exchange)[0].waits_for == 4


def test_what_came_of_it_is_claimed_unless_a_design_stands_behind_it(made: make.Made) -> None:
    for design in ("", "roll-out in steps"):
        outside.note_outcome(
            made.convener, made.exchange, talk.checked(), words="Fewer calls come back.",
            design=design, today=make.TODAY,
        )  # fmt: skip
    found = told.outcomes(made["Client"].sitting, made.exchange)
    assert [each.proven for each in found] == [True, False]
