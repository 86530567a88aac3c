// One board on one phone. A tap acts on the screen at once, waits in the queue, and goes to the house
// in its order; what the house tells comes over the stream and is laid under what still waits.
import { at, drawChoices, drawHands, drawKinds, drawLists, drawOffer, drawPlan, drawRound, drawThumb, fill, show, waitsIn } from "./board_draw.js";
import { again, carryOut, clockOf, heard, kept, listsOf, mine, notOlder, overlaid, queuesOf, restore, roundOf, tell } from "./board_state.js";

const { upturnQueue: queue } = self;
const root = document.querySelector("[data-board]");
const thumb = document.querySelector("[data-thumb]");
const status = document.querySelector("[data-status]");
const { board, fresh, tap: tapUrl, hello: helloUrl, helped } = root.dataset;
const spoken = JSON.parse(root.dataset.words);
const plural = new Intl.PluralRules(document.documentElement.lang);
const words = (name, values = {}, n) => {
  const text = n === undefined ? spoken[name] : spoken[name][plural.select(n)] ?? spoken[name].other;
  return text.replace(/%\((\w+)\)s/g, (_, key) => String(key === "n" ? n : values[key]));
};
const EVERY_S = 15;
const TWO_TAPS_MS = 350;
const CLICK_MS = 300;
const SLOW_MS = 1500;
const SLEPT_MS = 20_000;
const OLDEST_MS = 16 * 3600_000;
const TRY_MS = [1000, 2000, 4000, 8000, 15_000];
const key = () => crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

let base = null;
let taps = [];
let claims = {};
let told = {};
const pasts = new Map();
let online = true;
let tries = 0;
let held = false;
let undoable = null;
let shown = { urgent: null };
const channel = self.BroadcastChannel && new BroadcastChannel("upturn-board");

// ---- what is on the screen
const view = () => {
  const state = overlaid(base, taps, pasts);
  return { state, round: roundOf(state, claims, words), lists: listsOf(state, claims, words) };
};
const draw = () => {
  if (!base || held) return;
  const { state, round, lists } = view();
  const waits = state.me ? waitsIn(lists.mine.filter((row) => row.looks === "now" && !row.alone)) : waitsIn(lists.mine);
  drawRound(root, round, words, { declined: !round && state.round && state.declined?.length, quiet: waits ? words("wait", {}, waits) : words(state.me ? "nothing" : "calm") });
  drawLists(root, lists, words);
  drawPlan(root, state, lists, round);
  drawOffer(root, state.offer);
  if (state.me) drawHands(root, state.me.hands);
  fill(document.querySelector("[data-clock]"), clockOf(state, words, spoken.days));
  drawThumb(thumb, round, words, queuesOf(state));
  announce(lists.mine);
  drawStatus();
};
const drawStatus = () => {
  const waiting = taps.length;
  const text = !online ? (waiting ? words("kept", {}, waiting) : words("no_network")) : taps.some((tap) => queue.clock() - tap.at > SLOW_MS) ? words("sending", {}, waiting) : words("phones", {}, base?.phones ?? 0);
  fill(status, text);
  status?.classList.toggle("wait", !online);
};
// Only what is new, urgent and one's own is read out.
const announce = (rows) => {
  const urgent = new Map(rows.filter((row) => row.looks === "now" && !row.yours).map((row) => [row.key, row]));
  const news = shown.urgent ? [...urgent.values()].filter((row) => !shown.urgent.has(row.key)) : [];
  shown.urgent = urgent;
  if (news.length) at(root, "says").textContent = news.map((row) => words("new", row)).join(" ");
};
const toast = (text, undoes) => {
  undoable = undoes ?? null;
  const bar = at(thumb, "toast");
  fill(at(bar, "did"), text);
  show(bar.querySelector("button"), Boolean(undoes));
  show(bar, true);
  clearTimeout(shown.timer);
  shown.timer = setTimeout(() => show(bar, false), 10_000);
};
const refuse = (text) => { const line = at(root, "refused"); fill(line, text); show(line, Boolean(text)); };

// ---- taps
const named = (body) => {
  const need = view().state.needs.get(body.need ?? body.needs?.[0]);
  const kind = base.kinds.find((each) => each.name === (need?.kind ?? body.kind));
  return { what: kind?.label ?? words("look"), place: need?.place ?? body.place ?? "" };
};
const STORED = new Set(["take", "done", "put_back", "raise", "seated", "left", "undo"]);
const GUESTS = new Set(["seated", "left"]);
const SAID = { done: "done", take: "taken", put_back: "put_back", decline: "declined", raise: "raised", seated: "guests_sat", left: "guests_left", looked: "looked" };
const bodyOf = (form, button) => {
  const data = new FormData(form);
  if (button?.name) data.append(button.name, button.value);
  const body = { key: key(), act: data.get("act") ?? "raise" };
  for (const name of ["need", "place", "kind", "words", "item", "undoes"]) if (data.get(name)) body[name] = data.get(name);
  if (data.has("needs")) body.needs = data.getAll("needs");
  if (body.act === "raise") Object.assign(body, { need: key() }, data.get("asked") === "no" ? { asked: false } : {});
  if (body.act === "hold") body.left = (view().state.me.hands[body.item] ?? 0) > 0 ? 0 : Number(button.dataset.most);
  return body;
};
const saidOf = (body, { place }) => {
  if (body.act === "take" && queuesOf(base).has(place)) return "taken_call";
  return body.asked === false ? "seen" : SAID[body.act];
};
const alike = (one, other) => ["act", "need", "place", "kind", "asked", "item", "left", "undoes"].every((name) => one[name] === other[name] || (one.act === "raise" && name === "need")) && String(one.needs) === String(other.needs);

const tapped = async (body) => {
  if (taps.some((tap) => alike(tap.body, body))) return;
  const values = named(body);
  body.shift = base.shift.ref;
  const laid = { body, board, url: tapUrl, at: queue.clock() };
  if (body.act !== "undo") pasts.set(body.key, carryOut(view().state, laid));
  taps = [...taps, laid];
  refuse("");
  if (body.act === "take") claim(body.needs, body.key);
  if (SAID[body.act]) toast(words(saidOf(body, values), values), ["decline", "looked"].includes(body.act) ? null : body.key);
  else show(at(thumb, "toast"), false);
  draw();
  Object.assign(laid, await queue.add(tapUrl, body, board));
  channel?.postMessage("tapped");
  send();
};
const claim = (refs, by) => {
  for (const ref of refs) claims[ref] = by;
  queue.put(`claims ${board}`, claims);
};
const putBack = () => {
  const { round, state } = view();
  round.stops.filter((stop) => stop.need && stop.mine && mine(state.needs.get(stop.need), claims)).forEach((stop) => tapped({ key: key(), act: "put_back", need: stop.need, undoes: claims[stop.need] }));
};
const undo = () => {
  if (!undoable) return;
  const undoes = undoable;
  undoable = null;
  tapped({ key: key(), act: "undo", undoes }).then(() => toast(words("undone")));
};

let last = { when: -Infinity, area: null };
document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-tap]");
  if (!form || !base) return;
  event.preventDefault();
  const button = event.submitter;
  const area = form.closest("[data-list], [data-thumb], [data-hands]");
  const twice = area && form.id !== "undo" && area === last.area && performance.now() - last.when < TWO_TAPS_MS; // it meets what moved under the thumb
  last = { when: performance.now(), area };
  if (twice) return;
  if (form.id === "undo") return void undo();
  const body = bodyOf(form, button);
  if (body.act === "put_back") return void putBack();
  tapped(body);
  if (form.closest("[data-ask]")) { form.reset(); drawKinds(root, base); form.closest("details").open = false; }
});
document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "z" || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input:not([type=radio]), textarea")) return;
  undo();
});
// Rows keep still under a thumb, until its click has come: on a touch screen that is after it has left.
let freed;
const free = (wait_ms) => {
  clearTimeout(freed);
  freed = setTimeout(() => { held = false; draw(); }, wait_ms);
};
document.addEventListener("pointerdown", () => { clearTimeout(freed); held = true; });
document.addEventListener("pointerup", () => free(CLICK_MS));
for (const name of ["click", "pointercancel"]) document.addEventListener(name, () => free(0));
root.addEventListener("click", (event) => {
  const place = event.target.closest?.("[data-spot].table")?.dataset.spot;
  const panel = place && at(root, "ask");
  const radio = panel && [...panel.querySelectorAll("[name=place]")].find((each) => each.value === place);
  if (!radio) return;
  panel.open = true;
  radio.checked = true;
  drawKinds(root, base);
  panel.querySelector("[name=kind]")?.focus();
  panel.scrollIntoView({ block: "nearest" });
});

at(root, "ask")?.addEventListener("change", () => { if (base) drawKinds(root, base); });

// ---- what the house answers
const settled = async (tap, answer) => {
  if (tap.board !== board) return;
  taps = taps.filter((each) => each.body.key !== tap.body.key);
  tries = 0;
  if (answer.status === 410) return gone(answer);
  if (answer.ok) await commit(tap, answer);
  else {
    refuse(answer.said ?? "");
    if (answer.need) tell(base, { kind: "need", need: answer.need });
    if (undoable === tap.body.key) show(at(thumb, "toast"), false);
  }
  if (answer.round !== undefined) { base.round = answer.round; base.declined = []; }
  draw();
};
const commit = async (tap, answer) => {
  const { body } = tap;
  const missed = answer.missed ?? [];
  lastAnswer = Math.max(lastAnswer, answer.event ?? 0);
  const heardOf = !answer.event || lastEvent >= answer.event; // then the stream has told it already
  const needs = answer.needs ?? [];
  needs.forEach((need) => tell(base, { kind: "need", need }));
  if (body.act === "take") claim(needs.map((need) => need.ref), body.key); // of calls another, where two tapped at once
  const stands = needs.length > 0 && !GUESTS.has(body.act);
  if (!stands && (!heardOf || !STORED.has(body.act))) {
    if (body.act === "undo") restore(base, pasts.get(body.undoes) ?? []);
    else carryOut(base, tap, missed);
  }
  if (answer.said) toast(answer.said, undoable === body.key ? body.key : null);
  if (body.act === "hold") remember({ hands: base.me.hands });
  if (base.me) await count(body);
};
// What this phone met, known to this phone alone, and to nobody after its holder has read it.
const count = async (body) => {
  if (!["done", "undo"].includes(body.act)) return;
  const name = `own ${base.shift.ref}`;
  const own = (await queue.get(name)) ?? {};
  const { [body.act === "undo" ? body.undoes : body.key]: _, ...others } = own;
  const place = body.act === "done" && pasts.get(body.key)?.[0]?.place;
  await queue.put(name, place ? { ...others, [body.key]: base.me.tables.includes(place) || !base.me.tables.length ? "own" : "help" } : others);
};

// ---- the way to the house
let timer;
const send = async () => {
  clearTimeout(timer);
  const done = await queue.send(settled);
  if (done === true) { if (tries || !online) { tries = 0; drawStatus(); } return; }
  timer = setTimeout(send, Math.max(done * 1000, TRY_MS[Math.min(tries, TRY_MS.length - 1)]));
  tries += 1;
  if (!navigator.onLine || !stream || stream.readyState !== EventSource.OPEN) setOnline(false);
  drawStatus();
  navigator.serviceWorker?.ready.then((worker) => worker.sync?.register("taps")).catch(() => {});
};
const setOnline = (is) => {
  online = is;
  drawStatus();
};
const receive = (state) => {
  base = notOlder(heard(state), base, Math.max(lastEvent, lastAnswer));
  claims = { ...claims, ...state.claims };
  if (state.me) remember({ nickname: state.me.nickname || told.nickname, hands: Object.keys(state.me.hands).length ? state.me.hands : told.hands });
  draw();
  save();
};
const remember = (more) => { told = { ...told, ...more }; queue.put(`told ${board}`, told); };
const load = async () => {
  const answer = await fetch(fresh, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer) return false;
  if (answer.status === 410 || answer.status === 404) { await gone(await answer.json().catch(() => ({}))); return true; }
  if (!answer.ok || answer.redirected) return false;
  if (answer.headers.get("X-CSRFToken")) await queue.put("token", answer.headers.get("X-CSRFToken"));
  receive(await answer.json());
  return true;
};
// After a restart the house knows nothing of seats: each phone tells its own part again.
const hello = async () => {
  if (!helloUrl) return;
  const body = JSON.stringify({ nickname: told.nickname ?? "", hands: told.hands ?? {}, at: told.at ?? "", language: document.documentElement.lang, claims });
  const headers = { "Content-Type": "application/json", "X-CSRFToken": (await queue.get("token")) ?? "" };
  await fetch(helloUrl, { method: "POST", headers, body }).catch(() => null);
};
const save = () => { if (base) queue.put(`state ${board}`, kept(base)); };
const gone = async (answer) => {
  stream?.close();
  const ref = base?.shift.ref ?? told.shift;
  await queue.wipe(`own ${ref}`);
  if (board === "lead" || !helped || !answer.closed) return void location.reload();
  location.assign(helped.replace(/[^/]+\/$/, `${ref}/`)); // a page opened without a network names no shift
};

let stream;
let dropped = false;
let lastEvent = 0;
let lastAnswer = 0;
const listen = () => {
  stream?.close();
  const { shift, seat } = base.topics;
  const asked = [["after", lastEvent || base.event], ...[shift, seat].filter(Boolean).map((topic) => ["topic", topic])];
  stream = new EventSource(`/live/?${new URLSearchParams(asked)}`);
  const hear = (event) => {
    if (event.lastEventId) lastEvent = Number(event.lastEventId);
    const said = JSON.parse(event.data);
    if (said.kind === "closed") return void gone({ closed: true });
    if (!tell(base, said)) return void load();
    later();
  };
  for (const topic of [shift, seat]) if (topic) stream.addEventListener(topic, hear);
  stream.addEventListener("reload", load);
  stream.onopen = async () => {
    setOnline(true);
    send();
    if (dropped) { dropped = false; await hello(); load(); }
  };
  stream.onerror = () => {
    dropped = true;
    setOnline(false);
    if (stream.readyState === EventSource.CLOSED) setTimeout(wake, TRY_MS[2]);
  };
};
// Events that come together are drawn together.
let drawing = false;
const later = () => {
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(() => { drawing = false; draw(); });
};
const wake = async () => { if (await load() && base) listen(); else setTimeout(wake, TRY_MS[3]); };

// ---- the beginning, the pauses, the end
const begin = async () => {
  const given = JSON.parse(root.dataset.state || "null");
  const ours = (tap) => tap.board === board;
  [claims, told] = [(await queue.get(`claims ${board}`)) ?? {}, (await queue.get(`told ${board}`)) ?? {}];
  if (given && told.shift && told.shift !== given.shift.ref) { await queue.wipe(); [claims, told] = [{}, {}]; }
  taps = [...(await queue.waiting()).filter(ours), ...taps];
  const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value;
  if (given && token) await queue.put("token", token);
  await queue.put("fresh", fresh);
  const old = given ? null : await queue.get(`state ${board}`);
  if (given) { remember({ shift: given.shift.ref }); receive(given); }
  else if (old && queue.clock() - old.heard < OLDEST_MS) { base = again(old); online = false; drawHead(old); drawChoices(root, old); draw(); }
  if (!base) return void wake();
  if (given && helloUrl && Object.keys(claims).length) await hello();
  listen();
  send();
};
const drawHead = (state) => { fill(document.querySelector("[data-floor]"), state.shift.name); fill(document.querySelector("[data-seat]"), state.me?.nickname || state.me?.seat || ""); };
let slept = 0;
document.addEventListener("visibilitychange", () => {
  if (document.hidden) { slept = queue.clock(); return save(); }
  if (base && queue.clock() - slept > SLEPT_MS) wake();
  send();
});
addEventListener("online", () => { if (base) wake(); send(); });
addEventListener("offline", () => setOnline(false));
addEventListener("pagehide", save);
const sentElsewhere = async () => {
  taps = (await queue.waiting()).filter((tap) => tap.board === board);
  await load();
};
channel?.addEventListener("message", sentElsewhere);
navigator.serviceWorker?.addEventListener("message", () => { send(); });
document.querySelector("[data-leave]")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  await queue.send(settled);
  await queue.wipe();
  event.target.submit();
});
setInterval(later, EVERY_S * 1000);
begin();
if (board === "seat") navigator.serviceWorker?.register("/board/worker.js", { scope: "/board/" }).catch(() => {});
