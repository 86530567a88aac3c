"""A database of the size for which pages are promised to stay fast.

`python benchmarks/scale.py FOLDER` builds it with 1,000,000 comments, 2,000 parties, 10,000 edges
and 20,000 commitments, or leaves it if it is there and still right for this week and these tables.
Everything is drawn; nothing in it is about anybody.
"""

import hashlib
import importlib
import json
import os
import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import chain
from pathlib import Path
from time import perf_counter

import django
import numpy as np
from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from scale_asks import store_asks
from scale_rows import (
    AT_A_PLACE,
    EVERYWHERE,
    FRONT,
    PEOPLE,
    PLACES,
    POINTS_AT_A_PLACE,
    SEED,
    SENTENCES,
    VIEWERS,
    draw_keys,
    insert,
    monday,
    party_id,
    store,
    viewer_places,
    zipf,
)

from upturn.stats.draws import generator

COMMENTS, EVENTS = 1_000_000, 20_000
WEEKS, MEASURED_WEEKS, THEMES = 104, 26, 14
TOKEN = "upturn-scale"  # noqa: S105 - opens nothing but this drawn database
MAIN = Path(__file__).parents[1] / "src" / "upturn"
WEEK = timedelta(days=7)
FALLEN_WEEKS, FALLEN = 12, (1, 1 + 7 * POINTS_AT_A_PLACE)  # touchpoints that get worse at the end


def open_in(folder: Path) -> str:
    """Let the house use this folder, build the database if it must be, and say what was done."""
    os.environ["UPTURN_DATA"] = str(folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upturn.house.settings")
    django.setup()
    marker = folder / "scale.json"
    wanted = {"week": str(monday()), "made_by": _version()}
    database = folder / "upturn.sqlite3"
    if marker.exists() and json.loads(marker.read_text(encoding="ascii")) == wanted:
        return f"{database}: there already"
    if database.exists() and not marker.exists():
        sys.exit(f"{database} was not built by this script. Name another folder.")
    marker.write_text("{}", encoding="ascii")
    for tail in ("", "-wal", "-shm"):
        Path(f"{database}{tail}").unlink(missing_ok=True)
    start = perf_counter()
    _build()
    marker.write_text(json.dumps(wanted), encoding="ascii")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size = database.stat().st_size / 1e6
    return (
        f"{database}: built in {perf_counter() - start:.0f} s, {size:.0f} MB, peak memory "
        f"{peak:.0f} MB"
    )


def _version() -> str:
    """Change with this script and with the tables."""
    files = sorted(Path(__file__).parent.glob("scale*.py"))
    files += sorted(MAIN.glob("*/migrations/*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def _build() -> None:
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF")
        cursor.execute("PRAGMA cache_size=-200000")
        cursor.execute("PRAGMA foreign_keys=OFF")
    steps = (_store_graph, _store_people, _store_words, _add_up, _store_measures, store_asks)
    for step in (*steps, _store_record, _store_traces):
        with transaction.atomic():
            step()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _kind(number: int) -> str:
    kinds = {0: "customers", FRONT + 1: "leader"}
    return kinds.get(number, "system" if number % 9 == 8 else "team")


def _parties() -> Iterator[dict[str, object]]:
    for place, number in np.ndindex(PLACES, AT_A_PLACE):
        name = "Guests" if number == 0 else f"Team {number}"
        yield {
            "id": party_id(place, number),
            "key": f"place-{place}-party-{number}",
            "name": name,
            "kind": _kind(number),
            "place": f"House {place}",
        }
    for number in range(EVERYWHERE):
        kind = "partner" if number < 10 else "system" if number < 30 else "team"
        name = f"{kind.capitalize()} {number} of all houses"
        party = party_id(PLACES, number)
        yield {"id": party, "key": f"central-{number}", "name": name, "kind": kind, "place": ""}


def _edges() -> list[tuple[int, int]]:
    """Draw who serves whom: five of those above in a place, sixteen teams for central parties."""
    draw = generator(SEED, "edges")
    found: dict[tuple[int, int], None] = {}
    for place, number in np.ndindex(PLACES, AT_A_PLACE):
        above = range(max(0, number - 16), number)
        chosen = draw.choice(above, min(len(above), 5), replace=False) if number else ()
        targets = {*map(int, chosen), *([0] if 0 < number <= FRONT else [])}
        found |= {(party_id(place, number), party_id(place, target)): None for target in targets}
        if number > FRONT and draw.random() < 0.05:
            found[party_id(place, number - 1), party_id(place, number)] = None
    for number in range(EVERYWHERE - 4):
        for place in draw.choice(PLACES, 16, replace=False):
            target = party_id(int(place), int(draw.integers(1, AT_A_PLACE)))
            found[party_id(PLACES, number), target] = None
    return list(found)


def _store_graph() -> None:
    store("graph.Party", _parties())
    columns = "server_id, served_id, what, direct"
    rows = ((one, other, f"what {one % 97} is for", one % 3 > 0) for one, other in _edges())
    insert("graph_serves", columns, rows)
    store(
        "graph.Touchpoint",
        (
            {
                "id": 1 + place * POINTS_AT_A_PLACE + number,
                "key": f"place-{place}-moment-{number}",
                "name": f"Moment {number} of the day",
                "moment": ("arriving", "staying", "leaving")[number // 5],
                "place": f"House {place}",
                "position": number,
                "customers_id": party_id(place, 0),
                "code": f"scale{place}x{number}",
            }
            for place, number in np.ndindex(PLACES, POINTS_AT_A_PLACE)
        ),
    )
    rows = (
        (
            1 + place * POINTS_AT_A_PLACE + number,
            party_id(place, 1 + (number + step) % FRONT),
            step < 2,
        )
        for place, number, step in np.ndindex(PLACES, POINTS_AT_A_PLACE - 1, 3)
    )
    insert("graph_touchpointserver", "touchpoint_id, party_id, direct", rows)
    store("graph.GraphVersion", [{"number": 1}])


def _store_people() -> None:
    draw = generator(SEED, "people")
    roles = draw.choice(
        ["server", "leader", "executive", "facilitator", "guest"],
        PEOPLE,
        p=[0.85, 0.1, 0.004, 0.006, 0.04],
    )
    store("people.Organisation", [{"name": "The organisation of the benchmark"}])
    somebody = ((f"person{number}", f"Person {number}", role) for number, role in enumerate(roles))
    viewers = ((role, f"The {role}", role) for role in VIEWERS)
    columns = ("username", "display_name", "role")
    people = (dict(zip(columns, row, strict=True)) for row in chain(viewers, somebody))
    store("people.Person", ({**row, "id": n, "password": "!"} for n, row in enumerate(people, 1)))
    placed = [(at, *one) for at, role in enumerate(VIEWERS, 1) for one in viewer_places()[role]]
    homes = draw.integers(1, PLACES * AT_A_PLACE + EVERYWHERE, size=(PEOPLE, 2))
    second = draw.random(PEOPLE) < 0.2
    for number, (first, other) in enumerate(homes.tolist()):
        parties = {first, other} if second[number] else {first}
        person = number + 1 + len(VIEWERS)
        placed += [(person, party, roles[number] == "leader") for party in sorted(parties)]
    customers = {party_id(place, 0) for place in range(PLACES)}
    rows = (row for row in placed if row[1] not in customers)
    insert("people_membership", "person_id, party_id, leads", rows)
    key = hashlib.sha256(TOKEN.encode()).hexdigest()
    scopes = "feedback:read graph:read asks:read"
    token = {"name": "benchmark", "key_hash": key, "scopes": scopes, "made_by_id": 2}
    store("people.Token", [token | {"made_on": monday()}])


def _store_words() -> None:
    """Draw comments week by week, the oldest first, as they would have come in."""
    themes = range(1, THEMES + 1)
    store("voice.Theme", ({"id": n, "key": f"theme-{n}", "name": f"Theme {n}"} for n in themes))
    draw = generator(SEED, "words")
    first, each = monday() - WEEK * WEEKS, COMMENTS // WEEKS
    for number in range(WEEKS):
        count = COMMENTS - each * (WEEKS - 1) if number == WEEKS - 1 else each
        _store_week(draw, first + WEEK * (number + 1), start=each * number + 1, count=count)


def _store_week(draw: np.random.Generator, week: date, *, start: int, count: int) -> None:
    points, themes = zipf(draw, PLACES * POINTS_AT_A_PLACE, count), zipf(draw, THEMES, count)
    drawn = draw.normal(6.8, 2.2, count)
    if week > monday() - WEEK * FALLEN_WEEKS:
        drawn -= 1.5 * np.isin([point or 0 for point in points], FALLEN)
    scores = np.clip(drawn.round(), 0, 10)
    scored = draw.random(count) < 0.85
    prints, picks = draw.bytes(16 * count), draw.integers(0, 1_000, size=(count, 3)).tolist()
    hours = draw.integers(0, 24 * 5, count).tolist()
    words, readings = [], []
    for at, score in enumerate(scores.tolist()):
        given = score if scored[at] else None
        when = datetime(week.year, week.month, week.day) + timedelta(hours=hours[at])  # noqa: DTZ001
        shown = "" if given is None else f"{score:g}"
        text = " ".join(SENTENCES[pick % 10].format(n=pick) for pick in picks[at])
        code, made = prints[16 * at : 16 * at + 16], (start + at, points[at])
        when_and_how = (f"{when}", f"{week}", "web", "en")
        words.append((*made, "", text, given, shown, "0-10", *when_and_how, code, False))
        mood = (score >= 7) - (score <= 5)
        readings.append((*made, 0.9, themes[at], 0.8, mood, f"{week}"))
    columns = "id, touchpoint_id, place, text, score, score_raw, scale, at, week, channel, language"
    insert("voice_feedback", f"{columns}, fingerprint, unread", words)
    columns = "touchpoint_id, touchpoint_confidence, theme_id, theme_confidence, polarity, week"
    insert("voice_reading", f"feedback_id, {columns}", readings)


def _add_up() -> None:
    """Make the weekly sums by the statements of the reading job, and take the newest as quotes."""
    statements = importlib.import_module("upturn.voice.queries.statements")
    newest = """
    INSERT INTO voice_quote (touchpoint_id, theme_id, feedback_id, position, marks)
    SELECT touchpoint_id, theme_id, feedback_id, place - 1, '[[3, 9]]' FROM (
        SELECT touchpoint_id, theme_id, feedback_id, ROW_NUMBER() OVER (
            PARTITION BY touchpoint_id, theme_id ORDER BY week DESC, feedback_id DESC
        ) AS place FROM voice_reading)
    WHERE place <= 3
    """
    with connection.cursor() as cursor:
        cursor.execute(statements.SUM_THEME_WEEK.format(cell="1 = 1"))
        cursor.execute("UPDATE voice_themeweek SET quoted = TRUE")
        cursor.execute(statements.SUM_TOUCHPOINT_WEEK.format(cell="1 = 1"))
        cursor.execute(newest)
    store("voice.Tally", [{"measures": 1, "words": 1}])


def _store_measures() -> None:
    """Measure how well every edge is served, and one thing of every party."""
    draw = generator(SEED, "measures")
    edges = apps.get_model("graph.Serves").objects.values_list("pk", flat=True)
    parties = apps.get_model("graph.Party").objects.values_list("pk", flat=True)
    of_edges = ({"edge_id": edge, "name": "served well", "low": 1, "high": 5} for edge in edges)
    of_parties = ({"party_id": party, "name": "minutes waited"} for party in parties)
    store("voice.Measure", chain(of_edges, of_parties))
    weeks = [f"{monday() - WEEK * back}" for back in range(MEASURED_WEEKS, 0, -1)]
    measures = apps.get_model("voice.Measure").objects.values_list("pk", flat=True)
    worse = _worse_measures()
    for measure in measures:
        drawn = draw.normal(3.6, 0.5, MEASURED_WEEKS)
        drawn[-FALLEN_WEEKS:] += 1.5 * (measure in worse)
        values = np.clip(drawn, 1, 5).round(2).tolist()
        answers = draw.integers(2, 30, MEASURED_WEEKS).tolist()
        rows = zip([measure] * MEASURED_WEEKS, weeks, values, answers, strict=True)
        insert("voice_measureweek", "measure_id, week, value, n", rows)


def _worse_measures() -> set[int]:
    """Minutes waited for who serves first at a fallen touchpoint, and for one who serves them."""
    serving = apps.get_model("graph.TouchpointServer").objects.filter(touchpoint__in=FALLEN)
    edges = apps.get_model("graph.Serves").objects
    parties = set()
    for server in serving.order_by("pk").values_list("party", flat=True)[::3]:
        below = edges.filter(served=server).order_by("pk").values_list("server", flat=True)
        parties |= {server, *below[:1]}
    measures = apps.get_model("voice.Measure").objects.filter(party__in=parties)
    return set(measures.values_list("pk", flat=True))


def _store_traces() -> None:
    """Screen the last whole week as the worker does."""
    jobs = importlib.import_module("upturn.trace.jobs")
    jobs.work(importlib.import_module("django.utils.timezone").localdate())


def _store_record() -> None:
    """Note who read what in the last weeks, and what was told to open pages."""
    draw = generator(SEED, "record")
    today = importlib.import_module("django.utils.timezone").localdate()
    read: set[tuple[object, ...]] = set()
    for person, points in enumerate(draw.integers(0, 600, size=(PEOPLE, 10)).tolist(), 1):
        for at, point in enumerate(points):
            place, moment = divmod(point, POINTS_AT_A_PLACE)
            day = today - timedelta(days=(person + 3 * at) % 40)
            read.add((person, "touchpoint", f"place-{place}-moment-{moment}", f"{day}"))
    refs = apps.get_model("commitments.Ask").objects.order_by("ref").values_list("ref", flat=True)
    for number, ref in enumerate(refs):
        for reader in draw.integers(1, PEOPLE, 4).tolist():
            read.add((reader, "ask", ref, f"{today - timedelta(days=number % 90)}"))
    lines = sorted(read, key=str)
    rows = ((key, *line) for key, line in zip(draw_keys(draw, len(lines)), lines, strict=True))
    insert("record_readinglog", "id, reader_id, kind, ref, day", rows)
    rows = ((f"party:{n % 2_000}", "words", f"{n}", f"{today}") for n in range(EVENTS))
    insert("record_outboxevent", "topic, kind, ref, day", rows)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Say where: python benchmarks/scale.py FOLDER")
    target = Path(sys.argv[1]).absolute()
    target.mkdir(parents=True, exist_ok=True)
    sys.stdout.write(f"{open_in(target)}\n")
