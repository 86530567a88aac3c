// The one way in which everything that is signed or hashed is written as bytes.
import { join, numberBytes, refuse, textOf, utf8 } from "./bytes.js";

const [NUMBER, BYTES, TEXT, LIST] = [1, 2, 3, 4];
const DEEPEST = 8;

const head = (tag, length) => join([tag], numberBytes(length, 4));

// Numbers are whole ones from 0 to 2^53 - 1; bytes are Uint8Array; lists are arrays.
export function pack(value) {
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value) || value < 0) {
      refuse("malformed", `${value} cannot be written; whole numbers from 0 to 2^53 - 1 can.`);
    }
    return join([NUMBER], numberBytes(value, 8));
  }
  if (Array.isArray(value)) return join(head(LIST, value.length), ...value.map(pack));
  const isText = typeof value === "string";
  const written = isText ? utf8(value) : value;
  return join(head(isText ? TEXT : BYTES, written.length), written);
}

export function unpack(written) {
  const [value, end] = read(written, 0, DEEPEST);
  if (end !== written.length) refuse("malformed", `${written.length - end} bytes are left over.`);
  return value;
}

function read(written, at, depth) {
  const tag = written[at];
  if (tag === NUMBER) return [number(slice(written, at + 1, 8)), at + 9];
  const length = lengthOf(slice(written, at + 1, 4));
  if (tag === LIST) return list(written, at + 5, length, depth);
  if (tag !== BYTES && tag !== TEXT) refuse("malformed", "A tag from 1 to 4 is due.");
  const content = slice(written, at + 5, length);
  return [tag === TEXT ? textOf(content) : content, at + 5 + length];
}

function slice(written, at, length) {
  const found = written.subarray(at, at + length);
  if (found.length !== length) refuse("malformed", "A message ends too early.");
  return found;
}

const lengthOf = (bytes) => bytes.reduce((sum, byte) => sum * 256 + byte, 0);

function number(bytes) {
  const found = lengthOf(bytes);
  if (!Number.isSafeInteger(found)) refuse("malformed", "A number is larger than 2^53 - 1.");
  return found;
}

function list(written, at, length, depth) {
  if (depth === 0) refuse("malformed", `Lists within lists go deeper than ${DEEPEST}.`);
  const items = [];
  let next = at;
  for (let count = 0; count < length; count += 1) {
    const [item, end] = read(written, next, depth - 1);
    items.push(item);
    next = end;
  }
  return [items, next];
}

// Unpack, and hold the value against a form: "number", "bytes", "text", "list", or a list of forms.
// A form in quotes after "=" is the label that must stand there.
export function unpackAs(form, written, what) {
  const value = unpack(written);
  if (!fits(form, value)) refuse("malformed", `This is no ${what}.`);
  return value;
}

export function fits(form, value) {
  if (Array.isArray(form)) {
    return Array.isArray(value) && value.length === form.length && form.every((one, at) => fits(one, value[at]));
  }
  if (form.startsWith("=")) return value === form.slice(1);
  if (form === "list") return Array.isArray(value);
  if (form === "bytes") return value instanceof Uint8Array;
  return typeof value === (form === "text" ? "string" : "number");
}
