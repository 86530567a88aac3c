// A company's device takes the steps of a sealed benchmark: it asks where a decision is needed, and
// does the rest by itself. Memory is kept before anything is sent.
import { BallotError, hex, keys, readMemory, unhex, writeMemory } from "./sealed_ballot.js";
import { key as keyHere, keepKeyFile, read, say, stay, write } from "./device.js";
import { entering, keepSealed } from "./benchmark_figures.js";
import { checkOwnLine, confirmationsOf, ownOnList, readPacket } from "./packet.js";

const here = document.querySelector("#round");
const { ref, state, waits } = here.dataset;
const [work, status, bar] = ["#work", "#status", "#progress"].map((each) => here.querySelector(each));
const MEMORY = `memory ${ref}`;
const [LOOK_MS, LOOKS] = [3000, 10];
let forThisVisit = null; // the key, where the browser keeps nothing
let held = null; // the memory, likewise

const ownKey = () => forThisVisit ?? keyHere();
const memory = () => held ?? (read(MEMORY) ? unhex(read(MEMORY)) : null);
const remember = (written) => {
  held = written;
  return write(MEMORY, hex(written));
};
const tell = (text) => {
  work.hidden = !text;
  status.textContent = text;
  if (!text) bar.hidden = true;
};
const packetHere = async () => {
  const answer = await fetch(here.dataset.packet, { headers: { Accept: "application/octet-stream" } });
  if (!answer.ok || answer.redirected) throw new BallotError("host", "The host did not answer. Nothing is lost; load the page again.");
  return new Uint8Array(await answer.arrayBuffer());
};

async function send(kind, content) {
  const answer = await fetch(here.dataset.send.replace("/kind/", `/${kind}/`), {
    method: "POST", body: content,
    headers: { "Content-Type": "application/octet-stream", "X-CSRFToken": here.querySelector("[name=csrfmiddlewaretoken]").value },
  });
  const told = await answer.json().catch(() => null);
  if (!told) throw new BallotError("host", "The host did not answer. Nothing is lost; try again.");
  if (!told.ok) throw new BallotError("refused", told.said);
  return told;
}

/** A ballot that the host refused in so many words is not our latest; its number stays used. */
function takeBack(before, after) {
  const nothing = { ...readMemory(after), ballot: new Uint8Array() };
  remember(writeMemory({ ...(before ? readMemory(before) : nothing), serial: readMemory(after).serial }));
}

/** Let the worker do it; give the bytes to send after the memory of it was kept. */
function workOn(kind, more = {}) {
  const worker = new Worker(new URL("./benchmark_work.js", import.meta.url), { type: "module" });
  bar.hidden = false;
  return new Promise((done, failed) => {
    worker.addEventListener("error", () => failed(new BallotError("worker", "This browser is too old to seal. Use a newer one, or the command line.")));
    worker.addEventListener("message", ({ data }) => {
      if (data.progress !== undefined) { bar.value = data.progress; return; }
      worker.terminate();
      if (data.refused) failed(new BallotError(data.code, data.refused));
      else done(data);
    });
    worker.postMessage({ kind, seed: ownKey().seed, memory: memory(), ...more });
  });
}

async function step(kind, doing, more = {}) {
  tell(doing);
  const [packet, before] = [more.packet ?? (await packetHere()), memory()];
  const made = await workOn(kind, { ...more, packet });
  const kept = remember(made.memory);
  bar.value = 1;
  try {
    await send(kind, made.message);
  } catch (error) {
    if (kind === "ballot" && error.code === "refused") takeBack(before, made.memory);
    throw error;
  }
  return kept;
}

const failing = (act) => async (event) => {
  event?.preventDefault();
  say("");
  try {
    await act(event);
  } catch (error) {
    if (!(error instanceof BallotError) && !(error instanceof TypeError)) throw error;
    tell("");
    say(error instanceof TypeError ? "The host was not reached. Nothing is lost; try again." : error.message);
  }
};

// Signing the roster: the device looks first, the person decides.
here.querySelector("#sign")?.addEventListener("submit", failing(async () => {
  const packet = readPacket(await packetHere());
  checkOwnLine(packet, ownKey());
  await send("roster", keys.sign(ownKey(), packet.roster));
  location.reload();
}));

const form = here.querySelector("#figures");
if (form) {
  const words = form.dataset;
  const figures = entering(form, ref, say);
  const button = form.querySelector("#seal");
  form.addEventListener("submit", failing(async () => {
    const whole = figures.whole();
    if (!whole || button.disabled) return;
    button.disabled = true;
    form.after(work); // progress is seen where the button was pressed
    try {
      const kept = await step("ballot", words.sealing, { bins: whole.bins });
      const figuresKept = keepSealed(ref, whole.rows);
      stay();
      tell(words.done);
      if (kept && figuresKept) location.reload();
      else say(words.keepsNothing);
    } finally {
      button.disabled = false;
    }
  }));
}

// Confirming and opening need no decision, unless this device forgot its ballot.
const list = here.querySelector("#list");
const confirmNow = failing(async () => {
  const written = await packetHere();
  const packet = readPacket(written);
  const own = ownOnList(packet);
  if (!memory() && own) {
    const forgot = here.querySelector("#forgot");
    forgot.hidden = false;
    const asking = forgot.querySelector("p");
    asking.textContent = asking.textContent.replace("{number}", packet.serial);
    forgot.querySelector("#it-was").addEventListener("click", failing(async () => {
      forgot.hidden = true;
      await step("confirmation", list.dataset.checking, { packet: written, trusted: true });
      location.reload();
    }));
    return;
  }
  await step("confirmation", own ? list.dataset.checking : list.dataset.noBallot, { packet: written });
  location.reload();
});
const later = () => new Promise((done) => { setTimeout(done, LOOK_MS); });
const confirmedHere = (packet) => confirmationsOf(packet).some(({ index }) => index === packet.index);

/** Sums are given once all confirmed, or half a minute after enough did: all is safer than enough. */
async function lastConfirmations() {
  for (let look = 0; look < LOOKS; look += 1) {
    const packet = readPacket(await packetHere());
    if (packet.state !== "opening" || packet.confirmations.length === packet.signatures.length) return;
    tell(list.dataset.last);
    await later();
  }
}

const openNow = failing(async () => {
  if (!confirmedHere(readPacket(await packetHere()))) { await confirmNow(); return; }
  await lastConfirmations();
  await step("sums", list.dataset.adding);
  location.reload();
});

function begin() {
  // Hidden without script and without a key: nothing can be pressed that could not be done.
  for (const each of here.querySelectorAll("#sign, #figures, #again")) each.hidden = false;
  if (state === "confirming" && waits) confirmNow();
  else if (state === "opening" && waits) openNow();
  else if (list) tell(state === "confirming" ? list.dataset.confirmed : list.dataset.added);
  bar.hidden = bar.hidden || !waits;
}

const asked = here.querySelector("#key-needed");
function needKey() {
  asked.hidden = false;
  asked.querySelector("#key-file").addEventListener("change", failing(async ({ target }) => {
    const text = (await target.files[0]?.text()) ?? "";
    const found = keys.readKeyFile(text).key;
    const packet = readPacket(await packetHere());
    checkOwnLine(packet, found);
    keepKeyFile(text);
    forThisVisit = found;
    asked.hidden = true;
    begin();
  }));
}

if (ownKey()) begin();
else if (waits || form) needKey();
