// What this phone keeps: drafts as they are typed, and what it handed in with the keys that prove it.
// The house never learns which cards belong to which phone.
const NAME = "upturn-workshop";
const memory = {};

const all = () => {
  try { return JSON.parse(localStorage.getItem(NAME)) ?? {}; } catch { return memory; }
};
const keep = (whole) => {
  Object.assign(memory, whole);
  try { localStorage.setItem(NAME, JSON.stringify(whole)); } catch { /* a private window keeps it as long as it is open */ }
};
const hex = (bytes) => [...crypto.getRandomValues(new Uint8Array(bytes))].map((each) => each.toString(16).padStart(2, "0")).join("");

export const drawn = () => ({ ref: hex(16), key: hex(24) });
export const workshops = () => Object.entries(all());
export const of = (ref) => ({ drafts: {}, own: [], ...all()[ref] });
export const change = (ref, act) => {
  const here = of(ref);
  act(here);
  keep({ ...all(), [ref]: here });
};
export const draft = (ref, at, values) => change(ref, (here) => {
  if (Object.values(values).some((each) => each)) here.drafts[at] = values; else delete here.drafts[at];
});
export const add = (ref, card) => change(ref, (here) => { here.own.push({ ...drawn(), state: "waits", ...card }); });
export const settle = (ref, card, changes) => change(ref, (here) => {
  const found = here.own.find((each) => each.ref === card);
  if (found) Object.assign(found, changes);
});
export const drop = (ref, card) => change(ref, (here) => { here.own = here.own.filter((each) => each.ref !== card); });
export const waiting = (ref) => of(ref).own.filter((each) => each.state === "waits");
