// Before words are shared they are checked here, on their author's device: every form with data-guard,
// while it is typed into and when it is sent. Nothing of a text leaves while it is checked.
import { stopFor } from "./guard.js";
import { askSteward, digestOf, dropHeld, held, lookAgain, tell, withdraw } from "./guard_device.js";
import { Line } from "./guard_line.js";
import { button, clear, made, show, tellUnder } from "./guard_panel.js";
import {
  begin, comes, fetchMeaning, hasLetters, isStrange, known, meaning, read, wanted, watch,
} from "./guard_reading.js";

const [PAUSE_MS, LEAVING_MS] = [600, 5000];
const forms = [...document.querySelectorAll("form[data-guard]")];
const ONLY_COUNTS = "guard-only-counts";
const WORDS = "textarea, input[type=text], input:not([type])";

/** Whether somebody chose to count words only; until this tab is closed nobody is asked again. */
let onlyCounts = false;
try { onlyCounts = sessionStorage.getItem(ONLY_COUNTS) === "yes"; } catch { /* kept for a page alone */ }

function countOnly() {
  onlyCounts = true;
  try { sessionStorage.setItem(ONLY_COUNTS, "yes"); } catch { /* kept for this page alone */ }
}

class Guarded {
  constructor(form) {
    this.form = form;
    this.side = null;
    this.accepted = new Map();
    this.stopped = new Map();
    this.pending = null; // by which button it is sent as soon as it may be
    this.left = false; // on its way: a second tap sends nothing
    this.failed = false; // meaning could not be fetched, and nobody chose yet how to go on
    this.strange = false;
    this.line = new Line(form);
    form.addEventListener("focusin", ({ target }) => this.fields.includes(target) && wanted());
    form.addEventListener("input", ({ target }) => this.typed(target));
    form.addEventListener("submit", (event) => this.sent(event), { capture: true });
  }

  get fields() {
    const marked = [...this.form.querySelectorAll("[data-check]")];
    const all = marked.length > 0 ? marked : [...this.form.querySelectorAll(WORDS)];
    return all.filter((each) => !each.disabled);
  }

  get texts() { return this.fields.map(({ value }) => value); }

  /** Whether this is sent only after meaning was read, or somebody chose to count words. */
  get waits() {
    return (comes() || this.failed) && !onlyCounts && this.texts.some(hasLetters);
  }

  ready(side) {
    this.side = side;
    this.guardChanged();
  }

  /** Another guard reads, or more of it is here. */
  guardChanged() {
    if (!this.side) return;
    if (this.pending && this.line.waiting) this.line.moved(this.side);
    if (this.readBy === meaning.state) return;
    this.readBy = meaning.state;
    if (meaning.state === "there") this.failed = false;
    if (!this.line.waiting || (meaning.state === "there" && !this.pending)) this.quiet();
    this.fields.forEach((field) => this.look(field));
  }

  quiet() {
    this.strange = this.texts.some(isStrange);
    const fetch = () => fetchMeaning().catch(() => { /* the line says so */ });
    this.line.quiet(this.side, fetch, { strange: this.strange });
  }

  typed(field) {
    wanted();
    this.rest(); // a sentence that is being changed is not sent by itself
    if (!this.side || !this.fields.includes(field)) return;
    clearTimeout(this.wait);
    this.wait = setTimeout(() => this.look(field), PAUSE_MS);
  }

  /** Which findings nobody has spoken to yet; what the steward let pass has none. */
  open(field) {
    const all = known(field.value);
    const passed = held().some(({ state, digest }) => state === "released" && digest === this.digest(field.value));
    const left = passed ? [] : all.filter((each) => !this.accepted.has(this.name(each)));
    return { all, left };
  }

  name({ id, said }) { return `${id} ${said}`; }

  digest(text) { return this.side.salt ? digestOf(text, this.side) : ""; }

  /** Show what stops a field; what nobody has read yet is read first. */
  look(field, { firm = false } = {}) {
    if (!this.line.waiting && this.strange !== this.texts.some(isStrange)) this.quiet();
    if (!known(field.value)) {
      read([field.value]).then(() => this.look(field, { firm }), () => { /* it is read again when it is sent */ });
      return;
    }
    const { all, left } = this.open(field);
    this.takeBack(field, all);
    if (left.length > 0) {
      left.forEach((each) => this.stopped.set(this.name(each), this.note(each, field.value)));
      show(field, left, this.side, { firm, ways: this.ways(field, left) });
    } else {
      clear(field);
    }
  }

  /** Forget what a guard that knew less stopped in these very words, and a better one does not. */
  takeBack(field, all) {
    const found = new Set(all.map((each) => this.name(each)));
    const digest = this.digest(field.value);
    this.stopped.forEach((note, name) => {
      if (note.text_digest === digest && !found.has(name)) this.stopped.delete(name);
    });
  }

  note({ id, version, topic, hard }, text) {
    return { rule: id, version, topic, text_digest: this.digest(text), stop: hard ? "hard" : "soft" };
  }

  ways(field, left) {
    const { steward, salt } = this.side;
    return {
      change: () => {
        field.focus();
        if (left[0].span) field.setSelectionRange(...left[0].span);
      },
      fine: (code) => {
        left.filter((each) => !each.hard).forEach((each) => this.accepted.set(this.name(each), code));
        this.look(field);
        tellUnder(field, this.side.says.accepted, button(this.side.says.undo, () => this.undo(field, left), "btn plain"));
        this.form.querySelector("button:not([type=button])")?.focus();
      },
      steward: steward && salt ? () => this.ask(field, left) : null,
    };
  }

  undo(field, left) {
    left.forEach((each) => this.accepted.delete(this.name(each)));
    this.look(field, { firm: true });
  }

  async ask(field, left) {
    const kept = { at: location.pathname, field: field.name, on: new Date().toISOString().slice(0, 10) };
    const text = field.value;
    const answer = await askSteward(text, left, this.side, kept).catch(() => ({ ok: false }));
    if (!answer.ok) {
      tellUnder(field, answer.said ?? this.side.says.offline, button(this.side.says.again, () => this.look(field, { firm: true })));
      return;
    }
    this.log(left.map((each) => ({ ...this.note(each, text), action: "held" })));
    left.forEach((each) => this.stopped.delete(this.name(each)));
    field.value = "";
    showHeld(this, answer.entry);
    clear(field);
    field.focus();
  }

  log(notes) {
    if (notes.length > 0 && this.side.may_note) tell(this.side.at.notes, { notes: notes.slice(0, 20) }).catch(() => {});
  }

  sent(event) {
    if (this.maySend(event.submitter)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  /** Whether it goes now. If not, the page says why, or it goes by itself as soon as it may. */
  maySend(by) {
    if (this.left) return false;
    if (this.pending) {
      this.pending.by = by;
      return false;
    }
    if (!this.side || this.texts.some((text) => !known(text))) return this.readFirst(by);
    const looked = this.fields.map((field) => ({ field, ...this.open(field) }));
    const first = looked.find(({ left }) => left.length > 0);
    if (first) {
      this.rest();
      this.fields.forEach((field) => this.look(field));
      this.look(first.field, { firm: true });
      return false;
    }
    if (this.waits) return this.meaningFirst(by);
    this.rest();
    this.write(looked.flatMap(({ all }) => all));
    return true;
  }

  /** Send it by itself after something; typing, or sending another form, keeps it here. */
  after(work, by, failed) {
    guards.filter((each) => each !== this).forEach((each) => each.rest());
    const pending = { by };
    this.pending = pending;
    const over = (then) => () => {
      if (this.pending !== pending) return;
      this.pending = null;
      then(pending.by);
    };
    // Later, for a form that is just telling that it is sent takes no notice of being sent.
    work.then(() => setTimeout(over((button) => this.form.requestSubmit(button))), over(failed));
    return false;
  }

  readFirst(by) {
    const work = begin().then((side) => {
      if (!this.side) this.ready(side);
      return read(this.texts);
    });
    return this.after(work, by, (button) => this.notLoaded(button));
  }

  meaningFirst(by) {
    const count = () => {
      const button = this.pending?.by ?? by;
      this.pending = null;
      countOnly();
      this.form.requestSubmit(button);
    };
    const failed = (button) => {
      this.failed = true;
      this.line.failed(this.side, () => this.meaningFirst(button), count);
    };
    this.after(fetchMeaning(), by, failed);
    this.line.waits(this.side, count);
    return false;
  }

  /** Send nothing by itself any more. */
  rest() {
    this.pending = null;
    if (this.side && this.line.waiting) this.quiet();
  }

  notLoaded(by) {
    const { notloaded, again } = this.form.elements.guard_version.dataset;
    tellUnder(this.fields[0], notloaded, button(again, () => this.form.requestSubmit(by)));
  }

  /** Fill what the host looks at, and tell the log what became of what was stopped here. */
  write(all) {
    const { guard_version: version, guard_stop: stop, guard_reason: reason } = this.form.elements;
    const reasons = all.map((each) => this.accepted.get(this.name(each))).filter(Boolean);
    version.value = this.side.version;
    stop.value = stopFor(all);
    reason.value = reasons[0] ?? "";
    const still = new Set(all.map((each) => this.name(each)));
    this.log([...this.stopped].map(([name, note]) => ({ ...note, action: still.has(name) ? "reason" : "edited" })));
    this.stopped.clear();
    dropUsed(this);
  }
}

/** A text the steward let pass is forgotten here once it was sent. */
function dropUsed(guarded) {
  const used = new Set(guarded.fields.map(({ value }) => guarded.digest(value)));
  held().filter(({ state, digest }) => state === "released" && used.has(digest)).forEach(({ ref }) => dropHeld(ref));
}

function showHeld(guarded, entry) {
  const { side, form } = guarded;
  const field = form.elements[entry.field];
  const put = () => {
    field.value = entry.text;
    if (entry.state === "refused") dropHeld(entry.ref);
    row.remove();
    guarded.look(field);
    field.focus();
  };
  const back = async () => {
    const answer = await withdraw(entry, side).catch(() => ({ ok: false }));
    if (answer.ok || answer.gone) put();
    else row.querySelector("p").textContent = answer.said ?? side.says.offline;
  };
  const drop = () => {
    dropHeld(entry.ref);
    row.remove();
  };
  const ways = {
    waiting: [button(side.says.withdraw, back)],
    released: [button(side.says.put_in, put), button(side.says.drop, drop, "btn plain")],
    refused: [button(side.says.put_back, put), button(side.says.drop, drop, "btn plain")],
  }[entry.state];
  const row = made("div", { className: "guard", role: "status" },
    made("p", {}, made("b", {}, side.says[entry.state])),
    made("p", { className: "word", dir: "auto" }, entry.text),
    made("p", { className: "acts" }, ...ways));
  form.before(row);
}

/** A form that is on its way is not sent twice; one that stays after all can be sent again. */
function leaves({ target, defaultPrevented }) {
  const guarded = guards.find(({ form }) => form === target);
  if (!guarded || defaultPrevented) return;
  guarded.left = true;
  setTimeout(() => { guarded.left = false; }, LEAVING_MS);
}

const guards = forms.map((form) => new Guarded(form));
if (forms.length > 0) {
  document.addEventListener("submit", leaves);
  watch(() => guards.forEach((guarded) => guarded.guardChanged()));
  begin().then(async (side) => {
    guards.forEach((guarded) => guarded.ready(side));
    const entries = side.salt ? await lookAgain(side).catch(() => held()) : [];
    for (const entry of entries.filter(({ at }) => at === location.pathname)) {
      const at = guards.find(({ form }) => form.elements[entry.field]);
      if (at) showHeld(at, entry);
    }
  }).catch(() => { /* it is fetched again when something is to be sent */ });
}
