"""Queues of a contact centre, where a place is at distance zero."""

from collections.abc import Iterator, Sequence

from upturn.floor.engine.checks.judging import (
    Check,
    Ground,
    answered_within,
    formula,
    gave_up,
    had_to_wait,
    in_system,
    measure,
    of_kind,
    simulated,
    waited,
)
from upturn.floor.engine.checks.oracles import m_g_1_wait, priority_waits, trip_batch_wait
from upturn.floor.engine.erlang import erlang_a, erlang_b, erlang_c, wait_quantile_s
from upturn.floor.engine.policy import OneAtATime, SkillRouting
from upturn.floor.engine.shapes import (
    Durations,
    Floor,
    Kind,
    Law,
    NeedType,
    Node,
    Section,
    Server,
)


def queue(
    *kinds: NeedType, servers: int = 1, skills: Sequence[tuple[str, ...]] = (), work_rate: float = 1
) -> Floor:
    """Give a floor with one queue a kind of need, and agents."""
    each = skills or ((),) * servers
    return Floor(
        nodes=tuple(Node(place, Kind.QUEUE) for kind in kinds for place in kind.at),
        need_types=kinds,
        servers=tuple(
            Server(f"agent {at}", skills=known, work_rate=work_rate)
            for at, known in enumerate(each, 1)
        ),
        table_lock=False,
    )


def calls(
    name: str,
    *,
    rate: float,
    service: Durations,
    patience: Durations | None = None,
    together: int = 1,
) -> NeedType:
    """Give a kind of need with a queue of its own; `rate` in needs a second."""
    return NeedType(
        name, rate * 3600, service, patience=patience, together=together, at=(f"{name} queue",)
    )


def many_servers(ground: Ground) -> Iterator[Check]:
    """1: Erlang C."""
    yield formula("1", "C(8, 7.2)", printed=".701532990146257", found=erlang_c(8, offered=7.2))
    yield formula("1", "B(10, 8)", printed=".1216610642529515", found=erlang_b(10, offered=8))
    yield formula("1", "C(10, 8)", printed=".4091801507964435", found=erlang_c(10, offered=8))
    exact = erlang_a(8, per_hour=7.2 * 3600, aht_s=1)
    yield formula("1", "M/M/8, load .9: mean wait", printed=".876916", found=exact.wait_s)
    floor = queue(calls("call", rate=7.2, service=Durations(1.0)), servers=8)
    found = measure(ground, floor, SkillRouting(), {"wait": waited, "waits": had_to_wait})
    name = "M/M/8, load .9: mean wait, s"
    yield simulated("1", name, expected=exact.wait_s, found=found["wait"])
    name = "M/M/8, load .9: share who wait"
    yield simulated("1", name, expected=exact.delayed, found=found["waits"])


def patient_callers(ground: Ground) -> Iterator[Check]:
    """2: Erlang A with 50 agents, and the same with C."""
    a = erlang_a(50, per_hour=48 * 60, aht_s=60, patience_s=120)
    c = erlang_a(50, per_hour=48 * 60, aht_s=60)
    p90 = wait_quantile_s(50, share=0.9, per_hour=48 * 60, aht_s=60)
    printed = (
        ("Erlang A: abandoned", ".0309122492", a.abandoned),
        ("Erlang A: mean wait, s", "3.70947", a.wait_s),
        ("Erlang A: share who wait", ".4677740686", a.delayed),
        ("Erlang A: served within 20 s", ".9430189548", a.service_level),
        ("Erlang A: mean queue", "2.9675759", a.waiting),
        ("Erlang A: occupancy", ".93032", a.occupancy),
        ("Erlang C: share who wait", ".694455611", c.delayed),
        ("Erlang C: mean wait, s", "20.8337", c.wait_s),
        ("Erlang C: 90 % wait at most, s", "58.139", p90),
        ("Erlang C: mean queue", "16.6669", c.waiting),
    )
    for name, figure, value in printed:
        yield formula("2", name, printed=figure, found=value)
    yield from _simulated_a("2", ground, agents=50, per_hour=2880, aht_s=60, patience_s=120)
    floor = queue(calls("call", rate=0.8, service=Durations(60.0)), servers=50)
    found = measure(ground, floor, SkillRouting(), {"wait": waited}, needs=120_000)
    yield simulated("2", "Erlang C: mean wait, s", expected=c.wait_s, found=found["wait"])


def small_centre(ground: Ground) -> Iterator[Check]:
    """2b: ten agents, three patiences."""
    printed = {
        60.0: (".157527", "9.4516", ".423418", ".718010"),
        120.0: (".137464", "16.4957", ".496853", ".639941"),
        300.0: (".109438", "32.8314", ".599433", ".516810"),
    }
    for patience_s, figures in printed.items():
        found = erlang_a(10, per_hour=200, aht_s=180, patience_s=patience_s)
        values = (found.abandoned, found.wait_s, found.delayed, found.service_level)
        names = ("abandoned", "mean wait, s", "share who wait", "served within 20 s")
        for name, figure, value in zip(names, figures, values, strict=True):
            yield formula("2b", f"patience {patience_s:g} s: {name}", printed=figure, found=value)
        yield from _simulated_a(
            "2b", ground, agents=10, per_hour=200, aht_s=180, patience_s=patience_s
        )


def _simulated_a(
    number: str, ground: Ground, *, agents: int, per_hour: float, aht_s: float, patience_s: float
) -> Iterator[Check]:
    exact = erlang_a(agents, per_hour=per_hour, aht_s=aht_s, patience_s=patience_s)
    kind = calls(
        "call", rate=per_hour / 3600, service=Durations(aht_s), patience=Durations(patience_s)
    )
    found = measure(
        ground,
        queue(kind, servers=agents),
        SkillRouting(),
        {
            "abandoned": gave_up,
            "mean wait, s": waited,
            "served within 20 s": answered_within(20.0),
        },
        needs=40_000,
    )
    expected = (exact.abandoned, exact.wait_s, exact.service_level)
    for (name, estimate), value in zip(found.items(), expected, strict=True):
        label = f"{agents} agents, patience {patience_s:g} s: {name}"
        yield simulated(number, label, expected=value, found=estimate)


def batches(ground: Ground) -> Iterator[Check]:
    """8: one trip serves up to K."""
    for most, rate, printed in ((4, 2.0, "1.26843"), (4, 3.2, "3.18062"), (1, 0.8, "4.0")):
        name = f"up to {most} a trip, {rate:g} a second: mean wait, s"
        exact = trip_batch_wait(rate, trip_s=1.0, capacity=most)
        yield formula("8", name, printed=printed, found=exact)
        floor = queue(calls("cup", rate=rate, service=Durations(1.0), together=most))
        found = measure(ground, floor, SkillRouting(), {"wait": waited})
        yield simulated("8", name, expected=exact, found=found["wait"])
    found = measure(ground, _pot(rate=3.2, holds=4), OneAtATime(), {"wait": waited})
    exact = trip_batch_wait(3.2, trip_s=1.0, capacity=4)
    name = "a pot for 4, filled on each trip: mean wait, s"
    yield simulated("8", name, expected=exact, found=found["wait"])


def _pot(*, rate: float, holds: int) -> Floor:
    """Give a table beside its station, where what is carried limits a trip."""
    kind = NeedType("coffee", rate * 3600, Durations(1.0), item="pot", together=holds + 3)
    return Floor(
        nodes=(Node("table", Kind.TABLE, section="all"), Node("station", Kind.STATION)),
        need_types=(kind,),
        servers=(Server("server", "all", hands={"pot": holds}),),
        sections=(Section("all", "server"),),
    )


def unlike_services(ground: Ground) -> Iterator[Check]:
    """10: pooling unlike services hurts."""
    kinds = (
        calls("short", rate=0.8, service=Durations(1.0)),
        calls("long", rate=0.08, service=Durations(10.0)),
    )
    waits = [m_g_1_wait(0.8, mean_s=1, moment=2), m_g_1_wait(0.08, mean_s=10, moment=200)]
    apart = (10 * waits[0] + waits[1]) / 11
    pooled = m_g_1_wait(0.88, mean_s=0.8 / 0.88, moment=4.4 / 0.88)
    yield formula("10", "apart: mean wait, s", printed="7.272727", found=apart)
    yield formula("10", "one queue, double speed: mean wait, s", printed="11.0", found=pooled)
    floor = queue(*kinds, skills=(("short",), ("long",)))
    found = measure(ground, floor, SkillRouting(), {"wait": waited}, needs=120_000)
    yield simulated("10", "apart: mean wait, s", expected=apart, found=found["wait"])
    floor = queue(*kinds, work_rate=2)
    policy = SkillRouting(by_preference=False)
    found = measure(ground, floor, policy, {"wait": waited}, needs=120_000)
    name = "one queue, double speed: mean wait, s"
    yield simulated("10", name, expected=pooled, found=found["wait"])


def priorities(ground: Ground) -> Iterator[Check]:
    """11: the urgent first."""
    waits = priority_waits((0.2, 0.6), means_s=(1.0, 1.0), moments=(2.0, 2.0))
    kinds = (
        calls("urgent", rate=0.2, service=Durations(1.0)),
        calls("other", rate=0.6, service=Durations(1.0)),
    )
    floor = queue(*kinds, skills=(("urgent", "other"),))
    readings = {kind.name: of_kind(at, in_system) for at, kind in enumerate(kinds)}
    found = measure(ground, floor, SkillRouting(), readings)
    for kind, wait, printed in zip(kinds, waits, ("2.0", "6.0"), strict=True):
        name = f"two priorities, {kind.name}: time in system, s"
        yield formula("11", name, printed=printed, found=wait + 1)
        yield simulated("11", name, expected=wait + 1, found=found[kind.name])


def lost_calls(ground: Ground) -> Iterator[Check]:
    """12: nobody waits, and the law of durations does not matter."""
    exact = erlang_b(10, offered=8)
    yield formula("12", "M/G/10/10: lost", printed=".121661", found=exact)
    for service in (Durations(1.0, Law.LOGNORMAL, 1.5), Durations(1.0, Law.CONSTANT)):
        kind = calls("call", rate=8.0, service=service, patience=Durations(0.0, Law.CONSTANT))
        found = measure(ground, queue(kind, servers=10), SkillRouting(), {"lost": gave_up})
        name = f"M/G/10/10, {service.law}: lost"
        yield simulated("12", name, expected=exact, found=found["lost"])
