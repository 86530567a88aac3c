"""The six barriers with what people named, and what is under way against each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from upturn.graph import queries as graph
from upturn.partners.engine import CLOSED, Barrier, JargonMark, by_barrier, find_jargon
from upturn.partners.models import Cycle, NamedBarrier, OwnWord
from upturn.partners.queries.rules import RuleHere, may_see_rules, rules_of_barriers
from upturn.people import queries as people

if TYPE_CHECKING:
    from upturn.people.models import Person


class Named(NamedTuple):
    """What somebody named; ``ask_on`` are edges on which the viewer can ask about it."""

    ref: str
    words: str
    at: graph.PartyRow | None
    named_on: date
    yours: bool
    ask_on: tuple[int, ...]
    cycles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BarrierHere:
    """One of the six, with what was named, rules that are said to be it, and open cycles."""

    barrier: Barrier
    named: tuple[Named, ...]
    rules: tuple[RuleHere, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nobody has named anything."""
        return not self.named and not self.rules


def inventory(viewer: "Person", *, today: date) -> tuple[BarrierHere, ...]:
    """All six, always, in the seed's order; four queries."""
    if not may_see_rules(viewer):
        return ()
    rows = list(NamedBarrier.objects.order_by("-named_on", "pk"))
    cycles = _open_cycles()
    named = by_barrier((row.barrier, _named(viewer, row, cycles)) for row in rows)
    rules = by_barrier((rule.barrier, rule) for rule in rules_of_barriers(viewer, today=today))
    return tuple(BarrierHere(each, named[each], rules[each]) for each in Barrier)


def _open_cycles() -> Mapping[int, tuple[str, ...]]:
    rows = Cycle.objects.filter(barrier__isnull=False).exclude(state__in=CLOSED)
    found: dict[int, tuple[str, ...]] = {}
    for barrier, ref in rows.order_by("opened_on", "pk").values_list("barrier_id", "ref"):
        if barrier is not None:
            found[barrier] = (*found.get(barrier, ()), ref)
    return found


def _named(viewer: "Person", row: NamedBarrier, cycles: Mapping[int, tuple[str, ...]]) -> Named:
    now = graph.snapshot()
    own = people.parties_of(viewer)
    up = now.up.get(row.at_id or 0, ())
    return Named(
        row.ref,
        row.words,
        now.party.get(row.at_id or 0),
        row.named_on,
        row.named_by_id is not None and row.named_by_id == viewer.pk,
        tuple(edge.id for edge in up if edge.served_id in own),
        cycles.get(row.pk, ()),
    )


def named_barrier(viewer: "Person", ref: str) -> NamedBarrier:
    """Raise ``NamedBarrier.DoesNotExist`` also for those who see none."""
    if not may_see_rules(viewer):
        raise NamedBarrier.DoesNotExist
    return NamedBarrier.objects.get(ref=ref)


def own_words(viewer: "Person") -> list[str]:
    """Words that are no jargon here, in order."""
    if not may_see_rules(viewer):
        return []
    return list(OwnWord.objects.order_by("word").values_list("word", flat=True))


class Jargon(NamedTuple):
    """A text in parts, each plain or marked, and the marked words once each with plain ones."""

    parts: tuple[tuple[str, JargonMark | None], ...]
    marked: tuple[tuple[str, JargonMark], ...]


def jargon(viewer: "Person", text: str, *, language: str) -> Jargon:
    """Mark what servers may not say in a text; names of parties and own words are spared."""
    party = graph.snapshot().party.values()
    names = {word for row in party for word in row.name.casefold().split()}
    marks = find_jargon(text, language=language[:2], known=names.union(own_words(viewer)))
    parts: list[tuple[str, JargonMark | None]] = []
    end = 0
    for mark in marks:
        parts += [(text[end : mark.start], None), (text[mark.start : mark.end], mark)]
        end = mark.end
    parts.append((text[end:], None))
    once = {text[mark.start : mark.end].casefold(): mark for mark in reversed(marks)}
    words = sorted(once.values(), key=lambda mark: mark.start)
    marked = tuple((text[mark.start : mark.end], mark) for mark in words)
    return Jargon(tuple(part for part in parts if part[0]), marked)
