// Proofs that a commitment holds 0 or 1, and that the bins of one metric hold one tick.
import { join, numberBytes, pieces, same, sha256, utf8 } from "./bytes.js";
import {
  G, H, LABEL, WIDTH, addWeighed, mod, randomBytes, readAny, readPoint, readScalars, sha512, times,
  timesPublic, wideScalar, writeScalars,
} from "./group.js";

export const PROOF_BYTES = 6 * WIDTH;

export const contextOf = ({ roundId, sheet, roster, index }) =>
  join(roundId, sheet, roster, numberBytes(index, 4));

export function challenge(context, coordinate, points) {
  return wideScalar(sha512(join(utf8(`${LABEL} tick`), context, numberBytes(coordinate, 4), points)));
}

// `drawn`: three random scalars: w, and the other branch's challenge and response.
export function proveTick(context, coordinate, { tick, blinding, drawn }) {
  const [w, cOther, zOther] = drawn;
  const commitment = times(BigInt(tick), G).add(times(blinding, H)).toBytes();
  const announced = times(w, H).toBytes();
  const shift = tick === 0 ? cOther : mod(-cOther);
  const other = times(mod(zOther - cOther * blinding), H).add(times(shift, G)).toBytes();
  const both = tick === 0 ? [announced, other] : [other, announced];
  const cTrue = mod(challenge(context, coordinate, join(commitment, ...both)) - cOther);
  const zTrue = mod(w + cTrue * blinding);
  const scalars = tick === 0 ? [cTrue, cOther, zTrue, zOther] : [cOther, cTrue, zOther, zTrue];
  return [commitment, join(...both, writeScalars(scalars))];
}

export function tickHolds(context, coordinate, commitment, proof) {
  let point;
  let scalars;
  try {
    point = readPoint(commitment);
    scalars = readScalars(proof.subarray(2 * WIDTH));
  } catch {
    return false;
  }
  const [c0, c1, z0, z1] = scalars;
  const [a0, a1] = [proof.subarray(0, WIDTH), proof.subarray(WIDTH, 2 * WIDTH)];
  if (point.equals(G) || mod(c0 + c1) !== challenge(context, coordinate, join(commitment, a0, a1))) {
    return false;
  }
  const answers = (c, z, where) => times(z, H).subtract(timesPublic(c, where)).toBytes();
  return same(a0, answers(c0, z0, point)) && same(a1, answers(c1, z1, point.subtract(G)));
}

// Whether all proofs of a ballot hold, in one go: a random sum of all their equations is zero. Some
// that do not hold pass once in 2^128 tries. Where it fails, `tickHolds` says which it was.
export function allHold(context, commitments, proofs) {
  try {
    return weighed(context, commitments, proofs).is0();
  } catch {
    return false;
  }
}

function weighed(context, commitments, proofs) {
  const [points, scalars] = [[], []];
  let [ofG, ofH] = [0n, 0n];
  const chances = pieces(randomBytes(32 * commitments.length), 16).map((drawn) => wideScalar(drawn));
  commitments.forEach((commitment, k) => {
    const [a0, a1] = [proofs[k].subarray(0, WIDTH), proofs[k].subarray(WIDTH, 2 * WIDTH)];
    const [c0, c1, z0, z1] = readScalars(proofs[k].subarray(2 * WIDTH));
    const [u, v] = [chances[2 * k], chances[2 * k + 1]];
    const point = readPoint(commitment);
    if (point.equals(G) || mod(c0 + c1) !== challenge(context, k, join(commitment, a0, a1))) throw new Error();
    points.push(point, readAny(a0), readAny(a1));
    scalars.push(mod(u * c0 + v * c1), u, v);
    ofG = mod(ofG - v * c1);
    ofH = mod(ofH - u * z0 - v * z1);
  });
  return addWeighed([...points, G, H], [...scalars, ofG, ofH]);
}

export const addPoints = (points) => points.reduce((total, point) => total.add(point));

export const sumHolds = (points, opened) => addPoints(points).equals(G.add(times(opened, H)));

// What a sealed box begins with, so that it cannot be sent again as somebody else's.
export function binding(context, { serial, holder, commitments }) {
  const said = [context, numberBytes(serial, 8), numberBytes(holder, 4), sha256(commitments)];
  return sha256(join(utf8(`${LABEL} box`), ...said));
}
