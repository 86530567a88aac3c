"""Held texts are the steward's alone, the log has no text, and what was released passes."""

import secrets
from dataclasses import replace

import pytest
from nacl.public import PublicKey, SealedBox

from tests.attacks.dump import dump
from tests.exchange import factories as make
from tests.exchange import planting, talk
from upturn.exchange.commands import guarding, rounds
from upturn.exchange.commands.refusals import GuardStopped, NotYours
from upturn.exchange.engine import Incomplete
from upturn.exchange.engine.guard import Action, check_text, guard_record
from upturn.exchange.models import Exchange, GuardRecord, Held, Rung, SideNote
from upturn.exchange.queries import guarding as seen

pytestmark = pytest.mark.django_db
TEXT = "We pay 13.40 euros an hour, and you?"
KEY = "k" * 20


@pytest.fixture
def made() -> make.Made:
    return make.opened(rung=Rung.SHARE_PRACTICE)


def note(made: make.Made, action: Action, text: str = TEXT) -> guarding.GuardNote:
    """What the author's side, or the steward's, writes down of a text."""
    found = check_text(text)[0]
    salt = seen.guard_salt(made["Amber"].sitting, made.exchange)
    record = guard_record(text, found, action=action, salt=salt, on=make.TODAY)
    return guarding.GuardNote(
        rule=record.rule,
        version=record.version,
        topic=record.topic,
        text_digest=record.text_digest,
        stop=record.stop,
        action=record.action,
    )


def hold(made: make.Made, text: str = TEXT) -> str:
    steward = made["Steward"].row
    sealed = SealedBox(PublicKey(bytes.fromhex(steward.seals))).encrypt(text.encode())
    ref = secrets.token_hex(16)
    guarding.hold_for_steward(made["Amber"].sitting, ref, key=KEY, sealed=sealed, today=make.TODAY)
    return ref


def test_a_held_text_is_read_by_its_steward_alone_and_goes_with_the_decision(
    made: make.Made,
) -> None:
    ref = hold(made)
    held = seen.held_for_steward(made["Steward"].sitting, made.exchange)
    opened = made["Steward"].key.open(held[0].sealed)
    assert opened.decode() == TEXT
    for viewer in (made["Amber"].sitting, made["Client"].sitting, made.convener):
        with pytest.raises(Exchange.DoesNotExist):
            seen.held_for_steward(viewer, made.exchange)
        assert seen.held_waiting(viewer, made.exchange) == 1
    with pytest.raises(NotYours):
        guarding.steward_decides(made["Birch"].sitting, ref, released=None, today=make.TODAY)
    guarding.steward_decides(made["Steward"].sitting, ref, released=None, today=make.TODAY)
    assert not Held.objects.exists()
    assert not seen.still_held(made["Amber"].sitting, ref, KEY)


def test_what_the_steward_released_passes_and_nothing_else_does(made: make.Made) -> None:
    row, ref = talk.asked(made), hold(made)
    amber = made["Amber"].sitting
    released = note(made, Action.RELEASED)
    with pytest.raises(GuardStopped):
        rounds.hand_in(amber, row.ref, talk.post(TEXT), talk.checked("hard"), now=talk.NOW)
    guarding.steward_decides(made["Steward"].sitting, ref, released=released, today=make.TODAY)
    assert seen.may_pass(amber, made.exchange, released.text_digest)
    with pytest.raises(GuardStopped):
        rounds.hand_in(
            amber, row.ref, talk.post(TEXT + " Say."), talk.checked("hard"), now=talk.NOW
        )
    rounds.hand_in(amber, row.ref, talk.post(TEXT), talk.checked("hard"), now=talk.NOW)


def test_only_the_steward_lets_something_pass(made: make.Made) -> None:
    with pytest.raises(NotYours):
        guarding.note_guard(made["Amber"].sitting, [note(made, Action.RELEASED)], today=make.TODAY)
    ref = hold(made)
    with pytest.raises(Incomplete):
        guarding.steward_decides(
            made["Steward"].sitting, ref, released=note(made, Action.EDITED), today=make.TODAY
        )


def test_the_log_has_no_text_and_no_author(made: make.Made) -> None:
    notes = [note(made, Action.EDITED), note(made, Action.WITHDRAWN)]
    guarding.note_guard(made["Amber"].sitting, notes, today=make.TODAY)
    columns = {field.name for field in GuardRecord._meta.concrete_fields}
    assert columns == {
        "id", "exchange", "rule", "version", "topic", "text_digest", "stop", "action", "on",
    }  # fmt: skip
    assert seen.stopped_how_often(made["Birch"].sitting, made.exchange) == {notes[0].rule: 2}
    held = str(dump().tables)
    assert not [way for way in planting.encodings(TEXT) if way.decode("latin-1") in held]


@pytest.mark.parametrize(
    "change",
    [
        {"rule": "no-such-rule"},
        {"version": "0"},
        {"topic": "weather"},
        {"stop": "none"},
        {"action": "shouted"},
        {"text_digest": TEXT},
    ],
)
def test_a_line_that_no_guard_writes_is_not_kept(made: make.Made, change: dict[str, str]) -> None:
    wrong = replace(note(made, Action.EDITED), **change)
    with pytest.raises(Incomplete):
        guarding.note_guard(made["Amber"].sitting, [wrong], today=make.TODAY)
    assert not GuardRecord.objects.exists()


def test_a_text_comes_once_and_its_author_takes_it_back(made: make.Made) -> None:
    ref = hold(made)
    again = {"sealed": b"x" * 60, "today": make.TODAY}
    guarding.hold_for_steward(made["Amber"].sitting, ref, key=KEY, **again)  # type: ignore[arg-type]
    with pytest.raises(NotYours):
        guarding.hold_for_steward(made["Birch"].sitting, ref, key="x" * 20, **again)  # type: ignore[arg-type]
    with pytest.raises(Held.DoesNotExist):
        guarding.withdraw_held(made["Birch"].sitting, ref, key="x" * 20)
    guarding.withdraw_held(made["Amber"].sitting, ref, key=KEY)
    assert not Held.objects.exists()
    for ref, sealed in (("short", b"x" * 60), ("0" * 32, b"x"), ("0" * 32, b"x" * 9000)):
        with pytest.raises(Incomplete):
            guarding.hold_for_steward(
                made["Amber"].sitting, ref, key=KEY, sealed=sealed, today=make.TODAY
            )


def test_a_word_to_the_host_is_the_hosts_and_has_no_name(made: make.Made) -> None:
    guarding.side_note(
        made["Amber"].sitting, talk.checked(), words="Not just us.", today=make.TODAY
    )
    guarding.side_note(made["Birch"].sitting, talk.checked(), same_boat=True, today=make.TODAY)
    notes = seen.side_notes(made.convener, made.exchange)
    assert {(each.words, each.same_boat) for each in notes} == {("Not just us.", False), ("", True)}
    assert {field.name for field in SideNote._meta.concrete_fields} == {
        "id", "exchange", "words", "same_boat", "on",
    }  # fmt: skip
    with pytest.raises(Exchange.DoesNotExist):
        seen.side_notes(made["Client"].sitting, made.exchange)
    with pytest.raises(Incomplete):
        guarding.side_note(made["Amber"].sitting, talk.checked(), today=make.TODAY)
