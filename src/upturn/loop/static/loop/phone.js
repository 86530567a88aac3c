// The page of a phone: it holds the whole script, so a step change needs nothing from the house.
import { add, change, draft, drop, of, settle, waiting } from "./device.js";
import { clock, fill, listen } from "./room.js";
import { post, sender, setToken } from "./sending.js";
import { specific, tense } from "./specific.js";

const SPREAD_MS = 3000;
const room = document.querySelector("[data-room]");
const said = (id) => JSON.parse(document.getElementById(id).textContent);
const says = said("says");
const words = (key, values) => (says[key] ?? "").replace(/\{(\w+)\}/g, (whole, name) => values?.[name] ?? whole);
const find = (name, within = document) => within.querySelector(`[data-${name}]`);
const language = document.documentElement.lang;
let state = said("told");
const ref = state.ref;
let skew = state.now * 1000 - Date.now();
let lists = null;

const section = (step = state.step) => room.querySelector(`[data-step="${step}"]`);
const form = (step = state.step) => section(step)?.querySelector("form[data-card]");
const show = (node, is) => { if (node) node.hidden = !is; };
const counted = (text) => text.trim().split(/\s+/).filter(Boolean).length;

const setClock = clock((text, left) => {
  const node = find("clock");
  show(node, left !== null && state.phase === "write" && state.objection === null);
  if (text) fill(node, { time: text });
});

const mayWrite = () => state.phase === "write" || (state.phase === "experts" && state.expert);
const single = () => !section()?.hasAttribute("data-many");
const lacksTask = () => Boolean(form()?.elements.task) && !of(ref).own.some((card) => card.kind === "task" && card.state !== "refused");
const handedHere = () => of(ref).own.some((card) => card.step === state.step && !card.kind && card.state !== "refused");

const drawThumb = () => {
  const isOpen = state.state === "open";
  const asks = !handedHere() || lacksTask();
  const writes = isOpen && form() && (mayWrite() || (state.phase === "read" && asks)) && (asks || !single());
  show(find("thumb"), isOpen);
  show(form(), writes);
  show(find("hand-in"), writes);
  find("hand-in").setAttribute("form", `card-${state.step}`);
  show(find("done"), isOpen && !single() && state.phase === "write" && state.mine < state.step);
  find("done").elements.step.value = state.step;
  show(find("begins"), !state.begun);
  show(find("counts"), state.begun && state.phase !== "read");
  show(find("reads"), state.phase === "read");
  fill(find("counts"), { handed: state.handed, of: state.of });
  const left = waiting(ref).length;
  show(find("waits"), left > 0);
  fill(find("waits"), { n: left });
};

const drawOwn = () => {
  for (const list of room.querySelectorAll("[data-own]")) {
    const step = Number(list.dataset.own);
    const own = of(ref).own.filter((card) => card.step === step);
    show(list, own.length > 0);
    list.querySelector("ul").replaceChildren(...own.map(row));
  }
};

const row = (card) => {
  const made = document.querySelector("[data-own-row]").content.cloneNode(true).firstElementChild;
  const why = card.hidden ? words("hidden", { why: card.hidden }) : { waits: says.waits, refused: words("refused", { why: card.said }) }[card.state];
  find("words", made).textContent = card.words;
  find("said", made).textContent = why ?? (card.kind === "objection" ? says.objection : card.kind === "task" ? says.task : says.in);
  find("said", made).classList.toggle("wait", card.state === "refused" || Boolean(card.hidden));
  const closed = state.state !== "open" && card.kind !== "task";
  show(find("change", made), !closed && card.state !== "waits");
  show(find("take-back", made), !closed && card.kind !== "task" && card.state !== "waits");
  find("change", made).addEventListener("click", () => takeUp(card));
  find("take-back", made).addEventListener("click", () => takeBack(card));
  return made;
};

const takeBack = async (card) => {
  const answer = card.state === "refused" ? { ok: true } : await post(room.dataset.mine, { ref: card.ref, key: card.key, act: "take_back" });
  if (answer.ok) drop(ref, card.ref); else refuse(answer.said);
  draw();
};

// A card that is changed goes back into the field; handing it in again puts the words on the same card.
let changing = null;
const takeUp = (card) => {
  changing = card;
  const into = form(card.step) ?? form();
  const field = into.elements.words;
  field.value = card.words;
  show(section(card.step), true);
  show(into, true);
  show(find("hand-in"), true);
  find("hand-in").setAttribute("form", into.id);
  field.focus();
  nudge(field);
};

const refuse = (why) => {
  const node = find("refused", room);
  node.textContent = why ?? "";
  show(node, Boolean(why));
};

const draw = () => {
  const isOpen = state.state === "open";
  const objecting = state.objection !== null && isOpen;
  show(find("open"), isOpen && !objecting);
  show(find("closed"), !isOpen);
  show(find("objection"), objecting);
  show(find("objecting"), isOpen);
  for (const each of room.querySelectorAll("[data-step]")) show(each, Number(each.dataset.step) === state.step);
  for (const each of section()?.querySelectorAll("[data-when]") ?? []) show(each, each.dataset.when.split(" ").includes(state.phase));
  show(find("expert", section() ?? room), !state.expert);
  for (const field of room.querySelectorAll("form [name=step]")) if (!field.form.id) field.value = state.step;
  drawThumb();
  drawOwn();
  setClock(state.until === null ? null : state.until - (Date.now() + skew) / 1000);
};

// What all phones fetch because one thing happened: each waits a little of its own.
const moment = () => Math.random() * Math.min(SPREAD_MS, state.of * 8);
const soon = (what) => setTimeout(what, moment());
const coming = new Set();
const fetchPart = async (from, step, into) => {
  const part = from + step;
  if (coming.has(part)) return;
  coming.add(part);
  await new Promise(soon);
  coming.delete(part);
  const answer = await fetch(from.replace(/0\/$/, `${step}/`), { headers: { Accept: "text/html" } }).catch(() => null);
  if (answer?.ok && into) into.innerHTML = await answer.text();
};
const readHere = () => {
  if (state.phase === "read") fetchPart(room.dataset.read, state.step, section()?.querySelector("[data-wall]"));
  const before = find("before", section() ?? room);
  if (before) fetchPart(room.dataset.read, before.dataset.before, before);
  const pair = find("pair", section() ?? room);
  if (pair && state.phase !== "read") fetchPart(room.dataset.pairs, state.step, pair);
};

const lookAtOwn = async () => {
  const keys = Object.fromEntries(of(ref).own.filter((card) => card.state === "in").map((card) => [card.ref, card.key]));
  if (Object.keys(keys).length === 0) return;
  const answer = await post(room.dataset.ownCards, { keys });
  if (!answer.ok) return;
  const found = new Map(answer.cards.map((card) => [card.ref, card]));
  for (const one of Object.keys(keys)) if (found.has(one)) settle(ref, one, { words: found.get(one).words, hidden: found.get(one).hidden_because });
  drawOwn();
};

const hear = (news) => {
  if (news.kind === "stage") {
    const moved = news.step !== state.step || news.phase !== state.phase;
    if (news.state !== state.state) soon(() => location.reload());
    state = { ...state, ...news };
    draw();
    if (moved) { changing = null; readHere(); send(); if (news.phase === "read") soon(lookAtOwn); }
    if (moved && news.step !== undefined) scrollTo({ top: 0 });
  } else if (news.kind === "count") {
    state = { ...state, handed: news.handed, of: news.of };
    drawThumb();
  } else { readHere(); soon(lookAtOwn); }
};

const look = async () => {
  const answer = await fetch(room.dataset.state, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) return;
  setToken(answer.headers.get("X-CSRFToken"));
  const now = await answer.json();
  skew = now.now * 1000 - Date.now();
  const moved = now.turn !== state.turn;
  state = { ...state, ...now };
  draw();
  if (moved) readHere();
  send();
};

const send = sender({
  url: room.dataset.cards,
  ref,
  renew: look,
  settled: (card, answer) => {
    if (answer.ok && !card.kind && card.done) state.mine = Math.max(state.mine, card.step);
    if (answer.ok && answer.turn === state.turn) state = { ...state, handed: answer.handed, of: answer.of };
    if (!answer.ok && answer.said && answer.code !== "later") refuse(answer.said);
    draw();
  },
});

const nudge = (field) => {
  const node = document.getElementById(field.getAttribute("aria-describedby"));
  if (!node) return;
  const [found, most] = [counted(field.value), Number(field.dataset.most)];
  const parts = [found > most ? words("too_many", { found, most }) : found > most * 0.7 ? words("words", { found, most }) : ""];
  if (lists && "specific" in field.dataset && found) parts.push(hint(field));
  node.textContent = parts.filter(Boolean).join(" ");
  node.classList.toggle("wait", found > most);
};
const hint = (field) => {
  const ahead = field.dataset.kind === "hundred_days" ? tense(field.value, language, lists) : null;
  if (ahead) return says[ahead];
  const found = specific(field.value, language, lists);
  if (!found) return "";
  const missing = ["who", "when", "said"].find((key) => !found[key]);
  return says[missing ?? "all"];
};

const put = (at, given) => {
  const sign = at.elements.signed?.value ?? "";
  const sure = Number(new FormData(at).get("sure")) || null;
  add(ref, { step: Number(at.elements.step.value), kind: at.elements.kind?.value ?? "", words: given, language, signed: sign, sure, done: at.elements.done?.value !== "no" });
};

const correct = async (at, given) => {
  const card = changing;
  changing = null;
  if (card.state === "refused") { drop(ref, card.ref); put(at, given); return; }
  const answer = await post(room.dataset.mine, { ref: card.ref, key: card.key, act: "correct", words: given, signed: at.elements.signed?.value ?? card.signed, sure: card.sure });
  if (answer.ok) settle(ref, card.ref, { words: given, hidden: "" }); else { changing = card; refuse(answer.said); throw new Error("refused"); }
};

room.addEventListener("submit", async (event) => {
  const at = event.target;
  if (!("card" in at.dataset)) return;
  event.preventDefault();
  const field = at.elements.words;
  const task = at.elements.task?.value.trim();
  if (!field.value.trim() && (changing || !task)) return;
  if (counted(field.value) > Number(field.dataset.most)) { nudge(field); field.focus(); return; }
  refuse("");
  try { if (changing) await correct(at, field.value); else if (field.value.trim()) put(at, field.value); } catch { return; }
  if (task) add(ref, { step: Number(at.elements.step.value), kind: "task", words: task, language, signed: "", sure: null, done: false });
  at.reset();
  draft(ref, at.elements.step.value + (at.elements.kind?.value ?? ""), { words: "" });
  at.closest("details")?.removeAttribute("open");
  nudge(field);
  draw();
  send();
});

const tell = (name, body) => document.addEventListener("submit", async (event) => {
  if (!(name in event.target.dataset)) return;
  event.preventDefault();
  const answer = await post(event.target.action, body(event.target));
  if (!answer.ok) { refuse(answer.said); return; }
  state = { ...state, ...(name === "expert" ? { expert: true } : { mine: state.step }) };
  draw();
});
tell("expert", () => ({ expert: true }));
tell("done", (at) => ({ step: Number(at.elements.step.value) }));

for (const each of document.querySelectorAll("[data-nominate] form")) each.addEventListener("submit", async (event) => {
  event.preventDefault();
  const fields = Object.fromEntries(new FormData(each));
  const answer = await post(each.action, fields);
  if (!answer.ok) { refuse(answer.said); return; }
  location.assign(answer.show);
});

// Drafts: each stroke is kept on the device, so that neither a restart nor a lunch loses a word.
const kept = (at) => at.elements.step.value + (at.elements.kind?.value ?? "");
room.addEventListener("input", ({ target }) => {
  const at = target.closest("form[data-card]");
  if (!at) return;
  const values = Object.fromEntries([...new FormData(at)].filter(([name]) => ["words", "task", "signed", "sure"].includes(name)));
  draft(ref, kept(at), values);
  if (target.name === "words") nudge(target);
});
for (const at of room.querySelectorAll("form[data-card]")) {
  for (const [name, value] of Object.entries(of(ref).drafts[kept(at)] ?? {})) if (at.elements[name]) at.elements[name].value = value;
  at.noValidate = true;
}

change(ref, (here) => { here.name = document.title; here.day_100 = state.day_100 ?? here.day_100; });
draw();
readHere();
fetch(room.dataset.specific).then((answer) => answer.json()).then((read) => { lists = read; }).catch(() => {});
lookAtOwn();
send();
listen({ topics: [state.topic], since: state.since, hear, back: look, again: send });
