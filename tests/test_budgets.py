"""No page asks the database twelve times or more often because more is in it; no clocks here."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import factories as f
from tests.floor import drawn
from tests.partners import closed_waves
from tests.partners.open_waves import REF, open_wave
from tests.partners.stored_waves import stored
from tests.plan import planned
from tests.trace.organisation import kept
from tests.voice.said import heard, theme, weeks_ago
from upturn.commitments.commands import draw_code
from upturn.commitments.engine import Move, Outcome, RaisedAs
from upturn.graph.commands import touch
from upturn.graph.models import Import, Kind
from upturn.partners.commands import barriers, cycles, rules
from upturn.partners.engine import Barrier
from upturn.people import commands as people
from upturn.people.models import Membership, Role, Scope
from upturn.trace.models import TracedAsk
from upturn.voice import commands as voice
from upturn.voice.models import Measure, MeasureWeek, Tally

MOST = 12
MORE = 3  # of everything, each time the scene grows
ROLES = [role.value for role in Role]
PAGES: dict[str, tuple[str, ...]] = {
    "/": tuple(ROLES),
    "/pyramid/": ("leader", "guest"),
    "/pyramid/?place=Mill": ("executive",),
    "/pyramid/?place=&page=2": ("executive",),
    "/party/{floor}/": ("server", "leader", "guest"),
    "/edge/{edge}/": ("server", "leader"),
    "/edge/{edge}/ask/": ("server",),
    "/customers/": ("server", "leader"),
    "/customers/{point}/": ("server",),
    "/customers/_unplaced/": ("server",),
    "/customers/{point}/{theme}/": ("server",),
    "/customers/{point}/code/": ("server",),
    "/customers/{point}/sentence/": ("leader",),
    "/themes/": ("leader",),
    "/themes/confirm/": ("leader",),
    "/say/{code}/": ("",),
    "/asks/": ("server", "leader"),
    "/asks/{ask}/": ("server", "leader"),
    "/asks/{ask}/withdraw/": ("server",),
    "/traces/": ("server", "leader"),
    "/traces/{trace}/": ("server", "executive"),
    "/traces/{trace}/ask/": ("server",),
    "/ticket/": ("",),
    "/people/": ("leader", "executive", "administrator"),
    "/people/{person}/": ("administrator",),
    "/people/{person}/sight/": ("administrator",),
    "/people/invite/": ("leader", "administrator"),
    "/me/": tuple(ROLES),
    "/readers/": ("server", "leader"),
    "/bring-in/": ("executive",),
    "/find/?q=team": ("leader",),
    "/gaps/": ("server", "leader", "executive"),
    "/gaps/{wave}-pulse/": ("server", "executive"),
    "/gaps/{wave}-pulse/?place=Mill": ("executive",),
    "/gaps/{wave}-pulse/pairs/": ("executive",),
    "/gaps/{wave}-pulse/since/": ("server", "executive"),
    "/gaps/{wave}-pulse/importance/": ("executive",),
    "/gaps/{wave}-pulse/words/": ("server",),
    "/gaps/{wave}-pulse/base.csv": ("executive",),
    "/gaps/{wave}-pulse/map.json": ("executive",),
    "/gaps/{wave}-signs/signs/": ("server", "executive"),
    "/gaps/{wave}-signs/signs/?at=Mill": ("server",),
    "/gaps/{wave}-signs/drivers/": ("executive",),
    "/gaps/{wave}-keys/keys/": ("executive",),
    "/waves/": ("server", "leader", "guest"),
    "/waves/new/": ("leader", "executive"),
    "/waves/{open}/": ("server", "executive"),
    "/waves/{open}/promise/": ("",),
    "/waves/{open}/end/": ("executive",),
    "/instruments/": ("executive",),
    "/instruments/signs/": ("server",),
    "/rules/": ("server", "leader"),
    "/rules/{rule}/": ("server", "leader"),
    "/rules/{rule}/question/": ("server",),
    "/rules/new/": ("leader",),
    "/rules/rules.csv": ("executive",),
    "/barriers/": ("server",),
    "/plain-words/": ("server",),
    "/cycles/": ("server", "leader"),
    "/cycles/{cycle}/": ("server", "leader"),
    "/cycles/{cycle}/join/": ("leader",),
    "/cycles/new/?ask={ask}": ("server",),
    "/line-of-sight/": ("server", "leader"),
    "/lab/": ("server", "leader"),
    "/lab/new/": ("leader",),
    "/lab/{lab}/": ("server", "leader"),
    "/lab/{lab}/draw/": ("leader",),
    "/lab/{lab}/run/": ("leader",),
    "/lab/{lab}/practise/": ("server",),
    "/lab/{lab}/floor.toml": ("server",),
    "/lab/runs/{run}/": ("server", "leader"),
    "/lab/runs/{run}/film/": ("server",),
    "/lab/runs/{run}/figures.csv": ("server",),
    "/plans/": ("server", "leader", "guest"),
    "/plans/new/": ("leader",),
    "/plans/{plan}/": ("server", "leader", "administrator"),
    "/plans/{plan}/question/": ("leader",),
    "/plans/{plan}/group/": ("server", "leader"),
    "/plans/{plan}/lines/": ("server", "leader"),
    "/plans/{plan}/lines/{line}/act/": ("leader",),
    "/plans/{plan}/roadmap/": ("server", "leader"),
    "/plans/{plan}/start/": ("leader",),
    "/api/gaps": ("token",),
    "/api/gaps/{wave}-pulse/map": ("token",),
    "/api/feedback": ("token",),
    "/api/touchpoints": ("token",),
}


class Organisation:
    """A floor that serves guests, a kitchen that serves it, and as much more as is asked for."""

    def __init__(self) -> None:
        self.guests = f.party("Guests", kind=Kind.CUSTOMERS, place="Mill")
        self.floor, self.kitchen = f.party("Floor", place="Mill"), f.party("Kitchen", place="Mill")
        self.edge = f.serves(self.kitchen, self.floor, what="plated dishes")
        f.serves(self.floor, self.guests)
        self.theme = theme()
        self.viewers = {role: f.member(self.floor, role=role) for role in ROLES}
        self.viewers["leader"] = f.member(self.kitchen, self.floor, role="leader", leads=True)
        self.viewers["administrator"] = f.person(role="administrator")
        _, self.key = people.make_token(
            self.viewers["administrator"],
            name="till",
            scopes=[Scope.FEEDBACK_READ, Scope.GRAPH_READ, Scope.GAPS_READ],
            ends_on=None,
        )
        self.point = self.ask = None
        self.waves = 0
        open_wave(str, self.viewers["executive"], [self.viewers["server"]])

    def grow(self) -> None:
        """Add to every list of every page."""
        for _ in range(MORE):
            self._more_parties()
            self._more_asks()
            self._more_words()
            self._more_waves()
            self._more_improving()
            self._more_lab()
            self._more_plans()
        self._more_people()
        touch()

    def _more_parties(self) -> None:
        team, system = f.party("Team", place="Mill"), f.party("Till", kind=Kind.SYSTEM)
        edges = [f.serves(team, self.floor), f.serves(self.kitchen, team), f.serves(system, team)]
        f.serves(team, system)  # mutual service
        f.serves(f.party("Attic"), f.party("Archive"))  # no path to a customer
        Membership.objects.create(person=f.person(), party=team)
        for edge in edges:
            measure = Measure.objects.create(edge=edge, name="served well", low=0, high=10)
            MeasureWeek.objects.bulk_create(
                MeasureWeek(measure=measure, week=weeks_ago(ago), value=7 + ago / 10, n=9)
                for ago in range(4)
            )
        Tally.objects.update_or_create(pk=1, defaults={"measures": edges[0].pk})

    def _more_asks(self) -> None:
        """Raise asks and leave them in many states, with a verdict and thanks among them."""
        maria, nadia, today = self.viewers["server"], self.viewers["leader"], timezone.localdate()
        due = today + timedelta(days=3)
        promise = {"what": "A slate", "who": "the pass", "sign": "nobody asks", "due_on": due}
        asked, promised, judged = (f.raised(maria, self.edge) for _ in range(3))
        f.raised(nadia, self.edge, raised_as=RaisedAs.PERSON)
        for ask in (promised, judged):
            f.moved(nadia, ask, Move.PROMISE, today=today, **promise)
        f.moved(nadia, judged, Move.SAY_DONE, today=today)
        f.moved(maria, judged, Move.JUDGE, today=today, outcome=Outcome.BETTER)
        for reader in ("leader", "executive"):
            f.signed_in(self.viewers[reader]).get(f"/asks/{asked.ref}/")
        self.ask = asked

    def _more_words(self) -> None:
        self.point = f.touchpoint(customers=self.guests, servers=(self.floor,), place="Mill")
        f.touchpoint(customers=self.guests, place="Mill")  # nobody serves here
        for ago in (0, 1, 13):
            heard(self.point, [6.0, 7.0, 9.0], week=weeks_ago(ago), theme=self.theme)
        heard(self.point, [3.0], week=weeks_ago(1), theme=theme(f"theme-{self.point.pk}"))
        heard(None, [4.0], week=weeks_ago(1), theme=self.theme)
        voice.choose_quotes(most=50)
        self.trace = kept(self.point, self.floor, self.kitchen)
        TracedAsk.objects.create(
            trace=self.trace,
            ask_ref=f"ask{self.point.pk}",
            edge_id=self.edge.pk,
            predicted=1.0,
            by_week=weeks_ago(0),
            comparison=self.point.key,
            made_on=weeks_ago(0),
        )

    def _more_waves(self) -> None:
        """Close a wave of each instrument; the pulse has words, and all have one before them."""
        self.waves += 1
        for made in (closed_waves.pulse(), closed_waves.signs(), closed_waves.keys()):
            stored(
                replace(made, wave=f"w{self.waves}-{made.instrument.key}"),
                words=[("Mill", "both", "Say it once.")],
                asked=[self.viewers["server"].pk],
            )

    def _more_improving(self) -> None:
        maria, nadia, today = self.viewers["server"], self.viewers["leader"], timezone.localdate()
        self.rule = rules.write_rule(
            nadia,
            rules.RuleDraft(
                words="Whoever closes counts the cutlery.",
                keeper_id=self.kitchen.pk,
                code=draw_code(),
                why="Forks were missing.",
                for_whom_id=self.floor.pk,
                ends_on=today + timedelta(days=90),
            ),
            today=today,
        )
        named = barriers.BarrierDraft(
            barrier=Barrier.HIERARCHY, words="A stamp.", code=draw_code(), at_id=self.kitchen.pk
        )
        barriers.name_barrier(nadia, named, today=today)
        noticed = cycles.CycleDraft(noticed="Racks wait.", code=draw_code(), ask_ref=self.ask.ref)
        self.cycle = cycles.open_cycle(maria, noticed, today=today)

    def _more_lab(self) -> None:
        leader = self.viewers["leader"]
        self.run = drawn.done(drawn.stored(leader), reps=5, hours=0.5)
        drawn.ordered(self.run.version.floor, leader)
        self.lab = self.run.version.floor

    def _more_plans(self) -> None:
        """Add a plan in action; what one plan holds, `tests/plan/test_plan_budget.py` grows."""
        leader, parties = self.viewers["leader"], {"guests": self.guests, "kitchen": self.kitchen}
        parties["oven"] = f.party("Oven", kind=Kind.SYSTEM)
        self.planned = planned.in_scene(
            str, leader, parties, self.point, today=timezone.localdate()
        )

    def _more_people(self) -> None:
        for _ in range(MORE):
            f.person()  # in no team
            f.member(self.floor, self.kitchen)
            people.invite(
                self.viewers["administrator"],
                party_id=self.floor.pk,
                role=Role.SERVER,
                uses=1,
                days=7,
            )
            Import.objects.create(
                ref=f"ref{Import.objects.count()}",
                subject=Import.Subject.FEEDBACK,
                file_name="words.csv",
                digest="",
                made_by=self.viewers["executive"],
                made_on=timezone.localdate(),
            )

    def pages(self) -> Iterator[tuple[str, Callable[[], Any]]]:
        """Give each page by name and viewer, and what opens it."""
        clients = {role: f.signed_in(person) for role, person in self.viewers.items()}
        clients[""], clients["token"] = Client(), Client(HTTP_AUTHORIZATION=f"Bearer {self.key}")
        keys = {
            "floor": self.floor.key,
            "edge": self.edge.pk,
            "point": self.point.key,
            "code": self.point.code,
            "theme": self.theme.key,
            "ask": self.ask.ref,
            "trace": self.trace.ref,
            "person": self.viewers["server"].username,
            "wave": f"w{self.waves}",
            "open": REF,
            "rule": self.rule.ref,
            "cycle": self.cycle.ref,
            "lab": self.lab.ref,
            "run": self.run.ref,
            "plan": self.planned["plans"],
            "line": self.planned["line"],
        }
        for address, roles in PAGES.items():
            for role in roles:
                path = address.format(**keys)
                yield f"{address} {role}", lambda at=path, by=clients[role]: by.get(at)


def asked(open_once: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as captured:
        response = open_once()
    assert response.status_code == 200
    return len(captured)


@pytest.mark.django_db
def test_pages_ask_at_most_twelve_times_and_no_more_often_when_there_is_more() -> None:
    """The twelve hold for the second opening; the first reads what the process then keeps."""
    scene, openings = Organisation(), []
    for _ in range(2):
        scene.grow()
        pages = dict(scene.pages())
        openings += [{name: asked(page) for name, page in pages.items()} for _ in range(2)]
    first_of_few, few, first_of_many, many = openings
    assert {name: n for name, n in many.items() if n > MOST} == {}
    for small, large in ((first_of_few, first_of_many), (few, many)):
        assert {name: (small[name], n) for name, n in large.items() if n > small[name]} == {}
