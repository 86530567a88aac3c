// The group ristretto255 and its scalars, which are BigInts below the order in here.
import { pippenger } from "@noble/curves/abstract/curve.js";
import { ed25519, ristretto255, ristretto255_hasher } from "@noble/curves/ed25519.js";
import { bytesToNumberLE, numberToBytesLE } from "@noble/curves/utils.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { join, pieces, refuse, utf8 } from "./bytes.js";

export const LABEL = "upturn ballot v1";
export const ORDER = ed25519.Point.Fn.ORDER;
export const WIDTH = 32;

const { Point } = ristretto255;
export const G = Point.BASE;
export const H = hashToGroup(utf8(`${LABEL} second base`));
H.precompute(8);

export function hashToGroup(label) {
  return ristretto255_hasher.deriveToCurve(sha512(label));
}

export const mod = (number) => ((number % ORDER) + ORDER) % ORDER;

export const writeScalar = (scalar) => numberToBytesLE(scalar, WIDTH);

export const writeScalars = (scalars) => join(...scalars.map(writeScalar));

export function readScalar(written) {
  const scalar = bytesToNumberLE(written);
  if (written.length !== WIDTH || scalar >= ORDER) refuse("malformed", "A scalar is not canonical.");
  return scalar;
}

export function readScalars(written) {
  if (written.length % WIDTH) refuse("malformed", "Scalars have a wrong length.");
  return pieces(written, WIDTH).map(readScalar);
}

export const wideScalar = (bytes) => bytesToNumberLE(bytes) % ORDER;

// `draw(count)` gives so many random bytes; 64 of them make a scalar.
export const drawScalars = (draw, count) => pieces(draw(64 * count), 64).map(wideScalar);

export function randomBytes(count) {
  const drawn = new Uint8Array(count);
  for (let at = 0; at < count; at += 65536) crypto.getRandomValues(drawn.subarray(at, at + 65536));
  return drawn;
}

export function readAny(written) {
  try {
    return Point.fromBytes(written);
  } catch {
    return refuse("malformed", "A point is not canonical.");
  }
}

export function readPoint(written) {
  const point = readAny(written);
  if (point.is0()) refuse("malformed", "A point is the identity.");
  return point;
}

// A secret scalar times a point: the same steps whatever the scalar, as far as BigInt allows.
export const times = (scalar, point) => (scalar === 0n ? Point.ZERO : point.multiply(scalar));

// For public scalars alone: faster, and its time depends on them.
export const timesPublic = (scalar, point) => (scalar === 0n ? Point.ZERO : point.multiplyUnsafe(scalar));

export const addWeighed = (points, scalars) => pippenger(Point, points, scalars);

export const commit = (value, blinding) => times(BigInt(value), G).add(times(blinding, H));

export { sha512 };
