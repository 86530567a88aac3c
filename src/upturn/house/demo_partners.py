"""Rules, barriers and cycles of the example organisation, through the room's own commands."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from upturn.commitments import queries as commitments
from upturn.commitments.commands import draw_code
from upturn.graph import queries as graph
from upturn.partners.commands import barriers, cycles, rules
from upturn.partners.engine import Barrier, CycleMove, RuleMove
from upturn.people import queries as people


def store_improvements(improvements: Any, *, today: date) -> None:
    """Write them down on the days on which they were written, and repeat every move."""
    who = people.by_username()
    ids = {row.key: row.id for row in graph.snapshot().party.values()}
    for rule in improvements.rules:
        _store_rule(rule, who=who, ids=ids)
    for named in improvements.barriers:
        draft = barriers.BarrierDraft(
            barrier=Barrier(named.barrier),
            words=named.words,
            code=draw_code(),
            at_id=ids[named.at],
            unnamed=named.named_by is None,
        )
        by = who[named.named_by] if named.named_by else people.a_member(ids[named.at])
        barriers.name_barrier(by, draft, today=named.named_on)
    for cycle in improvements.cycles:
        _store_cycle(cycle, who=who, ids=ids, today=today)


def _store_rule(rule: Any, *, who: Mapping[str, Any], ids: Mapping[str, int]) -> None:
    draft = rules.RuleDraft(
        words=rule.words,
        keeper_id=ids[rule.keeper],
        code=draw_code(),
        why=rule.why,
        barrier=rule.barrier,
        for_whom_id=ids[rule.for_whom] if rule.for_whom else None,
        ends_on=rule.ends_on,
    )
    written = rules.write_rule(who[rule.written_by], draft, today=rule.made_on)
    for move in rule.moves:
        content = rules.RuleContent(turn=written.turn, **move.fields)
        verb = RuleMove(move.verb)
        rules.move_rule(who[move.actor], written, move=verb, content=content, today=move.on)


def _store_cycle(
    cycle: Any, *, who: Mapping[str, Any], ids: Mapping[str, int], today: date
) -> None:
    opener = who[cycle.opened_by]
    draft = cycles.CycleDraft(
        noticed=cycle.noticed,
        code=draw_code(),
        team_id=ids[cycle.team],
        ask_ref=_ask_on(opener, cycle.ask, today=today) if cycle.ask else "",
    )
    opened = cycles.open_cycle(opener, draft, today=cycle.opened_on)
    for move in cycle.moves:
        given = dict(move.fields)
        if "party" in given:
            given["party_id"] = ids[given.pop("party")]
        content = cycles.CycleContent(turn=opened.turn, **given)
        verb = CycleMove(move.verb)
        cycles.move_cycle(who[move.actor], opened, move=verb, content=content, today=move.on)


def _ask_on(viewer: Any, edge: tuple[str, str], *, today: date) -> str:
    """Find the open ask on an edge of which the cycle speaks."""
    found = commitments.asks_on(viewer, graph.edges_by_keys()[edge], today=today)
    return found[0].ask.ref
