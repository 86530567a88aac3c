"""The example organisation, drawn from its seed and brought in through the rooms' own commands."""

import importlib
import shutil
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from upturn.commitments import commands as commitments
from upturn.commitments.engine import Move, Outcome, RaisedAs
from upturn.graph import commands as graph
from upturn.graph import queries as graph_queries
from upturn.house.backup_sqlite import refuse_if_in_use
from upturn.house.demo_exchange import put_away_unfinished, store_exchange
from upturn.house.demo_floor import store_floor
from upturn.house.demo_partners import store_improvements
from upturn.house.demo_plan import store_plan
from upturn.house.demo_waves import hold_waves
from upturn.people import commands as people
from upturn.people import queries as people_queries
from upturn.record import ballot_box, ballot_seal
from upturn.voice import commands as voice

NAME = "Four Hearths"
SEED = 7
CONFIRMED = 25
KEEPS_THE_EXCHANGE = "imke"


def drawn(today: date) -> Any:
    """Draw the organisation of ``examples/restaurant_group``."""
    return _examples().draw(today, seed=SEED)


def _examples(name: str = "restaurant_group") -> Any:
    """Find one of the ``examples`` in a checkout or in the wheel."""
    checkout = Path(__file__).parents[3]
    if (checkout / "examples" / name).is_dir():
        sys.path.insert(0, str(checkout))
        return importlib.import_module(f"examples.{name}")
    return importlib.import_module(f"upturn_examples.{name}")


def is_there() -> bool:
    return people_queries.anybody()


def is_foreign() -> bool:
    """Whether another organisation lives here, whom the demo's open doors would expose."""
    return is_there() and people_queries.organisation_name() != NAME


def throw_away() -> None:
    """Delete the demo's database files, which nobody may have open, its ballots and their keys."""
    refuse_if_in_use()
    for tail in ("", "-wal", "-shm"):
        Path(f"{settings.DATABASES['default']['NAME']}{tail}").unlink(missing_ok=True)
    for tail in ("", "-journal"):
        Path(f"{ballot_box.path()}{tail}").unlink(missing_ok=True)
    shutil.rmtree(ballot_seal.folder(), ignore_errors=True)


@transaction.atomic
def load() -> None:
    """Store the drawn organisation through the rooms: parties, people, words, measures, asks."""
    organisation = drawn(timezone.localdate())
    _store_graph(organisation)
    _store_people(organisation.people)
    people.name_organisation(organisation.name)
    voice.store_themes(_themes(organisation))
    voice.store_comments(organisation.feedback)
    voice.store_servers_words(
        None, [voice.SaidByServers(*said) for said in organisation.servers_words]
    )
    voice.store_measures(None, organisation.measures)
    _store_asks(organisation.asks)
    improvements = _examples().draw_improvements(organisation.people, today=organisation.today)
    store_improvements(improvements, today=organisation.today)
    hold_waves(_examples(), today=organisation.today)
    store_floor(today=organisation.today)
    store_plan(_examples(), today=organisation.today)


def bring_exchange(today: date) -> None:
    """Bring in the example exchange once the demo is open: sealing takes longer than all the rest.

    It comes in step by step, so that nobody waits. What was broken off is put away and begun anew.
    """
    keeper = people_queries.by_username().get(KEEPS_THE_EXCHANGE)
    if keeper is None:
        return
    drawn_here = _examples("six_suppliers").draw(seed=SEED)
    if put_away_unfinished(keeper, name=drawn_here.told["name"]):
        store_exchange(drawn_here, keeper, today=today)


def _store_graph(organisation: Any) -> None:
    graph.store_organisation(
        None,
        parties=[graph.PartyRecord(**party._asdict()) for party in organisation.parties],
        serves=[graph.ServesRecord(**edge._asdict()) for edge in organisation.serves],
        touchpoints=[_touchpoint(point) for point in organisation.touchpoints],
    )


def _touchpoint(point: Any) -> graph.TouchpointRecord:
    given = point._asdict()
    return graph.TouchpointRecord(servers=given.pop("served_by"), **given)


def _themes(organisation: Any) -> Iterable[tuple[str, str, Iterable[str], Iterable[str]]]:
    """Themes with the comments that somebody of Four Hearths would have put there by hand."""
    theme_of = {truth.external_id: truth.theme for truth in organisation.truths}
    confirmed: dict[str, list[str]] = defaultdict(list)
    for said in organisation.feedback:
        found = confirmed[theme_of[said.external_id]]
        if len(found) < CONFIRMED:
            found.append(said.text)
    for theme in organisation.themes:
        yield theme.key, theme.name, theme.description, confirmed[theme.key]


def _store_people(drawn_people: Iterable[Any]) -> None:
    ids = {row.key: row.id for row in graph_queries.snapshot().party.values()}
    people.seat(
        (p.username, p.display_name, p.role, [(ids[key], leads) for key, leads in p.memberships])
        for p in drawn_people
    )


def _store_asks(asks: Iterable[Any]) -> None:
    who = people_queries.by_username()
    edges = graph_queries.edges_by_keys()
    points = graph_queries.touchpoints_by_key()
    for ask in asks:
        edge = edges[ask.edge]
        asker = who[ask.raised_by] if ask.raised_by else people_queries.a_member(edge.served_id)
        code = commitments.draw_code()
        draft = commitments.Draft(
            words=ask.text,
            raised_as=RaisedAs(ask.raised_as),
            code=code,
            touchpoint=points.get(ask.touchpoint),
        )
        raised = commitments.raise_ask(asker, edge=edge, draft=draft, today=ask.raised_on)
        for move in ask.moves:
            _move(raised, move, who=who, code=code)


def _move(ask: Any, move: Any, *, who: Mapping[str, Any], code: str) -> None:
    """Repeat one drawn move; whoever has no name moves by the ticket."""
    person = who[move.actor] if move.actor else None
    ticket = "" if person else code
    fields = dict(move.fields)
    if move.verb == "thank":
        commitments.thank(person, ask, words=fields["words"], today=move.on, code=ticket)
        return
    if "outcome" in fields:
        fields["outcome"] = Outcome(fields["outcome"])
    content = commitments.Content(turn=ask.turn, **fields)
    commitments.take(person, ask, move=Move(move.verb), content=content, today=move.on, code=ticket)
