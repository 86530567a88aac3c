"""A small organisation in which every text field holds a word of its own."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client
from django.utils import timezone

from tests import factories as f
from tests.exchange import scene as exchanges
from tests.floor import drawn
from tests.loop import scenes
from tests.partners import closed_waves
from tests.partners.open_waves import REF, open_wave
from tests.partners.stored_waves import stored
from tests.plan import planned
from tests.trace.organisation import kept
from tests.voice.said import heard, weeks_ago
from upturn.commitments import commands as commitments
from upturn.commitments.engine import Move, Outcome, RaisedAs
from upturn.commitments.models import Ask
from upturn.floor import commands as floor_commands
from upturn.floor import queries as floor_queries
from upturn.floor.models import LabRun, Shift
from upturn.graph import commands as graph
from upturn.graph.models import Import, Kind, Party, Serves, Touchpoint
from upturn.partners.commands import barriers, cycles, rules
from upturn.partners.engine import Barrier
from upturn.people import commands as people
from upturn.people.models import Invitation, Membership, Person, Role, Scope, Token
from upturn.trace.models import StoredTrace
from upturn.voice import commands as voice
from upturn.voice.models import FoundTheme, Theme

ROLES = (
    "anonymous",
    "server",
    "leader",
    "executive",
    "facilitator",
    "administrator",
    "guest",
    "stranger",
)
ASKED_ONCE = {
    "signs/": "w-signs",
    "drivers/": "w-signs",
    "keys/": "w-keys",
    "understood/": "w-understood",
    "led/": "w-led",
}
MOVES = {"rules": "question", "cycles": "join"}
Word = Callable[[str], str]


@dataclass
class Scene:
    """Kitchen serves Floor serves Guests; Bakery, a partner, serves Kitchen; Stores, Elsewhere."""

    people: dict[str, Person]
    parties: dict[str, Party]
    edges: dict[str, Serves]
    asks: dict[str, Ask]
    point: Touchpoint
    theme: Theme
    ticket: str
    membership: Membership
    invitation: Invitation
    link: str
    token: Token
    key: str
    tried: Import
    trace: StoredTrace
    improving: dict[str, str]
    run: LabRun
    shift: Shift
    planned: dict[str, str]
    held: dict[str, str]
    exchange: dict[str, str]

    def client(self, role: str, **how: Any) -> Client:
        """A browser in which somebody of this role is signed in; nobody for ``anonymous``."""
        client = Client(**how)
        if role != "anonymous":
            client.force_login(self.people[role])
        return client

    def address(self, pattern: str) -> str:
        """An address of the list of addresses, its places filled from the scene."""
        if pattern.startswith(("exchanges/", "exchange/", "api/exchange/")):
            return "/" + re.sub(r"<(?:(\w+):)?(\w+)>", self._in_exchange, pattern)
        places = {
            "<int:edge_id>": self.edges["kitchen"].pk,
            "<int:found_id>": FoundTheme.objects.values_list("pk", flat=True).first(),
            "<int:invitation_id>": self.invitation.pk,
            "<int:membership_id>": self.membership.pk,
            "<int:token_id>": self.token.pk,
            "<slug:key>": self._key(pattern),
            "<slug:language>": "en",
            "<slug:card>": self.held["card"],
            "<slug:code>": self._code(pattern),
            "<int:step>": 0,
            "<int:at>": 1,
            "<slug:line>": self.planned["line"],
            "<slug:moment>": self.planned["moment"],
            "<slug:outcome>": self.planned["outcome"],
            "<slug:move>": MOVES.get(pattern.split("/", maxsplit=1)[0], "promise"),
            "<slug:page>": "base",
            "<slug:ref>": self._ref(pattern),
            "<slug:name>": "planning",
            "<slug:word>": "none",
            "<slug:theme_key>": self.theme.key,
            "<int:seat>": 1 if pattern.startswith("floor/") else 0,
            "<slug:floor>": self.run.version.floor.ref,
            "<slug:run>": self.run.ref,
            "<str:card>": self.link,
            "<slug:shift>": self.shift.ref,
            "<str:code>": self._code(pattern),
            "<str:token>": self.link,
            "<str:username>": self.people["cook"].username,
        }
        for place, value in places.items():
            pattern = pattern.replace(place, str(value))
        return f"/{pattern}"

    def _in_exchange(self, place: re.Match[str]) -> str:
        name = place[2].replace("number", "counsel") if "/counsel/" in place.string else place[2]
        return self.exchange.get(name, "1" if place[1] == "int" else "none")

    def _code(self, pattern: str) -> str:
        codes = {
            "seat": lambda: floor_queries.seat_code(self.people["leader"], self.shift, 1),
            "table": lambda: floor_queries.table_code(self.people["leader"], self.shift.floor, 1),
        }
        first = pattern.split("/", maxsplit=1)[0]
        return self.held.get(first) or codes.get(first, lambda: self.point.code)()

    def _ref(self, pattern: str) -> str:
        if pattern.startswith("gaps/"):
            return ASKED_ONCE.get(pattern.removeprefix("gaps/<slug:ref>/"), "w-pulse")
        refs = {
            "bring-in": self.tried.ref,
            "traces": self.trace.ref,
            "waves": REF,
            "plans": self.planned["plans"],
            **self.improving,
            **self.held,
        }
        return refs.get(pattern.split("/", maxsplit=1)[0], self.asks["open"].ref)

    def _key(self, pattern: str) -> str:
        keys = {"customers": self.point.key, "themes": self.theme.key, "traces": self.point.key}
        keys["instruments"] = "signs"
        return keys.get(pattern.split("/", maxsplit=1)[0], self.parties["kitchen"].key)


def plain(slot: str) -> str:
    return f"the {slot}"


def build(word: Word = plain) -> Scene:
    """Make the scene; ``word`` says what stands in a text field of this name."""
    parties = {
        key: f.party(word(f"{key} name"), kind=kind, place=word("place") if kind == "team" else "")
        for key, kind in (
            ("guests", Kind.CUSTOMERS),
            ("floor", Kind.TEAM),
            ("kitchen", Kind.TEAM),
            ("oven", Kind.SYSTEM),
            ("bakery", Kind.PARTNER),
            ("stores", Kind.TEAM),
            ("elsewhere", Kind.TEAM),
        )
    }
    pairs = [("floor", "guests"), ("kitchen", "floor"), ("oven", "kitchen"), ("bakery", "kitchen")]
    edges = {
        server: f.serves(parties[server], parties[served], what=word(f"what {server} serves"))
        for server, served in [*pairs, ("stores", "elsewhere")]
    }
    staff = _staff(word, parties)
    _closed_waves(word)
    point = f.touchpoint(
        word("touchpoint"),
        customers=parties["guests"],
        servers=(parties["floor"],),
        place=word("place"),
        moment=word("moment")[:20],
    )
    theme = Theme.objects.create(key="cold", name=word("theme"), descriptions="cold")
    _words(word, point, theme)
    _measures(word, staff, parties)
    ticket = commitments.draw_code()
    today = timezone.localdate()
    asks = _asks(word, staff, edges, point, ticket, today)
    leader, chief = staff["leader"], staff["administrator"]
    kitchen = parties["kitchen"].pk
    invitation, link = people.invite(leader, role=Role.SERVER, party_id=kitchen, uses=3, days=7)
    token, key = people.make_token(
        chief, name=word("token name"), scopes=list(Scope), ends_on=today + timedelta(days=9)
    )
    people.name_organisation(word("organisation"))
    run = _lab_run(word, leader)
    open_wave(word, staff["executive"], [staff["server"], staff["busser"]])
    return Scene(
        staff,
        parties,
        edges,
        asks,
        point,
        theme,
        ticket,
        staff["cook"].memberships.get(),
        invitation,
        link,
        token,
        key,
        _tried(word, staff["executive"]),
        kept(point, parties["floor"], parties["kitchen"]),
        _improving(word, staff, parties, asks["open"], today),
        run,
        floor_commands.open_shift(leader, run.version.floor, now=timezone.now()),
        planned.in_scene(word, leader, parties, point, today=today),
        scenes.in_scene(word, leader, party=kitchen, today=today),
        exchanges.in_scene(word, staff["executive"], today=today),
    )


def _lab_run(word: Word, leader: Person) -> LabRun:
    """A floor of the lab, and a run on it that is done."""
    name = "".join(sign for sign in word("lab floor name") if sign.isprintable())
    floor = drawn.with_name(drawn.small(), name[:80])
    return drawn.done(drawn.stored(leader, floor), reps=5, hours=0.5)


def _staff(word: Word, parties: dict[str, Party]) -> dict[str, Person]:
    def somebody(name: str, *where: str, role: str, leads: bool = False) -> Person:
        made = f.person(word(f"{name} person"), role=role)
        made.set_password(f"password of {name}")
        made.save()
        for key in where:
            Membership.objects.create(person=made, party=parties[key], leads=leads)
        return made

    staff = {
        "server": somebody("server", "floor", role=Role.SERVER),
        "busser": somebody("busser", "floor", role=Role.SERVER),
        "cook": somebody("cook", "kitchen", role=Role.SERVER),
        "leader": somebody("leader", "kitchen", role=Role.LEADER, leads=True),
        "guest": somebody("guest", "bakery", role=Role.GUEST),
        "stranger": somebody("stranger", "elsewhere", role=Role.SERVER),
    }
    for role in (Role.EXECUTIVE, Role.FACILITATOR, Role.ADMINISTRATOR):
        staff[role.value] = somebody(role.value, role=role)
    return staff


def _words(word: Word, point: Touchpoint, theme: Theme) -> None:
    for ago in range(3):
        heard(
            point,
            [3.0, 8.0],
            week=weeks_ago(ago),
            theme=theme,
            polarity=-1,
            text=word("customer words"),
        )
    voice.choose_quotes(most=10)
    week = weeks_ago(1)
    FoundTheme.objects.create(
        words=word("found words")[:200], centre=b"", first_week=week, last_week=week, count=9
    )


def _measures(word: Word, staff: dict[str, Person], parties: dict[str, Party]) -> None:
    edge = (parties["kitchen"].key, parties["floor"].key)
    for name, of in (("served well", {"edge": edge}), ("wait", {"party": parties["floor"].key})):
        records = [
            voice.MeasureRecord(name=word(name), week=weeks_ago(ago), value=6.0 + ago, n=9, **of)
            for ago in range(4)
        ]
        voice.store_measures(staff["executive"], records)


def _asks(
    word: Word,
    staff: dict[str, Person],
    edges: dict[str, Serves],
    point: Touchpoint,
    ticket: str,
    today: date,
) -> dict[str, Ask]:
    def raised(name: str, by: str, edge: str, **how: Any) -> Ask:
        draft = commitments.Draft(
            words=word(f"{name} ask"),
            because=word(f"{name} because"),
            touchpoint=point,
            **{"raised_as": RaisedAs.TEAM, "code": commitments.draw_code()} | how,
        )
        return commitments.raise_ask(staff[by], edge=edges[edge], draft=draft, today=today)

    asks = {
        "open": raised("open", "busser", "kitchen"),
        "kept": raised("kept", "busser", "kitchen"),
        "refused": raised("refused", "busser", "kitchen", raised_as=RaisedAs.PERSON),
        "ticket": raised("ticket", "server", "kitchen", raised_as=RaisedAs.TICKET, code=ticket),
        "others": raised("others", "stranger", "stores"),
    }
    cook, busser = staff["cook"], staff["busser"]
    f.moved(cook, asks["refused"], Move.DECLINE, today=today, words=word("decline words"))
    for name in ("kept", "ticket"):
        parts = {part: word(f"{name} promise {part}") for part in ("what", "who", "sign")}
        f.moved(cook, asks[name], Move.PROMISE, today=today, due_on=today, **parts)
    kept = f.moved(
        busser,
        asks["kept"],
        Move.JUDGE,
        today=today,
        outcome=Outcome.BETTER,
        words=word("verdict words"),
    )
    commitments.thank(busser, kept, words=word("thanks"), today=today)
    return asks


def _closed_waves(word: Word) -> None:
    """A closed wave of each instrument, with words of its own wherever there is text."""
    whole = closed_waves.pulse()
    first = replace(
        whole.relations[0],
        server_name=word("serving block"),
        served_name=word("served block"),
        place=word("place"),
    )
    pulse = replace(whole, title=word("pulse title")[:80], relations=(first, *whole.relations[1:]))
    stored(pulse, words=[(word("place"), "both", word("what was written"))])
    stored(replace(closed_waves.signs(), title=word("signs title")[:80]))
    stored(replace(closed_waves.keys(), title=word("keys title")[:80]))
    stored(replace(closed_waves.understood(), title=word("understood title")[:80]))
    stored(replace(closed_waves.led(), title=word("led title")[:80]))


def _improving(
    word: Word, staff: dict[str, Person], parties: dict[str, Party], ask: Ask, today: date
) -> dict[str, str]:
    """A rule of the kitchen, a barrier at it, and a cycle of the floor that hangs on an ask."""
    cook, server, code = staff["cook"], staff["server"], commitments.draw_code
    rule = rules.write_rule(
        cook,
        rules.RuleDraft(
            words=word("rule"),
            keeper_id=parties["kitchen"].pk,
            code=code(),
            why=word("rule why"),
            barrier="language",
            for_whom_id=parties["floor"].pk,
            ends_on=today + timedelta(days=90),
        ),
        today=today,
    )
    named = barriers.name_barrier(
        cook,
        barriers.BarrierDraft(
            barrier=Barrier.HIERARCHY,
            words=word("barrier"),
            code=code(),
            at_id=parties["kitchen"].pk,
        ),
        today=today,
    )
    barriers.spare_word(cook, word("own word")[:60])
    cycle = cycles.open_cycle(
        server,
        cycles.CycleDraft(
            noticed=word("noticed"), code=code(), ask_ref=ask.ref, barrier_ref=named.ref
        ),
        today=today,
    )
    return {"rules": rule.ref, "barriers": named.ref, "cycles": cycle.ref}


def _tried(word: Word, by: Person) -> Import:
    """A file of comments that waits to be stored; one of its rows has to be mended."""
    made = graph.register_import(
        by, subject="feedback", file_names=[f"{word('file name')}.csv"], digest="0" * 64
    )
    folder: Path = settings.DATA / "uploads" / made.ref
    folder.mkdir(parents=True)
    cells = [word("file column"), "Review", "Rating", "Date"]
    rows = [word("file cell"), word("file words"), "4", "2026-01-05"]
    bad = [word("file cell"), word("bad row words"), word("bad cell"), word("bad date")]
    text = "\n".join(",".join(f'"{c.replace(chr(34), chr(34) * 2)}"' for c in row)
                     for row in (cells, rows, rows, bad))  # fmt: skip
    (folder / "0").write_text(text, encoding="utf-8")
    return made
