// Lists that companies compare without showing them; the twin of engine/together.py, held against
// tests/vectors/buy_in.json. Digests are made here, with a key the host does not have.
import { bytes, hex } from "./sealed_ballot.js";
import { toSign } from "./signing.js";

export const PADDED_TO = 32;
const DIGEST_BYTES = 16;
const KEY_BYTES = 32;

// BLAKE2b with a key (RFC 7693), for messages of a line.
const FULL = (1n << 64n) - 1n;
const BLOCK = 128;
const START = [
  0x6a09e667f3bcc908n, 0xbb67ae8584caa73bn, 0x3c6ef372fe94f82bn, 0xa54ff53a5f1d36f1n,
  0x510e527fade682d1n, 0x9b05688c2b3e6c1fn, 0x1f83d9abfb41bd6bn, 0x5be0cd19137e2179n,
];
const ORDER = [
  "0123456789abcdef",
  "ea489fd61c02b753",
  "b8c052fdae367194",
  "7931dcbe265a40f8",
  "905724afe1bc683d",
  "2c6a0b834d75fe19",
  "c51fed4a0763928b",
  "db7ec13950f4862a",
  "6fe9b308c2d714a5",
  "a2847615fb9e3cd0",
].map((row) => Array.from(row, (place) => parseInt(place, 16)));
const COLUMNS_AND_DIAGONALS = [
  [0, 4, 8, 12], [1, 5, 9, 13], [2, 6, 10, 14], [3, 7, 11, 15],
  [0, 5, 10, 15], [1, 6, 11, 12], [2, 7, 8, 13], [3, 4, 9, 14],
];
const turned = (word, by) => ((word >> by) | (word << (64n - by))) & FULL;

function mix(v, [a, b, c, d], x, y) {
  v[a] = (v[a] + v[b] + x) & FULL;
  v[d] = turned(v[d] ^ v[a], 32n);
  v[c] = (v[c] + v[d]) & FULL;
  v[b] = turned(v[b] ^ v[c], 24n);
  v[a] = (v[a] + v[b] + y) & FULL;
  v[d] = turned(v[d] ^ v[a], 16n);
  v[c] = (v[c] + v[d]) & FULL;
  v[b] = turned(v[b] ^ v[c], 63n);
}

function compress(state, block, { read, last }) {
  const view = new DataView(block.buffer, block.byteOffset, BLOCK);
  const words = Array.from({ length: 16 }, (_, at) => view.getBigUint64(8 * at, true));
  const v = [...state, ...START];
  v[12] ^= BigInt(read);
  if (last) v[14] ^= FULL;
  for (let round = 0; round < 12; round += 1) {
    const order = ORDER[round % 10];
    COLUMNS_AND_DIAGONALS.forEach((four, at) => mix(v, four, words[order[2 * at]], words[order[2 * at + 1]]));
  }
  return state.map((word, at) => word ^ v[at] ^ v[at + 8]);
}

export function keyedHash(key, said, length = DIGEST_BYTES) {
  const whole = new Uint8Array(BLOCK * (1 + Math.ceil(said.length / BLOCK)));
  whole.set(key);
  whole.set(said, BLOCK);
  const read = BLOCK + said.length;
  let state = [...START];
  state[0] ^= BigInt(0x01010000 ^ (key.length << 8) ^ length);
  for (let at = 0; at < whole.length; at += BLOCK) {
    const last = at + BLOCK >= whole.length;
    state = compress(state, whole.subarray(at, at + BLOCK), { read: last ? read : at + BLOCK, last });
  }
  const out = new DataView(new ArrayBuffer(64));
  state.forEach((word, at) => out.setBigUint64(8 * at, word, true));
  return new Uint8Array(out.buffer).slice(0, length);
}

// Letters fold as Unicode folds them, which is lower case but for Cherokee, sharp s and dotless i.
const folded = (letter) => {
  if (/\p{Script=Cherokee}/u.test(letter)) return letter.toUpperCase();
  if (letter === "\u1e9e") return "ss";
  if (letter === "\u0131") return letter;
  return Array.from(letter.toUpperCase(), (each) => each.toLowerCase()).join("");
};

/** Write words the one way in which they are compared. */
export const plain = (words) =>
  Array.from(words.normalize("NFKC"), folded).join("").replace(/[^\p{L}\p{N}_]+/gu, " ").trim();

/** The digest of an entry, by which its own company knows it again. */
export const digest = (entry, key, about) => hex(keyedHash(key, bytes.utf8(`${about}\0${plain(entry)}`)));

/** The companies' key, from words they gave each other without the host. */
export const listKey = (words, exchange) =>
  bytes.sha256(toSign("list key", exchange, spoken(words)));

/** Words as they were said: small, one space apart. */
export const spoken = (words) => words.toLowerCase().split(/\s+/).filter(Boolean).join(" ");

const drawn = () => crypto.getRandomValues(new Uint8Array(DIGEST_BYTES));

/** Turn a list into digests, always as many, so that its length says nothing. */
export function blind(entries, key, about, draw = drawn) {
  if (key.length !== KEY_BYTES) throw new RangeError("A key has 32 bytes.");
  const digests = new Set(entries.filter((entry) => plain(entry)).map((entry) => digest(entry, key, about)));
  if (digests.size > PADDED_TO) return null;
  while (digests.size < PADDED_TO) digests.add(hex(draw()));
  return [...digests].sort();
}

/** What shared digests mean, from the own list alone. */
export const inWords = (digests, own, key, about) =>
  own.filter((entry) => digests.includes(digest(entry, key, about))).sort();

/** A service as an entry to be compared: what, for whom, where. */
export const serviceEntry = (what, whom, where) => [what, whom, where].map(plain).join(" | ");
