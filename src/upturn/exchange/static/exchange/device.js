// What a party's own device keeps of an exchange: its key, and what only it may know. Nothing in here
// asks the host for anything, and nothing in here is sent.
import { group, hex, keys } from "./sealed_ballot.js";

const { exchange: here = "", party = "" } = document.body.dataset;
const place = (name, of = here) => `upturn exchange ${of} ${name}`;

export const exchangeRef = here;
export const partyRef = party;
export const read = (name, missing = null) => {
  try { return JSON.parse(localStorage.getItem(place(name))) ?? missing; } catch { return missing; }
};
/** Keep something on this device; says whether it could. */
export const write = (name, value, of = here) => {
  try { localStorage.setItem(place(name, of), JSON.stringify(value)); return true; } catch { return false; }
};
export const forget = (name) => { try { localStorage.removeItem(place(name)); } catch { /* nothing was kept */ } };
export const names = () => Object.keys(localStorage).filter((each) => each.startsWith(place("")));
/** Ask the browser not to clear what is kept when room gets short. */
export const stay = () => navigator.storage?.persist?.();
/** A reference or a key that nobody else can guess. */
export const drawn = () => hex(group.randomBytes(16));

const KEY = "key";
/** The party's key on this device, or null: then its file is asked for. */
export const key = () => {
  const text = read(KEY);
  return text === null ? null : keys.readKeyFile(text).key;
};
export const keepKeyFile = (text, of = here) => write(KEY, text, of);
export const keyFile = () => read(KEY);

/** Save a file on this device without asking anybody. */
export const save = (name, content, type = "text/plain") => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
};

/** Say why something was not done, in the page's place for it. */
export const say = (text) => {
  const said = document.querySelector("#said");
  said.textContent = text;
  said.hidden = !text;
  if (text) said.scrollIntoView({ block: "nearest" });
};
