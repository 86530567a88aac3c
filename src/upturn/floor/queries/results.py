"""What a run found, as its page shows it; everything is read from what the engine wrote down."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django.core.cache import cache

from upturn.floor.engine.film import Film, events, film, film_json
from upturn.floor.engine.shapes import Floor
from upturn.floor.engine.toml_floor import floor_from_toml
from upturn.floor.engine.trial import Trial, policy_of, with_sliders
from upturn.floor.models import LabRun

COLUMNS = ("policy", "measure", "of", "name", "value", "low", "high", "n")
FILM_S = 3600.0
KEPT_S = 3600
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
Found = Mapping[str, Any]


class Line(NamedTuple):
    """A row of a table: what it is of, and a figure or None for each policy."""

    of: str
    figures: tuple[Found | None, ...]


class Told(NamedTuple):
    """The result page: sentences as codes, pictures and tables as figures."""

    codes: tuple[str, ...]
    follows: tuple[Found, ...]
    does_not: tuple[Found, ...]
    waits: tuple[Found, ...]
    lines: tuple[Line, ...]
    kinds: tuple[tuple[str, tuple[Line, ...]], ...]
    changes: tuple[tuple[str, tuple[tuple[str, Found], ...]], ...]
    sections: tuple[tuple[str, tuple[Line, ...]], ...]
    seats: tuple[Line, ...]
    pooling: Found | None
    ends: Found


def told(run: LabRun) -> Told:
    """Give what the page of a run that is done shows."""
    found = _found(run)
    policies: list[Found] = found["policies"]
    first = policies[0]
    kinds = [key.split("|")[2] for key in first["figures"] if key.startswith("wait_mean_s|kind|")]
    return Told(
        codes=tuple(each["code"] for each in policies),
        follows=tuple(found["follows"]),
        does_not=tuple(found["does_not_follow"]),
        waits=tuple(
            {
                "code": each["code"],
                "mean": each["figures"].get("wait_mean_s|all|"),
                "p95": each["figures"].get("wait_p95_s|all|"),
            }
            for each in policies
        ),
        lines=tuple(_lines(policies, [(m, f"{m}|all|") for m in ON_THE_PAGE])),
        kinds=tuple(
            (m, tuple(_lines(policies, [(kind, f"{m}|kind|{kind}") for kind in kinds])))
            for m in OF_A_KIND
        ),
        changes=tuple(
            (
                each["of"],
                tuple(
                    (key.split("|")[0], figure)
                    for key, figure in each["figures"].items()
                    if key.endswith("|all|") and figure
                ),
            )
            for each in found["changes"]
        ),
        sections=tuple(_sections(policies)),
        seats=tuple(_seats(policies)),
        pooling=found["pooling"],
        ends=found["ends"],
    )


def _found(run: LabRun) -> dict[str, Any]:
    return run.found or {}  # constraint: a run that is done has found something


def _lines(policies: list[Found], wanted: list[tuple[str, str]]) -> Iterator[Line]:
    for name, key in wanted:
        figures = tuple(each["figures"].get(key) for each in policies)
        if any(figures):
            yield Line(name, figures)


def _sections(policies: list[Found]) -> Iterator[tuple[str, tuple[Line, ...]]]:
    """Tables of each section: their long waits, and help received and given."""
    names = [row["section"] for row in policies[0]["sections"]]
    keys = [(name, f"wait_p95_s|section|{name}") for name in names]
    yield "wait_p95_s", tuple(_lines(policies, keys))
    for part in ("received_per_hour", "given_per_hour", "credit_per_hour"):
        yield (
            part,
            tuple(
                Line(name, tuple(each["sections"][at][part] for each in policies))
                for at, name in enumerate(names)
            ),
        )


def _seats(policies: list[Found]) -> Iterator[Line]:
    for at, row in enumerate(policies[0]["seats"]):
        yield Line(row["seat"], tuple(each["seats"][at]["at_work_share"] for each in policies))


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
    """An hour of a run under one policy: for the player, and as a table."""

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


def _film(trial: Trial, code: str) -> Film:
    from_s = FILM_S if trial.hours >= 2 else 0.0
    return film(
        with_sliders(trial),
        policy_of(code, detour_s=trial.detour_s),
        seed=trial.seed,
        from_s=from_s,
        seconds=min(FILM_S, trial.hours * 3600 - from_s),
    )


def _filmed(trial: Trial, made: Film) -> Filmed:
    return Filmed(trial.floor, film_json(made), events(made))
