// The guard on the author's side: nothing of a text leaves while it is checked. The same rules and
// the same light weights as engine/guard, held to the same answers by tests/vectors/guard.json. The
// weights with meaning need a model that no browser has; see docs/background/guard.md.

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
const TABLE = Uint32Array.from({ length: 256 }, (_, value) => {
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

/** Make what `checkText` needs of the two files of rules and weights. */
export function prepared(rules, model) {
  const compiled = (lists) =>
    Object.entries(lists).map(([name, patterns]) => [
      name,
      patterns.map((each) => new RegExp(each, "gu")),
    ]);
  const small = ({ bytes, scale }) =>
    Array.from(atob(bytes), (sign) => ((sign.charCodeAt(0) << 24) >> 24) * scale);
  const told = small(model.known);
  return {
    words: compiled(rules.words),
    byName: new Map(compiled(rules.words)),
    names: compiled(rules.cased),
    rules: rules.rules.map((rule) => ({ ...rule, version: rules.version })),
    model,
    topics: ["price", "cost", "bid", "customers", "capacity", "wage", "boycott", "contract",
      "proprietary", "personal"],
    pieces: Float64Array.from(small(model.pieces)),
    known: new Map(model.known.words.split(" ").map((word, at) => [word, told[at]])),
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

function scoreOf(passage, counted, guard) {
  const { bias, lists } = guard.model;
  const listed = lists.reduce(
    (sum, each, at) => sum + each * Math.min(counted[at], COUNTED_MOST),
    bias + alone(passage, guard),
  );
  return hashed(passage).reduce((sum, [bucket, share]) => sum + guard.pieces[bucket] * share, listed);
}

function topicOf(counted, guard) {
  const told = guard.model.topics.map((row) =>
    counted.reduce((sum, each, at) => sum + row[at] * Math.min(each, COUNTED_MOST), row.at(-1)),
  );
  return guard.topics[told.indexOf(Math.max(...told))];
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

function readPassage(text, spans, guard, listed) {
  const passage = text.slice(spans[0][0], spans.at(-1)[1]);
  const counted = counts(passage, guard);
  const score = scoreOf(passage, counted, guard);
  const read = topicOf(counted, guard);
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
      return scoreOf(sentence, counts(sentence, guard), guard);
    });
    add(spans[alone.indexOf(Math.max(...alone))], rule(`${read}-talk`));
  }
  return found;
}

/** Which sentences a rule stops, in the order of the text: {span, id, topic, hard, said, ...}. */
export function checkText(text, guard, privateWords = []) {
  return passages(text)
    .flatMap((spans) => readPassage(text, spans, guard, privateWords))
    .sort((one, other) => one.span[0] - other.span[0] || other.hard - one.hard);
}

/** "none", "soft" until the author gives a reason, or "hard" until a steward looked. */
export function stopFor(findings) {
  if (findings.length === 0) return "none";
  return findings.some((each) => each.hard) ? "hard" : "soft";
}
