// Holds the buy-in of a leader's device against tests/vectors; gives what differs: nothing.
import { unhex, hex, keys } from "/sealed_ballot.js";
import * as half from "/buy_in.js";

const raw = (text) => unhex(text);

export function differences({ commitments, pads, tokens }) {
  const wrong = [];
  const same = (found, due, what) => { if (found !== due) wrong.push(`${what}: ${found}`); };
  commitments.forEach(({ exchange, leader, answer, leaves_out: leavesOut, salt, commitment }) => {
    same(half.commitment({ answer, leavesOut, salt: raw(salt) }, { exchange, leader }), commitment, answer);
  });
  pads.forEach(({ exchange, asking, among, shared, pad }) => {
    same(hex(half.pad(raw(shared), { exchange, asking, among: [...among].reverse() })), pad, "pad");
  });
  tokens.forEach(({ answer, pads: given, noise, token }) => {
    same(half.token(answer, given.map(raw), raw(noise)), token, answer);
  });
  return wrong;
}

export const shared = (seed, sealing) => hex(keys.sharedWith(keys.keyOf(raw(seed)), raw(sealing)));

/** Everybody's device makes its token: what the host gets. */
export function tokens({ exchange, asking, answers, seeds, seen }) {
  const among = seen.filter(({ answer }) => answer === null || answer === "yes").map(({ ref }) => ref);
  return among.map((leader) => half.tokenFor(keys.keyOf(raw(seeds[leader])),
    { exchange, leader, answer: answers[leader], asking, seen, among }));
}

/** What a device says when the host leaves somebody out of those who are asked. */
export function refusal(asked) {
  try {
    half.checkAsking(asked.seen, asked.among);
    return "";
  } catch (error) {
    return error.code;
  }
}

export const sealed = (said, about) => half.commitment({ ...said, salt: raw(said.salt) }, about);
export const tidied = (topics) => half.tidied(topics);
