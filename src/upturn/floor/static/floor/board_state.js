// The board as data: what the house told, what this thumb changed since, and the lists that follow.
// templatetags/floor_board.py says the same of a page without script; a test holds the two together.
import { sha256 } from "./sha256.js";

export const seconds = (state, at = performance.timeOrigin + performance.now()) => state.now_s + (state.pace * (at - state.heard)) / 1000;
const MINUTE_S = 60;
const DAY_S = 86_400;
// The time of the house: the phone's own clock may be wrong.
export const clockOf = (state, words, days) => {
  if (state.clock_s === null || state.clock_s === undefined) return "";
  const at = Math.floor(state.clock_s + seconds(state));
  const two = (number) => String(number).padStart(2, "0");
  const minutes = Math.floor((at % DAY_S) / MINUTE_S);
  return words("clock", { day: days[Math.floor(at / DAY_S) % days.length], time: `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}` });
};
const waits = (need) => need.state === "open" || need.state === "taken";
export const queuesOf = (state) => new Set(state.places.filter((place) => place.kind === "queue").map((place) => place.id));
const changed = (need, change) => ({ ...need, ...change, turn: need.turn + 1 });
export const mine = (need, claims) => need.state === "taken" && need.mark !== "" && need.mark === markOf(claims[need.ref]);
const marks = new Map();
const markOf = (key) => {
  if (key && !marks.has(key)) marks.set(key, sha256(key).slice(0, 12));
  return marks.get(key);
};

export const heard = (state) => ({
  ...state,
  heard: performance.timeOrigin + performance.now(),
  needs: new Map(state.needs.map((need) => [need.ref, need])),
});
export const kept = (state) => ({ ...state, needs: [...state.needs.values()] });
export const again = (state) => ({ ...state, needs: new Map(state.needs.map((need) => [need.ref, need])) });

// A state that was under way while the stream told more must not put back what changed since.
export const notOlder = (state, before, event) => {
  for (const [ref, need] of before?.needs ?? []) {
    const other = state.needs.get(ref);
    if (other ? other.turn < need.turn : state.event < event) state.needs.set(ref, need);
  }
  return state;
};

// What the house told. Gives false when the page must ask for everything anew.
export const tell = (state, said) => {
  if (said.kind === "need") {
    const known = state.needs.get(said.need.ref);
    if (!known || known.turn <= said.need.turn) state.needs.set(said.need.ref, said.need);
  } else if (said.kind === "guests") {
    state.places = state.places.map((place) => (place.id === said.table ? { ...place, since_s: said.since_s } : place));
  } else if (said.kind === "round") {
    state.round = said.round;
  } else if (said.kind === "offer") {
    state.offer = said.offer ?? null;
  } else {
    return false;
  }
  return true;
};

// What one tap changes, at once and without the house. Gives how it stood before, for an undo.
export const carryOut = (state, { body, at }, missed = []) => {
  const before = [];
  const then = seconds(state, at); // drawn again, a need is as old as its tap, and keeps its place
  const set = (ref, change) => {
    const need = state.needs.get(ref);
    if (!need || missed.includes(ref)) return;
    before.push(need);
    state.needs.set(ref, changed(need, change));
  };
  const act = {
    take: () => body.needs.forEach((ref) => state.needs.get(ref)?.state === "open" && set(ref, { state: "taken", mark: markOf(body.key) })),
    done: () => set(body.need, { state: "done", mark: "" }),
    put_back: () => set(body.need, { state: "open", mark: "" }),
    raise: () => raise(state, body, before, then),
    seated: () => tell(state, { kind: "guests", table: body.place, since_s: then }),
    left: () => tell(state, { kind: "guests", table: body.place, since_s: null }),
    hold: () => {
      const { [body.item]: _, ...hands } = state.me.hands;
      state.me = { ...state.me, hands: body.left > 0 ? { ...hands, [body.item]: body.left } : hands };
    },
    decline: () => { state.declined = [...(state.declined ?? []), ...body.needs]; },
    quiet: () => { state.offer = null; },
  };
  act[body.act]?.();
  return before;
};

const raise = (state, body, before, then) => {
  const asked = body.asked !== false;
  if (state.needs.has(body.need)) return;
  const isCall = queuesOf(state).has(body.place); // another caller is another need
  const joins = (need) => !isCall || !asked || (!need.asked && need.state === "open");
  const same = [...state.needs.values()].find((need) => waits(need) && need.place === body.place && need.kind === body.kind && joins(need));
  if (same && !asked) return;
  if (same) {
    before.push(same);
    state.needs.set(same.ref, changed(same, { asked: true, asked_s: same.asked_s ?? then, count: same.count + (same.asked ? 1 : 0) }));
  } else {
    const need = { ref: body.need, place: body.place, kind: body.kind, state: "open", source: "colleague", asked, count: 1, words: body.words ?? "", raised_s: then, asked_s: asked ? then : null, turn: 0, mark: "" };
    before.push({ ...need, state: "gone" });
    state.needs.set(need.ref, need);
  }
};

export const restore = (state, before) => before.forEach((need) => state.needs.set(need.ref, { ...need, turn: (state.needs.get(need.ref)?.turn ?? need.turn) + 1 }));

// What is on the screen: what the house told, with the taps it has not answered yet laid over it.
export const overlaid = (base, taps, pasts) => {
  const state = { ...base, needs: new Map(base.needs) };
  for (const tap of taps) {
    if (tap.body.act === "undo") restore(state, pasts.get(tap.body.undoes) ?? []);
    else carryOut(state, tap);
  }
  return state;
};

// The round as it stands now: stops that were met are gone, what was declined is not proposed.
export const roundOf = (state, claims, words) => {
  const { round } = state;
  if (!round) return null;
  const left = (stop) => !stop.need || (waits(state.needs.get(stop.need) ?? { state: "gone" }) && !state.declined?.includes(stop.need));
  const stops = round.stops.filter(left).map((stop) => ({ ...stop, mine: Boolean(stop.need && mine(state.needs.get(stop.need), claims)) }));
  const wanted = stops.filter((stop) => stop.need);
  if (round.stops.length > 0 && wanted.length === 0) return null;
  const whole = stops.length === round.stops.length;
  const places = [...new Set(wanted.map((stop) => stop.place))];
  const title = places.length > 1 ? words("then", { first: places[0], second: places[1] }) : places[0];
  const taken = wanted.length > 0 && wanted.every((stop) => stop.mine);
  return { ...round, stops, taken, ...(whole ? {} : { title, more: "", steps: null }) };
};

// Calls of a kind that wait at a queue share a row; one's own stands by itself.
const callsTogether = (rows, queues) => {
  const together = new Map();
  for (const each of rows) {
    const { need, yours } = each;
    if (!queues.has(need.place) || yours) { together.set(need.ref, each); continue; }
    const key = JSON.stringify([need.place, need.kind]);
    if (!together.has(key)) together.set(key, { ...each, open: 0, served: 0 });
    together.get(key)[need.state === "open" ? "open" : "served"] += need.count;
  }
  return [...together.values()];
};

export const listsOf = (state, claims, words) => {
  const places = new Map(state.places.map((place) => [place.id, place]));
  const kinds = new Map(state.kinds.map((kind) => [kind.name, kind]));
  const owners = new Map(state.sections.map((section) => [section.id, section.owner_name || section.id]));
  const away = new Set(state.seats?.filter((seat) => !seat.held).map((seat) => seat.name));
  const alone = (place) => {
    const section = state.sections.find((each) => each.id === place.section);
    if (!section?.owner || !state.me || section.owner === state.me.seat || away.has(section.owner)) return "";
    return words("alone", { owner: section.owner_name || section.owner });
  };
  const own = new Set(state.me?.sections);
  const near = new Set(state.me?.beside);
  const now = seconds(state);
  const ago = (since) => (now - since >= 60 ? words("minutes", {}, Math.floor((now - since) / 60)) : words("now"));
  const sort = (need) => {
    const since = (need.asked ? need.asked_s : need.raised_s) ?? 0;
    const due = kinds.get(need.kind)?.due_s ?? null;
    const yours = mine(need, claims);
    return { need, since, yours, late: due !== null && now - need.raised_s > due, other: need.state === "taken" && !yours };
  };
  const before = (a, b) => a.other - b.other || b.late - a.late || b.need.asked - a.need.asked || a.since - b.since || (a.need.ref < b.need.ref ? -1 : 1);
  const when = ({ need, since, yours, late, other, open }, isOwn, owner, kind) => {
    if (other) return words(open === undefined ? "another" : "on_it");
    let text = need.kind ? words("unasked") : words("unlooked");
    if (need.asked && open !== undefined) text = words(open > 1 ? "first_came" : "came", { ago: ago(since) });
    else if (need.asked) text = need.count > 1 ? words("times", { ago: ago(since) }, need.count) : words("asked", { ago: ago(since) });
    if (late) text = words("late", { words: text });
    if (yours) return words("taken_by_you", { words: text });
    if (isOwn && own.size && kind.owner_only) return words("yours", { words: text });
    return owner ? words("of", { owner, words: text }) : text;
  };
  const row = (each) => {
    const { need, yours, other, open, served } = each;
    const place = places.get(need.place) ?? { id: need.place, short: need.place, section: "" };
    const kind = kinds.get(need.kind) ?? { label: need.kind, owner_only: false };
    const isOwn = own.size === 0 || own.has(place.section);
    const owner = isOwn ? "" : owners.get(place.section) ?? place.section;
    let what = kind.label;
    if (!need.kind) what = words("look");
    else if (open !== undefined) {
      if (open) what = words("waiting", { what }, open);
      if (served) what = words("served", { what }, served);
    } else if (place.kind !== "queue" && need.source === "rhythm" && !need.asked) what = words("probably", { what });
    let said = when(each, isOwn, owner, kind);
    if (place.short !== need.place && !(isOwn && own.size === 1)) said = words("asked_at", { place: need.place, words: said });
    const looks = isOwn && need.asked && !other ? "now" : !isOwn || other ? "far" : "";
    const list = own.has(place.section) || own.size === 0 ? "mine" : near.has(place.section) ? "beside" : "rest";
    const [key, n] = open === undefined ? [need.ref, 1] : [`${need.kind}, ${need.place}`, open];
    return { key, ref: need.ref, n, place: need.place, short: place.short, what, words: need.words, when: said, looks, yours, list, alone: kind.owner_only ? alone(place) : "" };
  };
  const rows = callsTogether([...state.needs.values()].filter(waits).map(sort).sort(before), queuesOf(state)).map(row);
  return { mine: rows.filter((each) => each.list === "mine"), beside: rows.filter((each) => each.list === "beside"), rest: rows.filter((each) => each.list === "rest") };
};
