// Who reads a text: at once a guard that counts words, and as soon as what it needs was fetched, once
// for this device and only if somebody is about to write, one that reads meaning. Each has a worker of
// its own, so that counting never waits while the other makes itself ready. A browser without such
// workers counts words on the page itself.
import { checkText, prepared } from "./guard.js";
import { json, load, privateWords } from "./guard_device.js";

const KEPT = 200;
const SILENT_MS = 60_000; // a worker that says nothing for so long hangs

class Beside {
  constructor() {
    this.asked = new Map();
    this.number = 0;
    this.worker = new Worker(new URL("./guard_worker.js", import.meta.url), { type: "module" });
    this.worker.addEventListener("message", ({ data }) => this.told(data));
    this.worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.end();
    });
  }

  ask(kind, content, tell = () => {}) {
    if (!this.worker) return Promise.reject(new Error("ended"));
    this.number += 1;
    this.heard();
    return new Promise((done, failed) => {
      this.asked.set(this.number, { done, failed, tell });
      this.worker.postMessage({ id: this.number, kind, content });
    });
  }

  heard() {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.asked.size > 0 && this.end(), SILENT_MS);
  }

  told({ id, share, failed, done }) {
    this.heard();
    const waits = this.asked.get(id);
    if (share !== undefined) {
      waits.tell(share);
      return;
    }
    this.asked.delete(id);
    if (failed === undefined) waits.done(done);
    else waits.failed(new Error(failed));
  }

  end() {
    this.worker.terminate();
    this.worker = null;
    this.asked.forEach(({ failed }) => failed(new Error("ended")));
    this.asked.clear();
  }

  read(texts, listed) { return this.ask("read", { texts, listed }); }
}

async function beside({ rules, model }, meaning, tell) {
  const reader = new Beside();
  try {
    await reader.ask("prepare", { rules, model, meaning }, tell);
  } catch (error) {
    if (reader.worker) reader.end();
    throw error;
  }
  return reader;
}

async function onPage({ rules, model }) {
  const guard = prepared(...(await Promise.all([json(rules), json(model)])));
  return { read: async (texts, listed) => texts.map((text) => checkText(text, guard, listed)) };
}

const watchers = new Set();
let [words, sense] = [null, null];

/**
 * Which guard there is. `none`: words are counted, and nothing else can be had. `due`: meaning is
 * fetched soon. `resting`: it is fetched only if somebody asks. `fetching`, up to a share. `there`.
 */
export const meaning = { state: "none", share: 0 };

function become(state, share = 0) {
  Object.assign(meaning, { state, share });
  watchers.forEach((told) => told());
}

/** Be told whenever another guard reads, or more of it was fetched. */
export const watch = (told) => watchers.add(told);
/** Whether a better guard comes by itself. */
export const comes = () => ["due", "fetching"].includes(meaning.state);

async function started() {
  const side = await load();
  words = await beside(side, null).catch(() => onPage(side));
  if (!side.meaning || !(words instanceof Beside)) become("none");
  else if (navigator.connection?.saveData) become("resting");
  else become("due");
  if (writes) wanted();
  return side;
}

let writes = false;
/** Somebody is about to write: what is due is fetched. A page that is only read fetches nothing. */
export function wanted() {
  writes = true;
  if (meaning.state === "due") fetchMeaning().catch(() => { /* the line under each form says so */ });
}

/** Whether a text has letters that no guard reads: those of other writings than the Latin one. */
export const isStrange = (text) => /(?!\p{Script=Latin})\p{L}/u.test(text);
export const hasLetters = (text) => /\p{Script=Latin}|\p{N}/u.test(text);

let starting = null;
/** Have a guard that counts words; gives what the host says of it. After a failure it is tried anew. */
export const begin = () => {
  starting ??= started().catch((error) => {
    starting = null;
    throw error;
  });
  return starting;
};

let fetching = null;
/** Have a guard that reads meaning; asked for twice, it is fetched once. */
export const fetchMeaning = () => {
  fetching ??= fetched().catch((error) => {
    fetching = null;
    become("resting");
    throw error;
  });
  return fetching;
};

async function fetched() {
  become("fetching");
  const side = await begin();
  sense = await beside(side, side.meaning, (share) => become("fetching", share));
  become("there");
}

const results = new Map();
const keyOf = (text, listed) => JSON.stringify([listed, text]);

function keep(key, result) {
  results.delete(key);
  results.set(key, result);
  if (results.size > KEPT) results.delete(results.keys().next().value);
}

/** What a text was found to say, or undefined if the best guard at hand has not read it yet. */
export function known(text) {
  if (text.trim() === "") return [];
  const kept = results.get(keyOf(text, privateWords()));
  return kept && (kept.deep || meaning.state !== "there") ? kept.found : undefined;
}

async function byMeaning(texts, listed) {
  if (!sense) return null;
  try {
    return await sense.read(texts, listed);
  } catch {
    // Such as a device whose memory is too small for it: words are counted from here on.
    if (sense?.worker) sense.end();
    sense = fetching = null;
    become("resting");
    return null;
  }
}

async function byWords(texts, listed) {
  try {
    return await words.read(texts, listed);
  } catch {
    words = await onPage(await load());
    return words.read(texts, listed);
  }
}

async function readNow(texts) {
  const listed = privateWords();
  const unread = [...new Set(texts)].filter((text) => known(text) === undefined);
  if (unread.length === 0) return;
  const deep = await byMeaning(unread, listed);
  const found = deep ?? (await byWords(unread, listed));
  unread.forEach((text, at) => keep(keyOf(text, listed), { found: found[at], deep: deep !== null }));
}

let last = Promise.resolve();
/** Read texts with the best guard at hand, one after another; `known` gives what was found. */
export const read = (texts) => {
  last = last.catch(() => { /* whoever asked was told */ }).then(() => readNow(texts));
  return last;
};
