"""A door opens once, a key is a party's own, and nothing signed is taken twice."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from tests.exchange import factories as make
from upturn.exchange.commands import entering, hosting
from upturn.exchange.commands.refusals import BadSignature, Gone, NoDoor, NotYours
from upturn.exchange.engine import REQUEST, Incomplete, to_sign
from upturn.exchange.models import Door, ExchangeParty, Nonce, Seat
from upturn.exchange.queries.hosting import words_of
from upturn.exchange.queries.sittings import sitting_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def made() -> make.Made:
    made = make.prepared()
    make.come_in(made, "Amber")
    return made


def _invited(made: make.Made, name: str = "Birch") -> hosting.Invited:
    invitation = hosting.Invitation(name=name)
    return hosting.invite_party(made.convener, made.exchange, invitation, today=make.TODAY)


def test_a_door_opens_once_however_its_code_is_typed(made: make.Made) -> None:
    code = _invited(made).code
    entered = entering.enter_by_code(f" {code.lower().replace('-', ' ')}", today=make.TODAY)
    assert sitting_of(entered.cookie) == entered.sitting
    with pytest.raises(NoDoor):
        entering.enter_by_code(code, today=make.TODAY)


def test_a_door_closes_after_two_weeks_and_with_its_exchange(made: make.Made) -> None:
    code = _invited(made).code
    with pytest.raises(NoDoor):
        entering.enter_by_code(code, today=make.TODAY + timedelta(days=15))
    made.exchange.state, made.exchange.opened_on = "closed", make.TODAY
    made.exchange.save()
    with pytest.raises(NoDoor):
        entering.enter_by_code(code, today=make.TODAY)


def test_codes_and_tokens_are_kept_as_hashes_alone(made: make.Made) -> None:
    invited = _invited(made)
    entered = entering.enter_by_code(invited.code, today=make.TODAY)
    kept = [*Door.objects.values_list("code_hash", flat=True)]
    kept += [*Seat.objects.values_list("token_hash", flat=True)]
    secrets_told = {invited.code, invited.code.replace("-", ""), entered.cookie.partition(".")[2]}
    assert not secrets_told & set(kept)


@pytest.mark.parametrize(
    "cookie", ["", "x", "1.", "1." + "a" * 43, "99999999999999999999." + "a" * 43]
)
def test_a_made_up_cookie_sits_nowhere(cookie: str, made: make.Made) -> None:
    assert sitting_of(cookie) is None
    assert sitting_of(made["Amber"].cookie) == made["Amber"].sitting


def test_a_cookie_of_another_seat_sits_nowhere(made: make.Made) -> None:
    birch = make.come_in(made, "Birch")
    mine, theirs = made["Amber"].cookie.partition("."), birch.cookie.partition(".")
    assert sitting_of(f"{mine[0]}.{theirs[2]}") is None


def test_keys_are_enrolled_once_and_shown_to_be_the_own(made: make.Made) -> None:
    amber = made["Amber"]
    make.enrol(made, amber)
    assert amber.row.compared_on == make.TODAY
    entered = entering.enter_by_code(_invited(made).code, today=make.TODAY)
    stolen = entering.EnrolledKeys(signs="ab" * 32, seals="cd" * 32, signature="00" * 64)
    with pytest.raises(BadSignature):
        entering.enrol_keys(entered.sitting, stolen)
    taken = entering.EnrolledKeys(signs=amber.row.signs, seals="cd" * 32, signature="00" * 64)
    with pytest.raises(Incomplete):
        entering.enrol_keys(entered.sitting, taken)
    with pytest.raises(NotYours):
        entering.enrol_keys(amber.sitting, stolen)
    with pytest.raises(Incomplete):
        entering.enrol_keys(
            entered.sitting, entering.EnrolledKeys(signs="no", seals="no", signature="")
        )


def test_words_are_compared_by_saying_them(made: make.Made) -> None:
    birch = make.Company("Birch", made["Amber"].key, "", _invited(made).party.pk)
    with pytest.raises(Incomplete):
        entering.compare_words(
            made.convener, made.exchange, birch.row.ref, words="", today=make.TODAY
        )
    amber = made["Amber"].row
    assert len(words_of(amber)) == 6
    with pytest.raises(Incomplete):
        entering.compare_words(
            made.convener, made.exchange, amber.ref, words="one two", today=make.TODAY
        )


def test_another_device_comes_back_with_the_key_file_once_a_nonce(made: make.Made) -> None:
    amber, nonce = made["Amber"], entering.new_nonce(NOW)
    signature = make.signature_to_come_back(made, amber, nonce)
    entered = entering.come_back_with_key(amber.row.ref, nonce=nonce, signature=signature, now=NOW)
    assert (entered.sitting.party, entered.sitting.pk) != (amber.party, amber.sitting.pk)
    assert entered.sitting.party == amber.party
    with pytest.raises(BadSignature):
        entering.come_back_with_key(amber.row.ref, nonce=nonce, signature=signature, now=NOW)


@pytest.mark.parametrize("wrong", ["party", "key", "old", "forged", "words"])
def test_whatever_is_wrong_with_coming_back_is_told_alike(wrong: str, made: make.Made) -> None:
    amber, birch = made["Amber"], make.come_in(made, "Birch")
    nonce = entering.new_nonce(NOW)
    if wrong == "forged":
        nonce = nonce[:-12] + "0" * 12
    if wrong == "words":
        nonce = "no nonce"
    by = birch if wrong == "key" else amber
    signature = by.key.sign(
        make.to_sign(make.COME_BACK, made.exchange.ref, amber.row.ref, nonce)
    ).hex()
    ref = "nobody" if wrong == "party" else amber.row.ref
    now = NOW + timedelta(minutes=6) if wrong == "old" else NOW
    with pytest.raises(BadSignature) as refused:
        entering.come_back_with_key(ref, nonce=nonce, signature=signature, now=now)
    assert str(refused.value) == str(BadSignature())


def _request(made: make.Made, **changes: object) -> entering.SignedRequest:
    amber = made["Amber"]
    body = sha256(b"{}").hexdigest()
    given = {
        "party": amber.row.ref,
        "method": "POST",
        "path": "/exchange/x/ballots/",
        "body_digest": body,
        "round": "-",
        "nonce": "ab" * 12,
        "at": int(NOW.timestamp()),
    }
    said = to_sign(REQUEST, *map(str, given.values()))
    return entering.SignedRequest(**given | {"signature": amber.key.sign(said).hex()} | changes)  # type: ignore[arg-type]


def test_an_installation_signs_each_request_and_is_taken_once(made: make.Made) -> None:
    sitting = entering.sitting_by_request(_request(made), now=NOW)
    assert sitting.party == made["Amber"].party
    with pytest.raises(BadSignature):
        entering.sitting_by_request(_request(made), now=NOW)


@pytest.mark.parametrize(
    "change",
    [
        {"method": "GET"},
        {"path": "/exchange/y/"},
        {"body_digest": "00" * 32},
        {"round": "r1"},
        {"nonce": "cd" * 12},
        {"nonce": "not hex"},
        {"at": int(NOW.timestamp()) + 400},
        {"at": int(NOW.timestamp()) + 1},
        {"path": "/a\n/b"},
        {"signature": "zz"},
        {"party": "nobody"},
    ],
)
def test_a_request_with_one_part_changed_is_refused(
    change: dict[str, object], made: make.Made
) -> None:
    with pytest.raises(BadSignature):
        entering.sitting_by_request(_request(made, **change), now=NOW)
    assert not Nonce.objects.exists()


def test_a_lost_key_gets_a_new_door_and_its_words_are_compared_anew(made: make.Made) -> None:
    amber = made["Amber"]
    before = amber.sitting
    hosting.renew_door(made.convener, made.exchange, amber.row.ref, today=make.TODAY)
    row = ExchangeParty.objects.get(pk=amber.party)
    assert (row.signs, row.seals, row.compared_on) == ("", "", None)
    assert sitting_of(amber.cookie) is None
    with pytest.raises(Gone):
        entering.enrol_keys(before, entering.EnrolledKeys(signs="a", seals="b", signature="c"))


def test_a_browser_can_be_forgotten_and_the_party_stays(made: make.Made) -> None:
    entering.leave_browser(made["Amber"].sitting)
    assert sitting_of(made["Amber"].cookie) is None
    assert made["Amber"].row.left_on is None
