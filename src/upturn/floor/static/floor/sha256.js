// SHA-256 of a short text, as hex. A house without https has no crypto.subtle, and its phones too
// must know their own takes by the mark that the board shows for them.
const primes = [];
for (let n = 2; primes.length < 64; n += 1) if (primes.every((prime) => n % prime)) primes.push(n);
const bits = (number) => ((number % 1) * 2 ** 32) | 0;
const rounds = primes.map((prime) => bits(Math.cbrt(prime)));
const start = primes.slice(0, 8).map((prime) => bits(Math.sqrt(prime)));
const turn = (word, by) => (word >>> by) | (word << (32 - by));

const block = (hash, words) => {
  const w = [...words];
  for (let i = 16; i < 64; i += 1) {
    const [a, b] = [w[i - 15], w[i - 2]];
    const low = turn(a, 7) ^ turn(a, 18) ^ (a >>> 3);
    const high = turn(b, 17) ^ turn(b, 19) ^ (b >>> 10);
    w[i] = (w[i - 16] + low + w[i - 7] + high) | 0;
  }
  let [a, b, c, d, e, f, g, h] = hash;
  for (let i = 0; i < 64; i += 1) {
    const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + rounds[i] + w[i]) | 0;
    const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [a, b, c, d, e, f, g, h] = [(one + two) | 0, a, b, c, (d + one) | 0, e, f, g];
  }
  return [a, b, c, d, e, f, g, h].map((word, i) => (word + hash[i]) | 0);
};

export const sha256 = (text) => {
  const bytes = new TextEncoder().encode(text);
  const view = new DataView(new ArrayBuffer(((bytes.length + 72) >> 6) << 6));
  bytes.forEach((byte, i) => view.setUint8(i, byte));
  view.setUint8(bytes.length, 128);
  view.setUint32(view.byteLength - 4, bytes.length * 8);
  let hash = start;
  for (let at = 0; at < view.byteLength; at += 64) {
    hash = block(hash, Array.from({ length: 16 }, (_, i) => view.getInt32(at + 4 * i)));
  }
  return hash.map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
};
