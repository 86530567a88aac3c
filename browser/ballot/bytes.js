// Bytes, text and hexadecimal; and the one error that everything here throws.
import { blake2b } from "@noble/hashes/blake2.js";
import { sha256 } from "@noble/hashes/sha2.js";

const writer = new TextEncoder();
const reader = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

// `code` is for pages, which say it in their reader's language; the message is plain English.
export class BallotError extends Error {
  constructor(code, said) {
    super(said);
    this.name = "BallotError";
    this.code = code;
  }
}

export function refuse(code, said) {
  throw new BallotError(code, said);
}

export const utf8 = (text) => writer.encode(text);

export function textOf(bytes) {
  try {
    return reader.decode(bytes);
  } catch {
    return refuse("malformed", "A text is not UTF-8.");
  }
}

export function join(...parts) {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

export function same(one, other) {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

export function unhex(text) {
  if (!/^([0-9a-f]{2})*$/.test(text)) refuse("malformed", "This is not hexadecimal.");
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

// Big end first, in so many bytes.
export function numberBytes(number, width) {
  const bytes = new Uint8Array(width);
  let left = number;
  for (let at = width - 1; at >= 0; at -= 1) {
    bytes[at] = left % 256;
    left = Math.floor(left / 256);
  }
  return bytes;
}

export const pieces = (bytes, width) =>
  Array.from({ length: bytes.length / width }, (_, at) => bytes.subarray(at * width, (at + 1) * width));

// BLAKE2b under a key, so that only who has the key can try what was hashed.
export const keyedHash = (said, key, width) => blake2b(said, { key, dkLen: width });

export { sha256 };
