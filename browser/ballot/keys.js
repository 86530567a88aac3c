// A company's key: one seed, from which it signs and opens what was sealed for it.
import { xsalsa20poly1305, hsalsa } from "@noble/ciphers/salsa.js";
import { ed25519, x25519 } from "@noble/curves/ed25519.js";
import { blake2b } from "@noble/hashes/blake2.js";
import { hex, join, refuse, same, sha256, unhex, utf8 } from "./bytes.js";
import { LABEL, randomBytes, sha512 } from "./group.js";
import { pack } from "./pack.js";
import WORDS from "../safety_words.txt";

const words = WORDS.trim().split(/\s+/);
const STRETCHED = 65536;

export function keyOf(seed) {
  if (seed.length !== 32) refuse("key", "A seed has 32 bytes.");
  const opening = sha512(join(utf8(`${LABEL} sealing key`), seed)).subarray(0, 32);
  return { seed, opening, signing: ed25519.getPublicKey(seed), sealing: x25519.getPublicKey(opening) };
}

export const newKey = (draw = randomBytes) => keyOf(draw(32));

export const fingerprint = ({ signing, sealing }) => sha256(pack([`${LABEL} key`, signing, sealing]));

export const sign = (key, said) => ed25519.sign(said, key.seed);

export function signedBy(signing, said, signature) {
  try {
    return ed25519.verify(signature, said, signing, { zip215: false });
  } catch {
    return false;
  }
}

const u32 = (bytes) => new Uint32Array(bytes.slice().buffer);
const SIGMA = u32(utf8("expand 32-byte k"));

function agreed(secret, theirs) {
  try {
    return x25519.getSharedSecret(secret, theirs);
  } catch {
    return refuse("box", "Nothing can be sealed for a key of small order.");
  }
}

// What two keys have in common and nobody else can work out; never used without a label of its own.
export const sharedWith = (key, sealing) => agreed(key.opening, sealing);

function boxOf(secret, theirs, sender, receiver) {
  const shared = agreed(secret, theirs);
  const out = new Uint32Array(8);
  hsalsa(SIGMA, u32(shared), new Uint32Array(4), out);
  return xsalsa20poly1305(new Uint8Array(out.buffer), blake2b(join(sender, receiver), { dkLen: 24 }));
}

export function sealFor(sealing, said, oneTime) {
  const sender = x25519.getPublicKey(oneTime);
  return join(sender, boxOf(oneTime, sealing, sender, sealing).encrypt(said));
}

export function openBox(key, box) {
  const sender = box.subarray(0, 32);
  try {
    return boxOf(key.opening, sender, sender, key.sealing).decrypt(box.subarray(32));
  } catch {
    return refuse("box", "A box does not open with this key: not yours, or changed.");
  }
}

// Six words that two people read to each other on the telephone.
export function safetyWords(printed) {
  let stretched = printed;
  for (let count = 0; count < STRETCHED; count += 1) stretched = sha512(stretched);
  return Array.from(stretched.subarray(0, 6), (byte) => words[byte]);
}

// The seed as 32 words and one that checks them, for a sheet of paper in a safe.
export function recoveryWords(key) {
  return Array.from(join(key.seed, sha256(key.seed).subarray(0, 1)), (byte) => words[byte]);
}

export function keyFromWords(said) {
  const places = said.map((word) => words.indexOf(word.toLowerCase()));
  if (places.length !== 33 || places.includes(-1)) {
    refuse("key", "33 words of the list are needed. Compare them with your paper.");
  }
  const seed = Uint8Array.from(places.slice(0, 32));
  if (sha256(seed)[0] !== places[32]) {
    refuse("key", "The last word does not check the others. Compare them with your paper.");
  }
  return keyOf(seed);
}

export function writeKeyFile(key, company) {
  return `${JSON.stringify({ "upturn-key": 1, company, seed: hex(key.seed) }, null, 2)}\n`;
}

export function readKeyFile(text) {
  let content;
  try {
    content = JSON.parse(text);
  } catch {
    content = null;
  }
  if (content?.["upturn-key"] !== 1 || !/^[0-9a-f]{64}$/.test(content.seed ?? "")) {
    refuse("key", "This is no key file of Upturn.");
  }
  return { key: keyOf(unhex(content.seed)), company: String(content.company ?? "") };
}

export const isKeyOf = (key, member) => same(key.signing, member.signing) && same(key.sealing, member.sealing);
