// The guard on the author's side: nothing of a text leaves while it is checked. The same rules and
// weights as engine/guard, held to the same answers by tests/vectors/guard.json; the weights with
// meaning where the sentence model is on the device. See docs/background/guard.md.

const BUCKETS = 1 << 15;
const [MOST, COUNTED_MOST] = [3, 2];
const [SHORT_WORDS, PASSAGE_WORDS, STEM_LEAST] = [45, 10, 4];
const SENTENCE =
  /[^.!?\n]*(?:[.!?]+(?=[^ \t\r\n\u00a0])[^.!?\n]*)*(?:[.!?]+(?=[ \t\r\n\u00a0]|$)|\n|$)/gu;
const SHORTENED =
  /(?:^|[ \t\r\n(])(?:rs|mr|mrs|ms|dr|st|no|nr|ca|bzw|inc|ltd|approx|z\.b|e\.g|i\.e)\.$/i;
const SPELLED = [
  /(?<![a-z0-9])(?:[a-z0-9][-._]){2,}[a-z0-9](?![a-z0-9])/gu,
  /(?<![a-z0-9])(?:[a-z] ){2,}[a-z](?![a-z0-9])/gu,
];
const QUOTES = { "’": "'", "‘": "'", "´": "'", "\u00a0": " ", "–": "-", "—": "-" };
const STEMS = "|s|es|ed|d|ing|er|ers|e|n|en|ern|em|ns".split("|");
const KNOWN_LEAST = 3;
const ENDINGS = new Set(STEMS);
const OPEN_TO_ALL = ["amount", "percent", "joint"];
const TOPICS = ["price", "cost", "bid", "customers", "capacity", "wage", "boycott", "contract",
  "proprietary", "personal"];
const TABLE = Uint32Array.from({ length: 256 }, (_, value) => {
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

/** Make what `checkText` needs of the two files of rules and light weights. */
export function prepared(rules, model) {
  const compiled = (lists) =>
    Object.entries(lists).map(([name, patterns]) => [
      name,
      patterns.map((each) => new RegExp(each, "gu")),
    ]);
  return {
    words: compiled(rules.words),
    byName: new Map(compiled(rules.words)),
    names: compiled(rules.cased),
    rules: rules.rules.map((rule) => ({ ...rule, version: rules.version })),
    light: weightsOf(model),
    meaning: null,
  };
}

/** Add the weights that go with the sentence model, which `checkText` takes as `embed`. */
export function withMeaning(guard, model) {
  const shares = small(model.shares);
  const examples = Float32Array.from(small(model.examples));
  const dims = examples.length / shares.length;
  for (let at = 0; at < examples.length; at += dims) {
    const one = examples.subarray(at, at + dims);
    const length = Math.sqrt(one.reduce((sum, each) => sum + each * each, 0));
    one.forEach((each, place) => { one[place] = each / length; });
  }
  return { ...guard, meaning: { ...weightsOf(model), shares, examples } };
}

const small = ({ bytes, scale }) => {
  const signs = atob(bytes);
  return Float64Array.from(signs, (sign) => ((sign.charCodeAt(0) << 24) >> 24) * scale);
};

function weightsOf({ bias, lists, pieces, known, topics }) {
  const told = small(known);
  return {
    bias,
    lists,
    topics,
    pieces: small(pieces),
    known: new Map(known.words.split(" ").map((word, at) => [word, told[at]])),
  };
}

// What Python's strip takes off; JavaScript's own blanks are others.
const BLANK_BEFORE = /^[\t-\r\x1c- \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/u;
const BLANK_AFTER = /[\t-\r\x1c- \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$/u;

function sentences(text) {
  const found = [];
  for (const each of text.matchAll(SENTENCE)) {
    const bare = each[0].replace(BLANK_BEFORE, "");
    if (bare === "") continue;
    let start = each.index + each[0].length - bare.length;
    const last = found.at(-1);
    if (last && SHORTENED.test(text.slice(...last))) [start] = found.pop();
    found.push([start, each.index + each[0].replace(BLANK_AFTER, "").length]);
  }
  return found;
}

function cased(text) {
  return Array.from(text, (sign) =>
    (QUOTES[sign] ?? sign).normalize("NFKD").replaceAll("ß", "ss").replace(/\p{M}/gu, ""),
  ).join("");
}

function plain(text) {
  return SPELLED.reduce(
    (small, spelled) => small.replace(spelled, (found) => found.replace(/[-._ ]/gu, "")),
    cased(text).toLowerCase(),
  );
}

function words(small) {
  return small.match(/[a-z0-9]+/gu) ?? [];
}

function bucketOf(piece) {
  let sum = 0xffffffff;
  for (let at = 0; at < piece.length; at += 1)
    sum = TABLE[(sum ^ piece.charCodeAt(at)) & 255] ^ (sum >>> 8);
  return ((sum ^ 0xffffffff) >>> 0) % BUCKETS;
}

function hashed(passage) {
  const told = words(plain(passage));
  const counted = new Map();
  const add = (piece) => {
    const bucket = bucketOf(piece);
    counted.set(bucket, (counted.get(bucket) ?? 0) + 1);
  };
  told.forEach((word) => add(`=${word}`));
  told.slice(1).forEach((word, at) => add(`=${told[at]} ${word}`));
  for (const word of told.map((each) => ` ${each} `))
    for (let size = 2; size < 6; size += 1)
      for (let at = 0; at + size <= word.length; at += 1) add(`<${word.slice(at, at + size)}`);
  const shares = [...counted].map(([bucket, count]) => [bucket, 1 + Math.log(count)]);
  const length = Math.sqrt(shares.reduce((sum, [, share]) => sum + share * share, 0));
  return shares.map(([bucket, share]) => [bucket, share / Math.max(length, 1)]);
}

function counts(text, guard) {
  const kept = cased(text);
  const ways = [kept.toLowerCase(), plain(text)];
  const count = (patterns, way) =>
    patterns.reduce((sum, each) => sum + (way.match(each)?.length ?? 0), 0);
  return [
    ...guard.words.map(([, each]) => Math.max(...ways.map((way) => count(each, way)))),
    ...guard.names.map(([, each]) => count(each, kept)),
  ].map((each) => Math.min(each, MOST));
}

function stem(word, known) {
  const bare = STEMS.filter((end) => word.endsWith(end)).map((end) =>
    word.slice(0, word.length - end.length),
  );
  return bare.find((each) => known.has(each) && (each === word || each.length >= KNOWN_LEAST)) ?? word;
}

function alone(passage, { known }) {
  const told = words(plain(passage));
  const sum = told.reduce((total, word) => total + (known.get(stem(word, known)) ?? 0), 0);
  return told.length > 0 ? sum / Math.sqrt(told.length) : 0;
}

function scoreOf(passage, counted, weights, vector) {
  const listed = weights.lists.reduce(
    (sum, each, at) => sum + each * Math.min(counted[at], COUNTED_MOST),
    weights.bias + alone(passage, weights),
  );
  const said = hashed(passage).reduce(
    (sum, [bucket, share]) => sum + weights.pieces[bucket] * share,
    listed,
  );
  return vector ? said + alike(vector, weights) : said;
}

/** How much a passage means what the examples mean that are not to be told, less the others. */
function alike(vector, { examples, shares }) {
  const own = vector.reduce((sum, each) => sum + each * each, 1);
  return shares.reduce((sum, share, at) => {
    const start = at * vector.length;
    let [a, b, c, d] = [0, 0, 0, 0]; // four sums do not wait for each other: half the time
    for (let place = 0; place < vector.length; place += 4) {
      a += examples[start + place] * vector[place];
      b += examples[start + place + 1] * vector[place + 1];
      c += examples[start + place + 2] * vector[place + 2];
      d += examples[start + place + 3] * vector[place + 3];
    }
    return sum + share * Math.exp(2 * (a + b + c + d) - own);
  }, 0);
}

function topicOf(counted, { topics }, vector) {
  const known = [...counted.map((each) => Math.min(each, COUNTED_MOST)), ...(vector ?? [])];
  const told = topics.map((row) => known.reduce((sum, each, at) => sum + row[at] * each, row.at(-1)));
  return TOPICS[told.indexOf(Math.max(...told))];
}

function luhn(number) {
  const digits = [...number].filter((sign) => sign >= "0" && sign <= "9").reverse().map(Number);
  const sum = digits.reduce((total, digit, at) => {
    const twice = 2 * digit;
    return total + (at % 2 === 0 ? digit : Math.floor(twice / 10) + (twice % 10));
  }, 0);
  return sum % 10 === 0;
}

function broken(sentence, guard) {
  const ways = [cased(sentence).toLowerCase(), plain(sentence)];
  const has = (name) =>
    ways.some((way) =>
      (guard.byName.get(name) ?? []).some((pattern) =>
        (way.match(pattern) ?? []).some((found) => name !== "card" || luhn(found)),
      ),
    );
  return guard.rules.filter(
    ({ needs, unless }) => needs.length > 0 && needs.every(has) && !unless.some(has),
  );
}

function isPrivate(sentence, listed) {
  const told = words(plain(sentence));
  const same = (word, own) =>
    own.length < STEM_LEAST
      ? word === own
      : word.startsWith(own) && ENDINGS.has(word.slice(own.length));
  return listed.some((each) => {
    const phrase = words(plain(each));
    return (
      phrase.length > 0 &&
      told.some(
        (_, at) =>
          at + phrase.length <= told.length &&
          phrase.every((own, step) => same(told[at + step], own)),
      )
    );
  });
}

function passages(text) {
  const spans = sentences(text);
  if (words(plain(text)).length <= SHORT_WORDS) return spans.length > 0 ? [spans] : [];
  const found = [];
  let passage = [];
  for (const span of spans) {
    passage.push(span);
    if (words(plain(text.slice(passage[0][0], span[1]))).length >= PASSAGE_WORDS) {
      found.push(passage);
      passage = [];
    }
  }
  return passage.length > 0 ? [...found, passage] : found;
}

function readPassage(text, spans, guard, listed, embed) {
  const passage = text.slice(spans[0][0], spans.at(-1)[1]);
  const counted = counts(passage, guard);
  const vector = guard.meaning && embed ? embed(passage) : null;
  const weights = vector ? guard.meaning : guard.light;
  const score = scoreOf(passage, counted, weights, vector);
  const read = topicOf(counted, weights, vector);
  const rule = (id) => guard.rules.find((each) => each.id === id);
  const found = [];
  const add = (span, { id, version, topic, hard, needs, line, instead }) => {
    const open = score > 0 && needs.some((name) => OPEN_TO_ALL.includes(name));
    const said = text.slice(...span);
    found.push({ span, id, version, hard, topic: open ? read : topic, score, said, line, instead });
  };
  for (const span of spans) {
    const sentence = text.slice(...span);
    const first = broken(sentence, guard).find((each) => score > 0 || !each.with_score);
    if (first) add(span, first);
    if (isPrivate(sentence, listed)) add(span, rule("private-word"));
  }
  if (score > 0 && !found.some((each) => each.hard)) {
    const alone = spans.map((span) => {
      const sentence = text.slice(...span);
      return scoreOf(sentence, counts(sentence, guard), guard.light, null);
    });
    add(spans[alone.indexOf(Math.max(...alone))], rule(`${read}-talk`));
  }
  return found;
}

/**
 * Which sentences a rule stops, in the order of the text: {span, id, topic, hard, said, ...}. `embed`
 * gives what a passage means, or null for one that the light weights are to read.
 */
export function checkText(text, guard, privateWords = [], embed = null) {
  return passages(text)
    .flatMap((spans) => readPassage(text, spans, guard, privateWords, embed))
    .sort((one, other) => one.span[0] - other.span[0] || other.hard - one.hard);
}

/** "none", "soft" until the author gives a reason, or "hard" until a steward looked. */
export function stopFor(findings) {
  if (findings.length === 0) return "none";
  return findings.some((each) => each.hard) ? "hard" : "soft";
}
