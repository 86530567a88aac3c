// The sealed buy-in on a leader's own device; its twin is engine/buy_in.py.
import { BallotError, bytes, hex, keys, unhex } from "./sealed_ballot.js";

const LABEL = "upturn buy-in 1";
const YES = "yes";
const FEWEST = 3;
const MOST_LETTERS = 120;
const MOST_LEFT_OUT = 20;

/** By code points, as every other device sorts; a browser's own order is by UTF-16. */
const byPoints = (one, other) => {
  const [left, right] = [one, other].map((text) => Array.from(text, (letter) => letter.codePointAt(0)));
  const at = left.findIndex((point, index) => point !== right[index]);
  return at < 0 ? left.length - right.length : left[at] - (right[at] ?? -1);
};
const sortedOnce = (texts) => [...new Set(texts)].sort(byPoints);
const said = (...parts) => bytes.utf8(JSON.stringify(parts));
const hashed = (what, ...parts) => bytes.sha256(bytes.join(bytes.utf8(`${LABEL} ${what}`), ...parts));

/** Topics that are left out, as they are sealed: short, few, each once. */
export const tidied = (topics) => {
  const short = topics.map((topic) => Array.from(topic.trim()).slice(0, MOST_LETTERS).join(""));
  return sortedOnce(short.filter(Boolean)).slice(0, MOST_LEFT_OUT);
};

/** What the host keeps: it binds the answer and says nothing about it. */
export function commitment({ answer, leavesOut, salt }, { exchange, leader }) {
  return hex(hashed("answer", salt, said(exchange, leader, answer, sortedOnce(leavesOut))));
}

/** The salt of an answer, worked out of the key, so that a browser that forgot it finds it again. */
export const saltOf = (key, { exchange, leader }) => hashed("salt", key.seed, said(exchange, leader));

/** What two leaders alone can work out for one time of asking. */
export function pad(shared, { exchange, asking, among }) {
  return hashed("pad", shared, said(exchange, asking, sortedOnce(among)));
}

/** A leader's token: to everybody else it looks the same whatever the answer is. */
export function token(answer, pads, noise) {
  if (pads.length + 1 < FEWEST) throw new BallotError("few", "Fewer than three are asked.");
  const whole = new Uint8Array(32);
  for (const part of answer === YES ? pads : [...pads, noise]) part.forEach((byte, at) => { whole[at] ^= byte; });
  return hex(whole);
}

/** Refuse to be asked among a set that the host chose by itself: it could find whose answer is no. */
export function checkAsking(seen, among) {
  const due = seen.filter(({ answer }) => answer === null || answer === YES).map(({ ref }) => ref);
  if (JSON.stringify(sortedOnce(due)) !== JSON.stringify(sortedOnce(among))) {
    throw new BallotError("among", "The host asks among other leaders than it should.");
  }
}

/** The token of a time of asking; the same key, answer and asking give the same one on any device. */
export function tokenFor(key, { exchange, leader, answer, asking, seen, among }) {
  checkAsking(seen, among);
  const sealing = new Map(seen.map((each) => [each.ref, each.seals]));
  const others = among.filter((ref) => ref !== leader);
  const about = { exchange, asking, among };
  const pads = others.map((ref) => pad(keys.sharedWith(key, unhex(sealing.get(ref))), about));
  const noise = hashed("noise", key.seed, said(exchange, leader, asking, sortedOnce(among)));
  return token(answer, pads, noise);
}
