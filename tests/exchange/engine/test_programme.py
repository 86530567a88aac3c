"""No path leads to live but by the client's GO on that version, after all members' consent."""

from collections import deque
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from upturn.exchange.engine import (
    CLIENT,
    MOVES,
    By,
    GoNoGo,
    Incomplete,
    MoveRefused,
    Part,
    Role,
    Stage,
    Verb,
    Why,
    differences,
    may,
    move,
    version_digest,
    why_not,
)

AMBER, BIRCH, CEDAR = (By(Role.MEMBER, name) for name in ("Amber", "Birch", "Cedar"))
STRANGER = By(Role.MEMBER, "Dune")
PARTS = (Part("films", "A film a month", "Amber"), Part("week", "A week for leaders", "Birch"))
MEMBERS = frozenset({"Amber", "Birch", "Cedar"})
WORDS = "Because of the evening shift."


@dataclass(frozen=True)
class Heard:
    """What was said, kept by the check itself and not by the programme."""

    consents: frozenset[tuple[int, str]] = frozenset()
    asked: frozenset[tuple[int, frozenset[str]]] = frozenset()
    goes: frozenset[int] = frozenset()
    asked_before_go: bool = True
    lives: frozenset[int] = field(default_factory=frozenset)


def heard(before: GoNoGo, after: GoNoGo, verb: Verb, by: By, what: Heard) -> Heard:
    said = (before.version, by.party)
    if verb in {Verb.CONSENT, Verb.CONCERN}:
        return replace(what, consents=what.consents | {said})
    if verb is Verb.OBJECT:
        return replace(what, consents=what.consents - {said})
    if verb is Verb.GO:
        agreed = {name for number, name in what.consents if number == before.version}
        ok = what.asked_before_go and by == CLIENT and before.members <= agreed
        return replace(what, goes=what.goes | {before.version}, asked_before_go=ok)
    return what


def holds(programme: GoNoGo, what: Heard) -> bool:
    live = programme.live
    return (
        what.asked_before_go
        and (live is None or live in what.goes)
        and (programme.stage is not Stage.LIVE or live == programme.version)
        and (live is None or live <= programme.version)
        and (programme.stage is not Stage.STOPPED or live is None)
    )


def steps(programme: GoNoGo) -> list[tuple[Verb, By, int | None, Part | None]]:
    everybody = (CLIENT, AMBER, BIRCH, STRANGER)
    parts = (Part("a", "One", "Amber"), Part("a", "", ""))
    return [
        (verb, by, on, part)
        for verb, row in MOVES.items()
        for by in everybody
        for on in ((programme.version, programme.version + 1) if row.bound else (None,))
        for part in (parts if verb is Verb.CHANGE else (None,))
    ]


def test_no_path_reaches_live_without_the_client_s_go_on_a_version_all_consented_to() -> None:
    start = (GoNoGo(members=frozenset({"Amber", "Birch"})), Heard())
    seen, queue, lives = {start}, deque([start]), 0
    while queue:
        programme, what = queue.popleft()
        assert holds(programme, what), (programme, what)
        lives += programme.stage is Stage.LIVE
        for verb, by, on, part in steps(programme):
            if verb is Verb.EXPECT and programme.expectations:
                continue
            try:
                after = move(programme, verb, by, on=on, words=WORDS, part=part)
            except MoveRefused:
                continue
            if after.version > 3:
                continue
            reached = (after, heard(programme, after, verb, by, what))
            if reached not in seen:
                seen.add(reached)
                queue.append(reached)
    assert lives > 0
    assert len(seen) == 2_605  # as docs/background/exchange-rules.md says
    assert {programme.stage for programme, _what in seen} == set(Stage)
    assert {programme.version for programme, _what in seen} == {1, 2, 3}


class Programmes(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.programme = GoNoGo(members=MEMBERS)
        self.what = Heard()

    @rule(
        verb=st.sampled_from(Verb),
        by=st.sampled_from([CLIENT, AMBER, BIRCH, CEDAR, STRANGER]),
        behind=st.sampled_from([0, 0, 0, 1, -1]),
        part=st.sampled_from([*PARTS, Part("films", "", ""), replace(PARTS[0], owner="Cedar")]),
    )
    def anything(self, verb: Verb, by: By, behind: int, part: Part) -> None:
        self.make(verb, by, on=self.programme.version + behind, part=part)

    @precondition(lambda self: self.programme.stage is Stage.CONSENT)
    @rule()
    def all_consent(self) -> None:
        for name in sorted(self.programme.members):
            self.make(Verb.CONSENT, By(Role.MEMBER, name), on=self.programme.version)
        self.make(Verb.PUT_TO_CLIENT, AMBER)

    @precondition(lambda self: self.programme.stage is Stage.DECIDES)
    @rule()
    def go(self) -> None:
        self.make(Verb.GO, CLIENT, on=self.programme.version)

    def make(self, verb: Verb, by: By, *, on: int | None = None, part: Part | None = None) -> None:
        before = self.programme
        allowed = may(before, verb, by, on=on)
        try:
            after = move(before, verb, by, on=on, words=WORDS, part=part)
        except MoveRefused as refused:
            assert not allowed or verb is Verb.CHANGE
            assert refused.code in set(Why)
            return
        assert allowed
        assert after.version >= before.version
        if verb is Verb.CHANGE:
            assert after.stage is Stage.BUILDING
            assert not after.consents
        self.what = heard(before, after, verb, by, self.what)
        self.programme = after

    @invariant()
    def live_only_by_go(self) -> None:
        assert holds(self.programme, self.what)


Programmes.TestCase.settings = settings(max_examples=30, stateful_step_count=40, deadline=None)
TestProgrammes = Programmes.TestCase


def decided(programme: GoNoGo | None = None) -> GoNoGo:
    at = programme or GoNoGo(members=MEMBERS)
    if at.stage is Stage.EXPECTATIONS:
        at = move(at, Verb.EXPECT, CLIENT, words="Know our products.")
        at = move(at, Verb.BUILD, AMBER)
    for by, part in ((AMBER, PARTS[0]), (BIRCH, PARTS[1])):
        at = move(at, Verb.CHANGE, by, part=part)
    at = move(at, Verb.ASK_CONSENT, AMBER)
    for by in (AMBER, BIRCH, CEDAR):
        at = move(at, Verb.CONSENT, by, on=at.version)
    return move(at, Verb.PUT_TO_CLIENT, CEDAR)


def gone() -> GoNoGo:
    return move(decided(), Verb.GO, CLIENT, on=1)


def refused(programme: GoNoGo, verb: Verb, by: By, *, on: int | None = None) -> Why:
    with pytest.raises(MoveRefused) as caught:
        move(programme, verb, by, on=on, words=WORDS, part=PARTS[0])
    return Why(caught.value.code)


def test_nothing_is_built_before_the_client_s_expectations_are_taken_in() -> None:
    fresh = GoNoGo(members=MEMBERS)
    assert refused(fresh, Verb.BUILD, AMBER) is Why.NO_EXPECTATION
    assert refused(fresh, Verb.CHANGE, AMBER) is Why.NOT_HERE
    assert refused(fresh, Verb.EXPECT, AMBER) is Why.NOT_YOURS
    with pytest.raises(Incomplete):
        move(fresh, Verb.EXPECT, CLIENT, words=" ")


def test_only_the_client_says_go_and_only_on_the_version_it_read() -> None:
    at = decided()
    for by in (AMBER, STRANGER, By(Role.MEMBER)):
        assert refused(at, Verb.GO, by, on=1) is Why.NOT_YOURS
    assert refused(at, Verb.GO, CLIENT) is Why.OTHER_VERSION
    assert refused(at, Verb.GO, CLIENT, on=2) is Why.OTHER_VERSION
    assert move(at, Verb.GO, CLIENT, on=1).stage is Stage.LIVE


def test_a_no_needs_no_reason_and_the_client_may_say_what_would_make_it_a_go() -> None:
    at = move(decided(), Verb.NO, CLIENT, on=1)
    assert (at.stage, at.live) == (Stage.STOPPED, None)
    assert move(at, Verb.WOULD_MAKE_GO, CLIENT, words="Nights too.") == at
    again = move(at, Verb.TAKE_UP, AMBER)
    assert (again.stage, again.version) == (Stage.BUILDING, 2)


def test_not_yet_carries_what_is_missing() -> None:
    with pytest.raises(Incomplete):
        move(decided(), Verb.NOT_YET, CLIENT, on=1)
    at = move(decided(), Verb.NOT_YET, CLIENT, on=1, words="Nights are missing.")
    assert (at.stage, at.version, at.consents) == (Stage.BUILDING, 2, frozenset())


def test_any_change_makes_a_new_version_that_needs_all_consents_and_a_new_go() -> None:
    at = move(gone(), Verb.CHANGE, AMBER, part=replace(PARTS[0], words="Two films"))
    assert (at.stage, at.version, at.live) == (Stage.BUILDING, 2, 1)
    assert [each.code for each in differences(PARTS, at.parts)] == ["films"]
    assert version_digest(at.parts) != version_digest(PARTS)
    assert refused(at, Verb.GO, CLIENT, on=2) is Why.NOT_HERE
    asked = move(at, Verb.ASK_CONSENT, AMBER)
    assert refused(asked, Verb.PUT_TO_CLIENT, AMBER) is Why.NOT_ALL
    assert refused(asked, Verb.CONSENT, AMBER, on=1) is Why.OTHER_VERSION
    for by in (AMBER, BIRCH, CEDAR):
        asked = move(asked, Verb.CONSENT, by, on=2)
    waits = move(asked, Verb.PUT_TO_CLIENT, AMBER)
    assert waits.live == 1
    assert move(waits, Verb.GO, CLIENT, on=2).live == 2
    assert move(waits, Verb.NO, CLIENT, on=2).live is None


def test_only_its_owner_changes_a_part() -> None:
    assert refused(gone(), Verb.CHANGE, BIRCH) is Why.NOT_YOURS
    with pytest.raises(Incomplete):
        move(gone(), Verb.CHANGE, AMBER)
    free = move(gone(), Verb.LEAVE, AMBER)
    assert move(free, Verb.CHANGE, CEDAR, part=replace(PARTS[0], owner="Cedar")).parts


def test_an_objection_or_unread_dissent_keeps_it_from_the_client() -> None:
    at = GoNoGo(members=MEMBERS, stage=Stage.CONSENT, parts=PARTS, expectations=1)
    for by in (AMBER, BIRCH, CEDAR):
        at = move(at, Verb.CONSENT, by, on=1)
    against = move(at, Verb.OBJECT, CEDAR, on=1, words=WORDS)
    assert refused(against, Verb.PUT_TO_CLIENT, AMBER) is Why.OBJECTION
    yielded = move(against, Verb.CONCERN, CEDAR, on=1, words=WORDS)
    assert refused(yielded, Verb.PUT_TO_CLIENT, AMBER) is Why.DISSENT_UNREAD
    read = move(yielded, Verb.READ_DISSENT, AMBER)
    assert move(read, Verb.PUT_TO_CLIENT, AMBER).stage is Stage.DECIDES


def test_a_part_without_an_owner_keeps_it_from_being_asked() -> None:
    at = GoNoGo(members=MEMBERS, stage=Stage.BUILDING, expectations=1)
    assert refused(at, Verb.ASK_CONSENT, AMBER) is Why.NO_PARTS
    at = move(at, Verb.CHANGE, AMBER, part=Part("films", "A film", ""))
    assert refused(at, Verb.ASK_CONSENT, AMBER) is Why.NO_OWNER


def test_who_leaves_takes_the_own_part_out_of_force() -> None:
    assert move(gone(), Verb.LEAVE, CEDAR).live == 1
    left = move(gone(), Verb.LEAVE, AMBER)
    assert (left.live, left.stage, left.version) == (None, Stage.BUILDING, 2)
    assert [part.owner for part in left.parts] == ["", "Birch"]


def test_who_comes_later_has_to_consent_before_a_go() -> None:
    wider = replace(decided(), members=MEMBERS | {"Dune"})
    assert refused(wider, Verb.GO, CLIENT, on=1) is Why.NOT_ALL


def test_the_client_stops_what_is_live_at_any_time() -> None:
    assert move(gone(), Verb.STOP, CLIENT).live is None
    assert refused(decided(), Verb.STOP, CLIENT) is Why.NOTHING_LIVE
    assert why_not(gone(), Verb.STOP, AMBER) is Why.NOT_YOURS


def test_a_table_without_a_row_for_the_go_would_be_noticed() -> None:
    to_live = {verb for verb, row in MOVES.items() if row.to is Stage.LIVE}
    assert to_live == {Verb.GO}
    assert MOVES[Verb.GO].role is Role.CLIENT
    assert MOVES[Verb.GO].bound
