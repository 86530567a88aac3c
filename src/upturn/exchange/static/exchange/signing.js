// What a party's key signs outside ballots; its twin is engine/signed_words.py.
import { bytes, hex, keys } from "./sealed_ballot.js";

const LABEL = "upturn exchange 1";

/** Write down what is signed: what it is, and each part on a line of its own. */
export function toSign(what, ...parts) {
  if ([what, ...parts].some((part) => part.includes("\n"))) throw new Error("A part has a line break.");
  return bytes.utf8([LABEL, what, ...parts].join("\n"));
}

export const signed = (key, what, ...parts) => hex(keys.sign(key, toSign(what, ...parts)));

/** A key file that also knows where it belongs, so that it opens the exchange on another device. */
export const keyFileFor = (key, { company, exchange, party }) =>
  `${JSON.stringify({ ...JSON.parse(keys.writeKeyFile(key, company)), exchange, party }, null, 2)}\n`;
