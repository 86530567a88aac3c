"""What must be true of a shift after everything, by a plain model made from the answers alone."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.floor.live.house import OpenShift
from benchmarks.floor.live.phones import Heard, Phone, mark_of

Pair = tuple[str, str]
STORED = {"take", "done", "put_back", "raise", "seated", "left", "undo"}
KEPT_IN_MEMORY = {"decline", "looked", "hold", "at", "quiet"}


@dataclass(slots=True)
class Model:
    """What the answers promise."""

    taps: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    seats: dict[str, str] = field(default_factory=dict)
    missed: dict[str, set[str]] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    unlike: list[str] = field(default_factory=list)

    def did(self, act: str) -> Iterator[Mapping[str, Any]]:
        """Give the accepted taps of one act."""
        return (body for body in self.taps.values() if body["act"] == act)

    def undone(self, key: str, ref: str = "") -> int:
        """Count the accepted undos of a tap, so far as they touched a need, less their undos."""
        undos = [body["key"] for body in self.did("undo") if body["undoes"] == key]
        return sum(1 - self.undone(one, ref) for one in undos if ref not in self.missed[one])

    def needs_of(self, body: Mapping[str, Any]) -> list[str]:
        """Name the needs that an accepted tap changed, save where a raise was counted."""
        if body["act"] == "undo":
            named = self.needs_of(self.taps[body["undoes"]]) if body["undoes"] in self.taps else []
        elif body["act"] == "take":
            named = body["needs"]
        else:
            named = [body["need"]] if body["act"] in {"done", "put_back"} else []
        return [ref for ref in named if ref not in self.missed[body["key"]]]

    def pair_of(self, body: Mapping[str, Any]) -> Pair | None:
        """Name place and kind that an accepted raise, or its undo, counted at."""
        if body["act"] == "undo" and body["undoes"] in self.taps:
            return self.pair_of(self.taps[body["undoes"]])
        return (body["place"], body["kind"]) if body["act"] == "raise" else None


def model_of(heard: Iterable[Heard], queues: Iterable[str] = ()) -> Model:
    """Read the answers; the same tap may have been answered several times, and alike.

    A tap that names a call at a queue is for one of its kind: the answer says which it was.
    """
    model = Model()
    for answer in heard:
        key = str(answer.body["key"])
        if answer.status != 200:
            model.refused.add(key)
            continue
        body, missed = _of_calls(answer, set(queues))
        if model.missed.setdefault(key, missed) != missed:
            model.unlike.append(f"{key} missed {model.missed[key]} and then {missed}")
        if model.taps.setdefault(key, body) != body:
            model.unlike.append(f"{key} was {model.taps[key]} and then {body}")
        model.seats[key] = answer.seat
    return model


def _of_calls(answer: Heard, queues: set[str]) -> tuple[Mapping[str, Any], set[str]]:
    """Name the calls that a tap changed in place of those it spoke of."""
    body = {name: value for name, value in answer.body.items() if name != "age_ms"}
    missed = set(answer.said["missed"])
    refs = [need["ref"] for need in answer.said.get("needs", ()) if need["place"] in queues]
    if not refs or body["act"] not in {"take", "done", "put_back"}:
        return body, missed
    named = {"needs": refs} if body["act"] == "take" else {"need": refs[0]}
    return body | named, set()


@dataclass(slots=True)
class Stored:
    """What the database holds of one shift."""

    needs: dict[str, dict[str, Any]]
    events: list[dict[str, Any]]
    taps: list[str]
    owners: dict[str, str]
    tables: dict[str, str]
    seated: dict[str, float]
    last: int


def stored(ref: str) -> Stored:
    """Read one shift."""
    from upturn.floor.models import Shift  # noqa: PLC0415 - Django is set up by now
    from upturn.floor.queries.board import need_shown  # noqa: PLC0415
    from upturn.record.models import OutboxEvent  # noqa: PLC0415

    shift = Shift.objects.get(ref=ref)
    events = list(OutboxEvent.objects.filter(topic=f"shift:{ref}").order_by("id"))
    needs = {n.ref: need_shown(n) | {"taken_key": n.taken_key} for n in shift.needs.all()}
    return Stored(
        needs=needs,
        events=[{"kind": e.kind, **json.loads(e.data)} for e in events],
        taps=list(shift.taps.values_list("key", flat=True)),
        owners=shift.owners,
        tables=shift.tables,
        seated=dict(shift.seated.values_list("table", "since_s")),
        last=events[-1].id if events else 0,
    )


def judge(shift: OpenShift, phones: Sequence[Phone], before: Stored, after: Stored) -> list[str]:
    """Say everything that is not as it must be."""
    model = model_of(phones[0].heard, shift.queues)
    return [
        *model.unlike,
        *_answered(model, phones, after),
        *_lost_or_doubled(model, after, set(shift.queues)),
        *_states(model, after),
        *_told(model, after),
        *_owners(model, before, after),
        *_shown(shift, phones, after),
    ]


def _answered(model: Model, phones: Sequence[Phone], after: Stored) -> Iterator[str]:
    """Every tap was answered, and is stored once exactly if it was accepted and writes."""
    for phone in phones:
        for key in phone.keys:
            if key not in model.taps and key not in model.refused:
                yield f"the tap {key} of {phone.seat} was never answered"
    kept = Counter(after.taps)
    for key, body in model.taps.items():
        if kept[key] != (body["act"] in STORED and _wrote(model, body)):
            yield f"the accepted tap {body} is stored {kept[key]} times"
    for key in kept.keys() - model.taps.keys():
        if key in model.refused:
            yield f"the refused tap {key} is stored"


def _wrote(model: Model, body: Mapping[str, Any]) -> bool:
    """Whether a tap has a row: an undo of what is in memory alone has none."""
    undoes = model.taps.get(body.get("undoes", ""), body)
    return undoes["act"] not in KEPT_IN_MEMORY


def _lost_or_doubled(model: Model, after: Stored, queues: set[str]) -> Iterator[str]:
    """Raises and counts are equal at every place and kind; each change was one turn."""
    rhythm = {_pair(need) for need in after.needs.values() if need["source"] == "rhythm"}
    counts: Counter[Pair] = Counter()
    turns: Counter[Pair] = Counter()
    waiting: Counter[Pair] = Counter()
    for need in after.needs.values():
        counts[_pair(need)] += need["count"] * (need["state"] != "gone")
        turns[_pair(need)] += need["turn"]
        waiting[_pair(need)] += need["state"] in {"open", "taken"}
    raised: Counter[Pair] = Counter()
    for body in model.did("raise"):
        raised[body["place"], body["kind"]] += 1 - model.undone(body["key"])
    changed = _changes(model, after) + _folds(after)
    for pair in (counts.keys() | raised.keys()) - rhythm:
        if counts[pair] != raised[pair]:
            yield f"{pair}: raised {raised[pair]} times, there {counts[pair]} times"
        if turns[pair] != changed[pair]:
            yield f"{pair}: {changed[pair]} accepted changes, {turns[pair]} turns"
        if waiting[pair] > 1 and pair[0] not in queues:
            yield f"{pair} waits {waiting[pair]} times"


def _changes(model: Model, after: Stored) -> Counter[Pair]:
    changed: Counter[Pair] = Counter()
    for body in model.taps.values():
        if pair := model.pair_of(body):
            changed[pair] += 1
        changed.update(_pair(after.needs[r]) for r in model.needs_of(body) if r in after.needs)
    return changed


def _folds(after: Stored) -> Counter[Pair]:
    """Count undos that met another need of the kind: both became one, which is a turn more."""
    folds: Counter[Pair] = Counter()
    state: dict[str, str] = {}
    for event in after.events:
        if event["kind"] == "need":
            need = event["need"]
            was = state.get(need["ref"], "")
            folds[_pair(need)] += need["state"] == "gone" and was in {"done", "gone"}
            state[need["ref"]] = need["state"]
    return folds


def _states(model: Model, after: Stored) -> Iterator[str]:
    """What was done by an answered tap is done unless undone, and nothing else is."""
    done: Counter[str] = Counter()
    for body in model.did("done"):
        done[body["need"]] += 1 - model.undone(body["key"], body["need"])
    for ref, need in after.needs.items():
        if done[ref] != (need["state"] == "done"):
            yield f"{need} was done {done[ref]} times"
        if need["state"] == "taken" and not _holds(model, need):
            yield f"{need} is taken by no tap that was accepted and stands"
    named = {ref for body in model.taps.values() for ref in model.needs_of(body)}
    for ref in named - after.needs.keys():
        yield f"{ref} was taken, put back or done, and is not there"


def _holds(model: Model, need: Mapping[str, Any]) -> bool:
    key, ref = need["taken_key"], need["ref"]
    if key not in model.taps or ref in model.missed[key]:
        return False
    back = [b["key"] for b in model.did("put_back") if b["need"] == ref and b["undoes"] == key]
    return not model.undone(key, ref) and all(model.undone(one, ref) for one in back)


def _told(model: Model, after: Stored) -> Iterator[str]:
    """Events tell of each turn once and in order, and of each accepted take by its mark."""
    told: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for event in after.events:
        if event["kind"] == "need":
            told[event["need"]["ref"]].append(event["need"])
    for ref, need in after.needs.items():
        turns = [each["turn"] for each in told[ref]]
        if turns != list(range(1, need["turn"] + 1)):
            yield f"{ref}: told of turns {turns}, stands at {need['turn']}"
        if told[ref][-1:] != [{n: v for n, v in need.items() if n != "taken_key"}]:
            yield f"{ref}: last told {told[ref][-1:]}, stands as {need}"
    marks = {(ref, each["mark"]) for ref in told for each in told[ref]}
    for body in model.did("take"):
        untold = [r for r in model.needs_of(body) if (r, mark_of(body["key"])) not in marks]
        if untold:
            yield f"the take of {untold} by {body['key']} was never told"


def _owners(model: Model, before: Stored, after: Stored) -> Iterator[str]:
    """No section changed its owner, and nobody else met what is the owner's alone."""
    if (before.owners, before.tables) != (after.owners, after.tables):
        yield f"owners were {before.owners} and are {after.owners}"
    for key, body in model.taps.items():
        if body["act"] in {"take", "done"}:
            for ref in model.needs_of(body):
                need = after.needs.get(ref, {"kind": ""})
                if need["kind"] == "bill" and _owner(after, need) != model.seats[key]:
                    yield f"{model.seats[key]} did {body['act']} {need}, which is the owner's"


def _owner(after: Stored, need: Mapping[str, Any]) -> str:
    return after.owners[after.tables[need["place"]]]


def _shown(shift: OpenShift, phones: Sequence[Phone], after: Stored) -> Iterator[str]:
    """Every phone shows exactly what is stored."""
    waits = _waiting(after.needs.values())
    for phone in phones:
        if _waiting(phone.needs.values()) != waits:
            yield f"{phone.seat} shows {_waiting(phone.needs.values())}, stored is {waits}"
        if phone.seated != after.seated:
            yield f"{phone.seat} shows guests {phone.seated}, stored is {after.seated}"
        if phone.owners != after.owners:
            yield f"{phone.seat} shows owners {phone.owners} of {shift.ref}"


def _waiting(needs: Iterable[Mapping[str, Any]]) -> dict[str, tuple[Any, ...]]:
    names = ("place", "kind", "state", "asked", "count", "turn", "mark")
    return {
        need["ref"]: tuple(need[name] for name in names)
        for need in needs
        if need["state"] in {"open", "taken"}
    }


def _pair(need: Mapping[str, Any]) -> Pair:
    return need["place"], need["kind"]
