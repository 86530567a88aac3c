"""What a run found, as its page shows it; everything is read from what the engine wrote down."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from django.core.cache import cache

from upturn.floor.engine.described.toml_floor import floor_from_toml
from upturn.floor.engine.lab.film import Film, events, film, film_json, hour_of
from upturn.floor.engine.lab.trial import Trial, expected_needs, policy_of, with_sliders
from upturn.floor.engine.shapes import Floor
from upturn.floor.models import LabRun

COLUMNS = ("policy", "measure", "of", "name", "value", "low", "high", "n")
FILMED_MOST = 10_000
"""Needs of the hours up to the end of a film; the slow engine draws it while somebody waits."""
KEPT_S = 3600
MINUTES_S = 120.0
"""Waits from here on are shown in minutes."""
ON_THE_PAGE = (
    "wait_mean_s",
    "wait_p50_s",
    "wait_p90_s",
    "wait_p95_s",
    "in_time_share",
    "gave_up_share",
    "open_share",
    "before_asked_share",
    "notice_mean_s",
    "helped_share",
    "waiting_at_once",
    "walk_m_per_need",
    "walk_m_per_hour",
    "needs_per_trip",
    "idle_share",
    "credit_gini",
    "work_gini",
)
OF_A_KIND = ("wait_mean_s", "wait_p95_s", "in_time_share")
OF_A_SECTION = ("received_per_hour", "given_per_hour", "credit_per_hour")
Found = Mapping[str, Any]


class Line(NamedTuple):
    """A row of a table: what it is of, and a figure or None for each policy.

    `minutes` says that the times of this page are shown in minutes.
    """

    of: str
    measure: str
    minutes: bool
    figures: tuple[Found | None, ...]


class Pair(NamedTuple):
    """Two policies, the one with the shorter long waits first, by each measure."""

    first: str
    second: str
    verdicts: tuple[Found, ...]


class Told(NamedTuple):
    """The result page: sentences as codes, pictures and tables as figures.

    `best` has the shortest long waits of those where the owner alone does what only owners do;
    `frees` says that the run also tried it otherwise.
    """

    codes: tuple[str, ...]
    best: str
    best_wait: Found | None
    frees: bool
    says: tuple[Found, ...]
    more: tuple[Found, ...]
    pairs: tuple[Pair, ...]
    does_not: tuple[Found, ...]
    lines: tuple[Line, ...]
    kinds: tuple[tuple[Line, ...], ...]
    sections: tuple[tuple[Line, ...], ...]
    seats: tuple[Line, ...]
    pooling: Found | None
    ends: Found


def told(run: LabRun) -> Told:
    """Give what the page of a run that is done shows."""
    found = _found(run)
    policies: list[Found] = found["policies"]
    codes = tuple(each["code"] for each in policies)
    given = [*found["follows"], *found["does_not_follow"]]
    frees = [each["numbers"]["policy"] for each in given if each["code"] == "pooled_anybody"]
    keep = _shortest_first(policies, but=frees)
    says = tuple(_says(found, keep, frees))
    alone = _alone(run)
    tables = _Tables(policies)
    return Told(
        codes=codes,
        best=codes[keep[0]] if keep else "",
        best_wait=policies[keep[0]]["figures"]["wait_p95_s|all|"] if keep else None,
        frees=bool(frees),
        says=tuple(_with_needs(each, alone) for each in says),
        more=tuple(_with_needs(each, alone) for each in _more(found, says)),
        pairs=tuple(_pairs(found, codes)),
        does_not=tuple(each for each in found["does_not_follow"] if each not in says),
        lines=tables.of([(m, m, f"{m}|all|") for m in ON_THE_PAGE]),
        kinds=tuple(tables.of_kinds(measure) for measure in OF_A_KIND),
        sections=tuple(tables.of_sections()),
        seats=tuple(tables.of_seats()),
        pooling=found["pooling"],
        ends=found["ends"],
    )


def _found(run: LabRun) -> dict[str, Any]:
    return run.found or {}  # constraint: a run that is done has found something


def _shortest_first(policies: Sequence[Found], *, but: Sequence[int]) -> list[int]:
    """Policies by their long waits, without those that meet nothing."""
    long = [each["figures"].get("wait_p95_s|all|") for each in policies]
    those = [at for at, figure in enumerate(long) if figure and at not in but]
    return sorted(those, key=lambda at: float(long[at]["value"]))


def _alone(run: LabRun) -> str:
    """What the owner of a table alone does on this floor."""
    kinds = floor_from_toml(run.version.toml).need_types
    return ", ".join(kind.name for kind in kinds if kind.owner_only)


def _with_needs(finding: Found, alone: str) -> Found:
    return {"code": finding["code"], "numbers": {**finding["numbers"], "needs": alone}}


def _says(found: Found, keep: Sequence[int], frees: Sequence[int]) -> Iterator[Found]:
    """The few findings that matter: how sure the best is, what it costs, what speaks for others."""
    if not keep:
        return
    best = keep[0]
    if len(keep) > 1:
        for measure, code in (("wait_p95_s", "compared"), ("walk_m_per_need", "steps")):
            yield from _versus(found, {best, keep[1]}, measure, code)
    for each in found["follows"]:
        if each["code"].startswith("own_") and each["numbers"]["policy"] == best:
            yield each
    for other in frees:
        yield from _versus(found, {best, other}, "wait_p95_s", "compared")
    yield from (each for each in found["does_not_follow"] if each["code"] == "pooled_anybody")


def _versus(found: Found, pair: set[int], measure: str, code: str) -> Iterator[Found]:
    for each in found["compared"]:
        if {each["first"], each["second"]} == pair and each["measure"] == measure:
            named = {name: each[name] for name in ("first", "second", "verdict")}
            yield {"code": code, "numbers": {**named, **(each["ratio"] or {})}}


def _more(found: Found, says: Sequence[Found]) -> Iterator[Found]:
    """Findings that stand neither in the paragraph nor in the table of pairs."""
    for each in found["follows"]:
        if each["code"] not in {"shortest", "compared", "steps"} and each not in says:
            yield each


def _pairs(found: Found, codes: Sequence[str]) -> Iterator[Pair]:
    pairs: dict[tuple[int, int], list[Found]] = {}
    for each in found["compared"]:
        pairs.setdefault((each["first"], each["second"]), []).append(each)
    for (first, second), verdicts in pairs.items():
        yield Pair(codes[first], codes[second], tuple(verdicts))


class _Tables:
    """Tables of a run, a column for each policy."""

    def __init__(self, policies: list[Found]) -> None:
        self.policies = policies
        waits = (each["figures"].get("wait_p95_s|all|") for each in policies)
        self.minutes = any(wait and wait["value"] >= MINUTES_S for wait in waits)

    def of(self, wanted: Sequence[tuple[str, str, str]]) -> tuple[Line, ...]:
        """Rows that some policy has a figure for; wanted as (what it is of, measure, key)."""
        rows = [
            Line(of, measure, self.minutes, tuple(p["figures"].get(key) for p in self.policies))
            for of, measure, key in wanted
        ]
        return tuple(row for row in rows if any(row.figures))

    def of_kinds(self, measure: str) -> tuple[Line, ...]:
        """One measure, need by need."""
        keys = [key.split("|", 2) for key in self.policies[0]["figures"]]
        kinds = [name for of, scope, name in keys if (of, scope) == ("wait_mean_s", "kind")]
        return self.of([(kind, measure, f"{measure}|kind|{kind}") for kind in kinds])

    def of_sections(self) -> Iterator[tuple[Line, ...]]:
        """Tables of each section: their long waits, and help received and given."""
        names = [row["section"] for row in self.policies[0]["sections"]]
        measure = "wait_p95_s"
        yield self.of([(name, measure, f"{measure}|section|{name}") for name in names])
        for part in OF_A_SECTION:
            yield tuple(self._row(name, part, "sections", at) for at, name in enumerate(names))

    def of_seats(self) -> Iterator[Line]:
        """How long each seat walks or serves."""
        for at, row in enumerate(self.policies[0]["seats"]):
            yield self._row(row["seat"], "at_work_share", "seats", at)

    def _row(self, of: str, measure: str, table: str, at: int) -> Line:
        figures = tuple(each[table][at][measure] for each in self.policies)
        return Line(of, measure, self.minutes, figures)


def cells(run: LabRun) -> Iterator[tuple[Any, ...]]:
    """Every figure of a run as a row of a file."""
    for each in _found(run)["policies"]:
        for key, figure in each["figures"].items():
            if figure:
                numbers = (figure[name] for name in ("value", "low", "high", "n"))
                yield (each["code"], *key.split("|", 2), *numbers)


def whole(run: LabRun) -> dict[str, Any]:
    """Give a run with its floor and settings, from which it can be made again."""
    return {
        "floor": run.version.toml,
        "version": run.version.number,
        "settings": {
            "policies": run.policies.split(),
            "busy_share": run.busy_share,
            "loafing_share": run.loafing_share,
            "detour_s": run.detour_s,
            "hours": run.hours,
            "reps": run.reps,
            "seed": run.seed,
        },
        "found": run.found,
    }


def trial_of(run: LabRun) -> Trial:
    """Give what was ordered with a run, for the engine."""
    return Trial(
        floor=floor_from_toml(run.version.toml),
        policies=tuple(run.policies.split()),
        busy_share=run.busy_share,
        loafing_share=run.loafing_share,
        detour_s=run.detour_s,
        hours=run.hours,
        reps=run.reps,
        seed=run.seed,
    )


class Filmed(NamedTuple):
    """An hour of a run under one policy: for the player, and as a table from its beginning."""

    floor: Floor
    data: dict[str, object]
    events: tuple[Any, ...]


def film_of(run: LabRun, code: str) -> Filmed:
    """Film an hour of the first shift of a run, the second hour where there is one.

    It is kept for a while, for drawing it takes a second.
    """
    key = f"film {run.ref} {code}".replace(" ", "-")
    kept: Filmed | None = cache.get(key)
    if kept is None:
        trial = trial_of(run)
        kept = _filmed(trial, _film(trial, code))
        cache.set(key, kept, KEPT_S)
    return kept


def may_film(run: LabRun) -> bool:
    """Whether so little happens that it can be drawn, and watched."""
    trial = trial_of(run)
    hours = min(trial.hours, 2.0)
    return expected_needs(replace(trial, reps=1, hours=hours)) <= FILMED_MOST


def _film(trial: Trial, code: str) -> Film:
    from_s, seconds = hour_of(trial.hours)
    return film(
        with_sliders(trial),
        policy_of(code, detour_s=trial.detour_s),
        seed=trial.seed,
        from_s=from_s,
        seconds=seconds,
    )


def _filmed(trial: Trial, made: Film) -> Filmed:
    from_s = made.begins_s
    told = tuple(each._replace(at_s=each.at_s - from_s) for each in events(made))
    return Filmed(trial.floor, film_json(made), told)
