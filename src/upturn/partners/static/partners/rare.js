// Words that may show who wrote them, looked up on this device; nothing of it is sent anywhere.
// The same rules as engine/rare_words.py, held to the same marks by a test.
const TOKEN = /\p{Nd}+(?:[.:/-]\p{Nd}+)*\.?|\p{L}[\p{L}\p{N}_\u0300-\u036f\u064b-\u065f]*(?:['’-][\p{L}\p{N}_]+)*/gu;
const ACCENTS = /[\u0300-\u036f\u064b-\u065f\u0670\u0640]/g;
const BEFORE = /^(?:و|ف)?(?:ب|ك|ل)?(?:ال|لل)?/;
const AFTER = /(?:هم|ها|نا|كم|ات|ين|ون|ان|ه|ك|ي|ا|وا)$/;
const VERB = /^(?:و|ف)?(?:س|ل)?[يتنا]ت?/;
const STEM_LEAST = 5;

export const fold = (word) => word.toLowerCase().normalize("NFD").replace(ACCENTS, "").normalize("NFC")
  .replaceAll("’", "'").replaceAll("ß", "ss").replaceAll("ى", "ي").replaceAll("ة", "ه");

const tokens = (text) => [...text.matchAll(TOKEN)];

export const knownWords = (given, house) => {
  const words = new Set(given.words.split(" "));
  for (const [word] of tokens(house)) words.add(fold(word));
  const stems = new Set();
  for (const word of words) if (word.length > STEM_LEAST) stems.add(word.slice(0, Math.max(STEM_LEAST, word.length - 2)));
  return { words, stems, dates: new Set(given.dates.split(" ")), alone: given.alone };
};

const opens = (before) => {
  const bare = before.replace(/[ \t"'“”„«»()¿¡]+$/, "");
  return bare === "" || /[.!?…:\n؟]/.test(bare.at(-1));
};

const isTwoInOne = (word, { words }) => {
  for (let at = 3; at < word.length - 2; at += 1) {
    const head = word.slice(0, at);
    if (words.has(word.slice(at)) && [head, head.replace(/s$/, ""), head.replace(/n$/, "")].some((part) => words.has(part))) return true;
  }
  return false;
};

const isCovered = (word, language, known) => {
  if (language === "ar") {
    const bare = word.replace(BEFORE, "");
    const verb = word.replace(VERB, "");
    return [bare, bare.replace(AFTER, ""), word.replace(AFTER, ""), verb, verb.replace(AFTER, "")].some((each) => known.words.has(each));
  }
  if (word.includes("-")) {
    return word.split("-").filter((part) => part.length > 2).every((part) => known.words.has(part) || isCovered(part, language, known));
  }
  if (known.words.has(word.replace(/s$/, ""))) return true;
  for (let length = Math.max(4, word.length - 3); length < word.length; length += 1) {
    const head = word.slice(0, length);
    if (known.words.has(head) || known.words.has(`${head}e`)) return true;
  }
  for (let length = Math.max(STEM_LEAST, word.length - 4); length <= word.length; length += 1) {
    if (known.stems.has(word.slice(0, length))) return true;
  }
  return language === "de" && isTwoInOne(word, known);
};

const rarityOf = (word, folded, opening, language, known) => {
  if (/^\p{Nd}/u.test(word)) return /\p{Nd}[.:/-]\p{Nd}/u.test(word) ? "date" : "number";
  if (known.dates.has(folded) || known.dates.has(folded.replace(/s$/, ""))) return "date";
  if (known.words.has(folded) || folded.length <= 2) return null;
  if (/^\p{Lu}/u.test(word) && !opening && language !== "de") return "name";
  return isCovered(folded, language, known) ? null : "rare";
};

export const rareWords = (text, language, known) => {
  const found = new Map();
  const all = tokens(text).map((token) => {
    const [word] = token;
    const folded = fold(word);
    const rarity = rarityOf(word, folded, opens(text.slice(0, token.index)), language, known);
    if (rarity && !found.has(`${folded} ${rarity}`)) found.set(`${folded} ${rarity}`, { words: word, rarity });
    return folded;
  });
  const joined = ` ${all.join(" ")} `;
  for (const phrase of known.alone) {
    if (joined.includes(` ${phrase} `)) found.set(`${phrase} alone`, { words: phrase, rarity: "alone" });
  }
  return [...found.values()];
};
