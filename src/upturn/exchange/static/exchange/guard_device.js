// What the check needs of the host, asked once: where rules and weights are, the key of hashes, the
// steward's key. What goes back is a keyed hash, or a text that only the steward can open.
import { bytes, group, hex, keys, unhex } from "./sealed_ballot.js";
import { drawn, read, write } from "./device.js";

const BLOCK = 64;
const SPACES = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/gu;
const [INNER, OUTER] = [0x36, 0x5c];

export const json = async (address) => {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
};

let loading = null;
/** Give what the host says of the check, asked at the first call; after a call that failed, anew. */
export const load = () => {
  loading ??= json(`${document.body.dataset.at}guard/device/?in=${document.documentElement.lang}`)
    .catch((error) => {
      loading = null;
      throw error;
    });
  return loading;
};

export const privateWords = () => read("words", []);
export const keepWords = (listed) => write("words", listed);

function keyed(salt, pad) {
  const block = new Uint8Array(BLOCK).fill(pad);
  salt.forEach((byte, at) => { block[at] ^= byte; });
  return block;
}

/** The keyed hash under which the log knows a text; how its lines are broken does not matter. */
export function digestOf(text, side) {
  const salt = unhex(side.salt);
  const said = bytes.utf8(text.replace(SPACES, " ").replace(/^ | $/gu, ""));
  const inner = bytes.sha256(bytes.join(keyed(salt, INNER), said));
  return hex(bytes.sha256(bytes.join(keyed(salt, OUTER), inner)));
}

const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";

/** Tell the host something in the background; a page that is left still tells it. */
export async function tell(address, content) {
  const answer = await fetch(address, {
    method: "POST",
    keepalive: true,
    headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
    body: JSON.stringify(content),
  });
  return { ok: answer.ok, ...(await answer.json().catch(() => ({}))) };
}

/** Seal a text to the steward and hand it to the host, which cannot open it. */
export async function askSteward(text, found, side, kept) {
  const content = {
    text,
    rules: found.map(({ id, topic, said, hard }) => ({ id, topic, said, hard })),
    about: document.querySelector("h1")?.textContent.trim() ?? "",
  };
  const box = keys.sealFor(unhex(side.steward), bytes.utf8(JSON.stringify(content)), group.randomBytes(32));
  const entry = { ref: drawn(), key: drawn(), digest: digestOf(text, side), text, state: "waiting", ...kept };
  const answer = await tell(side.at.hold, { ref: entry.ref, key: entry.key, sealed: hex(box) });
  if (answer.ok) keepHeld([...held(), entry]);
  return { ...answer, entry };
}

export const held = () => read("held", []);
export const keepHeld = (entries) => write("held", entries);
export const dropHeld = (ref) => keepHeld(held().filter((each) => each.ref !== ref));

export async function withdraw({ ref, key }, side) {
  const answer = await tell(side.at.withdraw, { ref, key });
  // One that was decided meanwhile is with the steward no more; then there is nothing to take back.
  if (answer.ok || answer.gone) dropHeld(ref);
  return answer;
}

/** Ask what became of the texts that wait: waiting, released, or refused. */
export async function lookAgain(side) {
  const items = held().filter(({ state }) => state === "waiting");
  if (items.length > 0) {
    const asked = items.map(({ ref, key, digest }) => ({ ref, key, digest }));
    const { states = {} } = await tell(side.at.held, { items: asked });
    keepHeld(held().map((each) => ({ ...each, state: states[each.ref] ?? each.state })));
  }
  return held();
}
