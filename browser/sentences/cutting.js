// A text cut into pieces: written plainly first (NFKC and more, by the model's own table), then cut so
// that the pieces are likeliest together. After SentencePiece (Kudo 2018, unigram language model).
const [UNKNOWN, SPACE_PIECE] = [0, 6];
const SPACE = 0x20;
const BLANK = "\u2581";
const LAST_BLANKS = /\u2581+$/u;
const LETTER = /\p{L}/u;
const LONE_SURROGATE = /\p{Cs}/gu;

/** Give what cuts a text into numbers of pieces; null if a letter is none of the kept pieces'. */
export function cutter(packed) {
  const pieces = packed.pieces.split("\n");
  const numbers = new Map(pieces.map((piece, at) => [piece, at]));
  const known = new Set(pieces.join(""));
  const most = packed.longest * packed.window * packed.windows;
  return (text) => {
    const read = Array.from(text.replace(LONE_SURROGATE, "?")).slice(0, most).join("");
    const signs = Array.from(plainly(read, packed));
    if (signs.some((sign) => LETTER.test(sign) && !known.has(sign))) return null;
    const cut = likeliest(signs, numbers, packed);
    return cut.every((piece) => piece === UNKNOWN || piece === SPACE_PIECE) ? [] : cut;
  };
}

/** Cut signs so that the scores of the pieces are most together; the longer first piece if alike. */
function likeliest(signs, numbers, { scores, longest, unknown_score: unknown }) {
  const best = new Float64Array(signs.length + 1).fill(-1e38);
  const [from, piece] = [new Int32Array(best.length), new Int32Array(best.length)];
  const reach = (start, end, score, number) => {
    if (score > best[end]) [best[end], from[end], piece[end]] = [score, start, number];
  };
  best[0] = 0;
  signs.forEach((sign, start) => {
    let inside = "";
    for (let end = start + 1; end <= Math.min(start + longest, signs.length); end += 1) {
      inside += signs[end - 1];
      const number = numbers.get(inside);
      if (number !== undefined) reach(start, end, best[start] + scores[number], number);
    }
    if (!numbers.has(sign)) reach(start, start + 1, best[start] + unknown, UNKNOWN);
  });
  const cut = [];
  for (let end = signs.length; end > 0; end = from[end]) cut.push(piece[end]);
  return cut.reverse();
}

/** Write a text as the model's table says; blanks as one sign, one before the text, none behind. */
function plainly(text, packed) {
  const bytes = new TextEncoder().encode(text);
  const written = [];
  let at = 0;
  let afterBlank = true;
  while (at < bytes.length) {
    const [part, taken] = replaced(bytes, at, packed);
    at += taken;
    for (const byte of afterBlank ? withoutFirst(part) : part) written.push(byte);
    if (part.some((byte) => byte !== SPACE) || !afterBlank) afterBlank = written.at(-1) === SPACE;
  }
  const said = new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.from(written));
  return (BLANK + said.replaceAll(" ", BLANK)).replace(LAST_BLANKS, "");
}

function withoutFirst(part) {
  const first = part.findIndex((byte) => byte !== SPACE);
  return first < 0 ? [] : part.slice(first);
}

/** The longest entry of the table that begins here, and how many bytes it stands for. */
function replaced(bytes, from, { units, replacements }) {
  let node = offsetOf(units[0]);
  let [length, value] = [0, 0];
  for (let at = from; at < bytes.length; at += 1) {
    node ^= bytes[at];
    if ((units[node] & 0x800000ff) >>> 0 !== bytes[at]) break;
    const unit = units[node];
    node ^= offsetOf(unit);
    if (unit & 0x100) [length, value] = [at + 1 - from, units[node] & 0x7fffffff];
  }
  if (length === 0) return itself(bytes, from);
  return [replacements.subarray(value, replacements.indexOf(0, value)), length];
}

// A double array after Yata's darts-clone: where the children of a node stand.
const offsetOf = (unit) => (unit >>> 10) << ((unit & 0x200) >>> 6);

function itself(bytes, at) {
  const first = bytes[at];
  const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  return [bytes.subarray(at, at + length), length];
}
