"""The people of Four Hearths: some by name, the others dealt out by the seed."""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from upturn.stats.draws import generator

from .shapes import Person
from .sources import words

_PLAIN = str.maketrans({"ø": "o", "ł": "l", "ı": "i", "đ": "d"})


@dataclass(slots=True)
class _Draft:
    name: str
    username: str
    role: str
    demo: bool
    parties: dict[str, bool]


def draw_people(seed: int) -> tuple[Person, ...]:
    """About 200 people; every team has at least five of them and somebody who leads."""
    plan = words("people")
    drafts = [
        _Draft(name, username, role, demo, {party: party == leads for party in parties})
        for name, (username, role, parties, leads, demo) in plan["named"].items()
    ]
    names = _other_names(seed)
    borrowed = Counter(dict.fromkeys(_sizes(), 0))
    borrowed.update({team: count for _lender, team, count in plan["lends"]})
    borrowed.update(team for _leader_of, team in plan["sits_in"])
    for team, size in _sizes().items():
        _fill(drafts, team=team, size=size - borrowed[team], names=names)
    for lender, team, count in plan["lends"]:
        for draft in _others_of(drafts, team=lender)[-count:]:
            draft.parties[team] = False
    for led, team in plan["sits_in"]:
        leader = next(draft for draft in drafts if draft.parties.get(led))
        leader.parties[team] = False
    return tuple(
        Person(d.username, d.name, d.role, tuple(d.parties.items()), d.role if d.demo else "")
        for d in drafts
    )


def leaders(people: Sequence[Person]) -> dict[str, str]:
    """User name of the first leader of each party that has one."""
    return {
        party: person.username
        for person in reversed(people)
        for party, leads in person.memberships
        if leads
    }


def _sizes() -> dict[str, int]:
    sizes: dict[str, int] = {
        f"{house['key']}-{team}": size
        for house in words("organisation")["house"]
        for team, size in house["sizes"].items()
    }
    sizes |= words("people")["sizes"]
    return sizes


def _other_names(seed: int) -> list[str]:
    names = words("people")["others"]["names"].replace("\n", " ").split(",")
    stripped = [name.strip() for name in names]
    generator(seed, "restaurant group", "people").shuffle(stripped)
    return stripped


def _fill(drafts: list[_Draft], *, team: str, size: int, names: list[str]) -> None:
    members = [draft for draft in drafts if team in draft.parties]
    led = any(draft.parties[team] for draft in members)
    for seat in range(size - len(members)):
        name = names.pop()
        leads = not led and seat == 0
        role = "leader" if leads or team == "house-leaders" else "server"
        drafts.append(_Draft(name, _username(name), role, demo=False, parties={team: leads}))


def _others_of(drafts: list[_Draft], *, team: str) -> list[_Draft]:
    return [draft for draft in drafts if list(draft.parties) == [team] and not draft.parties[team]]


def _username(name: str) -> str:
    first = name.split(maxsplit=1)[0].lower().translate(_PLAIN)
    return unicodedata.normalize("NFKD", first).encode("ascii", "ignore").decode()
