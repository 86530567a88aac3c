"""A small house with a kitchen, a floor, a bar and those who lead, and waves over it."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import numpy as np

from tests.factories import TODAY, member, party, person, serves
from upturn.graph.models import Kind, Party, Serves
from upturn.partners import commands, queries
from upturn.partners.engine import Sheet, questions
from upturn.partners.engine.shapes import Form
from upturn.people.models import Membership, Person, Role

CLOSES = TODAY + timedelta(days=14)


@dataclass
class House:
    """Parties by name, edges by names, people by party."""

    boss: Person
    parties: dict[str, Party] = field(default_factory=dict)
    edges: dict[tuple[str, str], Serves] = field(default_factory=dict)
    people: dict[str, list[Person]] = field(default_factory=dict)


def house(**sizes: int) -> House:
    """Teams of these sizes at the Inn, each serving the one named before it; guests on top."""
    made = House(boss=person("Ruth", role=Role.EXECUTIVE))
    above, name_above = party("Guests", kind=Kind.CUSTOMERS, place="Inn"), "guests"
    made.parties["guests"] = above
    for name, size in sizes.items():
        here = made.parties[name] = party(name.title(), place="Inn")
        made.people[name] = [member(here) for _ in range(size)]
        made.edges[name, name_above] = serves(here, above)
        above, name_above = here, name
    return made


def leaders(made: House, count: int = 5) -> list[Person]:
    """People who lead the house together."""
    lead = party("Direction", kind=Kind.LEADER, place="Inn")
    made.parties["lead"] = lead
    made.edges["lead", "teams"] = serves(lead, next(iter(made.parties.values())))
    made.people["lead"] = [member(lead, role=Role.LEADER) for _ in range(count)]
    for one in made.people["lead"]:
        Membership.objects.filter(person=one).update(leads=True)
    return made.people["lead"]


def draft(*edges: Serves, **given: Any) -> queries.Draft:
    whole = {"title": "How we serve", "instrument": "pulse", "closes_on": CLOSES}
    relations: Any = tuple(edge.pk for edge in edges) or "all"
    return queries.Draft(**{**whole, "relations": relations, **given})


def opened(made: House, *edges: Serves, **given: Any) -> commands.Opened:
    return commands.open_wave(made.boss, draft=draft(*edges, **given), today=TODAY)


def answers(token: str, *, rng: np.random.Generator | None = None, step: int = 4) -> dict[str, int]:
    """Answers to all that the card asks: drawn, or all the same."""
    asked = queries.sheet(token)
    assert isinstance(asked, Sheet), asked
    found = {}
    for each in questions(asked):
        if each.item.form in {Form.WORDS, Form.SPLIT}:
            continue
        most = each.item.categories
        found[each.key] = int(rng.integers(1, most + 1)) if rng else min(step, most)
    return found


def drawn() -> np.random.Generator:
    """Answers that come out alike in every run."""
    return np.random.default_rng(2026)


def cast_all(made: commands.Opened, *, rng: np.random.Generator, share: float = 1.0) -> int:
    """Let this share of each seat answer; return how many that were."""
    cast = 0
    for cards in made.cards.values():
        for token in cards[: round(share * len(cards))]:
            commands.cast(token, answers(token, rng=rng), {})
            cast += 1
    return cast
