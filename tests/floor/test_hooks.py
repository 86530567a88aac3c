"""Other programs bring needs in: signed, once, all or none, and never more than they may."""

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests.floor.drawn import TODAY, leader, stored
from tests.floor.hooked import hooked, send, signed, told
from upturn.floor import commands
from upturn.floor.commands.bringing_in import CALLS_MOST
from upturn.floor.commands.hooks import end_hook, take_up_hook
from upturn.floor.engine.described.toml_floor import floor_from_toml
from upturn.floor.engine.errors import BadNeeds, FloorError, NotSigned
from upturn.floor.engine.hooks.reading import read_rows
from upturn.floor.engine.hooks.signing import Signed, check_signed, sign
from upturn.floor.models import (
    FloorHook,
    NeedState,
    Shift,
    ShiftNeed,
    ShiftTap,
    Source,
    memory,
)
from upturn.floor.queries.hooks import hook_secret
from upturn.record.models import OutboxEvent

pytestmark = pytest.mark.django_db


def opened(hook: FloorHook) -> Shift:
    return commands.open_shift(leader(), hook.floor, now=timezone.now())


@pytest.fixture
def hook() -> FloorHook:
    made = hooked()
    opened(made)
    return made


BILL = {"place": "1-1", "kind": "bill"}


def test_a_message_signed_by_the_standards_own_example_is_taken() -> None:
    """The example of the page of Standard Webhooks (and of Svix, who wrote it)."""
    key = b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    id_, moment = "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330"
    body, proof = b'{"test": 2432232314}', "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert sign(key, id=id_, timestamp=moment, body=body) == proof
    check_signed(Signed(id_, moment, f"v1,bad v2,other {proof}", body), key, now_s=1614265330)


def test_a_need_comes_up_on_the_board(hook: FloorHook) -> None:
    answer = told(send(hook, BILL | {"words": "by card"}))
    need = ShiftNeed.objects.get()
    assert answer == {"new": 1, "same": 0, "refs": [need.ref]}
    assert (need.place, need.kind, need.words) == ("1-1", "bill", "by card")
    assert (need.source, need.asked, need.state, need.count) == ("program", True, "open", 1)
    event = OutboxEvent.objects.filter(kind="need").get()
    assert event.topic == f"shift:{need.shift.ref}"
    assert json.loads(event.data)["need"]["ref"] == need.ref


def test_the_same_message_twice_is_one_need(hook: FloorHook) -> None:
    first = told(send(hook, BILL, id="one"))
    assert told(send(hook, BILL, id="one")) == {"new": 0, "same": 1, "refs": first["refs"]}
    assert ShiftNeed.objects.get().count == 1
    later = str(int(timezone.now().timestamp()) + 60)
    assert told(send(hook, b' {"kind":"bill", "place":"1-1"}', id="one", moment=later))["same"] == 1


def test_an_id_given_to_two_messages_loses_neither(hook: FloorHook) -> None:
    told(send(hook, BILL, id="one"))
    refused = told(send(hook, BILL | {"place": "1-2"}, id="one"), 409)
    assert "nothing was stored" in refused["message"]
    assert told(send(hook, BILL | {"place": "1-2"}, id="two"))["new"] == 1


def test_many_calls_for_the_same_are_one_need_with_a_count(hook: FloorHook) -> None:
    for _ in range(3):
        assert told(send(hook, BILL))["new"] == 1
    assert told(send(hook, {"needs": [BILL, BILL | {"place": "1-2"}]}))["new"] == 2
    assert dict(ShiftNeed.objects.values_list("place", "count")) == {"1-1": 4, "1-2": 1}


def test_a_guess_that_somebody_then_asks_for_counts_once(hook: FloorHook) -> None:
    told(send(hook, BILL | {"asked": False}))
    assert told(send(hook, BILL | {"asked": False})) | {"refs": []} == {
        "new": 0,
        "same": 1,
        "refs": [],
    }
    told(send(hook, BILL))
    need = ShiftNeed.objects.get()
    assert (need.asked, need.count) == (True, 1)
    assert need.asked_s is not None


def test_a_call_that_hangs_up_takes_back_itself_and_no_other(hook: FloorHook) -> None:
    (one,), (two,) = (told(send(hook, BILL))["refs"] for _ in "ab")
    assert told(send(hook, {"gone": one}))["new"] == 1
    assert told(send(hook, {"gone": one})) == {"new": 0, "same": 1, "refs": [one]}
    need = ShiftNeed.objects.get()
    assert (need.state, need.count) == ("open", 1)
    told(send(hook, {"gone": two}))
    need.refresh_from_db()
    assert need.state == NeedState.GONE


def test_what_a_guest_asked_for_is_not_taken_back_by_a_program(hook: FloorHook) -> None:
    shift = Shift.objects.get()
    guests = {"ref": "g", "source": Source.GUEST, "asked": True, "raised_s": 0, "asked_s": 0}
    ShiftNeed.objects.create(shift=shift, place="1-1", kind="bill", **guests)
    (ref,) = told(send(hook, BILL))["refs"]
    assert told(send(hook, {"gone": "g"}), 422)["message"].startswith('Nothing came in as "g".')
    told(send(hook, {"gone": ref}))
    need = ShiftNeed.objects.get()
    assert (need.state, need.count, need.source) == ("open", 1, "guest")


def test_what_is_met_elsewhere_is_met_here_also_when_somebody_took_it(hook: FloorHook) -> None:
    (ref,) = told(send(hook, BILL))["refs"]
    ShiftNeed.objects.update(state="taken", taken_key="k")
    told(send(hook, {"done": ref}))
    need = ShiftNeed.objects.get()
    assert (need.state, need.taken_key) == ("done", "")
    assert need.done_s is not None
    assert told(send(hook, BILL))["new"] == 1, "the next bill is another need"
    assert ShiftNeed.objects.count() == 2


def test_a_table_that_leaves_takes_nothing_new_and_goes_with_its_last_need(
    hook: FloorHook,
) -> None:
    (ref,) = told(send(hook, BILL))["refs"]
    Shift.objects.update(leaving=["1-1"])
    assert 'No place "1-1"' in told(send(hook, BILL | {"kind": "coffee"}), 422)["message"]
    told(send(hook, {"done": ref}))
    shift = Shift.objects.get()
    assert shift.leaving == []
    assert "1-1" not in shift.tables
    assert OutboxEvent.objects.filter(kind="cut").exists()


def test_another_program_cannot_end_what_this_one_brought(hook: FloorHook) -> None:
    (ref,) = told(send(hook, BILL))["refs"]
    other = hooked(hook.floor, name="the phone")
    for verb in ("gone", "done"):
        told(send(other, {verb: ref}), 422)
    assert ShiftNeed.objects.get().state == "open"


@pytest.fixture
def centre() -> FloorHook:
    """The contact centre of the examples with a shift open on it."""
    made = hooked(stored(floor=_centre()))
    opened(made)
    return made


def _centre() -> Any:
    file = Path(__file__).parents[2] / "examples/floors/contact_centre.toml"
    return floor_from_toml(file.read_text(encoding="utf-8"))


def test_a_queue_says_how_many_wait(centre: FloorHook) -> None:
    def waits(n: int) -> int:
        said = {"place": "billing", "kind": "billing call", "waiting": n}
        return int(told(send(centre, said))["new"])

    waiting = ShiftNeed.objects.filter(state="open", asked=True, is_call=True)
    assert [(waits(n), waiting.count()) for n in (0, 7, 7, 5)] == [(0, 0), (1, 7), (0, 7), (1, 5)]
    stay = list(waiting.order_by("pk"))
    assert waits(0) == 1
    assert not waiting.exists()
    assert stay[0].pk > ShiftNeed.objects.order_by("pk")[1].pk, "who waited longest went first"
    assert waits(2) == 1
    ShiftNeed.objects.filter(pk=waiting.first().pk).update(state="taken", taken_key="k")
    assert (waits(0), waits(0)) == (1, 0), "the other is on the phone with somebody"
    assert ShiftNeed.objects.get(state="taken").count == 1


def test_a_queue_shows_no_more_calls_than_anybody_could_answer(centre: FloorHook) -> None:
    told(send(centre, {"place": "billing", "kind": "billing call", "waiting": 99_999}))
    assert ShiftNeed.objects.filter(state="open").count() == CALLS_MOST


def test_who_hangs_up_leaves_the_call_alone_that_somebody_is_on(centre: FloorHook) -> None:
    call = {"place": "sales", "kind": "sales call"}
    one, two = told(send(centre, {"needs": [call, call]}))["refs"]
    ShiftNeed.objects.filter(ref=one).update(state="taken", taken_key="k")
    told(send(centre, {"gone": one}))
    states = dict(ShiftNeed.objects.values_list("ref", "state"))
    assert states == {one: "taken", two: "gone"}
    told(send(centre, {"gone": two}))
    assert ShiftNeed.objects.get(ref=one).state == "taken", "that call was over already"


def test_a_guess_at_a_queue_becomes_the_next_call(centre: FloorHook) -> None:
    call = {"place": "sales", "kind": "sales call"}
    for asked, calls in ((False, [False]), (False, [False]), (True, [True]), (True, [True, True])):
        told(send(centre, call | {"asked": asked}))
        assert list(ShiftNeed.objects.values_list("asked", flat=True)) == calls


def test_one_of_several_calls_is_met(centre: FloorHook) -> None:
    call = {"place": "sales", "kind": "sales call"}
    one, _two = told(send(centre, {"needs": [call, call]}))["refs"]
    told(send(centre, {"done": one}))
    assert sorted(ShiftNeed.objects.values_list("state", "count")) == [("done", 1), ("open", 1)]


def test_one_bad_row_stores_none_and_every_bad_row_is_named(hook: FloorHook) -> None:
    rows = [BILL, BILL | {"place": "Z9"}, BILL | {"kind": "wine"}, {"gone": "x"}]
    refused = told(send(hook, {"needs": rows}), 422)["message"].split("\n")
    assert refused == [
        'Row 2: No place "Z9" is on this floor. Known: 1-1, 1-2, 1-3, 2-1, 2-2, 2-3.',
        'Row 3: No kind "wine" is on this floor. Known: bill, coffee, crumbs.',
        'Row 4: Nothing came in as "x".',
        "Nothing was stored.",
    ]
    assert not ShiftNeed.objects.exists()
    assert not ShiftTap.objects.exists()


WRONG: dict[str, tuple[object, int, str]] = {
    "no JSON": (b"{", 400, "not JSON"),
    "no text": (b"\xff\xfe", 400, "not JSON"),
    "deep": (b"[" * 100_000, 400, "not JSON"),
    "a thousand digits": (b'{"waiting": %s}' % (b"9" * 5000), 400, "not JSON"),
    "a list": ([BILL], 422, 'Send one of {"place", "kind"}'),
    "nothing in it": ({}, 422, "Found nothing"),
    "no kind": ({"place": "1-1"}, 422, "Found place"),
    "a number for a place": (BILL | {"place": 14}, 422, "place is 14; write it as text"),
    "a word too many": (BILL | {"colour": "red"}, 422, '"colour" has no place here'),
    "a name twice": (b'{"place": "1-1", "place": "1-2", "kind": "bill"}', 422, "stands twice"),
    "words too long": (BILL | {"words": "x" * 61}, 422, "words has 61 letters; at most 60"),
    "a nul": (BILL | {"words": "a\0b"}, 422, "words holds a character"),
    "half a character": (b'{"place": "1-1", "kind": "\\ud800"}', 422, "kind holds a character"),
    "asked in words": (BILL | {"asked": "yes"}, 422, 'asked is "yes"; give true or false'),
    "less than none": (BILL | {"waiting": -1}, 422, "waiting is -1; give a whole number"),
    "half a call": (BILL | {"waiting": 1.5}, 422, "waiting is 1.5"),
    "true calls": (BILL | {"waiting": True}, 422, "waiting is true"),
    "not a number": (b'{"place": "1-1", "kind": "bill", "waiting": NaN}', 422, "NaN is no number"),
    "too many": ({"needs": [BILL] * 1_001}, 413, "1,001 needs came at once"),
    "too large": (b" " * 2_600_000, 413, "2.5 MB"),
}


@pytest.mark.parametrize("case", WRONG)
def test_whatever_cannot_be_used_is_named_and_stores_nothing(hook: FloorHook, case: str) -> None:
    body, status, said = WRONG[case]
    assert said in told(send(hook, body), status)["message"]
    assert not ShiftNeed.objects.exists()


def test_as_many_as_a_message_may_hold_come_in_together(hook: FloorHook) -> None:
    answer = told(send(hook, {"needs": [BILL] * 1_000}))
    assert (answer["new"], len(set(answer["refs"]))) == (1_000, 1_000)
    assert ShiftNeed.objects.get().count == 1_000


FORGED = {
    "nothing": {},
    "no signature": {"webhook-signature": ""},
    "another version": {"webhook-signature": "v1a,AAAA"},
    "letters of no alphabet": {"webhook-signature": "v1,\xe9\xff"},
    "another id": {"webhook-id": "other"},
    "no id": {"webhook-id": ""},
    "another moment": {"webhook-timestamp": "1"},
    "a moment in words": {"webhook-timestamp": "now"},
    "a moment in other digits": {"webhook-timestamp": "١٢"},
}


@pytest.mark.parametrize("case", FORGED)
def test_forged_messages_are_refused_without_a_hint(hook: FloorHook, case: str) -> None:
    raw = json.dumps(BILL).encode()
    headers = signed(hook_secret(hook.ref), raw) if case != "nothing" else {}
    refused = send(hook, raw, headers={**headers, **FORGED[case], "x-any": "1"})
    assert told(refused, 401) == NOT_SIGNED
    assert not ShiftNeed.objects.exists()


NOT_SIGNED = {
    "error": "not_signed",
    "message": "The signature does not belong to this message; nothing was stored.",
}


def test_other_bytes_of_the_same_meaning_are_not_what_was_signed(hook: FloorHook) -> None:
    headers = signed(hook_secret(hook.ref), b'{"place":"1-1","kind":"bill"}')
    assert told(send(hook, BILL, headers=headers), 401) == NOT_SIGNED
    told(send(hook, b'{"place":"1-1","kind":"bill"}', headers=headers))


def test_an_address_that_is_none_says_the_same_as_a_wrong_signature(hook: FloorHook) -> None:
    raw = json.dumps(BILL).encode()
    for ref, secret in (("0" * 12, hook.ref), ("0" * 12, "x"), (hook.ref, "0" * 12)):
        headers = signed(hook_secret(secret), raw)
        refused = send(FloorHook(ref=ref), raw, headers=headers)
        assert told(refused, 401) == NOT_SIGNED


@pytest.mark.parametrize("off_s", [-301, 301])
def test_messages_of_another_time_are_told_which_time_it_is(hook: FloorHook, off_s: int) -> None:
    moment = str(int(timezone.now().timestamp()) + off_s + (1 if off_s > 0 else -1))
    refused = told(send(hook, BILL, moment=moment), 401)
    assert refused["error"] == "signed_another_time"
    assert timezone.now().strftime("%Y-%m-%dT%H:") in refused["message"]
    near = str(int(moment) - (10 if off_s > 0 else -10))
    assert told(send(hook, BILL, moment=near))["new"] == 1


def test_without_a_shift_nothing_is_stored_and_the_program_learns_it() -> None:
    refused = told(send(hooked(), BILL), 409)
    assert refused["message"] == (
        "No shift is open on this floor; nothing was stored. Send it again when one is."
    )


def test_an_ended_address_says_so_and_can_be_taken_up_again(hook: FloorHook) -> None:
    end_hook(leader(), hook, today=TODAY)
    assert told(send(hook, BILL), 410)["error"] == "ended"
    take_up_hook(leader(), hook)
    assert told(send(hook, BILL))["new"] == 1


def test_the_second_look_hears_of_it(
    hook: FloorHook, django_capture_on_commit_callbacks: Any
) -> None:
    known = memory.of(Shift.objects.get().ref)
    told(send(hook, BILL))
    (need,) = ShiftNeed.objects.all()
    known.seat("A").declined.add(need.ref)
    known.changed = False
    with django_capture_on_commit_callbacks(execute=True):
        told(send(hook, BILL))
    assert known.changed
    assert known.seat("A").declined == set(), "it was asked for anew"


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=90),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["place", "kind", "needs", "gone", "x"]), inner, max_size=4
        )
    ),
    max_leaves=8,
)
KEYS = st.sampled_from(["place", "kind", "words", "asked", "waiting", "done", "gone", "needs", "x"])


@given(st.binary(max_size=60) | st.dictionaries(KEYS, VALUES).map(lambda v: json.dumps(v).encode()))
def test_every_body_is_read_or_refused_in_words(body: bytes) -> None:
    try:
        rows, _several = read_rows(body)
    except FloorError as refusal:
        assert str(refusal)
        assert "\0" not in str(refusal)
        str(refusal).encode()
    else:
        assert 0 <= len(rows) <= 1_000


@given(st.binary(max_size=40), st.binary(max_size=40), st.text(max_size=8), st.text(max_size=8))
def test_only_the_bytes_that_were_signed_pass(
    body: bytes, other: bytes, id_: str, moment: str
) -> None:
    key = bytes(range(32))
    proof = sign(key, id="m", timestamp="100", body=body)
    check_signed(Signed("m", "100", proof, body), key, now_s=100)
    if (other, id_, moment) != (body, "m", "100"):
        with pytest.raises(NotSigned):
            check_signed(Signed(id_, moment, proof, other), key, now_s=100)


def test_rows_of_every_form_have_the_same_number_of_refusals() -> None:
    with pytest.raises(BadNeeds) as refused:
        read_rows(json.dumps({"needs": [{}] * 9}).encode())
    assert len(refused.value.problems) == 9
    assert "… and 4 more." in str(refused.value)
