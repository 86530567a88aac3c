"""The register of rules, as one viewer sees it today."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from upturn.graph import queries as graph
from upturn.graph.engine.tabular_export import Cell
from upturn.partners.engine import RULE_MOVES, RuleMove, RuleSide, RuleState, state_on
from upturn.partners.engine.rules import SOON
from upturn.partners.models import Rule, RuleLine
from upturn.people import queries as people

if TYPE_CHECKING:
    from upturn.people.models import Person

COLUMNS = (
    "rule", "why", "barrier", "kept by", "for whom", "made on", "ends on", "state", "retired on",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RuleHere:
    """A rule as one viewer sees it today; ``question`` is why somebody asks it to go."""

    ref: str
    words: str
    why: str
    barrier: str
    keeper: graph.PartyRow | None
    for_whom: graph.PartyRow | None
    made_on: date
    ends_on: date
    state: RuleState
    turn: int
    retired_on: date | None
    watch: str
    watch_weeks: int
    moves: tuple[RuleMove, ...]
    question: str
    waits_for_you: bool
    today: date

    @property
    def days(self) -> int:
        """Days until it ends; negative once it has."""
        return (self.ends_on - self.today).days

    @property
    def days_gone(self) -> int:
        """Days since it ended."""
        return -self.days


@dataclass(frozen=True, slots=True)
class Register:
    """All rules: what waits for an answer first, then what holds, then what was let go."""

    expired: tuple[RuleHere, ...]
    questioned: tuple[RuleHere, ...]
    ending: tuple[RuleHere, ...]
    in_force: tuple[RuleHere, ...]
    retired: tuple[RuleHere, ...]

    @property
    def standing(self) -> int:
        """How many hold today."""
        return len(self.questioned) + len(self.ending) + len(self.in_force)


def may_see_rules(viewer: "Person") -> bool:
    """Rules, barriers and cycles are for everybody who signs in, except guests."""
    return people.may_read_words(viewer)


def register(viewer: "Person", *, today: date) -> Register:
    """Every rule, those that end first before the others; two queries."""
    here = _seen(viewer, Rule.objects.order_by("ends_on", "pk"), today=today)
    soon = today + SOON

    def those(state: RuleState) -> Iterator[RuleHere]:
        return (rule for rule in here if rule.state == state)

    return Register(
        tuple(those(RuleState.EXPIRED)),
        tuple(those(RuleState.QUESTIONED)),
        tuple(rule for rule in those(RuleState.IN_FORCE) if rule.ends_on <= soon),
        tuple(rule for rule in those(RuleState.IN_FORCE) if rule.ends_on > soon),
        tuple(sorted(those(RuleState.RETIRED), key=lambda r: r.retired_on or today, reverse=True)),
    )


def rule_row(viewer: "Person", ref: str) -> Rule:
    """Raise ``Rule.DoesNotExist`` also for those who see no rules."""
    if not may_see_rules(viewer):
        raise Rule.DoesNotExist
    return Rule.objects.get(ref=ref)


def rule_here(viewer: "Person", rule: Rule, *, today: date) -> RuleHere:
    """One rule; one query more where it is questioned."""
    return _seen(viewer, [rule], today=today)[0]


def rules_of_barriers(viewer: "Person", *, today: date) -> list[RuleHere]:
    """Rules in force, or expired, that are said to be one of the six barriers."""
    rules = Rule.objects.exclude(barrier="").exclude(state=RuleState.RETIRED)
    return _seen(viewer, rules.order_by("ends_on", "pk"), today=today)


def story(rule: Rule) -> list[RuleLine]:
    """What was said with the moves of a rule, the last first."""
    return list(rule.lines.order_by("-turn"))


def rule_sides(viewer: "Person", rule: Rule) -> frozenset[RuleSide]:
    """Where the viewer stands with a rule."""
    sides = set()
    if may_see_rules(viewer):
        sides.add(RuleSide.ANYBODY)
    if rule.keeper_id in people.parties_of(viewer):
        sides.add(RuleSide.KEEPER)
    if rule.questioned_by_id and rule.questioned_by_id == viewer.pk:
        sides.add(RuleSide.QUESTIONER)
    return frozenset(sides)


def _seen(viewer: "Person", rules: Iterable[Rule], *, today: date) -> list[RuleHere]:
    if not may_see_rules(viewer):
        return []
    rows = list(rules)
    asked = [rule.pk for rule in rows if rule.state == RuleState.QUESTIONED]
    lines = RuleLine.objects.filter(rule__in=asked, move=RuleMove.QUESTION).order_by("turn")
    questions = dict(lines.values_list("rule_id", "words")) if asked else {}
    return [_here(viewer, rule, questions.get(rule.pk, ""), today=today) for rule in rows]


def _here(viewer: "Person", rule: Rule, question: str, *, today: date) -> RuleHere:
    party, sides = graph.snapshot().party, rule_sides(viewer, rule)
    state = state_on(RuleState(rule.state), ends_on=rule.ends_on, today=today)
    waits = state in {RuleState.QUESTIONED, RuleState.EXPIRED} or not rule.why
    return RuleHere(
        rule.ref,
        rule.words,
        rule.why,
        rule.barrier,
        party.get(rule.keeper_id),
        party.get(rule.for_whom_id or 0),
        rule.made_on,
        rule.ends_on,
        state,
        rule.turn,
        rule.retired_on,
        rule.watch,
        rule.watch_weeks,
        RULE_MOVES.open(state, sides=sides),
        question,
        waits and RuleSide.KEEPER in sides and state != RuleState.RETIRED,
        today,
    )


def rule_cells(viewer: "Person", *, today: date) -> Iterator[tuple[Cell, ...]]:
    """Rows of the register for a spreadsheet."""
    for rule in _seen(viewer, Rule.objects.order_by("ends_on", "pk"), today=today):
        yield (
            rule.words,
            rule.why,
            rule.barrier,
            graph.full_name(rule.keeper) if rule.keeper else "",
            graph.full_name(rule.for_whom) if rule.for_whom else "",
            rule.made_on.isoformat(),
            rule.ends_on.isoformat(),
            rule.state,
            rule.retired_on.isoformat() if rule.retired_on else None,
        )
